// Stochastic gradient descent, as torch.optim.SGD defines it:
//
//   g ← ∇w + λw                  L2 weight decay (or, decoupled: w ← (1−ηλ)w instead)
//   u ← μu + g                   velocity, u = 0 at first
//   w ← w − ηu                   or, Nesterov: w ← w − η(g + μu)
#pragma once

#include <algorithm>
#include <vector>

#include "core/lanes.hpp"
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
void sgd_update(const SgdOptions& options, double decay, Index size, const T* gradient, T* velocity,
                T* parameter) {
  const T lr = static_cast<T>(options.lr);
  const T mu = static_cast<T>(options.momentum);
  const T keep = options.decoupled ? static_cast<T>(1 - options.lr * decay) : T(1);
  const T l2 = options.decoupled ? T(0) : static_cast<T>(decay);
  if (options.momentum == 0 && decay == 0) {
    for_each_column_group<T>(size, [=]<typename L>(Index i) {
      (L::load(parameter + i) - L::broadcast(lr) * L::load(gradient + i)).store(parameter + i);
    });
    return;
  }
  for_each_column_group<T>(size, [=]<typename L>(Index i) {
    const L w = L::load(parameter + i);
    const L g = L::load(gradient + i) + L::broadcast(l2) * w;
    L direction = g;
    if (options.momentum > 0) {
      const L u = L::broadcast(mu) * L::load(velocity + i) + g;
      u.store(velocity + i);
      direction = options.nesterov ? g + L::broadcast(mu) * u : u;
    }
    (L::broadcast(keep) * w - L::broadcast(lr) * direction).store(parameter + i);
  });
}

// All parameters of a network. `gradients` and `velocities` are laid out as network.parameters().
template <typename T>
void sgd_step(const SgdOptions& options, const T* gradients, T* velocities, Network<T>& network) {
  T* parameters = network.parameters().data();
  if (options.weight_decay == 0) {
    sgd_update(options, 0, static_cast<Index>(network.parameters().size()), gradients, velocities,
               parameters);
    return;
  }
  for (const TensorInfo& tensor : network.tensors()) {
    if (!is_parameter(tensor.role)) continue;
    sgd_update(options, options.decay_of(tensor.role), tensor.size(), gradients + tensor.offset,
               velocities + tensor.offset, parameters + tensor.offset);
  }
}

}  // namespace bnlab
