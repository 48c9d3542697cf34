// Whether the examples of a batch want a layer's weights to move the same way.
//
// Each example b has a part g_b = x_b·dy_bᵀ in the gradient of a linear layer's weights. The agreement Σ|Σ_b g_b| / ΣΣ_b|g_b|,
// over all weights, is 1 where all parts have the same sign: then the gradient does not depend on the input, but for its size.
// Where signs are random it is about √(2/(πB)) (Bjorck et al. 2018, arXiv:1806.02375, table 1, compares the two sums).
#pragma once

#include <cmath>

#include "core/types.hpp"

namespace bnlab {

// x (B, in) goes into the layer, dy (B, out) is the loss's gradient with respect to what comes out. NaN where dy is 0.
template <typename T>
double gradient_agreement(const T* x, const T* dy, Index batch, Index in, Index out) {
  const Matrix<double> given = ConstMatrixMap<T>(x, batch, in).template cast<double>();
  const Matrix<double> gradient = ConstMatrixMap<T>(dy, batch, out).template cast<double>();
  const double together = (given.transpose() * gradient).cwiseAbs().sum();
  const double apart = given.cwiseAbs().rowwise().sum().dot(gradient.cwiseAbs().rowwise().sum());
  return together / apart;
}

}  // namespace bnlab
