#include "experiments/batch_mates.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "support/seeds.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("fewer predictions hang on batch-mates in larger batches, and none in inference mode") {
  BatchMatesOptions options;
  options.batches = {4, 16, 64};
  options.steps = 300;
  options.examples = 100;
  const auto all = seeds(1);
  std::vector<double> changed(options.batches.size());
  for (const std::uint64_t seed : all) {
    const auto points = batch_mates(options, seed);
    REQUIRE(points.size() == options.batches.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      CHECK(points[i].batch == options.batches[i]);
      CHECK(points[i].inference == 0);
      changed[i] += points[i].training / static_cast<double>(all.size());
    }
  }
  for (std::size_t i = 1; i < changed.size(); ++i) CHECK(changed[i] < changed[i - 1]);
  CHECK(changed.front() > 0.4);
  CHECK(changed.back() < 0.2);
}
