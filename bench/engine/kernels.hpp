// What the training steps are made of, alone: the machine's multiply-add limit, and the engine's matrix product.
#pragma once

#include <vector>

#include "engine_float.hpp"

namespace bnlab::bench {

using Packet = Eigen::internal::packet_traits<float>::type;
constexpr int kLanes = Eigen::internal::unpacket_traits<Packet>::size;

// Eight sums that do not wait for each other, each given products that do not depend on it: the most multiplications and
// additions per second that code in registers can do. Four values are read and two kept, so that sums, factors and one
// product at a time fit into 16 registers. Rounds of 64 values keep the loop's own cost out.
class Peak {
 public:
  static constexpr int kRounds = 1000;
  static constexpr double kFlops = 2.0 * kRounds * 16 * 8 * kLanes;

  Peak()
      : values_(static_cast<std::size_t>(64 * kLanes), 1e-3F), sums_(static_cast<std::size_t>(8 * kLanes)) {}

  float run(Index times) {
    for (Index i = 0; i < times; ++i) once();
    return sums_[0];
  }

 private:
  // Adds to sums_, so that no call can be left out.
  EIGEN_DONT_INLINE void once() {
    using Eigen::internal::ploadu;
    using Eigen::internal::pmadd;
    using Eigen::internal::pstoreu;
    const float* v = values_.data();
    float* s = sums_.data();
    const Packet c0 = ploadu<Packet>(v);
    const Packet c1 = ploadu<Packet>(v + kLanes);
    Packet s0 = ploadu<Packet>(s);
    Packet s1 = ploadu<Packet>(s + kLanes);
    Packet s2 = ploadu<Packet>(s + 2 * kLanes);
    Packet s3 = ploadu<Packet>(s + 3 * kLanes);
    Packet s4 = ploadu<Packet>(s + 4 * kLanes);
    Packet s5 = ploadu<Packet>(s + 5 * kLanes);
    Packet s6 = ploadu<Packet>(s + 6 * kLanes);
    Packet s7 = ploadu<Packet>(s + 7 * kLanes);
    for (int round = 0; round < kRounds; ++round) {
      for (int k = 0; k < 64 * kLanes; k += 4 * kLanes) {
        Packet b = ploadu<Packet>(v + k);
        s0 = pmadd(b, c0, s0);
        s1 = pmadd(b, c1, s1);
        b = ploadu<Packet>(v + k + kLanes);
        s2 = pmadd(b, c0, s2);
        s3 = pmadd(b, c1, s3);
        b = ploadu<Packet>(v + k + 2 * kLanes);
        s4 = pmadd(b, c0, s4);
        s5 = pmadd(b, c1, s5);
        b = ploadu<Packet>(v + k + 3 * kLanes);
        s6 = pmadd(b, c0, s6);
        s7 = pmadd(b, c1, s7);
      }
    }
    pstoreu(s, s0);
    pstoreu(s + kLanes, s1);
    pstoreu(s + 2 * kLanes, s2);
    pstoreu(s + 3 * kLanes, s3);
    pstoreu(s + 4 * kLanes, s4);
    pstoreu(s + 5 * kLanes, s5);
    pstoreu(s + 6 * kLanes, s6);
    pstoreu(s + 7 * kLanes, s7);
  }

  std::vector<float> values_;
  std::vector<float> sums_;
};

// C (m×n) = A (m×k) · B (k×n), the engine's product.
class Gemm {
 public:
  Gemm(Index m, Index n, Index k)
      : m_(m),
        n_(n),
        k_(k),
        a_(static_cast<std::size_t>(m * k), 0.5F),
        b_(static_cast<std::size_t>(k * n), 0.25F),
        c_(static_cast<std::size_t>(m * n)) {}

  [[nodiscard]] double flops() const { return 2.0 * static_cast<double>(m_ * n_ * k_); }

  float run(Index times) {
    for (Index i = 0; i < times; ++i)
      gemm(m_, n_, k_, as_is(a_.data(), k_), as_is(b_.data(), n_), c_.data(), false);
    return c_.back();
  }

 private:
  Index m_;
  Index n_;
  Index k_;
  std::vector<float> a_;
  std::vector<float> b_;
  std::vector<float> c_;
};

}  // namespace bnlab::bench
