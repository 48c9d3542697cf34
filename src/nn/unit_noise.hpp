// Noise that moves the distribution of each unit anew in every pass: the "noisy" batch normalization of Santurkar et al. 2018
// (arXiv:1805.11604, section 2.2), where it follows the normalization and brings back the shifts that it took away.
//
//   training     per channel   m ~ U(−mean, mean)               s ~ U(1, scale)
//                per value     M ~ U(m − jitter, m + jitter)    S = s + jitter·z      y = S·x + M      dx = dy·S
//   inference    y = x
//
// with z of mean 0 and variance 1. The paper's z is normal; this one is a sum of four uniform numbers, which is close to it and
// four times as fast where every value of every layer needs one.
//
// Backward multiplies by S as dropout's does by its mask: dropout_backward.
#pragma once

#include "core/random.hpp"
#include "core/types.hpp"

namespace bnlab {

struct UnitNoise {
  double mean = 0.5;
  double scale = 1.25;
  double jitter = 0.1;
};

namespace unit_noise_detail {

// z, from one draw: the sum of its four parts of 16 bits each.
inline double standard_sum(Random& random) {
  constexpr double kMean = 2 * 65535.0;
  constexpr double kDeviation = 37837.22723720648;  // √((2³² − 1)/3)
  const std::uint64_t bits = random.next();
  const std::uint64_t sum =
      (bits & 0xFFFFU) + (bits >> 16U & 0xFFFFU) + (bits >> 32U & 0xFFFFU) + (bits >> 48U);
  return (static_cast<double>(sum) - kMean) / kDeviation;
}

}  // namespace unit_noise_detail

// x, factor (S) and y are (B, C) or (B, C, H, W). As many draws whatever the options are, so that others meet the same numbers.
template <typename T>
void unit_noise_forward(const ChannelShape& shape, const UnitNoise& noise, Random& random, const T* x,
                        T* factor, T* y) {
  for (Index c = 0; c < shape.channels; ++c) {
    const double mean = noise.mean * (2 * random.uniform() - 1);
    const double scale = 1 + (noise.scale - 1) * random.uniform();
    for (Index b = 0; b < shape.batch; ++b) {
      const Index first = (b * shape.channels + c) * shape.spatial;
      for (Index i = first; i < first + shape.spatial; ++i) {
        const double shift = mean + noise.jitter * (2 * random.uniform() - 1);
        factor[i] = static_cast<T>(scale + noise.jitter * unit_noise_detail::standard_sum(random));
        y[i] = factor[i] * x[i] + static_cast<T>(shift);
      }
    }
  }
}

}  // namespace bnlab
