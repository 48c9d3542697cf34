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

// Sums run over this many rows before they join the total, so that rounding grows with m/32 and not with m.
constexpr Index kRowsPerPartialSum = 32;

// Σ over the rows of term(row): columns c … c+L::kWidth.
template <typename L, typename Term>
EIGEN_STRONG_INLINE L sum_rows(Index rows, Term&& term) {
  L total = L::broadcast(0);
  for (Index first = 0; first < rows; first += kRowsPerPartialSum) {
    const Index last = std::min(rows, first + kRowsPerPartialSum);
    L partial = L::broadcast(0);
    for (Index i = first; i < last; ++i) partial = partial + term(i);
    total = total + partial;
  }
  return total;
}

// Sums of two terms at once: `term` adds to both.
template <typename L, typename Term>
EIGEN_STRONG_INLINE void sum_rows_twice(Index rows, L& total_a, L& total_b, Term&& term) {
  total_a = L::broadcast(0);
  total_b = L::broadcast(0);
  for (Index first = 0; first < rows; first += kRowsPerPartialSum) {
    const Index last = std::min(rows, first + kRowsPerPartialSum);
    L a = L::broadcast(0);
    L b = L::broadcast(0);
    for (Index i = first; i < last; ++i) term(i, a, b);
    total_a = total_a + a;
    total_b = total_b + b;
  }
}

// One channel's values in example i of a (B, C, H, W) tensor.
template <typename T>
ConstArrayMap<T> plane(const T* x, const ChannelShape& shape, Index i, Index c) {
  return ConstArrayMap<T>(x + (i * shape.channels + c) * shape.spatial, shape.spatial);
}
template <typename T>
ArrayMap<T> plane(T* x, const ChannelShape& shape, Index i, Index c) {
  return ArrayMap<T>(x + (i * shape.channels + c) * shape.spatial, shape.spatial);
}

}  // namespace batch_norm_detail

