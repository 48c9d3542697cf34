// Work to be timed: a network trained on a given number of examples, few or many at a time.
//
// The arithmetic per example is the same for every batch size, but large batches keep a processor busier: each weight that is
// fetched serves the whole batch, and each step's fixed costs, the update of all weights for one, are shared. The engine has no
// clock; whoever asks takes the time.
#pragma once

#include "experiments/glyph_task.hpp"

namespace bnlab {

struct ThroughputOptions {
  SmallNetwork network{{64, 64, 64}};
  Index batch_size = 64;
  Index examples = 8192;  // to train on in all, rounded up to whole batches
  double lr = 0.01;
};

struct Throughput {
  Index examples = 0;
  Index steps = 0;
  double loss = 0;  // of the last batch
};

inline Throughput train_examples(const ThroughputOptions& options, std::uint64_t seed) {
  constexpr Index kDrawn = 256;
  const auto data =
      std::make_shared<const Split>(draw_glyphs({std::max(kDrawn, options.batch_size), 0}, seed));
  BatcherOptions batch;
  batch.size = options.batch_size;
  batch.last = LastBatch::kDrop;
  Trainer<float> trainer = glyph_trainer(options.network, options.lr, batch, data, seed);
  Throughput result;
  while (result.examples < options.examples) {
    result.loss = trainer.step().loss;
    result.examples += options.batch_size;
    ++result.steps;
  }
  return result;
}

}  // namespace bnlab
