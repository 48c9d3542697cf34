// Batch normalization (Ioffe & Szegedy 2015, arXiv:1502.03167).
//
//   training     μ = Σx/m      σ² = Σ(x−μ)²/m      x̂ = (x−μ)/√(σ²+ε)      y = γx̂ + β
//   inference    x̂ = (x−M)/√(V+ε)                                          y = γx̂ + β
//
// per channel, over the m = B·H·W values of that channel in the batch; M and V are running statistics, moving averages of
// the batches' μ and σ². Shapes: x, y, xhat, dy, dx are (B, C) or (B, C, H, W), row-major; gamma, beta, mean, var, rstd
// and running statistics are (C). `gamma` and `beta` may be null: ones and zeros (affine off).
//
// Two words that collide between frameworks, and what they mean here:
//   running_momentum   the weight of the *newest* batch (PyTorch's sense; Keras and ONNX state what is kept, 1 − this)
//   var                the biased variance, with 1/m. It normalises. What is *stored* may be the unbiased one, m/(m−1)·σ².
#pragma once

#include <cmath>

#include "core/lanes.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class Convention { kPyTorch, kKeras, kOnnx };

// One value per channel in training: its variance is 0 and y = β whatever x is.
enum class SingleValue { kError, kShow };

struct BatchNormOptions {
  double eps = 1e-5;
  double running_momentum = 0.1;
  bool cumulative =
      false;  // running statistics are plain averages of all batches so far; running_momentum is unused
  bool unbiased_running_var = true;
  bool affine = true;
  bool track_running_stats = true;
  SingleValue single_value = SingleValue::kError;
};

// The defaults of a framework. PyTorch: nn.BatchNorm1d. Keras 3: momentum 0.99 is the factor kept, ε = 1e-3, and the
// biased variance is stored. ONNX BatchNormalization-15: momentum 0.9 is kept, biased variance.
inline BatchNormOptions batch_norm_options(Convention convention) {
  BatchNormOptions options;
  if (convention == Convention::kPyTorch) return options;
  options.unbiased_running_var = false;
  options.single_value = SingleValue::kShow;  // neither checks for it
  if (convention == Convention::kKeras) {
    options.eps = 1e-3;
    options.running_momentum = 0.01;
  }
  return options;
}

// What `momentum` of that framework says about the weight of the newest batch.
inline double running_momentum_of(Convention convention, double momentum) {
  return convention == Convention::kPyTorch ? momentum : 1 - momentum;
}

