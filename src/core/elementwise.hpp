// Functions of the exponential's kind, value by value: y = f(x), where y may be x.
//
// f is one of Eigen's functors. float, which trains, goes through its packet form; double, which explains and checks,
// through the standard library. What is left over after whole packets is filled up to one more, so that a value's result
// does not depend on its place.
#pragma once

#include <algorithm>

#include "core/types.hpp"

namespace bnlab {

template <template <typename> class F, typename T>
EIGEN_DONT_INLINE void elementwise(Index size, const T* x, T* y) {
  const F<T> f;
  if constexpr (std::is_same_v<T, float> && Eigen::internal::functor_traits<F<T>>::PacketAccess) {
    using Packet = typename Eigen::internal::packet_traits<T>::type;
    constexpr Index kLanes = Eigen::internal::unpacket_traits<Packet>::size;
    for (Index i = 0; i < size; i += kLanes) {
      T rest[kLanes] = {};
      const bool whole = i + kLanes <= size;
      if (!whole) std::copy(x + i, x + size, rest);
      const Packet result = f.packetOp(Eigen::internal::ploadu<Packet>(whole ? x + i : rest));
      Eigen::internal::pstoreu(whole ? y + i : rest, result);
      if (!whole) std::copy_n(rest, size - i, y + i);
    }
  } else {
    for (Index i = 0; i < size; ++i) y[i] = f(x[i]);
  }
}

using Eigen::internal::scalar_exp_op;
using Eigen::internal::scalar_log1p_op;
using Eigen::internal::scalar_logistic_op;  // 1/(1+e^−x)
using Eigen::internal::scalar_tanh_op;

}  // namespace bnlab
