// How the gradient changes from layer to layer on its way back to the input.
#pragma once

#include <cmath>
#include <vector>

#include "nn/network.hpp"

namespace bnlab {

// ‖∂W‖ of the weights of each layer in `layers`, from gradients laid out as the network's parameters.
template <typename T>
std::vector<double> weight_gradient_norms(const NetworkPlan& network, const std::vector<std::size_t>& layers,
                                          const T* gradients) {
  std::vector<double> norms;
  for (const std::size_t layer : layers) {
    const LayerPlan& plan = network.layers()[layer];
    const T* const from = gradients + plan.weight;
    double squares = 0;
    for (Index i = 0; i < plan.in.size() * plan.out.size(); ++i)
      squares += static_cast<double>(from[i]) * static_cast<double>(from[i]);
    norms.push_back(std::sqrt(squares));
  }
  return norms;
}

// The factor per layer by which a norm grows over `layers` layers toward the input.
inline double growth_per_layer(double nearer_input, double nearer_output, double layers) {
  return std::pow(nearer_input / nearer_output, 1 / layers);
}

// What that factor is at initialisation, in wide networks without skip connections (Yang et al. 2019, arXiv:1902.08129): with
// batch normalization before ReLU in large batches, and before the identity in batches of B > 3.
inline double batch_norm_relu_growth() {
  constexpr double kPi = 3.14159265358979323846;
  return std::sqrt(kPi / (kPi - 1));
}
inline double batch_norm_linear_growth(double batch) { return std::sqrt((batch - 2) / (batch - 3)); }

}  // namespace bnlab
