// What the studies of training and inference have in common: networks with any normalisation, and their accuracy in either mode,
// on inputs moved from where they were, and with statistics taken afresh.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "experiments/glyph_task.hpp"
#include "probe/calibration.hpp"

namespace bnlab {

struct GlyphExamples {
  TrainingSet<float> train;
  TrainingSet<float> test;
};

inline GlyphExamples glyph_examples(const GlyphTask& task, std::uint64_t seed) {
  const auto split = std::make_shared<const Split>(draw_glyphs(task, seed));
  return {examples_of(split, split->train), examples_of(split, split->test)};
}

// Pixels as they come, scale·x + shift.
inline GlyphExamples raw_glyphs(std::uint64_t seed, double scale = 1, double shift = 0) {
  return glyph_examples({.train = 2000, .test = 1000, .scale = scale, .shift = shift, .standardize = false},
                        seed);
}

// `depth` hidden layers of ReLU, normalised before it where a normalisation is given (β then does the bias's work), and one
// output per class.
inline NetworkSpec classifier(Index inputs, Index depth, Index units, Index classes,
                              const std::optional<LayerSpec>& norm) {
  NetworkSpec spec{{inputs}, {}};
  for (Index i = 0; i < depth; ++i) {
    spec.layers.emplace_back(LinearSpec{units, !norm.has_value(), {}});
    if (norm.has_value()) spec.layers.push_back(*norm);
    spec.layers.emplace_back(ActivationSpec{});
  }
  spec.layers.emplace_back(LinearSpec{classes, true, {}});
  return spec;
}

inline NetworkSpec glyph_classifier(const std::optional<LayerSpec>& norm) {
  return classifier(kGlyphSide * kGlyphSide, 3, 64, 10, norm);
}

// Plain SGD with cross-entropy; one seed for initial weights and order. `data` may be empty, for batches from outside.
inline Trainer<float> classifier_trainer(const NetworkSpec& spec, double lr, Index batch,
                                         TrainingSet<float> data, std::uint64_t seed) {
  SgdOptions sgd;
  sgd.lr = lr;
  BatcherOptions batches;
  batches.size = batch;
  batches.last = LastBatch::kDrop;
  return {spec, Loss::kCrossEntropy, sgd, batches, std::move(data), seed, seed};
}

// How many examples are passed at once where nothing is trained.
constexpr Index kAtOnce = 250;

// The share of `set` that the network gets right, the inputs being scale·x + shift.
inline double accuracy(const Network<float>& network, Tape<float>& tape, Mode mode,
                       const TrainingSet<float>& set, double scale = 1, double shift = 0) {
  Buffer<float> moved(static_cast<std::size_t>(tape.capacity() * network.inputs()));
  return score(network, tape, Loss::kCrossEntropy, mode, set.count, set.x, set.targets, set.labels,
               network.outputs(), scale, shift, moved.data())
      .accuracy;
}

// In inference mode, after training for `steps`; that of chance where training diverged.
inline double accuracy_after(Trainer<float>& trainer, Index steps, const TrainingSet<float>& test,
                             double chance = kGlyphChance) {
  if (!train(trainer, steps)) return chance;
  Tape<float> tape(trainer.network(), kAtOnce);
  return accuracy(trainer.network(), tape, Mode::kInference, test);
}

// Accuracy in inference mode with running statistics taken afresh over `from`, moved alike, in whole batches of the tape's
// capacity. The network's own statistics come back.
inline double recalibrated_accuracy(Network<float>& network, Tape<float>& tape,
                                    const TrainingSet<float>& from, const TrainingSet<float>& set,
                                    double scale = 1, double shift = 0) {
  struct Batch {
    const float* x;
    Index count;
  };
  const Index size = std::min(tape.capacity(), from.count);
  Buffer<float> moved(static_cast<std::size_t>(size * network.inputs()));
  const float* next = from.x;
  const Buffer<float> own = network.buffers();
  recalibrate(network, tape, from.count / size, [&] {
    std::transform(next, next + moved.size(), moved.begin(),
                   [=](float x) { return static_cast<float>(scale * static_cast<double>(x) + shift); });
    next += moved.size();
    return Batch{moved.data(), size};
  });
  const double result = accuracy(network, tape, Mode::kInference, set, scale, shift);
  network.buffers() = own;
  return result;
}

}  // namespace bnlab
