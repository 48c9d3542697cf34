// PreciseBN (Wu & Johnson 2021, arXiv:2105.07576): running statistics taken afresh.
//
// A moving average mixes statistics of weights that have since changed. Here the weights hold still: over some batches in
// training mode each BN layer's M becomes the plain average of μ, and V that of the variance its convention stores.
#pragma once

#include "core/types.hpp"
#include "nn/network_pass.hpp"

namespace bnlab {

// next_batch() gives something with `x` (count, inputs) and `count` ≥ 1, within the tape's capacity, and two or more where the
// network needs them. Returns false, with the running statistics as they were, where a batch statistic was not finite.
template <typename T, typename NextBatch>
bool recalibrate(Network<T>& network, Tape<T>& tape, Index batches, NextBatch&& next_batch) {
  Buffer<T> averages = network.buffers();  // the first batch takes the place of what stands there
  for (Index k = 0; k < batches; ++k) {
    const auto batch = next_batch();
    network_forward(network, tape, batch.x, batch.count, Mode::kTraining);
    if (!statistics_are_finite(network, tape, batch.count)) return false;
    for (std::size_t i = 0; i < network.layers().size(); ++i) {
      const LayerPlan& plan = network.layers()[i];
      if (plan.running_mean == kAbsent) continue;
      // What a layer's update would store of this batch alone, added to the average with weight 1/(k+1).
      with_spec(plan.spec, [&]<typename Spec>(const Spec& spec) {
        if constexpr (kTakesBatchStatistics<Spec>) {
          Spec average = spec;
          average.options.running_momentum = 1.0 / static_cast<double>(k + 1);
          average.options.cumulative = false;
          layer_update_running(average, plan, tape.records()[i], batch.count, k,
                               averages.data() + plan.running_mean, averages.data() + plan.running_var);
        }
      });
    }
  }
  network.buffers() = averages;
  return true;
}

}  // namespace bnlab
