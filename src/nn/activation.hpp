// Elementwise nonlinearities, any shape. Backward needs only the output y:
//
//   relu      y = max(x, 0)        dx = dy where y > 0, else 0
//   sigmoid   y = 1/(1+e^−x)       dx = dy·y·(1−y)
//   tanh      y = tanh x           dx = dy·(1−y²)
//   identity  y = x                dx = dy
//
// NaN passes through forward, relu included, so that divergence stays visible.
#pragma once

#include "core/lanes.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class Activation { kRelu, kSigmoid, kTanh, kIdentity };

template <typename T>
void activation_forward(Activation kind, Index size, const T* x, T* y) {
  const ConstArrayMap<T> in(x, size);
  ArrayMap<T> out(y, size);
  switch (kind) {
    case Activation::kRelu:
      // Not a maximum: that may drop NaN, and its WebAssembly instruction is slow.
      for_each_column_group<T>(
          size, [=]<typename L>(Index i) { zero_where_negative(L::load(x + i)).store(y + i); });
      return;
    case Activation::kSigmoid:
      out = in.logistic();
      return;
    case Activation::kTanh:
      out = in.tanh();
      return;
    case Activation::kIdentity:
      out = in;
      return;
  }
}

template <typename T>
void activation_backward(Activation kind, Index size, const T* y, const T* dy, T* dx) {
  const ConstArrayMap<T> out(y, size);
  const ConstArrayMap<T> upstream(dy, size);
  ArrayMap<T> down(dx, size);
  switch (kind) {
    case Activation::kRelu:
      for_each_column_group<T>(
          size, [=]<typename L>(Index i) { where_positive(L::load(y + i), L::load(dy + i)).store(dx + i); });
      return;
    case Activation::kSigmoid:
      down = upstream * out * (T(1) - out);
      return;
    case Activation::kTanh:
      down = upstream * (T(1) - out * out);
      return;
    case Activation::kIdentity:
      down = upstream;
      return;
  }
}

}  // namespace bnlab
