// Comparisons of whole arrays: one doctest assertion each, which names the worst element.
#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace bnlab::test {

// |actual − expected| ≤ absolute + relative·|expected|. NaN is close to nothing.
struct Tolerance {
  double absolute = 0;
  double relative = 0;
};

bool all_close(const std::vector<double>& actual, const std::vector<double>& expected, Tolerance tolerance);
void check_close(const std::vector<double>& actual, const std::vector<double>& expected, Tolerance tolerance,
                 const std::string& what);

// Mixed containers and element types.
template <typename A, typename E>
void check_close(const A& actual, const E& expected, Tolerance tolerance, const std::string& what) {
  check_close(std::vector<double>(actual.begin(), actual.end()),
              std::vector<double>(expected.begin(), expected.end()), tolerance, what);
}

void report_same_bits(bool same_size, std::size_t different, std::size_t size, const std::string& what);

// Equal to the last bit; −0 is not 0. NaN equals NaN.
template <typename T>
bool same_bits(T a, T b) {
  return a == b ? std::signbit(a) == std::signbit(b) : std::isnan(a) && std::isnan(b);
}
template <typename A, typename E>
void check_same_bits(const A& actual, const E& expected, const std::string& what) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < actual.size() && i < expected.size(); ++i)
    if (!same_bits(actual[i], expected[i])) ++different;
  report_same_bits(actual.size() == expected.size(), different, expected.size(), what);
}

}  // namespace bnlab::test
