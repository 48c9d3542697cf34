#include "probe/drift.hpp"

#include <doctest/doctest.h>

using namespace bnlab;

TEST_CASE("percentiles lie between two values in proportion") {
  CHECK(percentile_of({1, 2, 4}, 0.5) == 2);
  CHECK(percentile_of({1, 2, 4}, 0.75) == 3);
  CHECK(percentile_of({1, 2, 4}, 0) == 1);
  CHECK(percentile_of({1, 2, 4}, 1) == 4);
  CHECK(percentile_of({7}, 0.15) == 7);
}

TEST_CASE("each unit has percentiles of its own, over the examples in whatever order") {
  Drift drift(2);
  const float values[] = {3, 30, 1, 10, 2, 20};  // units 3, 1, 2 and 30, 10, 20
  drift.look(values, 3);
  CHECK(drift.of(0).front().median == 2);
  CHECK(drift.of(1).front().median == 20);
  CHECK(drift.of(0).front().low == doctest::Approx(1.3));
  CHECK(drift.of(1).front().high == doctest::Approx(27));
}

TEST_CASE("what only stretches about its median does not drift; what moves does, by its spread") {
  Drift still(1);
  Drift moving(1);
  for (const double t : {1.0, 2.0, 3.0}) {
    const double stretched[] = {-t, 0, t};
    still.look(stretched, 3);
    const double moved[] = {10 * t - 1, 10 * t, 10 * t + 1};
    moving.look(moved, 3);
  }
  CHECK(still.relative() == 0);
  // Medians 10, 20, 30: standard deviation 10·√(2/3). Percentiles 0.7 to either side: spread 1.4.
  CHECK(moving.relative() == doctest::Approx(10 * std::sqrt(2.0 / 3) / 1.4));
}

TEST_CASE("the unit in the middle speaks for all") {
  Drift drift(3);
  for (const double t : {0.0, 1.0}) {
    double values[9];
    for (int example = 0; example < 3; ++example)
      for (int unit = 0; unit < 3; ++unit) values[example * 3 + unit] = example + t * unit * unit;
    drift.look(values, 3);
  }
  // Units move by 0, 1 and 4: standard deviations 0, ½ and 2.
  CHECK(drift.relative() == doctest::Approx(0.5 / 1.4));
}
