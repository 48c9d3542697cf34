// Matrix products for the sizes of small networks.
//
//   C (m×n) = A (m×k) · B (k×n)        or        C += A · B
//
// A and B are given by pointer and strides, so a transpose costs nothing to ask for; C is row-major.
// Every element of C is Σ_k a·b added in the order of k, whatever the vector width: without fused multiply-add all
// builds give the same bits.
//
// Why not Eigen's product: its kernel is shaped for 16 registers with x86 memory operands. WebAssembly engines
// have 16 vector registers and no memory operands, and there the block below (4 rows × 2 registers: 8 sums, 2 columns
// of B, 1 broadcast) runs about twice as fast. As in Goto & van de Geijn (2008), a panel of B stays in the first-level cache
// and meets all rows of A. It is copied only where its rows do not lie in registers' order: packing more, A or all of B, was
// measured and costs more than it saves at these sizes.
#pragma once

#include <algorithm>

#include "core/types.hpp"

namespace bnlab {

// Element (i, j) is data[i·row_stride + j·col_stride]. One of the strides is 1: see as_is and transposed.
template <typename T>
struct Operand {
  const T* data;
  Index row_stride;
  Index col_stride;
};

// A row-major matrix with `columns` columns, as it is and transposed.
template <typename T>
Operand<T> as_is(const T* data, Index columns) {
  return {data, columns, 1};
}
template <typename T>
Operand<T> transposed(const T* data, Index columns) {
  return {data, 1, columns};
}

namespace gemm_detail {

template <typename T>
using Packet = typename Eigen::internal::packet_traits<T>::type;
template <typename T>
constexpr int kLanes = Eigen::internal::unpacket_traits<Packet<T>>::size;

constexpr int kRows = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 8 : 4;
constexpr int kPackets = 2;
constexpr Index kDepth = 256;  // rows of a panel of B: 256 × 8 floats are 8 KB

// Some neighbouring columns of B, row after row; the registers read past `columns` must be readable and are not used.
template <typename T>
struct Panel {
  const T* data;
  Index stride;
  Index columns;
};

// Computes and writes one block of C, R rows × N registers. Element (r, k) of A is a[r + k·a_stride] where A is
// transposed, else a[r·a_stride + k].
template <typename T, int R, int N, bool TRANSPOSED>
EIGEN_DONT_INLINE void block(Index depth, const T* a, Index a_stride, const Panel<T>& panel, T* c,
                             Index c_stride, bool accumulate) {
  using Eigen::internal::ploadu;
  using Eigen::internal::pmadd;
  using Eigen::internal::pset1;
  using Eigen::internal::pstoreu;
  constexpr int kWidth = N * kLanes<T>;
  const bool whole = panel.columns == kWidth;
  Packet<T> sum[R][N];
  T edge[R][kWidth];  // stands in for C where not all columns exist
  if (!accumulate) {
    for (int r = 0; r < R; ++r)
      for (int j = 0; j < N; ++j) sum[r][j] = pset1<Packet<T>>(T(0));
  } else {
    if (!whole) {
      std::fill_n(&edge[0][0], R * kWidth, T(0));
      for (int r = 0; r < R; ++r) std::copy_n(c + r * c_stride, panel.columns, edge[r]);
    }
    for (int r = 0; r < R; ++r)
      for (int j = 0; j < N; ++j)
        sum[r][j] = ploadu<Packet<T>>((whole ? c + r * c_stride : edge[r]) + j * kLanes<T>);
  }
  const T* b = panel.data;
  for (Index k = 0; k < depth; ++k) {
    Packet<T> right[N];
    for (int j = 0; j < N; ++j) right[j] = ploadu<Packet<T>>(b + j * kLanes<T>);
    for (int r = 0; r < R; ++r) {
      const Packet<T> left = pset1<Packet<T>>(TRANSPOSED ? a[r] : a[r * a_stride]);
      for (int j = 0; j < N; ++j) sum[r][j] = pmadd(left, right[j], sum[r][j]);
    }
    a += TRANSPOSED ? a_stride : 1;
    b += panel.stride;
  }
  for (int r = 0; r < R; ++r)
    for (int j = 0; j < N; ++j) pstoreu((whole ? c + r * c_stride : edge[r]) + j * kLanes<T>, sum[r][j]);
  if (!whole)
    for (int r = 0; r < R; ++r) std::copy_n(edge[r], panel.columns, c + r * c_stride);
}

// Copies `columns` columns of B, `width` registers wide with zeros beyond, into `packed`.
template <typename T>
void pack_panel(const Operand<T>& b, Index depth, Index columns, Index width, T* packed) {
  Index k = 0;
  if (columns == width && b.col_stride == 1) {
    for (; k < depth; ++k)
      for (Index j = 0; j < width; j += kLanes<T>)
        Eigen::internal::pstoreu(packed + k * width + j,
                                 Eigen::internal::ploadu<Packet<T>>(b.data + k * b.row_stride + j));
  } else if (columns == width && b.row_stride == 1) {
    // The transpose of a row-major matrix: squares of it are turned in registers.
    for (; k + kLanes<T> <= depth; k += kLanes<T>) {
      for (Index j = 0; j < width; j += kLanes<T>) {
        Eigen::internal::PacketBlock<Packet<T>, kLanes<T>> square;
        for (int i = 0; i < kLanes<T>; ++i)
          square.packet[i] = Eigen::internal::ploadu<Packet<T>>(b.data + (j + i) * b.col_stride + k);
        if constexpr ((kLanes<T>) != 1) Eigen::internal::ptranspose(square);
        for (int i = 0; i < kLanes<T>; ++i)
          Eigen::internal::pstoreu(packed + (k + i) * width + j, square.packet[i]);
      }
    }
  }
  for (; k < depth; ++k)
    for (Index j = 0; j < width; ++j)
      packed[k * width + j] = j < columns ? b.data[k * b.row_stride + j * b.col_stride] : T(0);
}

// All rows of C against one panel of B.
template <typename T, int N, bool TRANSPOSED>
void column_of_blocks(Index rows, Index depth, const T* a, Index a_stride, const Panel<T>& panel, T* c,
                      Index c_stride, bool accumulate) {
  const Index next_row = TRANSPOSED ? 1 : a_stride;
  Index i = 0;
  for (; i + kRows <= rows; i += kRows)
    block<T, kRows, N, TRANSPOSED>(depth, a + i * next_row, a_stride, panel, c + i * c_stride, c_stride,
                                   accumulate);
  for (; i < rows; ++i)
    block<T, 1, N, TRANSPOSED>(depth, a + i * next_row, a_stride, panel, c + i * c_stride, c_stride,
                               accumulate);
}

template <typename T>
void product_by_blocks(Index m, Index n, Index k, const Operand<T>& a, const Operand<T>& b, T* c,
                       bool accumulate) {
  constexpr Index kWidth = kPackets * kLanes<T>;
  alignas(64) T packed_panel[kDepth * kWidth];
  if (k == 0 && !accumulate) std::fill(c, c + m * n, T(0));
  // One column of C lies in memory as one row would; as a row it fills whole registers.
  if (n == 1 && m > 1) {
    product_by_blocks(1, m, k, Operand<T>{b.data, b.col_stride, b.row_stride},
                      Operand<T>{a.data, a.col_stride, a.row_stride}, c, accumulate);
    return;
  }
  const Index parts = (k + kDepth - 1) / kDepth;
  for (Index part = 0; part < parts; ++part) {
    const Index first = k * part / parts;
    const Index depth = k * (part + 1) / parts - first;
    const T* left = a.data + first * a.col_stride;
    const bool add = accumulate || part > 0;
    for (Index j = 0; j < n; j += kWidth) {
      const Index columns = std::min(kWidth, n - j);
      const Index width = columns > kLanes<T> ? kWidth : Index{kLanes<T>};
      const Operand<T> right{b.data + first * b.row_stride + j * b.col_stride, b.row_stride, b.col_stride};
      Panel<T> panel{right.data, right.row_stride, columns};
      const bool in_place = columns == width && right.col_stride == 1;
      if (!in_place) {
        pack_panel(right, depth, columns, width, packed_panel);
        panel = {packed_panel, width, columns};
      }
      const auto rows = [&]<int N>() {
        if (a.col_stride == 1)
          column_of_blocks<T, N, false>(m, depth, left, a.row_stride, panel, c + j, n, add);
        else
          column_of_blocks<T, N, true>(m, depth, left, a.col_stride, panel, c + j, n, add);
      };
      if (width == kWidth)
        rows.template operator()<kPackets>();
      else
        rows.template operator()<1>();
    }
  }
}

template <typename T>
void product_by_definition(Index m, Index n, Index k, const Operand<T>& a, const Operand<T>& b, T* c,
                           bool accumulate) {
  if (!accumulate) std::fill(c, c + m * n, T(0));
  for (Index i = 0; i < m; ++i) {
    for (Index l = 0; l < k; ++l) {
      const T left = a.data[i * a.row_stride + l * a.col_stride];
      const T* right = b.data + l * b.row_stride;
      for (Index j = 0; j < n; ++j) c[i * n + j] += left * right[j * b.col_stride];
    }
  }
}

}  // namespace gemm_detail

// C = A·B, or C += A·B with `accumulate`. C is m×n, row-major and contiguous; it must not overlap A or B.
// double, which explains and checks, goes without blocks: they would be another 6 kB of the download.
template <typename T>
void gemm(Index m, Index n, Index k, const Operand<T>& a, const Operand<T>& b, T* c, bool accumulate) {
  if constexpr (std::is_same_v<T, float>)
    gemm_detail::product_by_blocks(m, n, k, a, b, c, accumulate);
  else
    gemm_detail::product_by_definition(m, n, k, a, b, c, accumulate);
}

}  // namespace bnlab
