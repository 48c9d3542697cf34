// Stochastic gradient descent, as torch.optim.SGD defines it:
//
//   g ← ∇w + λw                  L2 weight decay (or, decoupled: w ← (1−ηλ)w instead)
//   u ← μu + g                   velocity, u = 0 at first
//   w ← w − ηu                   or, Nesterov: w ← w − η(g + μu)
#pragma once

#include <cmath>
#include <vector>

#include "core/lanes.hpp"
#include "core/types.hpp"
#include "nn/network.hpp"
#include "train/schedule.hpp"

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
  Schedule schedule;
  double clip = 0;  // largest norm of all gradients together; 0: none

  [[nodiscard]] double decay_of(Role role) const {
    if (role == Role::kGamma && !decay_gamma) return 0;
    if (role == Role::kBeta && !decay_beta) return 0;
    if (role == Role::kBias && !decay_bias) return 0;
    return weight_decay;
  }
};

// One update of `size` values with learning rate `rate`. `decay` is this tensor's λ; `velocity` is read and written where options.momentum > 0, and
// may be null otherwise.
template <typename T>
void sgd_update(const SgdOptions& options, double rate, double decay, Index size, const T* gradient,
                T* velocity, T* parameter) {
  const T lr = static_cast<T>(rate);
  const T mu = static_cast<T>(options.momentum);
  const T keep = options.decoupled ? static_cast<T>(1 - rate * decay) : T(1);
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

// Scales all gradients down to norm `largest` where theirs is larger (Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063;
// torch.nn.utils.clip_grad_norm_). Returns the norm they had.
template <typename T>
double clip_gradients(double largest, Index size, T* gradients) {
  double squares = 0;
  for (Index i = 0; i < size; ++i)
    squares += static_cast<double>(gradients[i]) * static_cast<double>(gradients[i]);
  const double norm = std::sqrt(squares);
  if (norm > largest) {
    const T factor = static_cast<T>(largest / norm);
    for (Index i = 0; i < size; ++i) gradients[i] *= factor;
  }
  return norm;
}

// All parameters of a network, after `steps` updates. `gradients` and `velocities` are laid out as network.parameters().
template <typename T>
void sgd_step(const SgdOptions& options, Index steps, const T* gradients, T* velocities,
              Network<T>& network) {
  const double rate = options.lr * schedule_factor(options.schedule, steps);
  T* parameters = network.parameters().data();
  if (options.weight_decay == 0) {
    sgd_update(options, rate, 0, static_cast<Index>(network.parameters().size()), gradients, velocities,
               parameters);
    return;
  }
  for (const TensorInfo& tensor : network.tensors()) {
    if (!is_parameter(tensor.role)) continue;
    sgd_update(options, rate, options.decay_of(tensor.role), tensor.size(), gradients + tensor.offset,
               velocities + tensor.offset, parameters + tensor.offset);
  }
}

}  // namespace bnlab
