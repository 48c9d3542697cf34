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

#include "core/elementwise.hpp"
#include "core/logarithm.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class Loss { kCrossEntropy, kBceWithLogits, kMse };

// classes: (batch), each in 0 … K−1. gradient: like logits, overwritten.
template <typename T>
double cross_entropy(Index batch, Index classes_count, const T* logits, const std::int32_t* classes,
                     T* gradient) {
  double total = 0;
  for (Index i = 0; i < batch; ++i) {
    const T* z = logits + i * classes_count;
    T* dz = gradient + i * classes_count;
    // std::max keeps its first argument when the second is NaN, and e^NaN makes NaN visible below.
    T largest = z[0];
    for (Index k = 1; k < classes_count; ++k) largest = std::max(largest, z[k]);
    for (Index k = 0; k < classes_count; ++k) dz[k] = z[k] - largest;
    elementwise<ExpOp>(classes_count, dz, dz);
    T sum = 0;
    for (Index k = 0; k < classes_count; ++k) sum += dz[k];
    total += log_positive(static_cast<double>(sum)) - static_cast<double>(z[classes[i]] - largest);
    for (Index k = 0; k < classes_count; ++k) {
      const T softmax = dz[k] * (T(1) / sum);
      dz[k] = (softmax - T(k == classes[i] ? 1 : 0)) * (T(1) / static_cast<T>(batch));
    }
  }
  return total / static_cast<double>(batch);
}

// logits, targets, gradient: `size` = B·K values.
template <typename T>
double bce_with_logits(Index size, const T* logits, const T* targets, T* gradient) {
  T* dz = gradient;  // log(1+e^−|z|) stands here first
  for (Index i = 0; i < size; ++i) dz[i] = -std::abs(logits[i]);
  elementwise<ExpOp>(size, dz, dz);
  elementwise<Log1pOp>(size, dz, dz);
  double total = 0;
  for (Index i = 0; i < size; ++i) {
    const T z = logits[i];
    total += static_cast<double>((z + std::abs(z)) / T(2) - z * targets[i]);  // max(z,0) = (z+|z|)/2
    total += static_cast<double>(dz[i]);
  }
  elementwise<LogisticOp>(size, logits, dz);
  for (Index i = 0; i < size; ++i) dz[i] = (dz[i] - targets[i]) / static_cast<T>(size);
  return total / static_cast<double>(size);
}

template <typename T>
double mse(Index size, const T* prediction, const T* targets, T* gradient) {
  double total = 0;
  for (Index i = 0; i < size; ++i) {
    const T error = prediction[i] - targets[i];
    total += static_cast<double>(error * error);
    gradient[i] = error * (T(2) / static_cast<T>(size));
  }
  return total / static_cast<double>(size);
}

}  // namespace bnlab
