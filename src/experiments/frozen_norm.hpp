// Fine-tuning in tiny batches with frozen statistics.
//
// A network trained on pictures x in batches of 64 goes on learning from scale·x + shift, two at a time. In training mode a batch of two
// normalises every value to −1 or +1, and what the network had learned no longer fits. Frozen, batch normalization goes on by the running
// statistics it has, in training too, and is a fixed affine map with a learned γ and β: what detection
// networks fine-tune with (FrozenBN: Wu & Johnson 2021, arXiv:2105.07576, section 3.3).
//
// Claim: frozen ends at least 0.3 above training mode.
#pragma once

#include "experiments/both_modes.hpp"

namespace bnlab {

struct FrozenNormOptions {
  double scale = 1.5;
  double shift = 0.3;
  Index batch = 2;
  Index examples = 1600;  // to fine-tune on, whatever the batch
  double lr = 0.01;
  double running_momentum = 0.02;  // of the arm in training mode: an average long enough for tiny batches
};

// Accuracies in inference mode on the moved test set.
struct FrozenNormResult {
  double before = 0;  // fine-tuning
  double training = 0;
  double frozen = 0;
  double large_batch = 0;  // in training mode, but 64 at a time
};

inline FrozenNormResult frozen_norm(const FrozenNormOptions& options, std::uint64_t seed) {
  constexpr Index kLargeBatch = 64;
  constexpr Index kSteps = 600;
  constexpr double kRate = 0.1;
  const GlyphExamples old_world = raw_glyphs(seed);
  const GlyphExamples new_world = raw_glyphs(seed, options.scale, options.shift);

  Trainer<float> pretrained =
      classifier_trainer(glyph_classifier(BatchNormSpec{}), kRate, kLargeBatch, old_world.train, seed);
  train(pretrained, kSteps);

  const auto accuracy_of = [&](Trainer<float>& trainer) {
    Tape<float> tape(trainer.network(), kAtOnce);
    return accuracy(trainer.network(), tape, Mode::kInference, new_world.test);
  };
  const auto fine_tuned = [&](const BatchNormSpec& norm, Index batch) {
    Trainer<float> trainer =
        classifier_trainer(glyph_classifier(norm), options.lr, batch, new_world.train, seed);
    trainer.network().parameters() = pretrained.network().parameters();
    trainer.network().buffers() = pretrained.network().buffers();
    train(trainer, options.examples / batch);
    return accuracy_of(trainer);
  };
  BatchNormSpec frozen;
  frozen.frozen = true;
  return {accuracy_of(pretrained), fine_tuned(batch_norm_with(options.running_momentum), options.batch),
          fine_tuned(frozen, options.batch), fine_tuned(BatchNormSpec{}, kLargeBatch)};
}

}  // namespace bnlab
