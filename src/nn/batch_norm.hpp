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
#include "core/transpose.hpp"
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

// The values of neighbouring channels, one L of them after another: down the rows of a (B, C) array, or pixel by pixel
// through the planes of (B, C, H, W), which are turned on the way so that channels lie side by side there, too.
template <typename L, typename T>
class Values {
 public:
  struct Rows {
    const T* data;
    Index stride;
    [[nodiscard]] L load(Index i) const { return L::load(data + i * stride); }
  };

  Values(const ChannelShape& shape, const T* data, Index c)
      : at_(data + c * shape.spatial), spatial_(shape.spatial), stride_(shape.channels * shape.spatial) {}

  // The next `count` values, at most kTermsPerPartialSum; they stay there until the next call.
  [[nodiscard]] Rows take(Index count) {
    if (spatial_ == 1) {
      const Rows rows{at_, stride_};
      at_ += count * stride_;
      return rows;
    }
    for (Index done = 0; done < count;) {
      const Index run = std::min(count - done, spatial_ - pixel_);
      transpose(Index{L::kWidth}, run, at_ + pixel_, spatial_, tile_ + done * L::kWidth, Index{L::kWidth});
      done += run;
      pixel_ += run;
      if (pixel_ < spatial_) continue;
      pixel_ = 0;
      at_ += stride_;
    }
    return {tile_, L::kWidth};
  }

 private:
  const T* at_;
  Index spatial_;
  Index stride_;
  Index pixel_ = 0;
  T tile_[kTermsPerPartialSum * L::kWidth];
};

// Σ of `count` terms: term(values…) of each of them.
template <typename L, typename Term, typename... V>
EIGEN_STRONG_INLINE L sum_terms(Index count, Term&& term, V&&... values) {
  L total = L::broadcast(0);
  for (Index first = 0; first < count; first += kTermsPerPartialSum) {
    const Index terms = std::min(count - first, kTermsPerPartialSum);
    L partial = L::broadcast(0);
    [&](const auto&... rows) {
      for (Index i = 0; i < terms; ++i) partial = partial + term(rows.load(i)...);
    }(values.take(terms)...);
    total = total + partial;
  }
  return total;
}

// Two sums at once: add(a, b, values…) adds the next term of each.
template <typename L, typename Add, typename... V>
EIGEN_STRONG_INLINE void sum_terms_twice(Index count, L& total_a, L& total_b, Add&& add, V&&... values) {
  total_a = L::broadcast(0);
  total_b = L::broadcast(0);
  for (Index first = 0; first < count; first += kTermsPerPartialSum) {
    const Index terms = std::min(count - first, kTermsPerPartialSum);
    L a = L::broadcast(0);
    L b = L::broadcast(0);
    [&](const auto&... rows) {
      for (Index i = 0; i < terms; ++i) add(a, b, rows.load(i)...);
    }(values.take(terms)...);
    total_a = total_a + a;
    total_b = total_b + b;
  }
}

// Neighbours in memory, for all examples: channels of (B, C), or pixels of one channel of (B, C, H, W). The i-th example's
// stand at first + i·step.
struct Strip {
  Index first;
  Index step;
  Index channel;
  bool one_channel;

  // What holds for the channels of these values, from an array of one value per channel.
  template <typename L, typename T>
  [[nodiscard]] L of(const T* per_channel) const {
    return one_channel ? L::broadcast(per_channel[channel]) : L::load(per_channel + channel);
  }
  template <typename L, typename T>
  [[nodiscard]] L of_or(const T* per_channel, T value) const {
    return per_channel == nullptr ? L::broadcast(value) : of<L>(per_channel);
  }
};

// Calls body.template operator()<L>(strip) so that every value is in exactly one strip.
template <typename T, typename Body>
EIGEN_STRONG_INLINE void for_each_strip(const ChannelShape& shape, Body&& body) {
  const bool planes = shape.spatial > 1;
  const Index length = planes ? shape.spatial : shape.channels;
  const Index step = shape.channels * shape.spatial;
  for (Index plane = 0; plane < (planes ? shape.channels : 1); ++plane) {
    Index i = 0;
    const auto cover = [&]<typename L>() {
      for (; i + L::kWidth <= length; i += L::kWidth)
        body.template operator()<L>(Strip{plane * length + i, step, planes ? plane : i, planes});
    };
    if constexpr (std::is_same_v<T, float>) {
      cover.template operator()<WideLanes<T>>();
      if constexpr (NarrowLanes<T>::kWidth > 1) cover.template operator()<NarrowLanes<T>>();
    }
    cover.template operator()<Lanes<T, 1>>();
  }
}

}  // namespace batch_norm_detail

