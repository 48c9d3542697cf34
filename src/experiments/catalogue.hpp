// All studies there are.
#pragma once

#include <string_view>
#include <vector>

#include "experiments/study.hpp"

namespace bnlab {

// In the order of their numbers.
const std::vector<Study>& catalogue();

// By id ("E4") or name ("learning-rate-sweep"); null where there is none.
const Study* find_study(std::string_view id);

// Each is defined in the file of its name.
Study frozen_norm();  // E28

}  // namespace bnlab
