// An experiment value, read from arguments and checked as a whole.
#pragma once

#include <cstdint>

#include "arguments.hpp"
#include "data/batcher.hpp"
#include "data/toy.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "train/sgd.hpp"

namespace bnlab {

struct Experiment {
  bool double_precision = false;
  std::uint64_t data_seed = 1;
  std::uint64_t init_seed = 1;
  std::uint64_t order_seed = 1;
  Dataset data;  // count 0: batches are given from outside
  BatcherOptions batch;
  NetworkSpec network;
  Index outputs = 0;
  Loss loss = Loss::kCrossEntropy;
  SgdOptions sgd;
};

// What is wrong with training a network whose BN layers need two examples on `count` examples in such batches, if anything.
std::optional<Error> batch_of_one(const BatcherOptions& batch, Index count);

// Reads everything below "experiment."; errors are noted in `in`.
Experiment read_experiment(Arguments& in);

}  // namespace bnlab
