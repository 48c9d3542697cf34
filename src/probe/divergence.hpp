// Where a training step stopped being finite: the first value in the order in which the step computes.
#pragma once

#include <cmath>

#include "train/trainer.hpp"

namespace bnlab {

enum class DivergedWhat { kNothing, kStatistics, kOutput, kLoss, kGradient };

struct Divergence {
  DivergedWhat what = DivergedWhat::kNothing;
  Index layer = kAbsent;    // none: the loss itself
  Index example = kAbsent;  // in the batch; none for statistics and parameters
  Index unit =
      kAbsent;  // flat index within the example's output, the channel, or within the layer's parameters
  double value = 0;
};

namespace divergence_detail {

// The flat index of the first value that is not finite; kAbsent where all are.
template <typename T>
Index first_not_finite(const T* x, Index size) {
  if (x == nullptr || all_finite(x, size)) return kAbsent;
  Index i = 0;
  while (std::isfinite(x[i])) ++i;
  return i;
}

// per_example: 0 where the values are not of examples.
template <typename T>
Divergence at(DivergedWhat what, std::size_t layer, const T* values, Index flat, Index per_example) {
  const bool of_example = per_example > 0;
  return {what, static_cast<Index>(layer), of_example ? flat / per_example : kAbsent,
          of_example ? flat % per_example : flat, static_cast<double>(values[flat])};
}

}  // namespace divergence_detail

// To be asked after a step that diverged, before the next: statistics and outputs layer by layer, the loss, then gradients
// from the last layer to the first.
template <typename T>
Divergence find_divergence(Trainer<T>& trainer, double loss) {
  using namespace divergence_detail;
  const Network<T>& network = trainer.network();
  const std::vector<TapeRecord<T>>& records = trainer.tape().records();
  const Index batch = trainer.last_batch().count;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const LayerPlan& plan = network.layers()[i];
    const Index statistics = statistics_count(plan, batch) * plan.out.channels;
    for (const T* values : {records[i].mean, records[i].var})
      if (const Index found = statistics > 0 ? first_not_finite(values, statistics) : kAbsent;
          found != kAbsent)
        // Ghost batches have a row of channels each.
        return {DivergedWhat::kStatistics, static_cast<Index>(i), kAbsent, found % plan.out.channels,
                static_cast<double>(values[found])};
    if (const Index found = first_not_finite(records[i].y, batch * plan.out.size()); found != kAbsent)
      return at(DivergedWhat::kOutput, i, records[i].y, found, plan.out.size());
  }
  if (!std::isfinite(loss)) return {DivergedWhat::kLoss, kAbsent, kAbsent, kAbsent, loss};
  for (std::size_t i = records.size(); i-- > 0;) {
    const LayerPlan& plan = network.layers()[i];
    if (const Index found = first_not_finite(records[i].dy, batch * plan.out.size()); found != kAbsent)
      return at(DivergedWhat::kGradient, i, records[i].dy, found, plan.out.size());
    for (const TensorInfo& tensor : network.tensors()) {
      if (tensor.layer != static_cast<Index>(i) || !is_parameter(tensor.role)) continue;
      const T* values = trainer.gradients().data() + tensor.offset;
      if (const Index found = first_not_finite(values, tensor.size()); found != kAbsent)
        return at(DivergedWhat::kGradient, i, values, found, 0);
    }
  }
  return {};
}

}  // namespace bnlab
