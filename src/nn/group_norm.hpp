// Group normalization (Wu & He 2018, arXiv:1803.08494), and with it layer normalization (Ba, Kiros & Hinton 2016,
// arXiv:1607.06450) and instance normalization (Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022).
//
//   μ = Σx/n      σ² = Σ(x−μ)²/n      x̂ = (x−μ)/√(σ²+ε)      y = γx̂ + β
//
// per example and per group of C/G neighbouring channels, over the n = C/G·H·W values of that group in that example. No
// example knows another, so there are no running statistics and no modes: training and inference are the same.
//
//   layer norm      G = 1: all values of an example together
//   group norm      G divides C
//   instance norm   G = C: each channel's plane by itself. It needs planes: of one value, x̂ is 0 whatever x is.
//
// Shapes: x, y, xhat, dy, dx are (B, C) or (B, C, H, W), row-major; mean and rstd (B, G); gamma, beta, dgamma, dbeta (C).
// `gamma` and `beta` may be null: ones and zeros (affine off). Layer norm over planes with γ and β of every element, as
// PyTorch's, is layer norm of (B, C·H·W): pass it that shape.
#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "nn/batch_norm.hpp"

namespace bnlab {

namespace group_norm_detail {

// A run of adjacent values is added up as a matrix of so many columns, each in a lane of its own: the same bits with
// registers of any width.
constexpr int kColumns = 8;

template <typename T, typename Packet = typename Eigen::internal::packet_traits<T>::type,
          int kSize = Eigen::internal::unpacket_traits<Packet>::size>
using Columns = std::conditional_t<std::is_same_v<T, float> && kSize <= kColumns,
                                   Lanes<Packet, std::min(2, kColumns / kSize)>, Lanes<T, 1>>;

// Two sums over a run of values: add(a, b, i) adds term i (of as many columns as there are lanes) of each.
template <typename T, typename Add>
EIGEN_STRONG_INLINE void sum_run(Index count, T& total_a, T& total_b, Add&& add) {
  using L = Columns<T>;
  using Single = Lanes<T, 1>;
  T sums_a[kColumns];
  T sums_b[kColumns];
  const Index rows = count / kColumns;
  for (Index c = 0; c < kColumns; c += L::kWidth) {
    L a;
    L b;
    Index i = c;
    batch_norm_detail::sum_terms_twice<L>(rows, a, b, [&](L& partial_a, L& partial_b) {
      add(partial_a, partial_b, i);
      i += kColumns;
    });
    a.store(sums_a + c);
    b.store(sums_b + c);
  }
  Single a = Single::broadcast(0);
  Single b = Single::broadcast(0);
  for (Index i = rows * kColumns; i < count; ++i) add(a, b, i);
  for (Index c = 0; c < kColumns; ++c) {
    a = a + Single::load(sums_a + c);
    b = b + Single::load(sums_b + c);
  }
  a.store(&total_a);
  b.store(&total_b);
}

}  // namespace group_norm_detail

// Writes y and what backward needs: xhat and rstd; also mean.
// The statistics take two passes, as batch_norm_statistics.
template <typename T>
void group_norm_forward(const ChannelShape& shape, Index groups, const T* x, const T* gamma, const T* beta,
                        T eps, T* mean, T* rstd, T* xhat, T* y) {
  using group_norm_detail::sum_run;
  const Index width = shape.channels / groups;
  const Index n = width * shape.spatial;
  const T count = static_cast<T>(n);
  for (Index k = 0; k < shape.batch * groups; ++k) {
    const T* const from = x + k * n;
    T sum;
    T unused;
    sum_run<T>(n, sum, unused, [=]<typename L>(L& a, L&, Index i) { a = a + L::load(from + i); });
    const T rough = sum / count;
    T residue;
    T squares;
    sum_run<T>(n, residue, squares, [=]<typename L>(L& a, L& b, Index i) {
      const L d = L::load(from + i) - L::broadcast(rough);
      a = a + d;
      b = b + d * d;
    });
    const T correction = residue / count;
    const T center = rough + correction;
    const T var = (squares - residue * correction) / count;
    const T scale = T(1) / std::sqrt((var < T(0) ? T(0) : var) + eps);  // as in batch_norm_statistics
    mean[k] = center;
    rstd[k] = scale;
    T* const normalized = xhat + k * n;
    for (Index i = 0; i < n; ++i) normalized[i] = (from[i] - center) * scale;
    T* const to = y + k * n;
    for (Index c = 0; c < width; ++c) {
      const Index channel = k % groups * width + c;
      const T g = gamma == nullptr ? T(1) : gamma[channel];
      const T b = beta == nullptr ? T(0) : beta[channel];
      for (Index i = c * shape.spatial; i < (c + 1) * shape.spatial; ++i) to[i] = normalized[i] * g + b;
    }
  }
}

// Backward, through the statistics of each group, with g = γ·dy and means over the group's n values:
//
//   dβ = Σdy      dγ = Σdy·x̂   (over the batch and planes)      dx = rstd·[g − mean(g) − x̂·mean(g·x̂)]
//
// dgamma and dbeta (C) are overwritten and always needed, affine or not. dx may be null.
template <typename T>
void group_norm_backward(const ChannelShape& shape, Index groups, const T* dy, const T* xhat, const T* rstd,
                         const T* gamma, T* dx, T* dgamma, T* dbeta) {
  batch_norm_backward_training<T>(shape, dy, xhat, nullptr, nullptr, nullptr, dgamma, dbeta);
  if (dx == nullptr) return;
  const Index width = shape.channels / groups;
  const Index n = width * shape.spatial;
  const T count = static_cast<T>(n);
  for (Index k = 0; k < shape.batch * groups; ++k) {
    T* const down = dx + k * n;
    const T* const normal = xhat + k * n;
    const T* const up = dy + k * n;
    // dx holds g until the sums are known.
    for (Index c = 0; c < width; ++c) {
      const T g = gamma == nullptr ? T(1) : gamma[k % groups * width + c];
      for (Index i = c * shape.spatial; i < (c + 1) * shape.spatial; ++i) down[i] = up[i] * g;
    }
    T sum_g;
    T sum_g_xhat;
    group_norm_detail::sum_run<T>(n, sum_g, sum_g_xhat, [=]<typename L>(L& a, L& b, Index i) {
      const L g = L::load(down + i);
      a = a + g;
      b = b + g * L::load(normal + i);
    });
    const T mean_g = sum_g / count;
    const T mean_g_xhat = sum_g_xhat / count;
    for (Index i = 0; i < n; ++i) down[i] = rstd[k] * (down[i] - mean_g - normal[i] * mean_g_xhat);
  }
}

}  // namespace bnlab
