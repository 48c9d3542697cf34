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

#include "core/random.hpp"
#include "nn/batch_norm.hpp"

namespace bnlab {

enum class Spread { kL1, kL2, kInfinity };

namespace lp_norm_detail {

constexpr double kL1Factor = 1.2533141373155003;  // √(π/2)

// −1, 0 or 1.
template <typename L, typename T>
L sign_of(const L& x) {
  const L one = L::broadcast(T(1));
  return where_positive(x, one) - where_positive(L::broadcast(T(0)) - x, one);
}

// The values of channel c one after another: down the rows of a (B, C) array, or plane by plane through (B, C, H, W). In
// the former L may hold neighbouring channels.
template <typename L, typename T>
class Channel {
 public:
  Channel(const ChannelShape& shape, T* data, Index c)
      : at_(data + c * shape.spatial),
        spatial_(shape.spatial),
        left_(shape.spatial),
        stride_(shape.channels * shape.spatial) {}

  [[nodiscard]] T* next() {
    T* const here = at_;
    if constexpr (L::kWidth == 1) {
      ++at_;
      if (--left_ > 0) return here;
      left_ = spatial_;
      at_ -= spatial_;
    }
    at_ += stride_;
    return here;
  }
  [[nodiscard]] L load() { return L::load(next()); }
  void store(const L& value) { value.store(next()); }

 private:
  T* at_;
  Index spatial_;
  Index left_;
  Index stride_;
};

// The value of channel c that is furthest from `center`; the first of several.
template <typename T>
const T* furthest(const ChannelShape& shape, const T* x, Index c, T center) {
  Channel<Lanes<T, 1>, const T> values(shape, x, c);
  const T* found = values.next();
  for (Index i = 1; i < shape.reduction(); ++i) {
    const T* const value = values.next();
    if (std::abs(*value - center) > std::abs(*found - center)) found = value;
  }
  return found;
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
  const double octaves = Random::log_positive(static_cast<double>(count)) / Random::log_positive(2);
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
  using namespace batch_norm_detail;
  batch_norm_statistics(shape, x, mean, scale);  // scale holds σ² until it is replaced
  const Index m = shape.reduction();
  const T factor = static_cast<T>(spread_factor(spread, m));
  if (spread == Spread::kL1)
    for_each_column_group<T>(shape.channels, [=]<typename L>(Index c) {
      const L center = L::load(mean + c);
      const auto distance = [&](const L& value) {
        const L d = value - center;
        return d * lp_norm_detail::sign_of<L, T>(d);
      };
      const L sum = sum_terms<L>(m, distance, Values<L, T>(shape, x, c));
      (L::broadcast(factor) * (sum / L::broadcast(static_cast<T>(m)))).store(scale + c);
    });
  else
    for (Index c = 0; c < shape.channels; ++c)
      scale[c] = spread == Spread::kL2
                     ? std::sqrt(scale[c])
                     : factor * std::abs(*lp_norm_detail::furthest(shape, x, c, mean[c]) - mean[c]);
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
  using namespace batch_norm_detail;
  using lp_norm_detail::Channel;
  using lp_norm_detail::sign_of;
  batch_norm_backward_training<T>(shape, dy, xhat, nullptr, nullptr, nullptr, dgamma, dbeta);
  if (dx == nullptr) return;
  const Index m = shape.reduction();
  const T factor = static_cast<T>(spread_factor(spread, m));
  const auto group = [=]<typename L>(Index c) {
    // dγ·∂s = by_sign·sgn x̂ + by_xhat·x̂, either of which may be zero.
    const L count = L::broadcast(static_cast<T>(m));
    const L pull = L::load(dgamma + c) / count;
    L by_sign = L::broadcast(0);
    L by_xhat = L::broadcast(0);
    L mean_dy = L::load(dbeta + c) / count;
    if (spread == Spread::kL1) {
      by_sign = pull * L::broadcast(factor);
      const L signs = sum_terms<L>(m, sign_of<L, T>, Values<L, T>(shape, xhat, c));
      mean_dy = mean_dy - by_sign * signs / count;
    } else if (spread == Spread::kL2) {
      const L s = L::load(scale + c);
      by_xhat = where_positive(s, pull / (L::load(rscale + c) * s));  // d/s = x̂·(s+ε)/s, whose sum is 0
    }
    const L outer = L::load_or(gamma, c, T(1)) * L::load(rscale + c);
    Channel<L, const T> up(shape, dy, c);
    Channel<L, const T> normal(shape, xhat, c);
    Channel<L, T> down(shape, dx, c);
    for (Index i = 0; i < m; ++i) {
      const L n = normal.load();
      down.store(outer * (up.load() - mean_dy - by_xhat * n - by_sign * sign_of<L, T>(n)));
    }
  };
  for_each_column_group<T>(shape.channels, group, shape.spatial == 1);
  if (spread != Spread::kInfinity) return;
  for (Index c = 0; c < shape.channels; ++c) {
    const T* const peak = lp_norm_detail::furthest(shape, xhat, c, T(0));
    if (*peak == T(0)) continue;
    const T pull = (gamma == nullptr ? T(1) : gamma[c]) * rscale[c] * dgamma[c] * factor;
    const T signed_pull = *peak > T(0) ? pull : -pull;
    Channel<Lanes<T, 1>, T> down(shape, dx, c);
    for (Index i = 0; i < m; ++i) *down.next() += signed_pull / static_cast<T>(m);
    dx[peak - xhat] -= signed_pull;
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
