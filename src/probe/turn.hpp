// How long a layer's weights are, and how far a step turned them.
//
// Where the length of w does not matter, ⟨w, ∇w⟩ = 0, and a step of SGD without decay lengthens it: ‖w′‖² = ‖w‖² + η²‖∇w‖². With
// decay λ it finds a length where both are in balance, ‖w‖⁴ = η‖∇̃‖²/(2λ), ∇̃ being the gradient at length 1; each step then turns w by
// √(2ηλ), whatever the gradients are (van Laarhoven 2017, arXiv:1706.05350; Wan et al. 2021, arXiv:2006.08419).
#pragma once

#include <cmath>
#include <vector>

#include "core/types.hpp"

namespace bnlab {

template <typename T>
double squared_norm(const T* values, Index size) {
  double sum = 0;
  for (Index i = 0; i < size; ++i) sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  return sum;
}

// The distance of the directions of a and b, 0 to 2: the chord of the angle θ between them, which is θ − θ³/24 + …
template <typename T>
double turn_between(const T* a, const T* b, Index size) {
  const double length_a = std::sqrt(squared_norm(a, size));
  const double length_b = std::sqrt(squared_norm(b, size));
  double sum = 0;
  for (Index i = 0; i < size; ++i) {
    const double d = static_cast<double>(a[i]) / length_a - static_cast<double>(b[i]) / length_b;
    sum += d * d;
  }
  return std::sqrt(sum);
}

// The turn per step at which growth by gradients and shrinking by decay are in balance.
inline double equilibrium_turn(double lr, double weight_decay) { return std::sqrt(2 * lr * weight_decay); }

}  // namespace bnlab