namespace batch_norm_detail {

// So many terms are added up before they join the total, so that rounding grows with m/32 and not with m.
constexpr Index kTermsPerPartialSum = 32;

// Σ of `count` terms: columns c … c+L::kWidth. term() gives the next one.
template <typename L, typename Term>
EIGEN_STRONG_INLINE L sum_terms(Index count, Term&& term) {
  L total = L::broadcast(0);
  for (Index first = 0; first < count; first += kTermsPerPartialSum) {
    const Index last = std::min(count, first + kTermsPerPartialSum);
    L partial = L::broadcast(0);
    for (Index i = first; i < last; ++i) partial = partial + term();
    total = total + partial;
  }
  return total;
}

// Two sums at once: add(a, b) adds the next term of each.
template <typename L, typename Add>
EIGEN_STRONG_INLINE void sum_terms_twice(Index count, L& total_a, L& total_b, Add&& add) {
  total_a = L::broadcast(0);
  total_b = L::broadcast(0);
  for (Index first = 0; first < count; first += kTermsPerPartialSum) {
    const Index last = std::min(count, first + kTermsPerPartialSum);
    L a = L::broadcast(0);
    L b = L::broadcast(0);
    for (Index i = first; i < last; ++i) add(a, b);
    total_a = total_a + a;
    total_b = total_b + b;
  }
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

// Every channel once, in groups where neighbouring channels lie side by side.
template <typename T, typename Body>
EIGEN_STRONG_INLINE void for_each_channel_group(const ChannelShape& shape, Body&& body) {
  for_each_column_group<T>(shape.channels, std::forward<Body>(body), shape.spatial == 1);
}

}  // namespace batch_norm_detail

// Batch statistics: mean, biased var (C). Two passes over x; the second also sums x−μ, which is zero but for the rounding
// of the first mean, and corrects both by it (Chan, Golub & LeVeque 1983). At a mean of 10⁴ standard deviations
// E[x²]−E[x]² has no correct digit left in float32; this has six.
template <typename T>
void batch_norm_statistics(const ChannelShape& shape, const T* x, T* mean, T* var) {
  using namespace batch_norm_detail;
  for_each_channel_group<T>(shape, [=]<typename L>(Index c) {
    const Index m = shape.reduction();
    const L count = L::broadcast(static_cast<T>(m));
    Channel<L, const T> values(shape, x, c);
    const L rough = sum_terms<L>(m, [&] { return values.load(); }) / count;
    L residue;
    L squares;
    values = {shape, x, c};
    sum_terms_twice<L>(m, residue, squares, [&](L& a, L& b) {
      const L d = values.load() - rough;
      a = a + d;
      b = b + d * d;
    });
    const L correction = residue / count;
    (rough + correction).store(mean + c);
    ((squares - residue * correction) / count).store(var + c);
  });
}

// rstd = 1/√(var+ε).
template <typename T>
void batch_norm_rstd(Index channels, const T* var, T eps, T* rstd) {
  for_each_column_group<T>(channels, [&]<typename L>(Index c) {
    (L::broadcast(T(1)) / sqrt(L::load(var + c) + L::broadcast(eps))).store(rstd + c);
  });
}

// x̂ = (x−mean)·rstd, y = γx̂+β, with whichever statistics are given: the batch's in training, the running ones in inference.
// `xhat` may be null where backward does not follow.
template <typename T>
void batch_norm_normalize(const ChannelShape& shape, const T* x, const T* mean, const T* rstd, const T* gamma,
                          const T* beta, T* xhat, T* y) {
  using namespace batch_norm_detail;
  for_each_channel_group<T>(shape, [=]<typename L>(Index c) {
    const Index m = shape.reduction();
    const L center = L::load(mean + c);
    const L scale = L::load(rstd + c);
    const L g = L::load_or(gamma, c, T(1));
    const L b = L::load_or(beta, c, T(0));
    Channel<L, const T> from(shape, x, c);
    Channel<L, T> to(shape, y, c);
    if (xhat == nullptr) {
      for (Index i = 0; i < m; ++i) to.store((from.load() - center) * scale * g + b);
      return;
    }
    Channel<L, T> middle(shape, xhat, c);
    for (Index i = 0; i < m; ++i) {
      const L normalized = (from.load() - center) * scale;
      middle.store(normalized);
      to.store(normalized * g + b);
    }
  });
}

// Forward in training mode. Writes y and what backward needs: xhat and rstd; also mean and (biased) var.
// Does not touch running statistics: see batch_norm_update_running.
template <typename T>
void batch_norm_forward_training(const ChannelShape& shape, const T* x, const T* gamma, const T* beta, T eps,
                                 T* mean, T* var, T* rstd, T* xhat, T* y) {
  batch_norm_statistics(shape, x, mean, var);
  batch_norm_rstd(shape.channels, var, eps, rstd);
  batch_norm_normalize(shape, x, mean, rstd, gamma, beta, xhat, y);
}

// Backward in training mode, through the batch statistics:
//
//   dβ = Σdy      dγ = Σdy·x̂      dx = γ/√(σ²+ε)·[dy − dβ/m − x̂·dγ/m]
//
// The two means tie the examples together: Σdx = 0, and each example's gradient depends on its batch-mates.
// dgamma and dbeta (C) are overwritten and always needed, affine or not. dx may be null.
template <typename T>
void batch_norm_backward_training(const ChannelShape& shape, const T* dy, const T* xhat, const T* rstd,
                                  const T* gamma, T* dx, T* dgamma, T* dbeta) {
  using namespace batch_norm_detail;
  for_each_channel_group<T>(shape, [=]<typename L>(Index c) {
    const Index m = shape.reduction();
    Channel<L, const T> up(shape, dy, c);
    Channel<L, const T> normal(shape, xhat, c);
    L sum_dy;
    L sum_dy_xhat;
    sum_terms_twice<L>(m, sum_dy, sum_dy_xhat, [&](L& a, L& b) {
      const L upstream = up.load();
      a = a + upstream;
      b = b + upstream * normal.load();
    });
    sum_dy.store(dbeta + c);
    sum_dy_xhat.store(dgamma + c);
    if (dx == nullptr) return;
    const L factor = L::load_or(gamma, c, T(1)) * L::load(rstd + c);
    const L mean_dy = sum_dy / L::broadcast(static_cast<T>(m));
    const L mean_dy_xhat = sum_dy_xhat / L::broadcast(static_cast<T>(m));
    up = {shape, dy, c};
    normal = {shape, xhat, c};
    Channel<L, T> down(shape, dx, c);
    for (Index i = 0; i < m; ++i) down.store(factor * (up.load() - mean_dy - normal.load() * mean_dy_xhat));
  });
}

// Backward where the statistics are constants (inference mode, frozen BN): dx = γ·rstd·dy, dγ = Σdy·x̂, dβ = Σdy, with the
// running statistics' rstd and x̂. Arguments as in training.
template <typename T>
void batch_norm_backward_inference(const ChannelShape& shape, const T* dy, const T* xhat, const T* rstd,
                                   const T* gamma, T* dx, T* dgamma, T* dbeta) {
  batch_norm_backward_training<T>(shape, dy, xhat, rstd, gamma, nullptr, dgamma, dbeta);
  if (dx == nullptr) return;
  batch_norm_detail::for_each_channel_group<T>(shape, [=]<typename L>(Index c) {
    const L factor = L::load_or(gamma, c, T(1)) * L::load(rstd + c);
    batch_norm_detail::Channel<L, const T> up(shape, dy, c);
    batch_norm_detail::Channel<L, T> down(shape, dx, c);
    for (Index i = 0; i < shape.reduction(); ++i) down.store(factor * up.load());
  });
}

// M ← (1−k)M + kμ, V ← (1−k)V + k·v, where v is σ² or m/(m−1)·σ² and k = running_momentum, or 1/(batches seen + 1) when
// cumulative. With m = 1 there is no unbiased variance; the biased one, 0, is stored.
// `values` is m. Refuses, and changes nothing, where a statistic is not finite: one NaN would stay in M and V for ever.
// Returns whether it updated.
template <typename T>
bool batch_norm_update_running(const BatchNormOptions& options, Index channels, Index values, const T* mean,
                               const T* var, Index batches_seen, T* running_mean, T* running_var) {
  if (!all_finite(mean, channels) || !all_finite(var, channels)) return false;
  const double weight =
      options.cumulative ? 1.0 / static_cast<double>(batches_seen + 1) : options.running_momentum;
  const bool unbiased = options.unbiased_running_var && values > 1;
  const double bessel = unbiased ? static_cast<double>(values) / static_cast<double>(values - 1) : 1.0;
  const T k = static_cast<T>(weight);
  for_each_column_group<T>(channels, [&]<typename L>(Index c) {
    const L keep = L::broadcast(T(1) - k);
    (keep * L::load(running_mean + c) + L::broadcast(k) * L::load(mean + c)).store(running_mean + c);
    (keep * L::load(running_var + c) + L::broadcast(k * static_cast<T>(bessel)) * L::load(var + c))
        .store(running_var + c);
  });
  return true;
}

// Folds inference-mode BN into the linear layer before it. With s = γ/√(V+ε):
//   W' = W·diag(s)      b' = (b−M)·s + β
// weight is (in, out), row-major, changed in place; bias (out) is read and overwritten (zeros where there was none).
template <typename T>
void batch_norm_fold(Index in, Index out, const T* gamma, const T* beta, const T* running_mean,
                     const T* running_var, T eps, T* weight, T* bias) {
  for (Index c = 0; c < out; ++c) {
    const T s = (gamma == nullptr ? T(1) : gamma[c]) / std::sqrt(running_var[c] + eps);
    for (Index i = 0; i < in; ++i) weight[i * out + c] *= s;
    bias[c] = (bias[c] - running_mean[c]) * s + (beta == nullptr ? T(0) : beta[c]);
  }
}

}  // namespace bnlab
