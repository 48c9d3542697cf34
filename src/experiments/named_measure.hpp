// Checks of studies whose arms are identities: each looks at one arm's deviation.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "experiments/study.hpp"

namespace bnlab {

template <std::size_t N>
struct ArmName {
  constexpr ArmName(const char (&from)[N]) { std::copy_n(from, N, text); }
  char text[N];
};

// The deviation of an arm, by its name: deviation<"mirror-output"> is a measure.
template <ArmName arm>
double deviation(const Record& of) {
  return of("deviation", arm.text);
}

using Measure = double (*)(const Record&);

// An identity: the deviation is rounding.
inline Check identity(std::string_view name, std::string_view statement, std::string_view quantity,
                      Measure measure) {
  return {name,           statement, quantity, Kind::kExact, Statistic::kEvery, Format::kNumber,
          at_most(1e-10), measure};
}

// Where its condition does not hold, the deviation is none of rounding.
inline Check contrast(std::string_view name, std::string_view statement, std::string_view quantity,
                      Bound bound, Measure measure) {
  return {name, statement, quantity, Kind::kRobust, Statistic::kEvery, Format::kNumber, bound, measure};
}

}  // namespace bnlab
