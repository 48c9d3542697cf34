// Running statistics lag behind.
//
// The running mean and variance start at 0 and 1 and keep the weight (1−k)^t of that start after t batches, while the weights
// under them move. With inputs far from mean 0 and variance 1 and a small k, a network that is right in training mode is
// wrong in inference mode for its first hundreds of steps. Statistics taken afresh (PreciseBN: Wu & Johnson 2021,
// arXiv:2105.07576) show that nothing else is amiss.
//
// Claim: after 100 steps recalibration gains at least 0.2 of accuracy; after 600 at most 0.03.
#pragma once

#include <vector>

#include "experiments/both_modes.hpp"

namespace bnlab {

struct EmaLagOptions {
  double running_momentum = 0.01;  // k
  double scale = 10;
  double shift = 5;
  double lr = 0.1;
  Index batch = 64;
  std::vector<Index> steps{30, 100, 300, 600};  // where to look, in ascending order
};

// Accuracies on the test set.
struct EmaLagPoint {
  Index step = 0;
  double training = 0;
  double inference = 0;
  double recalibrated = 0;
};

inline std::vector<EmaLagPoint> ema_lag(const EmaLagOptions& options, std::uint64_t seed) {
  const GlyphExamples data = raw_glyphs(seed, options.scale, options.shift);
  BatchNormSpec norm;
  norm.options.running_momentum = options.running_momentum;
  Trainer<float> trainer =
      classifier_trainer(glyph_classifier(norm), options.lr, options.batch, data.train, seed);
  Network<float>& network = trainer.network();
  Tape<float> tape(network, kAtOnce);
  std::vector<EmaLagPoint> points;
  for (const Index step : options.steps) {
    train(trainer, step - trainer.steps());
    points.push_back({step, accuracy(network, tape, Mode::kTraining, data.test),
                      accuracy(network, tape, Mode::kInference, data.test),
                      recalibrated_accuracy(network, tape, data.train, data.test)});
  }
  return points;
}

}  // namespace bnlab
