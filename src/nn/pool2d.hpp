// Pooling over windows of size×size values, `stride` apart, of each channel's picture.
//
//   max       y = the largest of the window        dx = dy at that value, else 0
//   average   y = the window's mean                dx = dy/size² at each of its values
//
// summed over the windows a value lies in. x (B, C, H, W), y (B, C, H', W'), row-major; a last partial window is left out,
// as in PyTorch. Of equal values the first in memory's order is the largest, and so is the first NaN of a window, so that
// divergence stays visible.
#pragma once

#include "core/lanes.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class Pool { kMax, kAverage };

// The window must not be larger than the picture.
struct PoolShape {
  Index batch = 0;
  Index channels = 0;
  Index height = 0;
  Index width = 0;
  Index size = 2;
  Index stride = 2;

  [[nodiscard]] Index out_height() const { return (height - size) / stride + 1; }
  [[nodiscard]] Index out_width() const { return (width - size) / stride + 1; }
  // Values of one example before and after.
  [[nodiscard]] Index in() const { return channels * height * width; }
  [[nodiscard]] Index out() const { return channels * out_height() * out_width(); }
};

namespace pool2d_detail {

// Calls body(first, output) for each window of each picture of the batch: x[first] is its upper left value, y[output] its
// result.
template <typename Body>
EIGEN_STRONG_INLINE void for_each_window(const PoolShape& s, Body&& body) {
  Index output = 0;
  for (Index picture = 0; picture < s.batch * s.channels; ++picture)
    for (Index i = 0; i < s.out_height(); ++i)
      for (Index j = 0; j < s.out_width(); ++j, ++output)
        body((picture * s.height + i * s.stride) * s.width + j * s.stride, output);
}

}  // namespace pool2d_detail

// argmax, like y: where in x (B, C, H, W), as a flat index, the largest value of the window stands. Registers hold the same
// window of several pictures: which value is largest cannot be foretold, so a branch would be taken wrong again and again.
template <typename T>
void max_pool2d_forward(const PoolShape& s, const T* x, T* y, Index32* argmax) {
  // Counted from the window's first value; registers of T carry it as bits.
  using Whole = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  const auto as_bits = [](Index place) { return Eigen::numext::bit_cast<T>(static_cast<Whole>(place)); };
  const Index picture = s.height * s.width;
  const Index pooled = s.out_height() * s.out_width();
  for_each_column_group<T>(s.batch * s.channels, [=]<typename L>(Index p) {
    Index output = p * pooled;
    for (Index i = 0; i < s.out_height(); ++i) {
      for (Index j = 0; j < s.out_width(); ++j, ++output) {
        const Index first = p * picture + (i * s.width + j) * s.stride;
        L largest = L::gather(x + first, picture);
        L place = L::broadcast(as_bits(0));
        for (Index u = 0; u < s.size; ++u) {
          for (Index v = 0; v < s.size; ++v) {
            const L value = L::gather(x + first + u * s.width + v, picture);
            const L better = exceeds(value, largest);
            largest = select(better, value, largest);
            place = select(better, L::broadcast(as_bits(u * s.width + v)), place);
          }
        }
        T values[L::kWidth];
        T places[L::kWidth];
        largest.store(values);
        place.store(places);
        for (Index k = 0; k < L::kWidth; ++k) {
          y[output + k * pooled] = values[k];
          const Index at =
              first + k * picture + static_cast<Index>(Eigen::numext::bit_cast<Whole>(places[k]));
          argmax[output + k * pooled] = static_cast<Index32>(at);
        }
      }
    }
  });
}

template <typename T>
void max_pool2d_backward(const PoolShape& s, const T* dy, const Index32* argmax, T* dx) {
  fill(s.batch * s.in(), T(0), dx);
  for (Index i = 0; i < s.batch * s.out(); ++i) dx[argmax[i]] += dy[i];
}

template <typename T>
void average_pool2d_forward(const PoolShape& s, const T* x, T* y) {
  const T share = T(1) / static_cast<T>(s.size * s.size);
  pool2d_detail::for_each_window(s, [&](Index first, Index output) {
    T sum = 0;
    for (Index u = 0; u < s.size; ++u)
      for (Index v = 0; v < s.size; ++v) sum += x[first + u * s.width + v];
    y[output] = sum * share;
  });
}

template <typename T>
void average_pool2d_backward(const PoolShape& s, const T* dy, T* dx) {
  const T share = T(1) / static_cast<T>(s.size * s.size);
  fill(s.batch * s.in(), T(0), dx);
  pool2d_detail::for_each_window(s, [&](Index first, Index output) {
    for (Index u = 0; u < s.size; ++u)
      for (Index v = 0; v < s.size; ++v) dx[first + u * s.width + v] += dy[output] * share;
  });
}

}  // namespace bnlab
