// Every intermediate number of one batch through batch normalization, for explaining it: forward, both modes, backward with
// the three terms of dx, a check by finite differences, and one SGD step on γ and β.
//
// It states each quantity by its definition, in double, and is tested against nn/batch_norm.hpp, which computes the same
// with fewer operations.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "core/types.hpp"
#include "nn/batch_norm.hpp"

namespace bnlab {

struct BatchNormWalkInput {
  Index examples = 0;                  // m
  Index features = 0;                  // C
  const double* x = nullptr;           // (m, C)
  const double* gamma = nullptr;       // (C), and so below
  const double* beta = nullptr;
  const double* running_mean = nullptr;
  const double* running_var = nullptr;
  double eps = 1e-5;
  const double* dy = nullptr;      // (m, C): L = Σ dy·y, whose gradient is dy
  const double* target = nullptr;  // or (m, C): L = ½Σ(y−t)². Exactly one of the two.
  double lr = 0.1;
};

struct BatchNormWalk {
  using Values = std::vector<double>;
  // (C)
  Values sum, mean, sum_of_squares, var, var_unbiased, std, rstd, running_rstd;
  // (m, C)
  Values centered, squared, xhat, scaled, y, xhat_inference, y_inference, gap;
  double loss = 0;
  // (m, C), (C), (C)
  Values dy, dy_xhat, dbeta, dgamma;
  // (m, C): γ·rstd·dy, −γ·rstd·dβ/m, −γ·rstd·x̂·dγ/m, and their sum; (C): Σdx
  Values dx_direct, dx_mean, dx_variance, dx, dx_sum;
  // central differences of the loss
  Values dx_numeric, dgamma_numeric, dbeta_numeric;
  // (C): after one step of SGD, and the loss of the same batch then
  Values gamma_next, beta_next;
  double loss_next = 0;
};

namespace walk_detail {

using Values = BatchNormWalk::Values;

// L of the batch `x` under γ and β.
inline double loss_of(const BatchNormWalkInput& in, const Values& x, const Values& gamma, const Values& beta) {
  const ChannelShape shape{in.examples, in.features, 1};
  const auto channels = static_cast<std::size_t>(in.features);
  Values mean(channels);
  Values var(channels);
  Values rstd(channels);
  Values y(x.size());
  batch_norm_forward_training<double>(shape, x.data(), gamma.data(), beta.data(), in.eps, mean.data(), var.data(),
                                      rstd.data(), nullptr, y.data());
  double loss = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (in.target == nullptr)
      loss += in.dy[i] * y[i];
    else
      loss += 0.5 * (y[i] - in.target[i]) * (y[i] - in.target[i]);
  }
  return loss;
}

// (L(v+h) − L(v−h)) / 2h for each value v of `moved`, through `loss`.
template <typename LossOf>
Values central_differences(Values& moved, LossOf&& loss) {
  Values slope;
  for (double& value : moved) {
    const double kept = value;
    const double h = 1e-6 * std::max(1.0, std::abs(kept));
    value = kept + h;
    const double above = value;
    const double loss_above = loss();
    value = kept - h;
    const double below = value;
    const double loss_below = loss();
    value = kept;
    slope.push_back((loss_above - loss_below) / (above - below));
  }
  return slope;
}

}  // namespace walk_detail

inline BatchNormWalk batch_norm_walk(const BatchNormWalkInput& in) {
  using walk_detail::Values;
  const auto features = static_cast<std::size_t>(in.features);
  const auto size = static_cast<std::size_t>(in.examples) * features;
  const auto m = static_cast<double>(in.examples);
  BatchNormWalk w;
  for (Values* per_feature : {&w.sum, &w.mean, &w.sum_of_squares, &w.var, &w.var_unbiased, &w.std, &w.rstd, &w.running_rstd,
                              &w.dbeta, &w.dgamma, &w.dx_sum, &w.gamma_next, &w.beta_next})
    per_feature->assign(features, 0);
  for (Values* per_cell : {&w.centered, &w.squared, &w.xhat, &w.scaled, &w.y, &w.xhat_inference, &w.y_inference, &w.gap, &w.dy,
                           &w.dy_xhat, &w.dx_direct, &w.dx_mean, &w.dx_variance, &w.dx})
    per_cell->assign(size, 0);

  // Mean and variance as the operator takes them: two passes, with the correction.
  batch_norm_statistics<double>({in.examples, in.features, 1}, in.x, w.mean.data(), w.var.data());
  for (std::size_t c = 0; c < features; ++c) {
    w.std[c] = std::sqrt(w.var[c] + in.eps);
    w.rstd[c] = 1 / w.std[c];
    w.running_rstd[c] = 1 / std::sqrt(in.running_var[c] + in.eps);
    w.var_unbiased[c] = in.examples > 1 ? w.var[c] * m / (m - 1) : std::numeric_limits<double>::quiet_NaN();
  }

  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t c = i % features;
    w.sum[c] += in.x[i];
    w.centered[i] = in.x[i] - w.mean[c];
    w.squared[i] = w.centered[i] * w.centered[i];
    w.sum_of_squares[c] += w.squared[i];
    w.xhat[i] = w.centered[i] * w.rstd[c];
    w.scaled[i] = in.gamma[c] * w.xhat[i];
    w.y[i] = w.scaled[i] + in.beta[c];
    w.xhat_inference[i] = (in.x[i] - in.running_mean[c]) * w.running_rstd[c];
    w.y_inference[i] = in.gamma[c] * w.xhat_inference[i] + in.beta[c];
    w.gap[i] = w.y[i] - w.y_inference[i];
    w.dy[i] = in.target == nullptr ? in.dy[i] : w.y[i] - in.target[i];
    w.dy_xhat[i] = w.dy[i] * w.xhat[i];
    w.dbeta[c] += w.dy[i];
    w.dgamma[c] += w.dy_xhat[i];
  }
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t c = i % features;
    const double factor = in.gamma[c] * w.rstd[c];
    w.dx_direct[i] = factor * w.dy[i];
    w.dx_mean[i] = -factor * w.dbeta[c] / m;
    w.dx_variance[i] = -factor * w.xhat[i] * w.dgamma[c] / m;
    w.dx[i] = w.dx_direct[i] + w.dx_mean[i] + w.dx_variance[i];
    w.dx_sum[c] += w.dx[i];
  }

  Values x(in.x, in.x + size);
  Values gamma(in.gamma, in.gamma + features);
  Values beta(in.beta, in.beta + features);
  const auto loss = [&] { return walk_detail::loss_of(in, x, gamma, beta); };
  w.loss = loss();
  w.dx_numeric = walk_detail::central_differences(x, loss);
  w.dgamma_numeric = walk_detail::central_differences(gamma, loss);
  w.dbeta_numeric = walk_detail::central_differences(beta, loss);
  for (std::size_t c = 0; c < features; ++c) {
    gamma[c] = w.gamma_next[c] = in.gamma[c] - in.lr * w.dgamma[c];
    beta[c] = w.beta_next[c] = in.beta[c] - in.lr * w.dbeta[c];
  }
  w.loss_next = loss();
  return w;
}

}  // namespace bnlab
