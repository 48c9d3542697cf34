// Elementwise nonlinearities, any shape. Backward needs only the output y:
//
//   relu         y = max(x, 0)                dx = dy where y > 0, else 0
//   leaky_relu   y = x where x > 0, else s·x   dx = dy where y > 0, else s·dy
//   sigmoid      y = 1/(1+e^−x)               dx = dy·y·(1−y)
//   tanh         y = tanh x                   dx = dy·(1−y²)
//   identity     y = x                        dx = dy
//
// The slope s is above 0, so that y has the sign of x; only leaky_relu looks at it.
// NaN passes through forward, relu included, so that divergence stays visible.
#pragma once

#include <algorithm>

#include "core/elementwise.hpp"
#include "core/lanes.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class Activation { kRelu, kLeakyRelu, kSigmoid, kTanh, kIdentity };

constexpr double kDefaultSlope = 0.01;  // PyTorch's

template <typename T>
void activation_forward(Activation kind, Index size, const T* x, T* y, T slope = T(kDefaultSlope)) {
  switch (kind) {
    case Activation::kRelu:
      // Not a maximum: that may drop NaN, and its WebAssembly instruction is slow.
      for_each_column_group<T>(
          size, [=]<typename L>(Index i) { zero_where_negative(L::load(x + i)).store(y + i); });
      return;
    case Activation::kLeakyRelu:
      for_each_column_group<T>(size, [=]<typename L>(Index i) {
        const L in = L::load(x + i);
        where_positive(in, in, in * L::broadcast(slope)).store(y + i);
      });
      return;
    case Activation::kSigmoid:
      elementwise<LogisticOp>(size, x, y);
      return;
    case Activation::kTanh:
      elementwise<TanhOp>(size, x, y);
      return;
    case Activation::kIdentity:
      std::copy_n(x, size, y);
      return;
  }
}

template <typename T>
void activation_backward(Activation kind, Index size, const T* y, const T* dy, T* dx,
                         T slope = T(kDefaultSlope)) {
  switch (kind) {
    case Activation::kRelu:
      for_each_column_group<T>(
          size, [=]<typename L>(Index i) { where_positive(L::load(y + i), L::load(dy + i)).store(dx + i); });
      return;
    case Activation::kLeakyRelu:
      for_each_column_group<T>(size, [=]<typename L>(Index i) {
        const L up = L::load(dy + i);
        where_positive(L::load(y + i), up, up * L::broadcast(slope)).store(dx + i);
      });
      return;
    case Activation::kSigmoid:
      for_each_column_group<T>(size, [=]<typename L>(Index i) {
        const L out = L::load(y + i);
        (L::load(dy + i) * out * (L::broadcast(T(1)) - out)).store(dx + i);
      });
      return;
    case Activation::kTanh:
      for_each_column_group<T>(size, [=]<typename L>(Index i) {
        const L out = L::load(y + i);
        (L::load(dy + i) * (L::broadcast(T(1)) - out * out)).store(dx + i);
      });
      return;
    case Activation::kIdentity:
      std::copy_n(dy, size, dx);
      return;
  }
}

}  // namespace bnlab
