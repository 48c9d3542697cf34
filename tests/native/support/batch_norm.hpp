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

// Compiled once for float and for double, in batch_norm.cpp: the kernels take their time.
template <typename T>
BatchNormPass<T> pass_in_training(const BatchNormCase<T>& c);
template <typename T>
BatchNormPass<T> pass_in_inference(const BatchNormCase<T>& c);

}  // namespace bnlab::test