// Batch statistics: mean, biased var (C). Two passes over x; the second also sums x−μ, which is zero but for the rounding
// of the first mean, and corrects both by it (Chan, Golub & LeVeque 1983). At a mean of 10⁴ standard deviations
// E[x²]−E[x]² has no correct digit left in float32; this has six.
template <typename T>
void batch_norm_statistics(const ChannelShape& shape, const T* x, T* mean, T* var) {
  using namespace batch_norm_detail;
  for_each_column_group<T>(shape.channels, [=]<typename L>(Index c) {
    const Index m = shape.reduction();
    const L count = L::broadcast(static_cast<T>(m));
    const L rough = sum_terms<L>(
                        m, [](const L& value) { return value; }, Values<L, T>(shape, x, c)) /
                    count;
    L residue;
    L squares;
    const auto add = [&](L& a, L& b, const L& value) {
      const L d = value - rough;
      a = a + d;
      b = b + d * d;
    };
    sum_terms_twice<L>(m, residue, squares, add, Values<L, T>(shape, x, c));
    const L correction = residue / count;
    (rough + correction).store(mean + c);
    // Of many values that are all the same, rounding may leave less than 0, which has no root.
    zero_where_negative((squares - residue * correction) / count).store(var + c);
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
  for_each_strip<T>(shape, [=]<typename L>(const Strip& strip) {
    const L center = strip.of<L>(mean);
    const L scale = strip.of<L>(rstd);
    const L g = strip.of_or<L>(gamma, T(1));
    const L b = strip.of_or<L>(beta, T(0));
    Index at = strip.first;
    for (Index i = 0; i < shape.batch; ++i, at += strip.step) {
      const L normalized = (L::load(x + at) - center) * scale;
      if (xhat != nullptr) normalized.store(xhat + at);
      (normalized * g + b).store(y + at);
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
  for_each_column_group<T>(shape.channels, [=]<typename L>(Index c) {
    L sum_dy;
    L sum_dy_xhat;
    const auto add = [](L& a, L& b, const L& upstream, const L& normalized) {
      a = a + upstream;
      b = b + upstream * normalized;
    };
    sum_terms_twice<L>(shape.reduction(), sum_dy, sum_dy_xhat, add, Values<L, T>(shape, dy, c),
                       Values<L, T>(shape, xhat, c));
    sum_dy.store(dbeta + c);
    sum_dy_xhat.store(dgamma + c);
  });
  if (dx == nullptr) return;
  for_each_strip<T>(shape, [=]<typename L>(const Strip& strip) {
    const L count = L::broadcast(static_cast<T>(shape.reduction()));
    const L factor = strip.of_or<L>(gamma, T(1)) * strip.of<L>(rstd);
    const L mean_dy = strip.of<L>(dbeta) / count;
    const L mean_dy_xhat = strip.of<L>(dgamma) / count;
    Index at = strip.first;
    for (Index i = 0; i < shape.batch; ++i, at += strip.step)
      (factor * (L::load(dy + at) - mean_dy - L::load(xhat + at) * mean_dy_xhat)).store(dx + at);
  });
}

// Backward where the statistics are constants (inference mode, frozen BN): dx = γ·rstd·dy, dγ = Σdy·x̂, dβ = Σdy, with the
// running statistics' rstd and x̂. Arguments as in training.
template <typename T>
void batch_norm_backward_inference(const ChannelShape& shape, const T* dy, const T* xhat, const T* rstd,
                                   const T* gamma, T* dx, T* dgamma, T* dbeta) {
  batch_norm_backward_training<T>(shape, dy, xhat, rstd, gamma, nullptr, dgamma, dbeta);
  if (dx == nullptr) return;
  using batch_norm_detail::Strip;
  batch_norm_detail::for_each_strip<T>(shape, [=]<typename L>(const Strip& strip) {
    const L factor = strip.of_or<L>(gamma, T(1)) * strip.of<L>(rstd);
    Index at = strip.first;
    for (Index i = 0; i < shape.batch; ++i, at += strip.step) (factor * L::load(dy + at)).store(dx + at);
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
  // Of the largest variances the unbiased one is not finite.
  if (unbiased)
    for (Index c = 0; c < channels; ++c)
      if (!std::isfinite(var[c] * static_cast<T>(bessel))) return false;
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
