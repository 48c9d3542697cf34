// The networks of nets.mjs, trained by the engine: BN after each hidden layer, plain SGD, float32. The engine has the examples,
// and shuffles and gathers the batches itself.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/random.hpp"
#include "engine_float.hpp"

namespace bnlab::bench {

constexpr Index kBatches = 16;

struct Net {
  ExampleShape inputs;
  std::vector<Index> channels;  // of convolutions, each with pooling, before the linear layers
  std::vector<Index> hidden;
  Index outputs;
  Activation activation;
  Index batch;
  Loss loss;
};

inline Net toy() { return {{2}, {}, {32, 32}, 1, Activation::kRelu, 32, Loss::kBceWithLogits}; }
inline Net paper() { return {{784}, {}, {100, 100, 100}, 10, Activation::kSigmoid, 60, Loss::kCrossEntropy}; }
inline Net glyphs() { return {{1, 12, 12}, {8, 16}, {}, 10, Activation::kRelu, 32, Loss::kCrossEntropy}; }

class Training {
 public:
  explicit Training(const Net& net)
      : trainer_(network(net), net.loss, {}, {net.batch, true, {}}, examples(net), 0, 0) {}

  // Returns the mean loss.
  double run(Index steps) {
    double loss = 0;
    for (Index i = 0; i < steps; ++i) loss += trainer_.step().loss;
    return loss / static_cast<double>(steps);
  }

 private:
  static NetworkSpec network(const Net& net) {
    NetworkSpec spec{net.inputs, {}};
    for (const Index units : net.channels) {
      Conv2dSpec convolution;
      convolution.units = units;
      spec.layers.emplace_back(convolution);
      spec.layers.emplace_back(BatchNormSpec{});
      spec.layers.emplace_back(ActivationSpec{net.activation});
      spec.layers.emplace_back(Pool2dSpec{});
    }
    if (!net.channels.empty()) spec.layers.emplace_back(FlattenSpec{});
    for (const Index units : net.hidden) {
      spec.layers.emplace_back(LinearSpec{units, true, {}});
      spec.layers.emplace_back(BatchNormSpec{});
      spec.layers.emplace_back(ActivationSpec{net.activation});
    }
    spec.layers.emplace_back(LinearSpec{net.outputs, true, {}});
    return spec;
  }

  // Normal inputs; the label is the sign of x0·x1 (one output) or the largest of the first `outputs` inputs.
  static TrainingSet<float> examples(const Net& net) {
    Random random(0, Stream::kData);
    const Index count = kBatches * net.batch;
    const auto x = std::make_shared<std::vector<float>>(static_cast<std::size_t>(count * net.inputs.size()));
    const auto values = std::make_shared<std::vector<float>>();
    const auto classes = std::make_shared<std::vector<std::int32_t>>();
    for (float& value : *x) value = static_cast<float>(random.normal());
    for (Index i = 0; i < count; ++i) {
      const float* row = x->data() + i * net.inputs.size();
      if (net.outputs == 1)
        values->push_back(row[0] * row[1] > 0 ? 1.0F : 0.0F);
      else
        classes->push_back(static_cast<std::int32_t>(std::max_element(row, row + net.outputs) - row));
    }
    return {count, x->data(), {classes->data(), values->data()}, nullptr, {x, values, classes}};
  }

  Trainer<float> trainer_;
};

}  // namespace bnlab::bench
