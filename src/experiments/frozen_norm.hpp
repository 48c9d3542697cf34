// Fine-tuning in tiny batches with frozen statistics.
//
// A network trained on pictures x in batches of 64 goes on learning from scale·x + shift, two at a time. In training mode a
// batch of two turns every value into −1 or +1, and what the network had learned does not fit that. Frozen, batch
// normalization goes on by the running statistics it has, in training too: a fixed affine map with a learned γ and β, as
// detection networks are fine-tuned with (FrozenBN: Wu & Johnson 2021, arXiv:2105.07576, section 4).
//
// Claim: in batches of two, frozen ends at least 0.3 above training mode.
#pragma once

#include "experiments/both_modes.hpp"

namespace bnlab {

struct FrozenNormOptions {
  bool frozen = false;
  double scale = 1.5;
  double shift = 0.3;
  Index batch = 2;
  Index examples = 1600;  // to fine-tune on, whatever the batch
  double lr = 0.01;
  double running_momentum = 0.02;  // while fine-tuning: tiny batches need a long average
  Index steps = 600;               // of training before, in batches of 64 with learning rate 0.1
};

// Accuracies in inference mode on the moved test set.
struct FrozenNorm {
  double before = 0;  // fine-tuning
  double after = 0;
};

inline FrozenNorm frozen_norm(const FrozenNormOptions& options, std::uint64_t seed) {
  const GlyphExamples old_world = raw_glyphs(seed);
  const GlyphExamples new_world = raw_glyphs(seed, options.scale, options.shift);
  const auto accuracy_of = [&](const Network<float>& network) {
    Tape<float> tape(network, kAtOnce);
    return accuracy(network, tape, Mode::kInference, new_world.test);
  };

  Trainer<float> first =
      classifier_trainer(glyph_classifier(BatchNormSpec{}), 0.1, 64, old_world.train, seed);
  train(first, options.steps);

  BatchNormSpec norm;
  norm.options.running_momentum = options.running_momentum;
  norm.frozen = options.frozen;
  Trainer<float> second =
      classifier_trainer(glyph_classifier(norm), options.lr, options.batch, new_world.train, seed);
  second.network().parameters() = first.network().parameters();
  second.network().buffers() = first.network().buffers();
  train(second, options.examples / options.batch);
  return {accuracy_of(first.network()), accuracy_of(second.network())};
}

}  // namespace bnlab
