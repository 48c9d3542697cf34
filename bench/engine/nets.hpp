// The two networks of nets.mjs, trained by the engine: BN after each hidden linear layer, plain SGD, float32.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "data/toy.hpp"
#include "engine_float.hpp"

namespace bnlab::bench {

constexpr Index kBatches = 16;  // different ones, taken in turn

inline NetworkSpec network(Index inputs, const std::vector<Index>& hidden, Index outputs,
                           Activation activation) {
  NetworkSpec spec{inputs, {}};
  for (const Index units : hidden) {
    spec.layers.emplace_back(LinearSpec{units, true, {}});
    spec.layers.emplace_back(BatchNormSpec{});
    spec.layers.emplace_back(ActivationSpec{activation});
  }
  spec.layers.emplace_back(LinearSpec{outputs, true, {}});
  return spec;
}

// Trains on data of its own, which the engine draws, shuffles and gathers.
class Toy {
 public:
  Toy()
      : trainer_(network(2, {32, 32}, 1, Activation::kRelu), Loss::kBceWithLogits, {}, {32, true, {}}, data(),
                 0, 0) {}

  // Returns the mean loss.
  double run(Index steps) {
    double loss = 0;
    for (Index i = 0; i < steps; ++i) loss += trainer_.step().loss;
    return loss / static_cast<double>(steps);
  }

 private:
  static TrainingSet<float> data() {
    const Dataset drawn = make_toy({bnlab::Toy::kCircles, 32 * kBatches, 0.1, 2}, 0);
    TrainingSet<float> set;
    set.count = drawn.count;
    set.x.assign(drawn.x.begin(), drawn.x.end());
    set.values.assign(drawn.labels.begin(), drawn.labels.end());
    return set;
  }

  Trainer<float> trainer_;
};

// Trains on given batches: normal inputs, the class being the largest of the first ten.
class Paper {
 public:
  Paper()
      : trainer_(network(kInputs, {100, 100, 100}, kOutputs, Activation::kSigmoid), Loss::kCrossEntropy, {},
                 {kBatch, true, {}}, {}, 0, 0) {
    Random random(0, Stream::kData);
    x_.resize(static_cast<std::size_t>(kBatches * kBatch * kInputs));
    for (float& value : x_) value = static_cast<float>(random.normal());
    for (Index i = 0; i < kBatches * kBatch; ++i) {
      const float* row = x_.data() + i * kInputs;
      classes_.push_back(static_cast<std::int32_t>(std::max_element(row, row + kOutputs) - row));
    }
  }

  double run(Index steps) {
    double loss = 0;
    for (Index i = 0; i < steps; ++i) {
      const Index batch = next_++ % kBatches;
      loss += trainer_
                  .step_on(x_.data() + batch * kBatch * kInputs, kBatch,
                           {classes_.data() + batch * kBatch, nullptr})
                  .loss;
    }
    return loss / static_cast<double>(steps);
  }

 private:
  static constexpr Index kInputs = 784;
  static constexpr Index kOutputs = 10;
  static constexpr Index kBatch = 60;

  Trainer<float> trainer_;
  std::vector<float> x_;
  std::vector<std::int32_t> classes_;
  Index next_ = 0;
};

}  // namespace bnlab::bench