// Batch statistics: mean, biased var (C). Two passes over x; the second also sums x−μ, which is zero but for the rounding
// of the first mean, and corrects both by it (Chan, Golub & LeVeque 1983). At a mean of 10⁴ standard deviations
// E[x²]−E[x]² has no correct digit left in float32; this has six.
template <typename T>
void batch_norm_statistics(const ChannelShape& shape, const T* x, T* mean, T* var) {
  using namespace batch_norm_detail;
  const Index channels = shape.channels;
  const T m = static_cast<T>(shape.reduction());
  if (shape.spatial == 1) {
    for_each_column_group<T>(channels, [=]<typename L>(Index c) {
      const L count = L::broadcast(m);
      const Index rows = shape.batch;
      const Index stride = channels;
      const T* from = x + c;
      const L rough = sum_rows<L>(rows,
                                  [&](Index) {
                                    const L v = L::load(from);
                                    from += stride;
                                    return v;
                                  }) /
                      count;
      L residue;
      L squares;
      from = x + c;
      sum_rows_twice<L>(rows, residue, squares, [&](Index, L& a, L& b) {
        const L d = L::load(from) - rough;
        from += stride;
        a = a + d;
        b = b + d * d;
      });
      const L correction = residue / count;
      (rough + correction).store(mean + c);
      ((squares - residue * correction) / count).store(var + c);
    });
    return;
  }
  for (Index c = 0; c < channels; ++c) {
    T sum = 0;
    for (Index i = 0; i < shape.batch; ++i) sum += plane(x, shape, i, c).sum();
    const T rough = sum / m;
    T residue = 0;
    T squares = 0;
    for (Index i = 0; i < shape.batch; ++i) {
      const ConstArrayMap<T> values = plane(x, shape, i, c);
      residue += (values - rough).sum();
      squares += (values - rough).square().sum();
    }
    const T correction = residue / m;
    mean[c] = rough + correction;
    var[c] = (squares - residue * correction) / m;
  }
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
  const Index channels = shape.channels;
  if (shape.spatial == 1) {
    for_each_column_group<T>(channels, [=]<typename L>(Index c) {
      const L center = L::load(mean + c);
      const L scale = L::load(rstd + c);
      const L g = L::load_or(gamma, c, T(1));
      const L b = L::load_or(beta, c, T(0));
      const Index rows = shape.batch;
      const Index stride = channels;
      const T* from = x + c;
      T* to = y + c;
      if (xhat != nullptr) {
        T* middle = xhat + c;
        for (Index i = 0; i < rows; ++i) {
          const L normalized = (L::load(from) - center) * scale;
          normalized.store(middle);
          (normalized * g + b).store(to);
          from += stride;
          middle += stride;
          to += stride;
        }
        return;
      }
      for (Index i = 0; i < rows; ++i) {
        ((L::load(from) - center) * scale * g + b).store(to);
        from += stride;
        to += stride;
      }
    });
    return;
  }
  for (Index i = 0; i < shape.batch; ++i) {
    for (Index c = 0; c < channels; ++c) {
      const T g = gamma == nullptr ? T(1) : gamma[c];
      const T b = beta == nullptr ? T(0) : beta[c];
      ArrayMap<T> out = plane(y, shape, i, c);
      out = (plane(x, shape, i, c) - mean[c]) * rstd[c];
      if (xhat != nullptr) plane(xhat, shape, i, c) = out;
      out = out * g + b;
    }
  }
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
  const Index channels = shape.channels;
  const T m = static_cast<T>(shape.reduction());
  if (shape.spatial == 1) {
    for_each_column_group<T>(channels, [=]<typename L>(Index c) {
      const Index rows = shape.batch;
      const Index stride = channels;
      const T* up = dy + c;
      const T* normal = xhat + c;
      L sum_dy;
      L sum_dy_xhat;
      sum_rows_twice<L>(rows, sum_dy, sum_dy_xhat, [&](Index, L& a, L& b) {
        const L upstream = L::load(up);
        a = a + upstream;
        b = b + upstream * L::load(normal);
        up += stride;
        normal += stride;
      });
      sum_dy.store(dbeta + c);
      sum_dy_xhat.store(dgamma + c);
      if (dx == nullptr) return;
      const L factor = L::load_or(gamma, c, T(1)) * L::load(rstd + c);
      const L mean_dy = sum_dy / L::broadcast(m);
      const L mean_dy_xhat = sum_dy_xhat / L::broadcast(m);
      up = dy + c;
      normal = xhat + c;
      T* down = dx + c;
      for (Index i = 0; i < rows; ++i) {
        const L upstream = L::load(up);
        const L normalized = L::load(normal);
        (factor * (upstream - mean_dy - normalized * mean_dy_xhat)).store(down);
        up += stride;
        normal += stride;
        down += stride;
      }
    });
    return;
  }
  for (Index c = 0; c < channels; ++c) {
    T sum_dy = 0;
    T sum_dy_xhat = 0;
    for (Index i = 0; i < shape.batch; ++i) {
      sum_dy += plane(dy, shape, i, c).sum();
      sum_dy_xhat += (plane(dy, shape, i, c) * plane(xhat, shape, i, c)).sum();
    }
    dbeta[c] = sum_dy;
    dgamma[c] = sum_dy_xhat;
    if (dx == nullptr) continue;
    const T factor = (gamma == nullptr ? T(1) : gamma[c]) * rstd[c];
    for (Index i = 0; i < shape.batch; ++i)
      plane(dx, shape, i, c) =
          factor * (plane(dy, shape, i, c) - sum_dy / m - plane(xhat, shape, i, c) * (sum_dy_xhat / m));
  }
}

// Backward where the statistics are constants (inference mode, frozen BN): dx = γ·rstd·dy, dγ = Σdy·x̂, dβ = Σdy, with the
// running statistics' rstd and x̂. Arguments as in training.
template <typename T>
void batch_norm_backward_inference(const ChannelShape& shape, const T* dy, const T* xhat, const T* rstd,
                                   const T* gamma, T* dx, T* dgamma, T* dbeta) {
  batch_norm_backward_training<T>(shape, dy, xhat, rstd, gamma, nullptr, dgamma, dbeta);
  if (dx == nullptr) return;
  for (Index i = 0; i < shape.batch; ++i) {
    for (Index c = 0; c < shape.channels; ++c) {
      const T factor = (gamma == nullptr ? T(1) : gamma[c]) * rstd[c];
      batch_norm_detail::plane(dx, shape, i, c) = factor * batch_norm_detail::plane(dy, shape, i, c);
    }
  }
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
