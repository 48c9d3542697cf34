// Initial weights of linear and convolution layers, by fan-in (inputs) and fan-out (outputs).
//
//   he_normal, he_uniform           σ = gain·√(2/fan_in)               He et al. 2015, arXiv:1502.01852
//   xavier_normal, xavier_uniform   σ = gain·√(2/(fan_in+fan_out))     Glorot & Bengio 2010
//   lecun_normal                    σ = gain·√(1/fan_in)               LeCun et al. 1998
//   normal                          σ = gain·sigma
//   pytorch                         U(±gain/√fan_in), bias U(±1/√fan_in): torch.nn.Linear's default
//
// A uniform initialiser with that σ is U(±√3·σ). Biases start at 0, except in `pytorch`. Weights are drawn in PyTorch's
// order, output by output, and in double, so that float and double networks start from the same numbers.
#pragma once

#include <cmath>

#include "core/random.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class Init { kHeNormal, kHeUniform, kXavierNormal, kXavierUniform, kLecunNormal, kNormal, kPyTorch };

struct InitOptions {
  Init kind = Init::kHeNormal;
  double gain = 1;
  double sigma = 0.01;  // of `normal`
};

// The standard deviation the initialiser aims at.
inline double init_sigma(const InitOptions& options, Index in, Index out) {
  const auto fan_in = static_cast<double>(in);
  const auto fan_out = static_cast<double>(out);
  switch (options.kind) {
    case Init::kHeNormal:
    case Init::kHeUniform:
      return options.gain * std::sqrt(2 / fan_in);
    case Init::kXavierNormal:
    case Init::kXavierUniform:
      return options.gain * std::sqrt(2 / (fan_in + fan_out));
    case Init::kLecunNormal:
      return options.gain * std::sqrt(1 / fan_in);
    case Init::kNormal:
      return options.gain * options.sigma;
    case Init::kPyTorch:
      return options.gain * std::sqrt(1 / (3 * fan_in));
  }
  return 0;
}

namespace init_detail {

// Draws `out` rows of `per_output` weights with put(output, k, value), then the biases, which may be null.
template <typename T, typename Put>
void draw(const InitOptions& options, Index fan_in, Index fan_out, Index out, Index per_output, T* bias,
          Random& random, Put&& put) {
  const double sigma = init_sigma(options, fan_in, fan_out);
  const double bound = std::sqrt(3.0) * sigma;
  const bool uniform = options.kind == Init::kHeUniform || options.kind == Init::kXavierUniform ||
                       options.kind == Init::kPyTorch;
  for (Index j = 0; j < out; ++j)
    for (Index k = 0; k < per_output; ++k)
      put(j, k, static_cast<T>(uniform ? bound * (2 * random.uniform() - 1) : sigma * random.normal()));
  if (bias == nullptr) return;
  const double bias_bound = options.kind == Init::kPyTorch ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  for (Index j = 0; j < out; ++j)
    bias[j] = bias_bound > 0 ? static_cast<T>(bias_bound * (2 * random.uniform() - 1)) : T(0);
}

}  // namespace init_detail

// weight (in, out) and bias (out), overwritten; `bias` may be null.
template <typename T>
void init_linear(const InitOptions& options, Index in, Index out, T* weight, T* bias, Random& random) {
  init_detail::draw(options, in, out, out, in, bias, random,
                    [=](Index j, Index i, T value) { weight[i * out + j] = value; });
}

// weight (out, in·kernel²) and bias (out). A convolution's fans count every weight that meets one value.
template <typename T>
void init_conv2d(const InitOptions& options, Index in, Index out, Index kernel, T* weight, T* bias,
                 Random& random) {
  const Index area = kernel * kernel;
  init_detail::draw(options, in * area, out * area, out, in * area, bias, random,
                    [=](Index j, Index k, T value) { weight[j * in * area + k] = value; });
}

}  // namespace bnlab
