// Functions of the exponential's kind, value by value: y = f(x), where y may be x.
//
// f is one of those at the end of this file. float, which trains, goes through the packet form of Eigen's; double, which
// explains and checks, through the standard library. What is left over after whole packets is filled up to one more, so
// that a value's result does not depend on its place.
#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>

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

// e^x from e^x − 1, which double's tanh asks the standard library for anyway: its exp brings a table that is longer than
// all of this. Downwards by the reciprocal, because e^x − 1 has lost the digits there.
struct DoubleExp {
  double operator()(double x) const { return x < 0 ? 1 / (std::expm1(-x) + 1) : std::expm1(x) + 1; }
};
struct DoubleLogistic {
  double operator()(double x) const { return 1 / (1 + DoubleExp()(-x)); }
};

template <typename T>
using ExpOp = std::conditional_t<std::is_same_v<T, double>, DoubleExp, Eigen::internal::scalar_exp_op<T>>;
template <typename T>  // 1/(1+e^−x)
using LogisticOp =
    std::conditional_t<std::is_same_v<T, double>, DoubleLogistic, Eigen::internal::scalar_logistic_op<T>>;
template <typename T>
using Log1pOp = Eigen::internal::scalar_log1p_op<T>;
template <typename T>
using TanhOp = Eigen::internal::scalar_tanh_op<T>;

}  // namespace bnlab
