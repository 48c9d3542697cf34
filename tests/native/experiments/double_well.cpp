// One weight between two minima: who gets out of the shallow one.
#include "experiments/double_well.hpp"

#include <doctest/doctest.h>

using namespace bnlab;

namespace {

double escaped(DoubleWellOptions options, Index batch_size) {
  options.batch_size = batch_size;
  double sum = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) sum += run_double_well(options, seed).escaped / 5;
  return sum;
}

}  // namespace

TEST_CASE("the slope is that of (w² − 1)² + 0.3·w") {
  const auto f = [](double w) { return (w * w - 1) * (w * w - 1) + 0.3 * w; };
  for (const double w : {-1.3, -0.4, 0.2, 0.95})
    CHECK(double_well_slope(w) == doctest::Approx((f(w + 1e-6) - f(w - 1e-6)) / 2e-6).epsilon(1e-8));
  // A shallow minimum where runs start, a hill, and a deeper minimum.
  CHECK(double_well_slope(0.9) < 0);
  CHECK(double_well_slope(1) > 0);
  CHECK(f(-1.04) < f(0.96));
}

TEST_CASE("small batches get out, larger ones and the full batch do not") {
  CHECK(escaped({}, 2) >= 0.7);
  CHECK(escaped({}, 16) == 0);
  CHECK(escaped({}, kWellExamples) == 0);
}

TEST_CASE("the noisiest batches change sides most, and end in the deep minimum less often") {
  const DoubleWell one = run_double_well({.batch_size = 1}, 1);
  const DoubleWell two = run_double_well({.batch_size = 2}, 1);
  CHECK(one.crossings > 4 * two.crossings);
  CHECK(escaped({}, 1) < escaped({}, 2));
}

TEST_CASE("without noise a batch of one rolls to the bottom and stays") {
  CHECK(escaped({.noise = 0}, 1) == 0);
  // From the other side it is the deep one.
  CHECK(escaped({.start = -0.5, .noise = 0}, 1) == 1);
}

TEST_CASE("the same seed gives the same runs") {
  const DoubleWellOptions options{.batch_size = 1, .runs = 10};
  CHECK(run_double_well(options, 7).crossings == run_double_well(options, 7).crossings);
  CHECK(run_double_well(options, 7).crossings != run_double_well(options, 8).crossings);
}
