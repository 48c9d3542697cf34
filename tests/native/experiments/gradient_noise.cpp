// The noise of a batch's gradient: 1/B where the batch's loss is a mean over examples, and not with batch normalization.
#include "experiments/gradient_noise.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"

using namespace bnlab;

TEST_CASE("the slope of a power law is its exponent; what is 0 has no logarithm and is left out") {
  CHECK(log_log_slope({1, 2, 8}, {3, 1.5, 3.0 / 8}) == doctest::Approx(-1).epsilon(1e-12));
  CHECK(log_log_slope({1, 4, 16, 64}, {1, 2, 4, 0}) == doctest::Approx(0.5).epsilon(1e-12));
  CHECK(std::isnan(log_log_slope({8}, {3})));
}

TEST_CASE("independently drawn examples: noise falls as 1/B, before and after training") {
  for (const std::uint64_t seed : {1, 2, 3})
    for (const Index steps : {0, 200}) {
      CAPTURE(seed);
      CAPTURE(steps);
      GradientNoiseOptions options;
      options.steps = steps;
      const GradientNoise result = measure_gradient_noise(options, seed);
      CHECK(result.slope > -1.1);
      CHECK(result.slope < -0.9);
      // One example says little about where all of them want to go.
      CHECK(result.noise.front() > 20 * result.full);
    }
}

TEST_CASE("without replacement there is less noise by (N − B)/(N − 1), and none in the full batch") {
  GradientNoiseOptions options;
  options.examples = 64;
  options.draws = 300;
  options.batch_sizes = {1, 32, 64};
  options.replacement = false;
  const GradientNoise result = measure_gradient_noise(options, 1);
  const double predicted = result.noise[0] / 32 * (64 - 32) / 63;
  CHECK(result.noise[1] == doctest::Approx(predicted).epsilon(0.15));
  CHECK(result.noise[2] == 0);
}

TEST_CASE("with batch normalization small batches are far noisier than 1/B") {
  GradientNoiseOptions options;
  options.batch_norm = true;
  options.batch_sizes = {2, 4, 16, 64, 256};
  for (const std::uint64_t seed : {1, 2, 3}) {
    const GradientNoise result = measure_gradient_noise(options, seed);
    CHECK(result.slope < -1.1);
    CHECK(result.noise[1] * 4 > 1.3 * result.noise[3] * 64);
    // In large batches the statistics hardly move, and the law returns.
    CHECK(result.noise[4] * 256 == doctest::Approx(result.noise[3] * 64).epsilon(0.15));
  }
}
