// What the studies of training have in common: small networks of ReLU layers that learn to tell glyphs apart.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/glyphs.hpp"
#include "data/prepare.hpp"
#include "probe/score.hpp"
#include "train/trainer.hpp"

namespace bnlab {

struct GlyphTask {
  Index train = 1500;
  Index test = 1000;
  double noise = 0.2;
  double label_noise = 0;  // share of the training labels that are wrong
  double scale = 1;        // pixels become scale·x + shift
  double shift = 0;
  bool standardize = true;
};

inline Split draw_glyphs(const GlyphTask& task, std::uint64_t seed) {
  const Index count = task.train + task.test;
  const double held_out = static_cast<double>(task.test) / static_cast<double>(count);
  return prepare(make_glyphs({count, task.noise}, seed),
                 {.test = held_out,
                  .label_noise = task.label_noise,
                  .scale = task.scale,
                  .shift = task.shift,
                  .standardize = task.standardize},
                 seed);
}

// Linear, normalization (no bias before it) and ReLU for each hidden layer, then one output per class. He initialisation.
struct SmallNetwork {
  std::vector<Index> hidden{32, 32, 32};
  bool batch_norm = false;
  double running_momentum = 0.1;  // weighs the new statistic
};

inline NetworkSpec glyph_network(const SmallNetwork& network) {
  NetworkSpec spec{{kGlyphSide * kGlyphSide}, {}};
  for (const Index units : network.hidden) {
    spec.layers.emplace_back(LinearSpec{units, !network.batch_norm, {}});
    if (network.batch_norm) {
      BatchNormSpec norm;
      norm.options.running_momentum = network.running_momentum;
      spec.layers.emplace_back(norm);
    }
    spec.layers.emplace_back(ActivationSpec{Activation::kRelu});
  }
  spec.layers.emplace_back(LinearSpec{10, true, {}});
  return spec;
}

// The examples of `set`, which lies in `owner`.
inline TrainingSet<float> examples_of(const std::shared_ptr<const Split>& owner, const Dataset& set) {
  TrainingSet<float> examples;
  examples.count = set.count;
  examples.x = set.x.data();
  examples.labels = examples.targets.classes = set.labels.data();
  examples.owners[0] = owner;
  return examples;
}

// A last batch of its own size counts as much as any other; one of a single example would stop BN, and is left out.
inline Trainer<float> glyph_trainer(const SmallNetwork& network, double lr, BatcherOptions batch,
                                    const std::shared_ptr<const Split>& data, std::uint64_t seed) {
  if (may_have_batch_of_one(batch, data->train.count)) batch.last = LastBatch::kDrop;
  SgdOptions sgd;
  sgd.lr = lr;
  return {
      glyph_network(network), Loss::kCrossEntropy, sgd, batch, examples_of(data, data->train), seed, seed};
}

// The share of `set` a network gets right. `tape` may be the trainer's own.
inline double glyph_accuracy(const Network<float>& network, Tape<float>& tape, Mode mode,
                             const Dataset& set) {
  return score<float>(network, tape, Loss::kCrossEntropy, mode, set.count, set.x.data(),
                      {set.labels.data(), nullptr}, set.labels.data(), set.classes, 1, 0, nullptr)
      .accuracy;
}

// Trains for `steps` or until it diverges. Returns whether all was well.
inline bool train(Trainer<float>& trainer, Index steps) {
  for (Index step = 0; step < steps; ++step)
    if (trainer.step().diverged) return false;
  return true;
}

constexpr double kGlyphChance = 0.1;

}  // namespace bnlab
