// What the studies of deep networks have in common: plain stacks of any depth, activation, initial scale and normalisation,
// trained on glyphs, and looked at where they start.
#pragma once

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "experiments/glyph_task.hpp"

namespace bnlab {

// `depth` hidden layers: linear, normalization (no bias before it), activation. One output per class.
struct DeepNetwork {
  Index inputs = kGlyphSide * kGlyphSide;
  Index depth = 8;
  Index width = 32;
  Index classes = 10;
  Activation activation = Activation::kRelu;
  std::optional<LayerSpec> norm = std::nullopt;
  Index normalized = -1;  // how many hidden layers are, counted from the input; −1: all
  bool skips = false;     // each hidden layer adds what it is given, where the widths are the same
  // Standard deviation of hidden weights: gain·√(2/fan_in) before ReLU, gain·√(1/fan_in) before others; or `sigma`
  // in every layer, the last one's too.
  double gain = 1;
  std::optional<double> sigma = std::nullopt;
};

inline LayerSpec layer_norm() {
  GroupNormSpec norm;
  norm.per_feature = true;
  return norm;
}

inline NetworkSpec deep_network(const DeepNetwork& network) {
  const auto init = [&](bool hidden) {
    if (network.sigma.has_value()) return InitOptions{Init::kNormal, 1, *network.sigma};
    if (!hidden) return InitOptions{Init::kLecunNormal};
    return InitOptions{network.activation == Activation::kRelu ? Init::kHeNormal : Init::kLecunNormal,
                       network.gain};
  };
  NetworkSpec spec{{network.inputs}, {}};
  Index given = network.inputs;
  for (Index i = 0; i < network.depth; ++i) {
    const Index from = static_cast<Index>(spec.layers.size()) - 1;
    const bool normalized = network.norm.has_value() && (network.normalized < 0 || i < network.normalized);
    spec.layers.emplace_back(LinearSpec{network.width, !normalized, init(true)});
    if (normalized) spec.layers.push_back(*network.norm);
    spec.layers.emplace_back(ActivationSpec{network.activation});
    if (network.skips && given == network.width) spec.layers.emplace_back(AddSpec{from});
    given = network.width;
  }
  spec.layers.emplace_back(LinearSpec{network.classes, true, init(false)});
  return spec;
}

// Where each hidden layer's linear map stands in the network.
inline std::vector<std::size_t> hidden_linear_layers(const NetworkPlan& network) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i + 1 < network.layers().size(); ++i)
    if (std::holds_alternative<LinearSpec>(network.layers()[i].spec)) found.push_back(i);
  return found;
}

struct Training {
  double lr = 0.1;
  Index batch = 64;
  Index steps = 250;
};

inline Trainer<float> deep_trainer(const DeepNetwork& network, const Training& training,
                                   const std::shared_ptr<const Split>& data, std::uint64_t seed) {
  SgdOptions sgd;
  sgd.lr = training.lr;
  BatcherOptions batches;
  batches.size = training.batch;
  batches.last = LastBatch::kDrop;
  return {
      deep_network(network), Loss::kCrossEntropy, sgd, batches, examples_of(data, data->train), seed, seed};
}

// Test accuracy in inference mode after training; that of chance where it diverged.
inline double deep_accuracy(const DeepNetwork& network, const Training& training,
                            const std::shared_ptr<const Split>& data, std::uint64_t seed) {
  Trainer<float> trainer = deep_trainer(network, training, data, seed);
  if (!train(trainer, training.steps)) return kGlyphChance;
  return glyph_accuracy(trainer.network(), trainer.tape(), Mode::kInference, data->test);
}

inline std::shared_ptr<const Split> share_glyphs(const GlyphTask& task, std::uint64_t seed) {
  return std::make_shared<const Split>(draw_glyphs(task, seed));
}

// The places of a run's points, from the least point on: what is looked at while training goes on.
inline std::vector<std::size_t> ascending(const std::vector<double>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  return order;
}

}  // namespace bnlab
