// Every intermediate number of one batch through batch normalization, for explaining it: forward, backward with the three
// terms of dx, a check by finite differences, and one SGD step on γ and β.
//
// In training mode the batch's own statistics normalise; in inference mode the running ones do, as constants, so that the
// second and third term of dx are zero. What belongs to one mode only is named so; `gap` is y of training − y of inference.
//
// It states each quantity by its definition, in double, and is tested against nn/batch_norm.hpp, which computes the same
// with fewer operations.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "core/types.hpp"
#include "nn/batch_norm.hpp"
#include "nn/network.hpp"

namespace bnlab {

struct BatchNormWalkInput {
  Index examples = 0;             // m
  Index features = 0;             // C
  const double* x = nullptr;      // (m, C)
  const double* gamma = nullptr;  // (C), and so below
  const double* beta = nullptr;
  const double* running_mean = nullptr;
  const double* running_var = nullptr;
  double eps = 1e-5;
  const double* dy = nullptr;      // (m, C): L = Σ dy·y, whose gradient is dy
  const double* target = nullptr;  // or (m, C): L = ½Σ(y−t)². Exactly one of the two.
  double lr = 0.1;
  Mode mode = Mode::kTraining;
};

struct BatchNormWalk {
  using Values = std::vector<double>;
  double xhat_bound = 0;  // √(m−1): no |x̂| of a batch of m is larger in training mode
  // (C): the batch's statistics, the running ones' roots, and γ·rstd of the mode
  Values sum, mean, sum_of_squares, var, var_unbiased, std, rstd, running_std, running_rstd, factor;
  // (m, C): (x−μ)², then by the mode's statistics x−μ, x̂, γx̂, y, then inference mode's x̂ and y, and the gap
  Values squared, centered, xhat, scaled, y, xhat_inference, y_inference, gap;
  double loss = 0;
  // (m, C), (m, C), (C), (C)
  Values dy, dy_xhat, dbeta, dgamma;
  // (m, C): factor·dy, −factor·dβ/m, −factor·x̂·dγ/m, and their sum; (C): Σdx
  Values dx_direct, dx_mean, dx_variance, dx, dx_sum;
  // central differences of the loss, and the largest distance of any gradient from them
  Values dx_numeric, dgamma_numeric, dbeta_numeric;
  double largest_difference = 0;
  // (C): after one step of SGD, and the loss of the same batch then
  Values gamma_next, beta_next;
  double loss_next = 0;
};

namespace walk_detail {

using Values = BatchNormWalk::Values;

// L of the batch `x` under γ and β, through the operators.
inline double loss_of(const BatchNormWalkInput& in, const Values& x, const Values& gamma,
                      const Values& beta) {
  const ChannelShape shape{in.examples, in.features, 1};
  const auto features = static_cast<std::size_t>(in.features);
  Values mean(in.running_mean, in.running_mean + features);
  Values var(in.running_var, in.running_var + features);
  Values rstd(features);
  Values y(x.size());
  if (in.mode == Mode::kTraining) batch_norm_statistics(shape, x.data(), mean.data(), var.data());
  batch_norm_rstd(in.features, var.data(), in.eps, rstd.data());
  batch_norm_normalize<double>(shape, x.data(), mean.data(), rstd.data(), gamma.data(), beta.data(), nullptr,
                               y.data());
  double loss = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (in.target == nullptr)
      loss += in.dy[i] * y[i];
    else
      loss += 0.5 * (y[i] - in.target[i]) * (y[i] - in.target[i]);
  }
  return loss;
}

// (L(v+h) − L(v−h)) / 2h for each value v of `moved`, through `loss`, with h = 10⁻⁶·max(1, |v|).
template <typename LossOf>
Values central_differences(Values& moved, LossOf&& loss) {
  Values slope;
  for (double& value : moved) {
    const double kept = value;
    const double h = 1e-6 * std::max(1.0, std::abs(kept));
    const double above = kept + h;  // rounded: the true distance is above − below
    const double below = kept - h;
    value = above;
    const double loss_above = loss();
    value = below;
    const double loss_below = loss();
    value = kept;
    slope.push_back((loss_above - loss_below) / (above - below));
  }
  return slope;
}

inline double largest_difference(const Values& a, const Values& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace walk_detail

inline BatchNormWalk batch_norm_walk(const BatchNormWalkInput& in) {
  using walk_detail::Values;
  const auto features = static_cast<std::size_t>(in.features);
  const auto size = static_cast<std::size_t>(in.examples) * features;
  const auto m = static_cast<double>(in.examples);
  const bool training = in.mode == Mode::kTraining;
  BatchNormWalk w;
  for (Values* per_feature : {&w.sum, &w.mean, &w.sum_of_squares, &w.var, &w.var_unbiased, &w.std, &w.rstd,
                              &w.running_std, &w.running_rstd, &w.factor, &w.dbeta, &w.dgamma, &w.dx_sum})
    per_feature->assign(features, 0);
  for (Values* per_cell :
       {&w.squared, &w.centered, &w.xhat, &w.scaled, &w.y, &w.xhat_inference, &w.y_inference, &w.gap, &w.dy,
        &w.dy_xhat, &w.dx_direct, &w.dx_mean, &w.dx_variance, &w.dx})
    per_cell->assign(size, 0);

  w.xhat_bound = std::sqrt(m - 1);
  // Mean and variance as the operator takes them: two passes, with the correction.
  batch_norm_statistics<double>({in.examples, in.features, 1}, in.x, w.mean.data(), w.var.data());
  for (std::size_t c = 0; c < features; ++c) {
    w.std[c] = std::sqrt(w.var[c] + in.eps);
    w.rstd[c] = 1 / w.std[c];
    w.running_std[c] = std::sqrt(in.running_var[c] + in.eps);
    w.running_rstd[c] = 1 / w.running_std[c];
    w.var_unbiased[c] = in.examples > 1 ? w.var[c] * m / (m - 1) : std::numeric_limits<double>::quiet_NaN();
    w.factor[c] = in.gamma[c] * (training ? w.rstd[c] : w.running_rstd[c]);
  }

  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t c = i % features;
    const double from_mean = in.x[i] - w.mean[c];
    const double from_running_mean = in.x[i] - in.running_mean[c];
    w.sum[c] += in.x[i];
    w.squared[i] = from_mean * from_mean;
    w.sum_of_squares[c] += w.squared[i];
    w.xhat_inference[i] = from_running_mean * w.running_rstd[c];
    w.y_inference[i] = in.gamma[c] * w.xhat_inference[i] + in.beta[c];
    w.gap[i] = in.gamma[c] * (from_mean * w.rstd[c]) + in.beta[c] - w.y_inference[i];

    w.centered[i] = training ? from_mean : from_running_mean;
    w.xhat[i] = training ? from_mean * w.rstd[c] : w.xhat_inference[i];
    w.scaled[i] = in.gamma[c] * w.xhat[i];
    w.y[i] = w.scaled[i] + in.beta[c];

    w.dy[i] = in.target == nullptr ? in.dy[i] : w.y[i] - in.target[i];
    w.dy_xhat[i] = w.dy[i] * w.xhat[i];
    w.dbeta[c] += w.dy[i];
    w.dgamma[c] += w.dy_xhat[i];
  }
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t c = i % features;
    w.dx_direct[i] = w.factor[c] * w.dy[i];
    if (training) {
      w.dx_mean[i] = -w.factor[c] * w.dbeta[c] / m;
      w.dx_variance[i] = -w.factor[c] * w.xhat[i] * w.dgamma[c] / m;
    }
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
  w.largest_difference = std::max({walk_detail::largest_difference(w.dx, w.dx_numeric),
                                   walk_detail::largest_difference(w.dgamma, w.dgamma_numeric),
                                   walk_detail::largest_difference(w.dbeta, w.dbeta_numeric)});
  for (std::size_t c = 0; c < features; ++c) {
    gamma[c] -= in.lr * w.dgamma[c];
    beta[c] -= in.lr * w.dbeta[c];
  }
  w.gamma_next = gamma;
  w.beta_next = beta;
  w.loss_next = loss();
  return w;
}

}  // namespace bnlab
