#include "support/compare.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace bnlab::test {

namespace {

bool is_close(double actual, double expected, Tolerance tolerance) {
  return std::abs(actual - expected) <= tolerance.absolute + tolerance.relative * std::abs(expected);
}

}  // namespace

bool all_close(const std::vector<double>& actual, const std::vector<double>& expected, Tolerance tolerance) {
  if (actual.size() != expected.size()) return false;
  for (std::size_t i = 0; i < actual.size(); ++i)
    if (!is_close(actual[i], expected[i], tolerance)) return false;
  return true;
}

void check_close(const std::vector<double>& actual, const std::vector<double>& expected, Tolerance tolerance,
                 const std::string& what) {
  INFO(what);
  REQUIRE(actual.size() == expected.size());
  if (actual.size() != expected.size()) return;
  std::size_t worst = 0;
  double largest = -1;
  bool close = true;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double difference = std::abs(actual[i] - expected[i]);
    if (std::isnan(difference) || difference > largest) {
      worst = i;
      largest = std::isnan(difference) ? HUGE_VAL : difference;
    }
    close = close && is_close(actual[i], expected[i], tolerance);
  }
  const double a = actual.empty() ? 0 : actual[worst];
  const double e = expected.empty() ? 0 : expected[worst];
  CHECK_MESSAGE(close,
                "[" << worst << "]: " << a << " instead of " << e << ", which is " << (a - e) << " off");
}

void report_same_bits(bool same_size, std::size_t different, std::size_t size, const std::string& what) {
  INFO(what);
  REQUIRE(same_size);
  CHECK_MESSAGE(different == 0, different << " of " << size << " values differ");
}

}  // namespace bnlab::test
