// Loops over the columns of a row-major matrix, a few SIMD registers of neighbouring columns at a time.
//
// Statistics over the batch are sums down the rows. Adding whole rows keeps every column's sum in its own lane, so the
// loop vectorises without reordering additions: the same bits come out with SSE, WebAssembly SIMD and no SIMD at all. A flat
// run of values is one row, and elementwise loops take it the same way.
// `Lanes<P, N>` is N Eigen packets side by side; a plain scalar is a packet of one, which serves the last columns.
#pragma once

#include <cmath>

#include "core/types.hpp"

namespace bnlab {

template <typename P, int N>
struct Lanes {
  using Scalar = typename Eigen::internal::unpacket_traits<P>::type;
  static constexpr int kPacket = Eigen::internal::unpacket_traits<P>::size;
  static constexpr int kWidth = N * kPacket;

  P part[N];

  static Lanes load(const Scalar* from) {
    Lanes r;
    for (int i = 0; i < N; ++i) r.part[i] = Eigen::internal::ploadu<P>(from + i * kPacket);
    return r;
  }
  static Lanes broadcast(Scalar value) {
    Lanes r;
    for (int i = 0; i < N; ++i) r.part[i] = Eigen::internal::pset1<P>(value);
    return r;
  }
  // Reads `from`, or takes `value` everywhere where there is no array.
  static Lanes load_or(const Scalar* from, Index offset, Scalar value) {
    return from == nullptr ? broadcast(value) : load(from + offset);
  }
  // from[0], from[stride], …
  static Lanes gather(const Scalar* from, Index stride) {
    Lanes r;
    for (int i = 0; i < N; ++i)
      r.part[i] = Eigen::internal::pgather<Scalar, P>(from + i * kPacket * stride, stride);
    return r;
  }
  void store(Scalar* to) const {
    for (int i = 0; i < N; ++i) Eigen::internal::pstoreu(to + i * kPacket, part[i]);
  }

  friend Lanes operator+(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (int i = 0; i < N; ++i) r.part[i] = Eigen::internal::padd(a.part[i], b.part[i]);
    return r;
  }
  friend Lanes operator-(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (int i = 0; i < N; ++i) r.part[i] = Eigen::internal::psub(a.part[i], b.part[i]);
    return r;
  }
  friend Lanes operator*(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (int i = 0; i < N; ++i) r.part[i] = Eigen::internal::pmul(a.part[i], b.part[i]);
    return r;
  }
  friend Lanes operator/(const Lanes& a, const Lanes& b) {
    Lanes r;
    for (int i = 0; i < N; ++i) r.part[i] = Eigen::internal::pdiv(a.part[i], b.part[i]);
    return r;
  }
  // value where gate > 0, else 0. NaN in the gate gives 0.
  friend Lanes where_positive(const Lanes& gate, const Lanes& value) {
    Lanes r;
    for (int i = 0; i < N; ++i)
      r.part[i] = Eigen::internal::pand(
          value.part[i], Eigen::internal::pcmp_lt(Eigen::internal::pset1<P>(Scalar(0)), gate.part[i]));
    return r;
  }
  // value where gate > 0, else otherwise, also where the gate is NaN.
  friend Lanes where_positive(const Lanes& gate, const Lanes& value, const Lanes& otherwise) {
    Lanes positive;
    for (int i = 0; i < N; ++i)
      positive.part[i] = Eigen::internal::pcmp_lt(Eigen::internal::pset1<P>(Scalar(0)), gate.part[i]);
    return select(positive, value, otherwise);
  }
  // All bits where value > largest, or where it is NaN and largest is not; else none.
  friend Lanes exceeds(const Lanes& value, const Lanes& largest) {
    Lanes r;
    for (int i = 0; i < N; ++i)
      r.part[i] = Eigen::internal::pandnot(Eigen::internal::pcmp_eq(largest.part[i], largest.part[i]),
                                           Eigen::internal::pcmp_le(value.part[i], largest.part[i]));
    return r;
  }
  // value where mask has all bits, otherwise where it has none.
  friend Lanes select(const Lanes& mask, const Lanes& value, const Lanes& otherwise) {
    Lanes r;
    for (int i = 0; i < N; ++i)
      r.part[i] = Eigen::internal::por(Eigen::internal::pand(value.part[i], mask.part[i]),
                                       Eigen::internal::pandnot(otherwise.part[i], mask.part[i]));
    return r;
  }
  // 0 where x < 0, else x; NaN stays.
  friend Lanes zero_where_negative(const Lanes& x) {
    Lanes r;
    for (int i = 0; i < N; ++i)
      r.part[i] = Eigen::internal::pandnot(
          x.part[i], Eigen::internal::pcmp_lt(x.part[i], Eigen::internal::pset1<P>(Scalar(0))));
    return r;
  }
  // Lane by lane: Eigen's root of four floats is an approximation, with other bits on another processor.
  friend Lanes sqrt(const Lanes& a) {
    Scalar roots[kWidth];
    a.store(roots);
    for (Scalar& root : roots) root = std::sqrt(root);
    return load(roots);
  }
};

// Two registers side by side (more would not leave enough of 16 for sums and constants together), and one.
template <typename T>
using WideLanes = Lanes<typename Eigen::internal::packet_traits<T>::type, 2>;
template <typename T>
using NarrowLanes = Lanes<typename Eigen::internal::packet_traits<T>::type, 1>;

// Bodies capture by value: a store might change what a reference refers to, so it would be read again after each.
//
// Calls body.template operator()<L>(c) so that every column c < columns is covered by exactly one L of L::kWidth columns.
// float, which trains, goes by registers where columns are adjacent in memory; double, which explains and checks, one by
// one, because each width is another copy of every loop in the download.
template <typename T, typename Body>
inline void for_each_column_group(Index columns, Body&& body, bool adjacent = true) {
  Index c = 0;
  if constexpr (std::is_same_v<T, float>) {
    using Wide = WideLanes<T>;
    using Narrow = NarrowLanes<T>;
    const Index grouped = adjacent ? columns : 0;
    for (; c + Wide::kWidth <= grouped; c += Wide::kWidth) body.template operator()<Wide>(c);
    if constexpr (Narrow::kWidth > 1)
      for (; c + Narrow::kWidth <= grouped; c += Narrow::kWidth) body.template operator()<Narrow>(c);
  }
  for (; c < columns; ++c) body.template operator()<Lanes<T, 1>>(c);
}

// Not std::fill_n, whose zeros become a call of memset, which WebAssembly does byte by byte or little better.
template <typename T>
EIGEN_DONT_INLINE void fill(Index size, T value, T* x) {
  for_each_column_group<T>(size, [=]<typename L>(Index i) { L::broadcast(value).store(x + i); });
}

// Whether all values are finite: x·0 is 0 for those and NaN for the others, and a sum once NaN stays so.
template <typename T>
bool all_finite(const T* x, Index size) {
  Index i = 0;
  T total = 0;
  if constexpr (std::is_same_v<T, float>) {
    using L = WideLanes<T>;
    const L zero = L::broadcast(0);
    L even = zero;
    L odd = zero;
    for (; i + 2 * L::kWidth <= size; i += 2 * L::kWidth) {
      even = even + L::load(x + i) * zero;
      odd = odd + L::load(x + i + L::kWidth) * zero;
    }
    T sums[L::kWidth];
    (even + odd).store(sums);
    for (const T sum : sums) total += sum;
  }
  for (; i < size; ++i) total += x[i] * T(0);
  return total == T(0);
}

}  // namespace bnlab
