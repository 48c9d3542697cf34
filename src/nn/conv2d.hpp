// Two-dimensional convolution (a cross-correlation, as in every framework): y = x ⋆ w + b.
//
//   y[b,o,i,j] = bias[o] + Σ_{c,u,v} w[o,c,u,v] · x[b, c, stride·i + u − padding, stride·j + v − padding]
//
// with zeros outside the picture. Shapes: x (B, in, H, W), weight (out, in·k·k) as PyTorch lays it out, bias (out), y
// (B, out, H', W'), all row-major. Each example's patches are laid out as the columns of a matrix (im2col), so that the sum
// is a product: y[b] = w · columns, with columns (in·k·k, H'·W').
//
// `workspace` holds the columns of one example: conv2d_workspace(shape) values, whose content does not matter.
#pragma once

#include <algorithm>

#include "core/gemm.hpp"
#include "core/lanes.hpp"
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
};

// How many values the workspace of forward and backward holds.
inline Index conv2d_workspace(const ConvShape& s) { return s.patch() * s.pixels(); }

namespace conv2d_detail {

// Outputs first … last−1 of a row (or column) of `outputs` see the picture through kernel position `u`; the others see zeros.
struct Span {
  Span(Index u, Index extent, Index outputs, const ConvShape& s)
      : first(std::clamp<Index>((s.padding - u + s.stride - 1) / s.stride, 0, outputs)),
        last(std::clamp<Index>((extent - 1 + s.padding - u + s.stride) / s.stride, first, outputs)) {}
  Index first;
  Index last;
};

// Calls body(row, from, span) for each run of patch values: `row` is the start of a row of H'·W' outputs' W' values in the
// columns, output j of `span` there is picture value from + stride·j, and the rest of the row are zeros.
template <typename Body>
EIGEN_STRONG_INLINE void for_each_run(const ConvShape& s, Body&& body) {
  const Index out_height = s.out_height();
  const Index out_width = s.out_width();
  Index row = 0;
  for (Index c = 0; c < s.in_channels; ++c) {
    for (Index u = 0; u < s.kernel; ++u) {
      const Span down(u, s.height, out_height, s);
      for (Index v = 0; v < s.kernel; ++v) {
        const Span across(v, s.width, out_width, s);
        for (Index i = 0; i < out_height; ++i, row += out_width) {
          const bool inside = i >= down.first && i < down.last;
          const Index y = s.stride * i + u - s.padding;
          body(row, (c * s.height + y) * s.width + v - s.padding, inside ? across.first : Index{0},
               inside ? across.last : Index{0});
        }
      }
    }
  }
}

// The patches of one example, one per column.
template <typename T>
void im2col(const ConvShape& s, const T* x, T* columns) {
  const Index width = s.out_width();
  for_each_run(s, [&](Index row, Index from, Index first, Index last) {
    T* to = columns + row;
    for (Index j = 0; j < first; ++j) to[j] = T(0);
    for (Index j = first; j < last; ++j) to[j] = x[from + s.stride * j];
    for (Index j = last; j < width; ++j) to[j] = T(0);
  });
}

// The adjoint: adds every patch value to the picture value it was taken from.
template <typename T>
void add_col2im(const ConvShape& s, const T* columns, T* x) {
  for_each_run(s, [&](Index row, Index from, Index first, Index last) {
    const T* values = columns + row;
    for (Index j = first; j < last; ++j) x[from + s.stride * j] += values[j];
  });
}

}  // namespace conv2d_detail

// `bias` may be null.
template <typename T>
void conv2d_forward(const ConvShape& s, const T* x, const T* weight, const T* bias, T* workspace, T* y) {
  const Index pixels = s.pixels();
  for (Index b = 0; b < s.batch; ++b, x += s.in(), y += s.out()) {
    conv2d_detail::im2col(s, x, workspace);
    if (bias != nullptr)
      for (Index o = 0; o < s.out_channels; ++o) std::fill_n(y + o * pixels, pixels, bias[o]);
    gemm(s.out_channels, pixels, s.patch(), as_is(weight, s.patch()), as_is(workspace, pixels), y,
         bias != nullptr);
  }
}

// With dy and the columns of each example: dw = Σ_b dy·columnsᵀ, db = Σdy, dcolumns = wᵀ·dy, whose values are added up in
// dx where they came from; all overwritten. `dx` is null where nothing lies below, `dbias` where there is no bias.
template <typename T>
void conv2d_backward(const ConvShape& s, const T* x, const T* weight, const T* dy, T* workspace, T* dx,
                     T* dweight, T* dbias) {
  const Index pixels = s.pixels();
  if (dx != nullptr) std::fill_n(dx, s.batch * s.in(), T(0));
  if (dbias != nullptr) std::fill_n(dbias, s.out_channels, T(0));
  for (Index b = 0; b < s.batch; ++b, x += s.in(), dy += s.out()) {
    conv2d_detail::im2col(s, x, workspace);
    gemm(s.out_channels, s.patch(), pixels, as_is(dy, pixels), transposed(workspace, pixels), dweight, b > 0);
    if (dbias != nullptr)
      for (Index o = 0; o < s.out_channels; ++o)
        for (Index i = 0; i < pixels; ++i) dbias[o] += dy[o * pixels + i];
    if (dx == nullptr) continue;
    gemm(s.patch(), pixels, s.out_channels, transposed(weight, s.patch()), as_is(dy, pixels), workspace,
         false);
    conv2d_detail::add_col2im(s, workspace, dx + b * s.in());
  }
}

}  // namespace bnlab
