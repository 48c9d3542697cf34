// Two-dimensional convolution (a cross-correlation, as in every framework): y = x ⋆ w + b.
//
//   y[b,o,i,j] = bias[o] + Σ_{c,u,v} w[o,c,u,v] · x[b, c, stride·i + u − padding, stride·j + v − padding]
//
// with zeros outside the picture. Shapes: x (B, in, H, W), weight (out, in·k·k) as PyTorch lays it out, bias (out), y
// (B, out, H', W'), all row-major. Each example's patches are laid out as the columns of a matrix (im2col), so that the sum
// is a product: y[b] = w · columns, with columns (in·k·k, H'·W'). A copy of the picture with its zeros around spares the
// loops over the columns all questions about edges.
//
// `workspace` holds what one example needs: conv2d_workspace(shape) values, whose content does not matter.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/gemm.hpp"
#include "core/lanes.hpp"
#include "core/transpose.hpp"
#include "core/types.hpp"

namespace bnlab {

// The kernel must not be larger than the picture with its padding.
struct ConvShape {
  Index batch = 0;
  Index in_channels = 0;
  Index height = 0;
  Index width = 0;
  Index out_channels = 0;
  Index kernel = 0;
  Index stride = 1;
  Index padding = 0;

  [[nodiscard]] Index out_height() const { return (height + 2 * padding - kernel) / stride + 1; }
  [[nodiscard]] Index out_width() const { return (width + 2 * padding - kernel) / stride + 1; }
  // Values of one example before and after, and how many of the former make one of the latter.
  [[nodiscard]] Index in() const { return in_channels * height * width; }
  [[nodiscard]] Index out() const { return out_channels * pixels(); }
  [[nodiscard]] Index pixels() const { return out_height() * out_width(); }
  [[nodiscard]] Index patch() const { return in_channels * kernel * kernel; }
  // The picture with its padding.
  [[nodiscard]] Index padded_height() const { return height + 2 * padding; }
  [[nodiscard]] Index padded_width() const { return width + 2 * padding; }
  [[nodiscard]] Index padded() const { return in_channels * padded_height() * padded_width(); }
};

// How many values the workspace of forward and backward holds: a padded picture, its columns with a row of ones below, and
// the weights' and biases' gradients. May be more than Index can count.
inline std::int64_t conv2d_workspace(const ConvShape& s) {
  const std::int64_t padded = std::int64_t{s.in_channels} * s.padded_height() * s.padded_width();
  return padded + (std::int64_t{s.patch()} + 1) * (s.pixels() + s.out_channels);
}

namespace conv2d_detail {

// Copies a matrix, or adds it, register by register down its rows. The last register of a row begins early enough to be
// whole; where it adds, it adds 0 to what the one before has met.
template <bool ADD, typename T>
EIGEN_DONT_INLINE void move_rows(Index rows, Index width, const T* from, Index from_stride, T* to,
                                 Index to_stride) {
  const auto move = [=]<typename L>(Index j, Index met) {
    T is_new[L::kWidth];
    for (Index k = 0; k < L::kWidth; ++k) is_new[k] = k < met ? T(0) : T(1);
    const L gate = L::load(is_new);
    const T* source = from + j;
    T* place = to + j;
    for (Index i = 0; i < rows; ++i, source += from_stride, place += to_stride) {
      const L value = L::load(source);
      (ADD ? L::load(place) + where_positive(gate, value) : value).store(place);
    }
  };
  Index j = 0;
  if constexpr (std::is_same_v<T, float>) {
    using L = Lanes<typename Eigen::internal::packet_traits<T>::type, 1>;
    if (width >= L::kWidth) {
      for (; j + L::kWidth <= width; j += L::kWidth) move.template operator()<L>(j, 0);
      if (j < width) move.template operator()<L>(width - L::kWidth, j + L::kWidth - width);
      return;
    }
  }
  for (; j < width; ++j) move.template operator()<Lanes<T, 1>>(j, 0);
}

// Calls body(picture, padding) for each channel: where its rows begin in the picture, and where in the padded picture.
template <typename Body>
EIGEN_STRONG_INLINE void for_each_channel(const ConvShape& s, Body&& body) {
  for (Index c = 0; c < s.in_channels; ++c)
    body(c * s.height * s.width, (c * s.padded_height() + s.padding) * s.padded_width() + s.padding);
}

// The picture with zeros around it.
template <typename T>
void pad(const ConvShape& s, const T* x, T* padded) {
  fill(s.padded(), T(0), padded);
  for_each_channel(s, [&](Index picture, Index inside) {
    move_rows<false>(s.height, s.width, x + picture, s.width, padded + inside, s.padded_width());
  });
}
template <typename T>
void unpad(const ConvShape& s, const T* padded, T* x) {
  for_each_channel(s, [&](Index picture, Index inside) {
    move_rows<false>(s.height, s.width, padded + inside, s.padded_width(), x + picture, s.width);
  });
}

// Calls body(first, row) for each row of the columns (in·k·k, H'·W'): its values, as the rows and columns of a picture
// (H', W'), stand in the padded picture from `first` on, `stride` apart down and across.
template <typename Body>
EIGEN_STRONG_INLINE void for_each_row(const ConvShape& s, Body&& body) {
  Index row = 0;
  for (Index c = 0; c < s.in_channels; ++c)
    for (Index u = 0; u < s.kernel; ++u)
      for (Index v = 0; v < s.kernel; ++v, row += s.pixels())
        body((c * s.padded_height() + u) * s.padded_width() + v, row);
}

// Calls body(first, row) for each value of the columns: where it stands in the padded picture, and where in the columns.
template <typename Body>
EIGEN_STRONG_INLINE void for_each_value(const ConvShape& s, Body&& body) {
  for_each_row(s, [&](Index first, Index row) {
    for (Index i = 0; i < s.out_height(); ++i)
      for (Index j = 0; j < s.out_width(); ++j)
        body(first + s.stride * (i * s.padded_width() + j), row + i * s.out_width() + j);
  });
}

// The patches of one padded picture, one per column.
template <typename T>
void im2col(const ConvShape& s, const T* padded, T* columns) {
  if (s.stride > 1) {
    for_each_value(s, [=](Index place, Index at) { columns[at] = padded[place]; });
    return;
  }
  for_each_row(s, [&](Index first, Index row) {
    move_rows<false>(s.out_height(), s.out_width(), padded + first, s.padded_width(), columns + row,
                     s.out_width());
  });
}

// The adjoint: every value of the padded picture becomes the sum of the column values that were taken from it.
template <typename T>
void col2im(const ConvShape& s, const T* columns, T* padded) {
  fill(s.padded(), T(0), padded);
  if (s.stride > 1) {
    for_each_value(s, [=](Index place, Index at) { padded[place] += columns[at]; });
    return;
  }
  for_each_row(s, [&](Index first, Index row) {
    move_rows<true>(s.out_height(), s.out_width(), columns + row, s.out_width(), padded + first,
                    s.padded_width());
  });
}

}  // namespace conv2d_detail

// `bias` may be null.
template <typename T>
void conv2d_forward(const ConvShape& s, const T* x, const T* weight, const T* bias, T* workspace, T* y) {
  const Index pixels = s.pixels();
  T* const columns = workspace + s.padded();
  for (Index b = 0; b < s.batch; ++b, x += s.in(), y += s.out()) {
    conv2d_detail::pad(s, x, workspace);
    conv2d_detail::im2col(s, workspace, columns);
    if (bias != nullptr)
      for (Index o = 0; o < s.out_channels; ++o) fill(pixels, bias[o], y + o * pixels);
    gemm(s.out_channels, pixels, s.patch(), as_is(weight, s.patch()), as_is(columns, pixels), y,
         bias != nullptr);
  }
}

// With dy and the columns of each example, below which stands a row of ones: (dw, db)ᵀ = Σ_b (columns, 1)·dyᵀ, and
// dcolumns = wᵀ·dy, whose values are added up in dx where they came from; all overwritten. `dx` is null where nothing lies
// below, `dbias` where there is no bias.
template <typename T>
void conv2d_backward(const ConvShape& s, const T* x, const T* weight, const T* dy, T* workspace, T* dx,
                     T* dweight, T* dbias) {
  const Index pixels = s.pixels();
  T* const columns = workspace + s.padded();
  T* const ones = columns + s.patch() * pixels;
  T* const gradient = ones + pixels;  // (in·k·k + 1, out)
  fill(pixels, T(1), ones);
  for (Index b = 0; b < s.batch; ++b, x += s.in(), dy += s.out()) {
    conv2d_detail::pad(s, x, workspace);
    conv2d_detail::im2col(s, workspace, columns);
    gemm(s.patch() + 1, s.out_channels, pixels, as_is(columns, pixels), transposed(dy, pixels), gradient,
         b > 0);
    if (dx == nullptr) continue;
    gemm(s.patch(), pixels, s.out_channels, transposed(weight, s.patch()), as_is(dy, pixels), columns, false);
    conv2d_detail::col2im(s, columns, workspace);
    conv2d_detail::unpad(s, workspace, dx);
    dx += s.in();
  }
  transpose(s.patch(), s.out_channels, gradient, s.out_channels, dweight, s.patch());
  if (dbias != nullptr) std::copy_n(gradient + s.patch() * s.out_channels, s.out_channels, dbias);
}

}  // namespace bnlab
