// The same batches every epoch: what they cost with batch normalization, and hardly cost without.
#include "experiments/fixed_batches.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"

using namespace bnlab;

namespace {

double mean_gain(FixedBatchesOptions options, bool batch_norm) {
  options.network.batch_norm = batch_norm;
  double sum = 0;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) sum += compare_fixed_batches(options, seed).gain() / 5;
  return sum;
}

}  // namespace

TEST_CASE("reshuffling is worth 0.05 or more with batch normalization, 0.04 at most without") {
  CHECK(mean_gain({}, true) >= 0.05);
  CHECK(std::abs(mean_gain({}, false)) <= 0.04);
}

TEST_CASE("it makes no difference to the full batch, whose members are the same in any order") {
  FixedBatchesOptions options;
  options.network.batch_norm = true;
  options.batch_size = options.data.train;
  options.steps = 60;
  // Sums in another order round otherwise, and a prediction or two may tip over.
  CHECK(std::abs(compare_fixed_batches(options, 1).gain()) <= 0.01);
}

TEST_CASE("a run that diverges counts as chance") {
  FixedBatchesOptions options;
  options.lr = 1e6;
  const FixedBatches result = compare_fixed_batches(options, 1);
  CHECK(result.reshuffled == kGlyphChance);
  CHECK(result.fixed == kGlyphChance);
}
