// Batch Renormalization (Ioffe 2017, arXiv:1702.03275): batch statistics in training, corrected towards the running ones.
//
//   training     s = √(σ²+ε)      r = clip(s/S, 1/r_max, r_max)      d = clip((μ−M)/S, −d_max, d_max)
//                x̂ = (x−μ)/s·r + d       y = γx̂ + β
//   inference    x̂ = (x−M)/S            y = γx̂ + β
//
// per channel, with μ and σ² as in batch_norm.hpp; M and S are running averages of the batches' μ and s (not of σ²; ε is
// in s, so inference adds none). Where neither bound is met x̂ = (x−M)/S in training, too; r_max = 1 and d_max = 0 make it
// plain BN. r and d count as constants in backward.
//
// Shapes: x, y, xhat, dy, dx are (B, C) or (B, C, H, W); everything else is (C). `gamma` and `beta` may be null.
#pragma once

#include <algorithm>

#include "nn/batch_norm.hpp"

namespace bnlab {

struct RenormBounds {
  double r_max = 3;
  double d_max = 5;
};

// How the bounds open: plain BN for the first steps, then in equal steps up to the full bounds.
struct RenormSchedule {
  RenormBounds full;
  Index plain_steps = 0;
  Index ramp_steps = 0;

  // The bounds of a step before which so many batches were seen.
  [[nodiscard]] RenormBounds at(Index batches_tracked) const {
    const Index ramped = batches_tracked - plain_steps;
    if (ramped < 0) return {1, 0};
    if (ramped >= ramp_steps) return full;
    const double share = static_cast<double>(ramped) / static_cast<double>(ramp_steps);
    return {1 + share * (full.r_max - 1), share * full.d_max};
  }
};

// Forward in training mode. Reads M and S and does not touch them: see batch_renorm_update_running.
// Writes y and what backward needs: xhat, scale, r, d; what the update needs: mean (μ) and std (s); and, for itself, center:
// x̂ = (x − center)·scale with center = μ − d·s/r and scale = r/s.
template <typename T>
void batch_renorm_forward_training(const ChannelShape& shape, const T* x, const T* gamma, const T* beta,
                                   T eps, const RenormBounds& bounds, const T* running_mean,
                                   const T* running_std, T* mean, T* std, T* center, T* scale, T* r, T* d,
                                   T* xhat, T* y) {
  batch_norm_statistics(shape, x, mean, std);  // std holds σ² until its root is taken
  const T r_max = static_cast<T>(bounds.r_max);
  const T d_max = static_cast<T>(bounds.d_max);
  for (Index c = 0; c < shape.channels; ++c) {
    std[c] = std::sqrt(std[c] + eps);
    r[c] = std::clamp(std[c] / running_std[c], T(1) / r_max, r_max);
    d[c] = std::clamp((mean[c] - running_mean[c]) / running_std[c], -d_max, d_max);
    scale[c] = T(1) / std[c] * r[c];
    center[c] = mean[c] - d[c] / scale[c];
  }
  batch_norm_normalize(shape, x, center, scale, gamma, beta, xhat, y);
}

// Backward in training mode: through the batch statistics, with r and d constant. With x̂_B = (x̂−d)/r, plain BN's x̂:
//
//   dβ = Σdy      dγ = Σdy·x̂      dx = γ·r/s·[dy − mean(dy) − x̂_B·mean(dy·x̂_B)]
//
// dgamma and dbeta are overwritten and always needed, affine or not. dx may be null. In inference mode x̂ and its backward
// are batch_norm_normalize and batch_norm_backward_inference with M and 1/S: see batch_renorm_inference_scale.
template <typename T>
void batch_renorm_backward_training(const ChannelShape& shape, const T* dy, const T* xhat, const T* scale,
                                    const T* r, const T* d, const T* gamma, T* dx, T* dgamma, T* dbeta) {
  using namespace batch_norm_detail;
  batch_norm_backward_training<T>(shape, dy, xhat, nullptr, nullptr, nullptr, dgamma, dbeta);
  if (dx == nullptr) return;
  for_each_strip<T>(shape, [=]<typename L>(const Strip& strip) {
    const L count = L::broadcast(static_cast<T>(shape.reduction()));
    const L shift = strip.of<L>(d);
    const L stretch = strip.of<L>(r);
    const L factor = strip.of_or<L>(gamma, T(1)) * strip.of<L>(scale);
    const L mean_dy = strip.of<L>(dbeta) / count;
    // mean(dy·x̂_B)/r, so that x̂ − d takes its place beside it.
    const L slope = (strip.of<L>(dgamma) / count - shift * mean_dy) / (stretch * stretch);
    Index at = strip.first;
    for (Index i = 0; i < shape.batch; ++i, at += strip.step)
      (factor * (L::load(dy + at) - mean_dy - (L::load(xhat + at) - shift) * slope)).store(dx + at);
  });
}

// 1/S, which takes the place of rstd in inference mode.
template <typename T>
void batch_renorm_inference_scale(Index channels, const T* running_std, T* scale) {
  for (Index c = 0; c < channels; ++c) scale[c] = T(1) / running_std[c];
}

// M ← (1−k)M + kμ, S ← (1−k)S + k·s with k = running_momentum. Refuses, and changes nothing, where a statistic is not
// finite. Returns whether it updated.
template <typename T>
bool batch_renorm_update_running(double running_momentum, Index channels, const T* mean, const T* std,
                                 T* running_mean, T* running_std) {
  BatchNormOptions options;
  options.running_momentum = running_momentum;
  options.unbiased_running_var = false;
  return batch_norm_update_running(options, channels, 1, mean, std, 0, running_mean, running_std);
}

}  // namespace bnlab
