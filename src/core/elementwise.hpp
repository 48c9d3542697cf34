// Functions of the exponential's kind, value by value: y = f(x), where y may be x.
//
// f is one of Eigen's functors. float, which trains, goes through its packet form; double, which explains and checks,
// through the standard library, whose code the download holds anyway.
#pragma once

#include "core/types.hpp"

namespace bnlab {

template <template <typename> class F, typename T>
EIGEN_DONT_INLINE void elementwise(Index size, const T* x, T* y) {
  const F<T> f;
  Index i = 0;
  if constexpr (std::is_same_v<T, float> && Eigen::internal::packet_traits<T>::Vectorizable) {
    using Packet = typename Eigen::internal::packet_traits<T>::type;
    constexpr Index kLanes = Eigen::internal::unpacket_traits<Packet>::size;
    for (; i + kLanes <= size; i += kLanes)
      Eigen::internal::pstoreu(y + i, f.packetOp(Eigen::internal::ploadu<Packet>(x + i)));
  }
  for (; i < size; ++i) y[i] = f(x[i]);
}

using Eigen::internal::scalar_exp_op;
using Eigen::internal::scalar_log1p_op;
using Eigen::internal::scalar_logistic_op;  // 1/(1+e^−x)
using Eigen::internal::scalar_tanh_op;

}  // namespace bnlab
