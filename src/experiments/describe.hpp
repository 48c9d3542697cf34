// Studies and verdicts as JSON, for the page and for the command line.
#pragma once

#include <span>
#include <string>

#include "experiments/study.hpp"
#include "experiments/verdict.hpp"

namespace bnlab {

// An array of all definitions, without what only runs. A bound that is missing is left out.
std::string catalogue_json();

// One object: the check's name, its verdict and the sentence. Null where an interval has no end.
std::string verdict_json(const Check& check, const Verdict& verdict);

}  // namespace bnlab
