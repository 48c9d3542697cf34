// The check of every backward pass: central differences in double.
#pragma once

#include <vector>

#include "support/compare.hpp"

namespace bnlab::test {

// `analytic` is ∂L/∂values, where loss() computes L from `values`; each value is moved by ±1e-6 in turn.
template <typename LossOf>
void check_gradient(std::vector<double>& values, const std::vector<double>& analytic, LossOf&& loss,
                    const std::string& what) {
  constexpr double kStep = 1e-6;
  std::vector<double> numeric;
  for (double& value : values) {
    const double kept = value;
    value = kept + kStep;
    const double above = loss();
    value = kept - kStep;
    const double below = loss();
    value = kept;
    numeric.push_back((above - below) / (2 * kStep));
  }
  check_close(analytic, numeric, {1e-5, 1e-3}, what);
}

// Σ dy·y: the loss whose gradient with respect to y is dy.
template <typename T>
double probe_loss(const std::vector<T>& dy, const std::vector<T>& y) {
  double loss = 0;
  for (std::size_t i = 0; i < y.size(); ++i) loss += static_cast<double>(dy[i]) * static_cast<double>(y[i]);
  return loss;
}

}  // namespace bnlab::test
