#include "core/logarithm.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace bnlab;

TEST_CASE("the logarithm is right to the last two bits") {
  double worst = 0;
  for (double x = 1e-300; x < 1e300; x *= 1.37) {
    const double expected = std::log(x);
    worst = std::max(worst, std::abs(log_positive(x) - expected) / std::max(std::abs(expected), 1e-3));
  }
  CHECK(worst < 4.5e-16);
  CHECK(log_positive(1) == 0);
  CHECK(log_positive(2) == std::log(2.0));
  CHECK(std::isnan(log_positive(std::numeric_limits<double>::quiet_NaN())));
}
