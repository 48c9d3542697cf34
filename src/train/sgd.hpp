// Stochastic gradient descent, as torch.optim.SGD defines it:
//
//   g ← ∇w + λw                  L2 weight decay (or, decoupled: w ← (1−ηλ)w instead)
//   u ← μu + g                   velocity, u = 0 at first
//   w ← w − ηu                   or, Nesterov: w ← w − η(g + μu)
#pragma once

#include <algorithm>
#include <vector>

#include "core/types.hpp"
#include "nn/network.hpp"

namespace bnlab {

struct SgdOptions {
  double lr = 0.1;
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;
  bool decoupled = false;
  // Weights of linear layers always decay; these say what else does.
  bool decay_gamma = true;
  bool decay_beta = true;
  bool decay_bias = true;

  [[nodiscard]] double decay_of(Role role) const {
    if (role == Role::kGamma && !decay_gamma) return 0;
    if (role == Role::kBeta && !decay_beta) return 0;
    if (role == Role::kBias && !decay_bias) return 0;
    return weight_decay;
  }
};

// One update of `size` values. `decay` is this tensor's λ; `velocity` is read and written where options.momentum > 0, and
// may be null otherwise.
template <typename T>
void sgd_update(const SgdOptions& options, double decay, Index size, const T* gradient, T* velocity, T* parameter) {
  const ConstArrayMap<T> g(gradient, size);
  ArrayMap<T> w(parameter, size);
  const T lr = static_cast<T>(options.lr);
  const T mu = static_cast<T>(options.momentum);
  T l2 = static_cast<T>(decay);
  if (options.decoupled && decay > 0) {
    w *= static_cast<T>(1 - options.lr * decay);
    l2 = 0;
  }
  if (options.momentum == 0) {
    if (l2 == T(0))
      w -= lr * g;
    else
      w -= lr * (g + l2 * w);
    return;
  }
  ArrayMap<T> u(velocity, size);
  if (!options.nesterov) {
    u = mu * u + (g + l2 * w);
    w -= lr * u;
    return;
  }
  u = mu * u + (g + l2 * w);
  w -= lr * ((g + l2 * w) + mu * u);
}

// All parameters of a network. `gradients` and `velocities` are laid out as network.parameters().
template <typename T>
void sgd_step(const SgdOptions& options, const T* gradients, T* velocities, Network<T>& network) {
  T* parameters = network.parameters().data();
  if (options.weight_decay == 0) {
    sgd_update(options, 0, static_cast<Index>(network.parameters().size()), gradients, velocities, parameters);
    return;
  }
  for (const TensorInfo& tensor : network.tensors()) {
    if (!is_parameter(tensor.role)) continue;
    sgd_update(options, options.decay_of(tensor.role), tensor.size(), gradients + tensor.offset, velocities + tensor.offset,
               parameters + tensor.offset);
  }
}

}  // namespace bnlab
