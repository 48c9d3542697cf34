// Linear layer: y = x·W + b.
//
// Shapes: x (B, in), W (in, out), b (out), y (B, out), all row-major. PyTorch keeps the transpose, (out, in); here W lies
// as the forward product reads it, and the state_dict view (nn/network.hpp) turns it.
#pragma once

#include "core/gemm.hpp"
#include "core/lanes.hpp"
#include "core/types.hpp"

namespace bnlab {

struct LinearShape {
  Index batch = 0;
  Index in = 0;
  Index out = 0;
};

// `bias` may be null.
template <typename T>
void linear_forward(const LinearShape& s, const T* x, const T* weight, const T* bias, T* y) {
  gemm(s.batch, s.out, s.in, as_is(x, s.in), as_is(weight, s.out), y, false);
  if (bias == nullptr) return;
  for_each_column_group<T>(s.out, [=]<typename L>(Index c) {
    const L b = L::load(bias + c);
    for (Index i = 0; i < s.batch; ++i) (L::load(y + i * s.out + c) + b).store(y + i * s.out + c);
  });
}

// dW = xᵀ·dy, db = Σdy, dx = dy·Wᵀ; all overwritten. `dx` is null where nothing lies below, `dbias` where there is no bias.
template <typename T>
void linear_backward(const LinearShape& s, const T* x, const T* weight, const T* dy, T* dx, T* dweight,
                     T* dbias) {
  gemm(s.in, s.out, s.batch, transposed(x, s.in), as_is(dy, s.out), dweight, false);
  if (dbias != nullptr) {
    for_each_column_group<T>(s.out, [=]<typename L>(Index c) {
      L sum = L::broadcast(0);
      for (Index i = 0; i < s.batch; ++i) sum = sum + L::load(dy + i * s.out + c);
      sum.store(dbias + c);
    });
  }
  if (dx != nullptr) gemm(s.batch, s.in, s.out, as_is(dy, s.out), transposed(weight, s.out), dx, false);
}

}  // namespace bnlab
