// Ghost batch normalization (Hoffer, Hubara & Soudry 2017, arXiv:1705.08741): the batch is taken in groups of consecutive
// examples, and each group is normalised by its own statistics, as in batch_norm.hpp:
//
//   training     x̂ = (x−μ_k)/√(σ²_k+ε)      y = γx̂ + β      for the examples of group k
//   inference    as batch norm, by the running statistics
//
// Each group has `group` examples and the last those that are left; where that is a single value per channel, which has no
// variance, it joins the group before. A batch that comes in the same order every time also has the same groups.
//
// Shapes: as in batch_norm.hpp; mean, var and rstd are (G, C), a row per group.
#pragma once

#include <algorithm>

#include "nn/batch_norm.hpp"

namespace bnlab {

// How many groups a batch makes; a larger batch never makes fewer.
inline Index ghost_groups(const ChannelShape& shape, Index group) {
  const Index whole = shape.batch / group;
  const Index rest = shape.batch % group * shape.spatial;
  return std::max<Index>(whole + (rest > 1 ? 1 : 0), 1);
}

namespace ghost_batch_norm_detail {

// The shape of group k out of `groups`.
inline ChannelShape shape_of(const ChannelShape& shape, Index group, Index groups, Index k) {
  return {k + 1 < groups ? group : shape.batch - k * group, shape.channels, shape.spatial};
}

}  // namespace ghost_batch_norm_detail

// Forward in training mode. Writes y and what backward needs: xhat and rstd (G, C); also mean and (biased) var (G, C).
template <typename T>
void ghost_batch_norm_forward_training(const ChannelShape& shape, Index group, const T* x, const T* gamma,
                                       const T* beta, T eps, T* mean, T* var, T* rstd, T* xhat, T* y) {
  const Index groups = ghost_groups(shape, group);
  for (Index k = 0; k < groups; ++k) {
    const Index row = k * shape.channels;
    const Index first = row * shape.spatial * group;
    batch_norm_forward_training(ghost_batch_norm_detail::shape_of(shape, group, groups, k), x + first, gamma,
                                beta, eps, mean + row, var + row, rstd + row, xhat + first, y + first);
  }
}

// Backward in training mode: batch_norm_backward_training in each group, dγ and dβ added up over them.
// dgamma and dbeta (C) are overwritten and always needed, affine or not. dx may be null. `scratch` holds 2·C values.
template <typename T>
void ghost_batch_norm_backward_training(const ChannelShape& shape, Index group, const T* dy, const T* xhat,
                                        const T* rstd, const T* gamma, T* scratch, T* dx, T* dgamma,
                                        T* dbeta) {
  const Index groups = ghost_groups(shape, group);
  std::fill_n(dgamma, shape.channels, T(0));
  std::fill_n(dbeta, shape.channels, T(0));
  for (Index k = 0; k < groups; ++k) {
    const Index row = k * shape.channels;
    const Index first = row * shape.spatial * group;
    batch_norm_backward_training(ghost_batch_norm_detail::shape_of(shape, group, groups, k), dy + first,
                                 xhat + first, rstd + row, gamma, dx == nullptr ? nullptr : dx + first,
                                 scratch, scratch + shape.channels);
    for (Index c = 0; c < shape.channels; ++c) {
      dgamma[c] += scratch[c];
      dbeta[c] += scratch[shape.channels + c];
    }
  }
}

// What the groups say of a batch: the plain averages of their μ_k, and of their n/(n−1)·σ²_k over n values each (of their
// σ²_k where `unbiased` is false), into average_mean and average_var (C).
template <typename T>
void ghost_batch_norm_average(const ChannelShape& shape, Index group, bool unbiased, const T* mean,
                              const T* var, T* average_mean, T* average_var) {
  const Index groups = ghost_groups(shape, group);
  std::fill_n(average_mean, shape.channels, T(0));
  std::fill_n(average_var, shape.channels, T(0));
  for (Index k = 0; k < groups; ++k) {
    const Index n = ghost_batch_norm_detail::shape_of(shape, group, groups, k).reduction();
    const T bessel = unbiased && n > 1 ? static_cast<T>(n) / static_cast<T>(n - 1) : T(1);
    for (Index c = 0; c < shape.channels; ++c) {
      average_mean[c] += mean[k * shape.channels + c] / static_cast<T>(groups);
      average_var[c] += var[k * shape.channels + c] * bessel / static_cast<T>(groups);
    }
  }
}

// batch_norm_update_running by the groups' averages. `scratch` holds 2·C values. Refuses, and changes nothing, where one of
// them is not finite. Returns whether it updated.
template <typename T>
bool ghost_batch_norm_update_running(BatchNormOptions options, const ChannelShape& shape, Index group,
                                     const T* mean, const T* var, Index batches_seen, T* scratch,
                                     T* running_mean, T* running_var) {
  ghost_batch_norm_average(shape, group, options.unbiased_running_var, mean, var, scratch,
                           scratch + shape.channels);
  options.unbiased_running_var = false;  // the averages are already what is to be stored
  return batch_norm_update_running(options, shape.channels, 1, scratch, scratch + shape.channels,
                                   batches_seen, running_mean, running_var);
}

}  // namespace bnlab
