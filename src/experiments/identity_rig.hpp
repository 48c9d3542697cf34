// A small network in double precision to try identities on: two hidden layers with batch normalization before tanh, which has
// no kinks, and one batch of examples.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "nn/network_pass.hpp"
#include "train/trainer.hpp"

namespace bnlab {

inline std::vector<double> normals(Index count, Random& random, double mean = 0, double std = 1) {
  std::vector<double> values;
  for (Index i = 0; i < count; ++i) values.push_back(mean + std * random.normal());
  return values;
}

// Two hidden layers with batch normalization before tanh, and a batch.
class IdentityRig {
 public:
  using Values = std::vector<double>;

  static constexpr Index kInputs = 20;
  static constexpr Index kUnits = 30;
  static constexpr Index kClasses = 5;
  static constexpr std::size_t kLinear = 3;  // the layer whose weights are moved,
  static constexpr std::size_t kNorm = 4;    // and the normalization behind it

  IdentityRig(Index batch, double eps, bool bias, std::uint64_t seed)
      : network_(spec(bias, eps)),
        batch_(batch),
        tape_(network_, batch_),
        gradients_(network_.parameters().size()) {
    Random random(seed, Stream::kData);
    x_ = normals(batch_ * kInputs, random);
    for (Index i = 0; i < batch_; ++i)
      labels_.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(kClasses))));
    network_.initialize(seed);
    // γ and β as they might be after some training; no two the same.
    for (const TensorInfo& tensor : network_.tensors()) {
      double* const at = network_.parameters().data() + tensor.offset;
      if (tensor.role == Role::kGamma)
        for (Index i = 0; i < tensor.size(); ++i) at[i] = 1 + 0.3 * random.normal();
      if (tensor.role == Role::kBeta)
        for (Index i = 0; i < tensor.size(); ++i) at[i] = 0.3 * random.normal();
    }
  }

  // Forward and backward in training mode.
  void pass() {
    network_forward(network_, tape_, x_.data(), batch_, Mode::kTraining);
    evaluate_loss(Loss::kCrossEntropy, tape_, batch_, kClasses, targets());
    network_backward(network_, tape_, x_.data(), batch_, Mode::kTraining, gradients_.data());
  }

  [[nodiscard]] Values output() const { return copy(tape_.output(), kClasses); }
  [[nodiscard]] Values xhat() const { return copy(tape_.records()[kNorm].xhat, kUnits); }
  // The gradient of what goes into the layer.
  [[nodiscard]] Values input_gradient() const { return copy(tape_.records()[kLinear - 1].dy, kUnits); }
  [[nodiscard]] Values weight_gradient() const { return gradient(plan().weight, kUnits * kUnits); }
  [[nodiscard]] Values bias_gradient() const { return gradient(plan().bias, kUnits); }
  [[nodiscard]] Values gamma_gradient() const { return gradient(network_.layers()[kNorm].gamma, kUnits); }
  // A unit's weights stand at unit, unit + kUnits, …
  [[nodiscard]] double* weight() { return network_.parameter(plan().weight); }
  [[nodiscard]] double* bias() { return network_.parameter(plan().bias); }
  [[nodiscard]] double* gamma() { return network_.parameter(network_.layers()[kNorm].gamma); }
  [[nodiscard]] double* beta() { return network_.parameter(network_.layers()[kNorm].beta); }
  void scale_weights(double factor) {
    for (Index i = 0; i < kUnits * kUnits; ++i) weight()[i] *= factor;
  }
  [[nodiscard]] Index batch() const { return batch_; }
  [[nodiscard]] const double* x() const { return x_.data(); }
  [[nodiscard]] Targets<double> targets() const { return {labels_.data(), nullptr}; }

  [[nodiscard]] Network<double>& network() { return network_; }
  [[nodiscard]] Tape<double>& tape() { return tape_; }

 private:
  static NetworkSpec spec(bool bias, double eps) {
    NetworkSpec spec{{kInputs}, {}};
    for (int i = 0; i < 2; ++i) {
      spec.layers.emplace_back(LinearSpec{kUnits, bias, {Init::kLecunNormal}});
      BatchNormSpec norm;
      norm.options.eps = eps;
      spec.layers.emplace_back(norm);
      spec.layers.emplace_back(ActivationSpec{Activation::kTanh});
    }
    spec.layers.emplace_back(LinearSpec{kClasses, true, {Init::kLecunNormal}});
    return spec;
  }
  [[nodiscard]] const LayerPlan& plan() const { return network_.layers()[kLinear]; }
  [[nodiscard]] Values copy(const double* from, Index width) const { return {from, from + batch_ * width}; }
  [[nodiscard]] Values gradient(Index offset, Index count) const {
    return {gradients_.data() + offset, gradients_.data() + offset + count};
  }

  Network<double> network_;
  Index batch_;
  Tape<double> tape_;
  Buffer<double> gradients_;
  Values x_;
  std::vector<std::int32_t> labels_;
};

}  // namespace bnlab
