// Batch normalization of one batch, forward and backward, with every array at hand.
#pragma once

#include <vector>

#include "nn/batch_norm.hpp"
#include "support/values.hpp"

namespace bnlab::test {

template <typename T>
struct BatchNormPass {
  std::vector<T> mean, var, rstd, xhat, y, dx, dgamma, dbeta;
};

// What goes in. Empty gamma and beta: affine off. Empty dy: forward only.
template <typename T>
struct BatchNormCase {
  ChannelShape shape;
  std::vector<T> x;
  std::vector<T> gamma;
  std::vector<T> beta;
  std::vector<T> dy;
  T eps = T(1e-5);
  // Of inference mode.
  std::vector<T> running_mean;
  std::vector<T> running_var;

  [[nodiscard]] const T* gamma_or_null() const { return gamma.empty() ? nullptr : gamma.data(); }
  [[nodiscard]] const T* beta_or_null() const { return beta.empty() ? nullptr : beta.data(); }
};

template <typename T>
BatchNormCase<T> random_case(ChannelShape shape, std::uint64_t seed, double mean = 1.5, double std = 2) {
  BatchNormCase<T> c;
  c.shape = shape;
  c.x = random_values<T>(shape.size(), seed, mean, std);
  c.gamma = random_values<T>(shape.channels, seed + 1, 1, 0.5);
  c.beta = random_values<T>(shape.channels, seed + 2);
  c.dy = random_values<T>(shape.size(), seed + 3);
  c.running_mean = random_values<T>(shape.channels, seed + 4);
  for (const T value : random_values<T>(shape.channels, seed + 5))
    c.running_var.push_back(T(0.5) + value * value);
  return c;
}

namespace detail {

template <typename T>
BatchNormPass<T> room_for(const BatchNormCase<T>& c) {
  BatchNormPass<T> pass;
  for (auto* per_value : {&pass.xhat, &pass.y, &pass.dx}) per_value->resize(c.x.size());
  for (auto* per_channel : {&pass.mean, &pass.var, &pass.rstd, &pass.dgamma, &pass.dbeta})
    per_channel->resize(size_of(c.shape.channels));
  return pass;
}

}  // namespace detail

template <typename T>
BatchNormPass<T> pass_in_training(const BatchNormCase<T>& c) {
  BatchNormPass<T> p = detail::room_for(c);
  batch_norm_forward_training(c.shape, c.x.data(), c.gamma_or_null(), c.beta_or_null(), c.eps, p.mean.data(),
                              p.var.data(), p.rstd.data(), p.xhat.data(), p.y.data());
  if (!c.dy.empty())
    batch_norm_backward_training(c.shape, c.dy.data(), p.xhat.data(), p.rstd.data(), c.gamma_or_null(),
                                 p.dx.data(), p.dgamma.data(), p.dbeta.data());
  return p;
}

template <typename T>
BatchNormPass<T> pass_in_inference(const BatchNormCase<T>& c) {
  BatchNormPass<T> p = detail::room_for(c);
  p.mean = c.running_mean;
  p.var = c.running_var;
  batch_norm_rstd(c.shape.channels, p.var.data(), c.eps, p.rstd.data());
  batch_norm_normalize(c.shape, c.x.data(), p.mean.data(), p.rstd.data(), c.gamma_or_null(), c.beta_or_null(),
                       p.xhat.data(), p.y.data());
  if (!c.dy.empty())
    batch_norm_backward_inference(c.shape, c.dy.data(), p.xhat.data(), p.rstd.data(), c.gamma_or_null(),
                                  p.dx.data(), p.dgamma.data(), p.dbeta.data());
  return p;
}

}  // namespace bnlab::test
