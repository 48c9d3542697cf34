#include "experiments/ema_lag.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "support/seeds.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("running statistics lag at first, and have caught up in the end") {
  EmaLagOptions options;
  options.steps = {100, 600};
  const auto all = seeds(2);
  double early = 0;
  double late = 0;
  for (const std::uint64_t seed : all) {
    const auto points = ema_lag(options, seed);
    REQUIRE(points.size() == 2);
    CHECK(points[0].step == 100);
    CHECK(points[1].step == 600);
    early += points[0].recalibrated - points[0].inference;
    late += points[1].recalibrated - points[1].inference;
    // Recalibrated, inference mode is as good as training mode: nothing but the statistics was amiss.
    for (const EmaLagPoint& point : points) CHECK(std::abs(point.recalibrated - point.training) < 0.05);
    CHECK(points[1].recalibrated > 0.8);
  }
  const auto count = static_cast<double>(all.size());
  CHECK(early / count >= 0.2);
  CHECK(late / count <= 0.03);
}

TEST_CASE("a faster average has caught up after 100 steps") {
  EmaLagOptions options;
  options.steps = {100};
  options.running_momentum = 0.1;
  const EmaLagPoint point = ema_lag(options, 1)[0];
  CHECK(point.recalibrated - point.inference < 0.05);
}

TEST_CASE("looking at the lag leaves training as it is") {
  EmaLagOptions often;
  often.steps = {10, 20, 40};
  EmaLagOptions once;
  once.steps = {40};
  const EmaLagPoint a = ema_lag(often, 1)[2];
  const EmaLagPoint b = ema_lag(once, 1)[0];
  CHECK(a.training == b.training);
  CHECK(a.inference == b.inference);
  CHECK(a.recalibrated == b.recalibrated);
}
