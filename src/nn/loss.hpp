// Losses: the mean over the batch, and its gradient with respect to the prediction.
//
//   cross_entropy     logits z (B, K), classes (B):   L = 1/B Σ_i [log Σ_k e^z_ik − z_i,y(i)]     dz = (softmax − onehot)/B
//   bce_with_logits   logits z, targets t in [0, 1]:  L = mean[max(z,0) − z·t + log(1+e^−|z|)]     dz = (σ(z) − t)/(B·K)
//   mse               prediction p, targets t:        L = mean[(p−t)²]                             dp = 2(p−t)/(B·K)
//
// The last two average over all B·K values, as PyTorch's reduction='mean'. The forms do not overflow: the largest logit is
// subtracted first, and only e^−|z| is taken. Losses add up in double, whatever the scalar.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/types.hpp"

namespace bnlab {

enum class Loss { kCrossEntropy, kBceWithLogits, kMse };

// classes: (batch), each in 0 … K−1. gradient: like logits, overwritten.
template <typename T>
double cross_entropy(Index batch, Index classes_count, const T* logits, const std::int32_t* classes,
                     T* gradient) {
  double total = 0;
  for (Index i = 0; i < batch; ++i) {
    const ConstArrayMap<T> z(logits + i * classes_count, classes_count);
    ArrayMap<T> dz(gradient + i * classes_count, classes_count);
    // A loop, not maxCoeff: std::max keeps its first argument when the second is NaN, and e^NaN makes NaN visible below.
    T largest = z[0];
    for (Index k = 1; k < classes_count; ++k) largest = std::max(largest, z[k]);
    dz = (z - largest).exp();
    const T sum = dz.sum();
    total += std::log(static_cast<double>(sum)) - static_cast<double>(z[classes[i]] - largest);
    dz *= T(1) / sum;
    dz[classes[i]] -= T(1);
    dz *= T(1) / static_cast<T>(batch);
  }
  return total / static_cast<double>(batch);
}

// logits, targets, gradient: `size` = B·K values.
template <typename T>
double bce_with_logits(Index size, const T* logits, const T* targets, T* gradient) {
  const ConstArrayMap<T> z(logits, size);
  const ConstArrayMap<T> t(targets, size);
  ArrayMap<T> dz(gradient, size);
  // With e = e^−|z|: max(z,0) = (z+|z|)/2, and σ(z) = 1/(1+e) for z ≥ 0, e/(1+e) for z < 0.
  dz = (-z.abs()).exp();
  double total = static_cast<double>(dz.log1p().sum());
  for (Index i = 0; i < size; ++i) {
    total += static_cast<double>((z[i] + std::abs(z[i])) / T(2) - z[i] * t[i]);
    const T sigmoid = (z[i] < T(0) ? dz[i] : T(1)) / (T(1) + dz[i]);
    dz[i] = (sigmoid - t[i]) / static_cast<T>(size);
  }
  return total / static_cast<double>(size);
}

template <typename T>
double mse(Index size, const T* prediction, const T* targets, T* gradient) {
  const ConstArrayMap<T> p(prediction, size);
  const ConstArrayMap<T> t(targets, size);
  ArrayMap<T> dp(gradient, size);
  dp = p - t;
  const double total = static_cast<double>(dp.square().sum());
  dp *= T(2) / static_cast<T>(size);
  return total / static_cast<double>(size);
}

}  // namespace bnlab
