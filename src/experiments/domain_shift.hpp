// The world after training looks different.
//
// The network learns from pictures x and is then asked about scale·x + shift. In inference mode batch normalization goes by
// the mean and variance of the world it was trained in. Taken afresh over new pictures, for which no labels are needed, they
// make good what an affine change did to the first layer, and with it to all later ones; weights stay as they are (Wu & Johnson
// 2021, arXiv:2105.07576, section 5). Networks without running statistics have nothing to take afresh.
//
// Claim: BN's accuracy falls by at least 0.3, and recalibration brings it back to within 0.03 of what it was.
#pragma once

#include "experiments/both_modes.hpp"

namespace bnlab {

struct DomainShiftOptions {
  std::optional<LayerSpec> norm = BatchNormSpec{};
  double scale = 2;
  double shift = 1;
  Index steps = 600;
  double lr = 0.1;
  Index batch = 64;
};

// Accuracies in inference mode on the test set.
struct DomainShift {
  double before = 0;        // as it was
  double after = 0;         // moved
  double recalibrated = 0;  // moved, with running statistics taken afresh over the moved test set
};

inline DomainShift domain_shift(const DomainShiftOptions& options, std::uint64_t seed) {
  const GlyphExamples data = raw_glyphs(seed);
  Trainer<float> trainer =
      classifier_trainer(glyph_classifier(options.norm), options.lr, options.batch, data.train, seed);
  train(trainer, options.steps);
  Network<float>& network = trainer.network();
  Tape<float> tape(network, kAtOnce);
  return {accuracy(network, tape, Mode::kInference, data.test),
          accuracy(network, tape, Mode::kInference, data.test, options.scale, options.shift),
          recalibrated_accuracy(network, tape, data.test, data.test, options.scale, options.shift)};
}

}  // namespace bnlab
