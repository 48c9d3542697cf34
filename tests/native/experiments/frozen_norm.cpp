#include "experiments/frozen_norm.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "support/seeds.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("in batches of two, frozen statistics keep what training mode ruins") {
  const auto all = seeds(1);
  double difference = 0;
  for (const std::uint64_t seed : all) {
    const FrozenNormResult result = frozen_norm({}, seed);
    CHECK(result.training < result.before);
    CHECK(result.frozen > result.before);
    difference += result.frozen - result.training;
    // It is the batch size: training mode in large batches learns from the same number of examples.
    CHECK(result.large_batch > result.before);
  }
  CHECK(difference / static_cast<double>(all.size()) >= 0.3);
}

TEST_CASE("in batches of 64 training mode is not ruined") {
  FrozenNormOptions options;
  options.batch = 64;
  const FrozenNormResult result = frozen_norm(options, 1);
  CHECK(result.training > result.before);
}
