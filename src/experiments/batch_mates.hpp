// Batch-mates change a prediction.
//
// In training mode an example is normalised by statistics that the other examples of its batch have a part in. Each test
// example is classified twice, with two sets of mates drawn from the training set; the weights stand still. In inference
// mode mates have no part.
//
// Claim: the share of predictions that change falls with every larger batch, and is exactly 0 in inference mode.
#pragma once

#include <vector>

#include "experiments/both_modes.hpp"

namespace bnlab {

struct BatchMatesOptions {
  std::vector<Index> batches{4, 8, 16, 64, 256};  // sizes to try, each at least 2
  Index examples = 200;
  Index steps = 600;  // of training before, in batches of 64
  double lr = 0.1;
};

struct BatchMatesPoint {
  Index batch = 0;
  double training = 0;  // share of predictions that changed with the mates
  double inference = 0;
};

inline std::vector<BatchMatesPoint> batch_mates(const BatchMatesOptions& options, std::uint64_t seed) {
  constexpr std::uint64_t kMates = 10;  // a part of the data stream to itself
  const GlyphExamples data = raw_glyphs(seed);
  Trainer<float> trainer =
      classifier_trainer(glyph_classifier(BatchNormSpec{}), options.lr, 64, data.train, seed);
  train(trainer, options.steps);

  const Network<float>& network = trainer.network();
  const Index inputs = network.inputs();
  Random random(seed, Stream::kData, kMates);
  std::vector<BatchMatesPoint> points;
  for (const Index batch : options.batches) {
    Tape<float> tape(network, batch);
    Buffer<float> x(static_cast<std::size_t>(batch * inputs));
    const auto classify = [&](Mode mode) {
      network_forward(network, tape, x.data(), batch, mode);
      return predicted_class(Loss::kCrossEntropy, tape.output(), network.outputs());
    };
    const Index examples = std::min(options.examples, data.test.count);
    Index changed[2] = {0, 0};
    for (Index i = 0; i < examples; ++i) {
      std::copy_n(data.test.x + i * inputs, inputs, x.data());
      std::int32_t said[2][2];
      for (auto& with_mates : said) {
        for (Index mate = 1; mate < batch; ++mate) {
          const auto drawn = static_cast<Index>(random.below(static_cast<std::uint64_t>(data.train.count)));
          std::copy_n(data.train.x + drawn * inputs, inputs, x.data() + mate * inputs);
        }
        with_mates[0] = classify(Mode::kTraining);
        with_mates[1] = classify(Mode::kInference);
      }
      for (int mode = 0; mode < 2; ++mode) changed[mode] += said[0][mode] != said[1][mode] ? 1 : 0;
    }
    const auto share = [&](Index count) {
      return static_cast<double>(count) / static_cast<double>(examples);
    };
    points.push_back({batch, share(changed[0]), share(changed[1])});
  }
  return points;
}

}  // namespace bnlab
