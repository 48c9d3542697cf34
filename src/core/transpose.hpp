// The transpose of a matrix, turned square by square in registers.
#pragma once

#include "core/types.hpp"

namespace bnlab {

// to[j·to_stride + i] = from[i·from_stride + j] for i < rows, j < columns.
template <typename T>
EIGEN_DONT_INLINE void transpose(Index rows, Index columns, const T* from, Index from_stride, T* to,
                                 Index to_stride) {
  Index j = 0;
  if constexpr (std::is_same_v<T, float>) {
    using Packet = typename Eigen::internal::packet_traits<T>::type;
    constexpr int kLanes = Eigen::internal::unpacket_traits<Packet>::size;
    if constexpr (kLanes > 1) {
      const Index turned = rows / kLanes * kLanes;
      for (; j + kLanes <= columns; j += kLanes) {
        Index i = 0;
        for (; i < turned; i += kLanes) {
          Eigen::internal::PacketBlock<Packet, kLanes> square;
          for (int k = 0; k < kLanes; ++k)
            square.packet[k] = Eigen::internal::ploadu<Packet>(from + (i + k) * from_stride + j);
          Eigen::internal::ptranspose(square);
          for (int k = 0; k < kLanes; ++k)
            Eigen::internal::pstoreu(to + (j + k) * to_stride + i, square.packet[k]);
        }
        for (; i < rows; ++i)
          for (int k = 0; k < kLanes; ++k) to[(j + k) * to_stride + i] = from[i * from_stride + j + k];
      }
    }
  }
  for (; j < columns; ++j)
    for (Index i = 0; i < rows; ++i) to[j * to_stride + i] = from[i * from_stride + j];
}

}  // namespace bnlab
