// What the last step left in each layer, for histograms and curves over depth.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/logarithm.hpp"
#include "train/trainer.hpp"

namespace bnlab {

// Gradients are counted by log10 |dL/dy| over these powers of ten.
constexpr double kGradientFrom = -12;
constexpr double kGradientTo = 2;

// Vectors have one entry per layer, histograms one row of `bins` per layer. NaN where a layer has no such thing.
struct Observation {
  std::vector<std::int32_t> output;
  std::vector<std::int32_t> xhat;
  std::vector<std::int32_t> gradient;
  std::vector<double> output_mean;
  std::vector<double> output_std;
  std::vector<double> gradient_rms;
  std::vector<double> dead;  // share of units that are 0 for every example, after relu
  std::vector<double>
      saturated;  // share of values within 2.5% of the range of a limit, after sigmoid and tanh
  std::vector<double> weight_norm;
  std::vector<double> weight_gradient_norm;
  std::vector<double>
      effective_lr;  // lr/‖w‖²: the step of a weight whose scale does not matter (van Laarhoven 2017)
};

namespace observation_detail {

// Counts value into one of `bins` equal bins from `low` to `high`; what lies beyond goes into the outermost. NaN is not counted.
inline void count(double value, double low, double high, Index bins, std::int32_t* histogram) {
  if (std::isnan(value)) return;
  const double place = (value - low) / (high - low) * static_cast<double>(bins);
  const auto last = static_cast<double>(bins - 1);
  ++histogram[static_cast<Index>(std::fmin(std::fmax(place, 0), last))];
}

// log₁₀ of a size, to the same bits on every platform, so that no count differs. −∞ of 0.
inline double log10_of(double size) {
  if (size == 0) return -HUGE_VAL;
  return std::isfinite(size) ? log_positive(size) / log_positive(10) : size;
}

template <typename T>
double norm(const T* values, Index size) {
  double squares = 0;
  for (Index i = 0; i < size; ++i) squares += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  return std::sqrt(squares);
}

template <typename T>
double dead_share(const T* y, Index batch, Index units) {
  Index dead = 0;
  for (Index u = 0; u < units; ++u) {
    Index i = 0;
    while (i < batch && y[i * units + u] == T(0)) ++i;
    if (i == batch) ++dead;
  }
  return static_cast<double>(dead) / static_cast<double>(units);
}

// Sigmoid's limits are 0 and 1, tanh's −1 and 1.
template <typename T>
double saturated_share(Activation kind, const T* y, Index size) {
  const double middle = kind == Activation::kSigmoid ? 0.5 : 0;
  const double reach = kind == Activation::kSigmoid ? 0.5 : 1;
  Index saturated = 0;
  for (Index i = 0; i < size; ++i)
    if (std::abs(static_cast<double>(y[i]) - middle) > 0.95 * reach) ++saturated;
  return static_cast<double>(saturated) / static_cast<double>(size);
}

}  // namespace observation_detail

// Outputs and x̂ are counted over ±range. After a step; without one every histogram is empty.
template <typename T>
Observation observe(Trainer<T>& trainer, Index bins, double range) {
  using namespace observation_detail;
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const Network<T>& network = trainer.network();
  const Index batch = trainer.last_batch().count;
  const std::size_t layers = network.layers().size();
  const auto rows = layers * static_cast<std::size_t>(bins);
  Observation seen;
  seen.output.assign(rows, 0);
  seen.xhat.assign(rows, 0);
  seen.gradient.assign(rows, 0);
  for (std::vector<double>* each :
       {&seen.output_mean, &seen.output_std, &seen.gradient_rms, &seen.dead, &seen.saturated,
        &seen.weight_norm, &seen.weight_gradient_norm, &seen.effective_lr})
    each->assign(layers, kNone);
  for (std::size_t i = 0; i < layers; ++i) {
    const LayerPlan& plan = network.layers()[i];
    if (plan.weight != kAbsent) {
      for (const TensorInfo& tensor : network.tensors()) {
        if (tensor.layer != static_cast<Index>(i) || tensor.role != Role::kWeight) continue;
        seen.weight_norm[i] = norm(network.parameter(plan.weight), tensor.size());
        seen.weight_gradient_norm[i] = norm(trainer.gradients().data() + tensor.offset, tensor.size());
        seen.effective_lr[i] = trainer.lr() / (seen.weight_norm[i] * seen.weight_norm[i]);
      }
    }
    if (batch == 0) continue;
    const TapeRecord<T>& record = trainer.tape().records()[i];
    const Index size = batch * plan.out.size();
    std::int32_t* const output = seen.output.data() + static_cast<Index>(i) * bins;
    std::int32_t* const xhat = seen.xhat.data() + static_cast<Index>(i) * bins;
    std::int32_t* const gradient = seen.gradient.data() + static_cast<Index>(i) * bins;
    double sum = 0;
    double squares = 0;
    for (Index k = 0; k < size; ++k) {
      const auto y = static_cast<double>(record.y[k]);
      sum += y;
      count(y, -range, range, bins, output);
      const double size_of_dy = std::abs(static_cast<double>(record.dy[k]));
      count(log10_of(size_of_dy), kGradientFrom, kGradientTo, bins, gradient);
      if (record.xhat != nullptr) count(static_cast<double>(record.xhat[k]), -range, range, bins, xhat);
    }
    const double mean = sum / static_cast<double>(size);
    for (Index k = 0; k < size; ++k) {
      const double d = static_cast<double>(record.y[k]) - mean;
      squares += d * d;
    }
    seen.output_mean[i] = mean;
    seen.output_std[i] = std::sqrt(squares / static_cast<double>(size));
    seen.gradient_rms[i] = norm(record.dy, size) / std::sqrt(static_cast<double>(size));
    if (const auto* activation = std::get_if<ActivationSpec>(&plan.spec)) {
      if (activation->kind == Activation::kRelu) seen.dead[i] = dead_share(record.y, batch, plan.out.size());
      if (activation->kind == Activation::kSigmoid || activation->kind == Activation::kTanh)
        seen.saturated[i] = saturated_share(activation->kind, record.y, size);
    }
  }
  return seen;
}

}  // namespace bnlab
