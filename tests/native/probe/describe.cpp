#include "probe/describe.hpp"

#include <doctest/doctest.h>

#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("a sample by hand") {
  // Deviations from the mean 3: −2, −2, −1, 5.
  const double x[] = {1, 1, 2, 8};
  const Description d = describe(x, 4, 1);
  CHECK(d.mean == 3);
  CHECK(d.std == doctest::Approx(std::sqrt(8.5)));
  CHECK(d.min == 1);
  CHECK(d.max == 8);
  CHECK(d.abs_max == 8);
  CHECK(d.skewness == doctest::Approx((-8 - 8 - 1 + 125) / 4.0 / std::pow(8.5, 1.5)));
  CHECK(d.excess_kurtosis == doctest::Approx((16 + 16 + 1 + 625) / 4.0 / (8.5 * 8.5) - 3));
}

TEST_CASE("a stride picks one feature of several") {
  const double x[] = {1, -70, 1, 20, 2, 30, 8, 20};
  CHECK(describe(x, 4, 2).mean == 3);
  const Description second = describe(x + 1, 4, 2);
  CHECK(second.mean == 0);
  CHECK(second.min == -70);
  CHECK(second.max == 30);
  CHECK(second.abs_max == 70);
}

TEST_CASE("where nothing varies there is no shape, however the mean is rounded") {
  for (const double value : {4.0, 0.1, 1.0 / 3, 1e6 + 0.3}) {
    for (const Index count : {1, 3, 6, 7, 10}) {
      const std::vector<double> x(10, value);
      const Description d = describe(x.data(), count, 1);
      CHECK(d.mean == value);
      CHECK(d.std == 0);
      CHECK(std::isnan(d.skewness));
      CHECK(std::isnan(d.excess_kurtosis));
    }
  }
}

TEST_CASE("a large normal sample is neither skewed nor heavy-tailed; two points are as light as can be") {
  const std::vector<double> normal = random_values<double>(20000, 1, 5, 2);
  const Description d = describe(normal.data(), 20000, 1);
  CHECK(std::abs(d.mean - 5) < 0.08);
  CHECK(std::abs(d.std - 2) < 0.06);
  CHECK(std::abs(d.skewness) < 0.1);
  CHECK(std::abs(d.excess_kurtosis) < 0.2);
  const double two[] = {-1, 1};
  CHECK(describe(two, 2, 1).excess_kurtosis == doctest::Approx(-2));
}

TEST_CASE("moving and stretching a sample moves and stretches its numbers, not its shape") {
  std::vector<double> x = random_values<double>(30, 2);
  const Description before = describe(x.data(), 30, 1);
  for (double& value : x) value = -3 * value + 10;
  const Description after = describe(x.data(), 30, 1);
  CHECK(after.mean == doctest::Approx(-3 * before.mean + 10));
  CHECK(after.std == doctest::Approx(3 * before.std));
  CHECK(after.min == doctest::Approx(-3 * before.max + 10));
  CHECK(after.max == doctest::Approx(-3 * before.min + 10));
  CHECK(after.skewness == doctest::Approx(-before.skewness));
  CHECK(after.excess_kurtosis == doctest::Approx(before.excess_kurtosis));
}
