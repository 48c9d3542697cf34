// What the command line says about a run, read and checked against the study.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "experiments/study.hpp"

namespace bnlab::cli {

// Something that was asked for cannot be done; what() is a sentence for whoever asked.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// "7", "0..99" (both ends included) or several of these with commas between. In the order given, no seed twice.
std::vector<std::uint64_t> parse_seeds(const std::string& text);
// The other way round, of seeds in ascending order: "0..3,7".
std::string seeds_text(const std::vector<std::uint64_t>& seeds);

// By id, whichever way letters are written, or by name.
const Study& study_of(const std::string& id);

// As defined or, with `fast`, as in its fast version; then with `assignments` ("lr=0.5") and `points` ("0.1,1"; may be empty).
Setting setting_of(const Study& study, bool fast, const std::vector<std::string>& assignments,
                   const std::string& points);

}  // namespace bnlab::cli
