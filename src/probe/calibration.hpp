// PreciseBN (Wu & Johnson 2021, arXiv:2105.07576): running statistics taken afresh.
//
// A moving average mixes statistics of weights that have since changed. Here the weights hold still: over some batches in
// training mode each BN layer's M becomes the plain average of μ, and V that of the variance its convention stores.
#pragma once

#include "core/types.hpp"
#include "nn/network.hpp"

namespace bnlab {

// next_batch() gives something with `x` (count, inputs) and `count` ≥ 1, within the tape's capacity, and two or more where the
// network needs them. Returns false, with the running statistics as they were, where a batch statistic was not finite.
template <typename T, typename NextBatch>
bool recalibrate(Network<T>& network, Tape<T>& tape, Index batches, NextBatch&& next_batch) {
  Buffer<T> averages(network.buffers().size(), T(0));
  for (Index k = 0; k < batches; ++k) {
    const auto batch = next_batch();
    network_forward(network, tape, batch.x, batch.count, Mode::kTraining);
    for (std::size_t i = 0; i < network.layers().size(); ++i) {
      const LayerPlan& plan = network.layers()[i];
      const auto* norm = std::get_if<BatchNormSpec>(&plan.spec);
      if (norm == nullptr || plan.running_mean == kAbsent) continue;
      BatchNormOptions average = norm->options;
      average.cumulative = true;
      if (!batch_norm_update_running(average, plan.out, batch.count, tape.records()[i].mean,
                                     tape.records()[i].var, k, averages.data() + plan.running_mean,
                                     averages.data() + plan.running_var))
        return false;
    }
  }
  network.buffers() = averages;
  return true;
}

}  // namespace bnlab
