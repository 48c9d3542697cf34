#include "experiments/frozen_norm.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "support/seeds.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

FrozenNorm fine_tuned(bool frozen, Index batch, std::uint64_t seed) {
  FrozenNormOptions options;
  options.frozen = frozen;
  options.batch = batch;
  return frozen_norm(options, seed);
}

}  // namespace

TEST_CASE("in batches of two, frozen statistics keep what training mode ruins") {
  const double difference = mean_over(seeds(1), [](std::uint64_t seed) {
    const FrozenNorm training = fine_tuned(false, 2, seed);
    const FrozenNorm frozen = fine_tuned(true, 2, seed);
    CHECK(training.before == frozen.before);
    CHECK(training.after < training.before);
    CHECK(frozen.after > frozen.before);
    return frozen.after - training.after;
  });
  CHECK(difference >= 0.3);
}

TEST_CASE("in batches of 64 training mode learns from the same number of examples") {
  FrozenNormOptions options;
  options.batch = 64;
  options.running_momentum = 0.1;  // 25 steps are too few for a longer average
  const FrozenNorm result = frozen_norm(options, 1);
  CHECK(result.after > result.before + 0.1);
}
