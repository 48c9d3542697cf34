// Inverted dropout (Srivastava et al. 2014), any shape.
//
//   training     mask = 0 with probability p, else 1/(1−p)      y = x·mask      dx = dy·mask
//   inference    y = x
//
// The factor keeps the mean of y at x, so that inference has nothing to do; the variance it does not keep.
#pragma once

#include "core/lanes.hpp"
#include "core/random.hpp"
#include "core/types.hpp"

namespace bnlab {

// 0 ≤ p < 1. One draw per value, whatever p is, so that another p meets the same numbers.
template <typename T>
void dropout_mask(double p, Index size, Random& random, T* mask) {
  const T kept = static_cast<T>(1 / (1 - p));
  for (Index i = 0; i < size; ++i) mask[i] = random.uniform() < p ? T(0) : kept;
}

template <typename T>
void dropout_forward(Index size, const T* x, const T* mask, T* y) {
  for_each_column_group<T>(size,
                           [=]<typename L>(Index i) { (L::load(x + i) * L::load(mask + i)).store(y + i); });
}

template <typename T>
void dropout_backward(Index size, const T* dy, const T* mask, T* dx) {
  dropout_forward(size, dy, mask, dx);
}

}  // namespace bnlab
