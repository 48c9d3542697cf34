// The world after training looks different.
//
// The network learns from pictures x and is asked about scale·x + shift. In inference mode batch normalization goes by the mean
// and variance of the old world. Taking them afresh over new, unlabelled pictures makes good what an affine change did to the first layer, and
// with it to all later ones; weights stay as they are (Wu & Johnson 2021, arXiv:2105.07576, section 5).
//
// Claim: accuracy falls by at least 0.3, and recalibration brings it back to within 0.03 of what it was.
#pragma once

#include "experiments/both_modes.hpp"

namespace bnlab {

struct DomainShiftOptions {
  double scale = 2;
  double shift = 1;
  Index steps = 600;
  double lr = 0.1;
  Index batch = 64;
};

// Accuracies in inference mode on the test set, as it was and moved.
struct DomainShiftPair {
  double before = 0;
  double after = 0;
};

struct DomainShiftResult {
  DomainShiftPair batch_norm;
  double recalibrated = 0;  // of batch norm, on the moved test set
  DomainShiftPair layer_norm;
  DomainShiftPair without;
};

inline DomainShiftResult domain_shift(const DomainShiftOptions& options, std::uint64_t seed) {
  const GlyphExamples data = raw_glyphs(seed);
  const auto trained = [&](const std::optional<LayerSpec>& norm) {
    Trainer<float> trainer =
        classifier_trainer(glyph_classifier(norm), options.lr, options.batch, data.train, seed);
    train(trainer, options.steps);
    return trainer;
  };
  const auto both = [&](Trainer<float>& trainer) {
    Tape<float> tape(trainer.network(), kAtOnce);
    return DomainShiftPair{
        accuracy(trainer.network(), tape, Mode::kInference, data.test),
        accuracy(trainer.network(), tape, Mode::kInference, data.test, options.scale, options.shift)};
  };
  Trainer<float> batch_norm = trained(BatchNormSpec{});
  Trainer<float> layer_norm = trained(GroupNormSpec{1, true});
  Trainer<float> without = trained(std::nullopt);

  DomainShiftResult result{both(batch_norm), 0, both(layer_norm), both(without)};
  Tape<float> tape(batch_norm.network(), kAtOnce);
  result.recalibrated =
      recalibrated_accuracy(batch_norm.network(), tape, data.test, data.test, options.scale, options.shift);
  return result;
}

}  // namespace bnlab
