#include "experiments/leakage.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "support/seeds.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("a network reads in its batch what no example says by itself") {
  for (const std::uint64_t seed : seeds(5)) {
    const LeakageResult result = leakage({}, seed);
    CHECK(result.training >= 0.95);
    CHECK(result.inference <= 0.6);
    CHECK(result.without <= 0.6);
  }
}

TEST_CASE("examples with an offset each have nothing to tell their mates") {
  LeakageOptions options;
  options.shared = false;
  const auto all = seeds(5);
  CHECK(mean_over(all, [&](std::uint64_t seed) { return leakage(options, seed).training; }) < 0.65);
}

TEST_CASE("without an offset there is nothing to hide") {
  LeakageOptions options;
  options.offset = 0;
  const LeakageResult result = leakage(options, 1);
  CHECK(result.training >= 0.95);
  CHECK(result.inference >= 0.95);
  CHECK(result.without >= 0.95);
}
