// Synchronised batch normalization: a batch that is spread over devices, normalised by the statistics of all of it.
//
// Device k has n_k values of each channel, their mean μ_k and their biased variance σ_k²; nothing else needs to be sent:
//
//   n = Σn_k      μ = Σn_k·μ_k/n      σ² = Σn_k·[σ_k² + (μ_k−μ)²]/n
//
// The variance of the whole is the mean of the variances and the variance of the means (Chan, Golub & LeVeque 1983); averaging
// the σ_k² alone leaves the second out. Forward is then batch_norm_normalize on each device. Backward has the same two sums over
// all devices, Σdy and Σdy·x̂, for dx of each:
//
//   dx = γ/√(σ²+ε)·[dy − Σdy/n − x̂·Σdy·x̂/n]
//
// Shapes: means and vars (parts, C), counts (parts), mean and var (C).
#pragma once

#include <algorithm>

#include "core/types.hpp"

namespace bnlab {

// Statistics of the whole from those of its parts. Each part has at least one value.
template <typename T>
void merge_statistics(Index parts, Index channels, const Index* counts, const T* means, const T* vars,
                      T* mean, T* var) {
  Index total = 0;
  for (Index k = 0; k < parts; ++k) total += counts[k];
  std::fill_n(mean, channels, T(0));
  std::fill_n(var, channels, T(0));
  for (Index k = 0; k < parts; ++k) {
    const T share = static_cast<T>(counts[k]) / static_cast<T>(total);
    for (Index c = 0; c < channels; ++c) mean[c] += share * means[k * channels + c];
  }
  for (Index k = 0; k < parts; ++k) {
    const T share = static_cast<T>(counts[k]) / static_cast<T>(total);
    for (Index c = 0; c < channels; ++c) {
      const T apart = means[k * channels + c] - mean[c];
      var[c] += share * (vars[k * channels + c] + apart * apart);
    }
  }
}

// The gradient on one device: dy, xhat and dx are its (B, C) or (B, C, H, W); sum_dy and sum_dy_xhat (C) are over all devices,
// `values` is n.
template <typename T>
void sync_batch_norm_dx(const ChannelShape& shape, Index values, const T* dy, const T* xhat, const T* rstd,
                        const T* gamma, const T* sum_dy, const T* sum_dy_xhat, T* dx) {
  const T n = static_cast<T>(values);
  for (Index i = 0; i < shape.size(); ++i) {
    const Index c = i / shape.spatial % shape.channels;
    const T scale = (gamma == nullptr ? T(1) : gamma[c]) * rstd[c];
    dx[i] = scale * (dy[i] - sum_dy[c] / n - xhat[i] * (sum_dy_xhat[c] / n));
  }
}

}  // namespace bnlab
