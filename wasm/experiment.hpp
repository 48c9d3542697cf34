// An experiment value, read from arguments and checked as a whole.
#pragma once

#include <cstdint>
#include <memory>

#include "arguments.hpp"
#include "data/batcher.hpp"
#include "data/dataset.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "train/sgd.hpp"

namespace bnlab {

struct Experiment {
  bool double_precision = false;
  std::uint64_t data_seed = 1;
  std::uint64_t init_seed = 1;
  std::uint64_t order_seed = 1;
  std::shared_ptr<const Split> data;  // null: batches are given from outside
  BatcherOptions batch;
  NetworkSpec network;
  Index outputs = 0;
  Loss loss = Loss::kCrossEntropy;
  SgdOptions sgd;
};

// Reads everything below "experiment."; errors are noted in `in`. With `data` those examples take the place of the
// experiment's own, which must then not be there.
Experiment read_experiment(Arguments& in, std::shared_ptr<const Split> data = nullptr);

// Parts of an experiment, for changing a model that exists. `prefix` ends in a dot; `layers` does not.
SgdOptions read_optimizer(Arguments& in, const std::string& prefix);
BatcherOptions read_batch(Arguments& in, const std::string& prefix);
NetworkSpec read_network_options(Arguments& in, const std::string& layers, const ExampleShape& inputs);

}  // namespace bnlab
