// Batch normalization with another measure of spread than the standard deviation (ℓ1 and ℓ∞ by Hoffer et al. 2018,
// arXiv:1803.01814; ℓp by Santurkar et al. 2018, arXiv:1805.11604), of the values' distances from their mean:
//
//   training     d = x − μ      s = c_p·(Σ|d|^p/m)^(1/p)      x̂ = d/(s+ε)         y = γx̂ + β
//   inference                                                 x̂ = (x−M)/(S+ε)     y = γx̂ + β
//
// per channel, over its m = B·H·W values in the batch; M and S are running averages of μ and s. For p = ∞ the power mean is
// the largest |d|. c_p makes s an estimate of σ where the values are normal:
//
//   c_1 = √(π/2)      c_2 = 1      c_∞ = 1/E max|z| of m normal numbers z
//
// but for a factor of about √((m−1)/m), the same for all three, because d is taken from the mean of the same values. ε is added
// to s, not below a root, so p = 2 is BN but for that.
//
// Shapes: x, y, xhat, dy, dx are (B, C) or (B, C, H, W); everything else is (C). `gamma` and `beta` may be null.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/logarithm.hpp"
#include "nn/batch_norm.hpp"

namespace bnlab {

enum class Spread { kL1, kL2, kInfinity };

namespace lp_norm_detail {

constexpr double kL1Factor = 1.2533141373155003;  // √(π/2)

// Calls body(i) with the place of each value of channel c.
template <typename Body>
EIGEN_STRONG_INLINE void for_each_value(const ChannelShape& shape, Index c, Body&& body) {
  for (Index b = 0; b < shape.batch; ++b) {
    const Index first = (b * shape.channels + c) * shape.spatial;
    for (Index i = first; i < first + shape.spatial; ++i) body(i);
  }
}

// −1, 0 or 1.
template <typename T>
T sign_of(T x) {
  return static_cast<T>((x > T(0)) - (x < T(0)));
}

// Where in channel c the value is that is furthest from `center`; the first of several.
template <typename T>
Index furthest(const ChannelShape& shape, const T* x, Index c, T center) {
  Index found = c * shape.spatial;
  for_each_value(shape, c, [&](Index i) {
    if (std::abs(x[i] - center) > std::abs(x[found] - center)) found = i;
  });
  return found;
}

// Σ|d| of channel c.
template <typename T>
double sum_of_distances(const ChannelShape& shape, const T* x, Index c, T center) {
  double sum = 0;
  for_each_value(shape, c, [&](Index i) { sum += static_cast<double>(std::abs(x[i] - center)); });
  return sum;
}

}  // namespace lp_norm_detail

// E max|z| of `count` independent standard normal numbers. Its square is nearly a straight line in log₂ count: tabulated at
// the powers of two, by quadrature of ∫₀^∞ 1 − erf(t/√2)^count dt, and a cubic through the four nearest in between, which is
// within 1.1·10⁻⁴ of it everywhere.
inline double expected_largest_normal(Index count) {
  constexpr double kSquares[] = {
      0.63661977236758134, 1.2732395447351627, 2.1454280596678951, 3.1803981344711123, 4.3147784497528167,
      5.5087807654618015,  6.739791104910326,  7.9950831343830451, 9.2673088863778505, 10.55204108140707,
      11.846471027779367,  13.148716826965804, 14.457449638912387, 15.771686520405046, 17.090671742279381,
      18.413806089663892,  19.740602887925343, 21.070659402523876, 22.403637416207316, 23.739249509117185,
      25.077249031369015,  26.417422562923217, 27.759584110514393, 29.103570556489994, 30.449238034195672,
      31.796459004350679,  33.145119871447414, 34.495119022438171};
  constexpr Index kLast = sizeof(kSquares) / sizeof(kSquares[0]) - 1;
  const double octaves = log_positive(static_cast<double>(count)) / log_positive(2);
  const Index first = std::clamp<Index>(static_cast<Index>(octaves) - 1, 0, kLast - 3);
  const double t = octaves - static_cast<double>(first);
  const double* const v = kSquares + first;
  const double slope = v[1] - v[0];
  const double bend = v[2] - 2 * v[1] + v[0];
  const double twist = v[3] - 3 * v[2] + 3 * v[1] - v[0];
  return std::sqrt(v[0] + t * (slope + (t - 1) / 2 * (bend + (t - 2) / 3 * twist)));
}

// c_p for so many values.
inline double spread_factor(Spread spread, Index count) {
  if (spread == Spread::kL2) return 1;
  return spread == Spread::kL1 ? lp_norm_detail::kL1Factor : 1 / expected_largest_normal(count);
}

// 1/(s+ε), which takes the place of rstd.
template <typename T>
void lp_norm_rscale(Index channels, const T* scale, T eps, T* rscale) {
  for (Index c = 0; c < channels; ++c) rscale[c] = T(1) / (scale[c] + eps);
}

// Forward in training mode. Writes y and what backward needs: xhat, scale (s) and rscale (1/(s+ε)); also mean.
// Does not touch running statistics: see lp_norm_update_running.
template <typename T>
void lp_norm_forward_training(const ChannelShape& shape, Spread spread, const T* x, const T* gamma,
                              const T* beta, T eps, T* mean, T* scale, T* rscale, T* xhat, T* y) {
  using namespace lp_norm_detail;
  batch_norm_statistics(shape, x, mean, scale);  // scale holds σ² until it is replaced
  const Index m = shape.reduction();
  const double factor = spread_factor(spread, m);
  for (Index c = 0; c < shape.channels; ++c) {
    if (spread == Spread::kL1)
      scale[c] = static_cast<T>(factor * sum_of_distances(shape, x, c, mean[c]) / static_cast<double>(m));
    else if (spread == Spread::kL2)
      scale[c] = std::sqrt(scale[c]);
    else
      scale[c] = static_cast<T>(factor) * std::abs(x[furthest(shape, x, c, mean[c])] - mean[c]);
  }
  lp_norm_rscale(shape.channels, scale, eps, rscale);
  batch_norm_normalize(shape, x, mean, rscale, gamma, beta, xhat, y);
}

// Backward in training mode, through the mean and s:
//
//   dβ = Σdy      dγ = Σdy·x̂      dx = γ/(s+ε)·[dy − dβ/m − dγ·(∂s − Σ∂s/m)]
//   ∂s/∂d = c_1·sgn d/m (p = 1)     d/(m·s) (p = 2)     c_∞·sgn d at the first of the largest |d|, else 0 (p = ∞)
//
// where a constant channel (s = 0) has ∂s = 0. dgamma and dbeta are overwritten and always needed, affine or not. dx may be
// null. In inference mode x̂ and its backward are batch_norm_normalize and batch_norm_backward_inference with M and the
// lp_norm_rscale of S.
template <typename T>
void lp_norm_backward_training(const ChannelShape& shape, Spread spread, const T* dy, const T* xhat,
                               const T* scale, const T* rscale, const T* gamma, T* dx, T* dgamma, T* dbeta) {
  using namespace lp_norm_detail;
  batch_norm_backward_inference(shape, dy, xhat, rscale, gamma, dx, dgamma, dbeta);
  if (dx == nullptr) return;
  const T m = static_cast<T>(shape.reduction());
  const T factor = static_cast<T>(spread_factor(spread, shape.reduction()));
  for (Index c = 0; c < shape.channels; ++c) {
    // γ/(s+ε)·dγ·∂s = by_sign·sgn x̂ + by_xhat·x̂ + at_peak where the peak is; two of the three are zero.
    const T outer = (gamma == nullptr ? T(1) : gamma[c]) * rscale[c];
    const T pull = outer * dgamma[c];
    T by_sign = 0;
    T by_xhat = 0;
    T at_peak = 0;
    T sum = 0;  // of ∂s with its factors
    Index peak = 0;
    if (spread == Spread::kL1) {
      by_sign = pull * factor / m;
      for_each_value(shape, c, [&](Index i) { sum += sign_of(xhat[i]); });
      sum *= by_sign;
    } else if (spread == Spread::kL2) {
      if (scale[c] > T(0)) by_xhat = pull / (m * rscale[c] * scale[c]);  // d/s = x̂·(s+ε)/s, whose sum is 0
    } else {
      peak = furthest(shape, xhat, c, T(0));
      at_peak = pull * factor * sign_of(xhat[peak]);
      sum = at_peak;
    }
    const T common = (outer * dbeta[c] - sum) / m;
    for_each_value(shape, c,
                   [&](Index i) { dx[i] -= common + by_xhat * xhat[i] + by_sign * sign_of(xhat[i]); });
    dx[peak] -= at_peak;
  }
}

// M ← (1−k)M + kμ, S ← (1−k)S + k·s with k = running_momentum. Refuses, and changes nothing, where a statistic is not
// finite. Returns whether it updated.
template <typename T>
bool lp_norm_update_running(double running_momentum, Index channels, const T* mean, const T* scale,
                            T* running_mean, T* running_scale) {
  BatchNormOptions options;
  options.running_momentum = running_momentum;
  options.unbiased_running_var = false;
  return batch_norm_update_running(options, channels, 1, mean, scale, 0, running_mean, running_scale);
}

}  // namespace bnlab
