#include "experiments/throughput.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"

using namespace bnlab;

TEST_CASE("as many examples as were asked for, in whole batches") {
  ThroughputOptions options;
  options.network.hidden = {8};
  options.examples = 1000;
  for (const Index batch : {1, 3, 64, 300}) {
    CAPTURE(batch);
    options.batch_size = batch;
    const Throughput result = train_examples(options, 1);
    CHECK(result.steps == (1000 + batch - 1) / batch);
    CHECK(result.examples == result.steps * batch);
    CHECK(result.loss > 0);
  }
}

TEST_CASE("small batches take more steps and so learn more from as many examples") {
  ThroughputOptions options;
  options.batch_size = 8;
  const double some = train_examples(options, 1).loss;
  options.batch_size = 256;
  CHECK(some < train_examples(options, 1).loss);
}
