// One layer's part of a pass through a network: forward, then backward, for each kind. The mathematics is in the layer's
// own file; here it meets the network's parameters and the tape's buffers.
#pragma once

#include "nn/activation.hpp"
#include "nn/batch_norm.hpp"
#include "nn/batch_renorm.hpp"
#include "nn/conv2d.hpp"
#include "nn/dropout.hpp"
#include "nn/ghost_batch_norm.hpp"
#include "nn/group_norm.hpp"
#include "nn/linear.hpp"
#include "nn/lp_norm.hpp"
#include "nn/pool2d.hpp"
#include "nn/tape.hpp"
#include "nn/unit_noise.hpp"

namespace bnlab {

// A layer in a pass of `batch` examples.
template <typename T>
struct LayerPass {
  const Network<T>& network;
  Tape<T>& tape;
  std::size_t index;
  Index batch;
  Mode mode;
  const T* x;          // what went into the network
  const Tape<T>* met;  // training: normalise by the statistics of this pass; null: by the batch's own

  [[nodiscard]] const LayerPlan& plan() const { return network.layers()[index]; }
  [[nodiscard]] const TapeRecord<T>& record() const { return tape.records()[index]; }
  // What goes into the layer, and where its gradient goes: null below the first layer.
  [[nodiscard]] const T* input() const { return index == 0 ? x : tape.records()[index - 1].y; }
  [[nodiscard]] T* dinput() const { return index == 0 ? nullptr : tape.records()[index - 1].dy; }
  [[nodiscard]] Index size() const { return batch * plan().out.size(); }
  [[nodiscard]] ChannelShape channels() const { return {batch, plan().out.channels, plan().out.spatial()}; }
  [[nodiscard]] const T* gamma() const { return network.parameter(plan().gamma); }
  [[nodiscard]] const T* beta() const { return network.parameter(plan().beta); }
  [[nodiscard]] const T* running_mean() const { return network.buffer(plan().running_mean); }
  [[nodiscard]] const T* running_var() const { return network.buffer(plan().running_var); }
  // Where a normalisation's dγ and dβ go: without γ and β they are sums that dx needs all the same.
  [[nodiscard]] T* dgamma(T* gradients) const {
    return plan().gamma == kAbsent ? record().sums : gradients + plan().gamma;
  }
  [[nodiscard]] T* dbeta(T* gradients) const {
    return plan().beta == kAbsent ? record().sums + gamma_size() : gradients + plan().beta;
  }
  [[nodiscard]] Index gamma_size() const {
    const auto* norm = std::get_if<GroupNormSpec>(&plan().spec);
    return norm != nullptr && norm->per_feature ? plan().out.size() : plan().out.channels;
  }
  [[nodiscard]] T* ghost_scratch() const { return record().sums + 2 * plan().out.channels; }
  // Whether a layer with these options normalises by its running statistics.
  [[nodiscard]] bool by_running(const BatchNormOptions& options) const {
    return mode == Mode::kInference && options.track_running_stats;
  }
};

// ---- linear

template <typename T>
void layer_forward(const LinearSpec& /*spec*/, const LayerPass<T>& p) {
  const LayerPlan& plan = p.plan();
  linear_forward({p.batch, plan.in.size(), plan.out.size()}, p.input(), p.network.parameter(plan.weight),
                 p.network.parameter(plan.bias), p.record().y);
}

template <typename T>
void layer_backward(const LinearSpec& /*spec*/, const LayerPass<T>& p, T* gradients) {
  const LayerPlan& plan = p.plan();
  linear_backward({p.batch, plan.in.size(), plan.out.size()}, p.input(), p.network.parameter(plan.weight),
                  p.record().dy, p.dinput(), gradients + plan.weight,
                  plan.bias == kAbsent ? nullptr : gradients + plan.bias);
}

// ---- convolution and pooling

template <typename T>
void layer_forward(const Conv2dSpec& spec, const LayerPass<T>& p) {
  const LayerPlan& plan = p.plan();
  conv2d_forward(conv_shape(spec, plan.in, p.batch), p.input(), p.network.parameter(plan.weight),
                 p.network.parameter(plan.bias), p.record().workspace, p.record().y);
}

template <typename T>
void layer_backward(const Conv2dSpec& spec, const LayerPass<T>& p, T* gradients) {
  const LayerPlan& plan = p.plan();
  conv2d_backward(conv_shape(spec, plan.in, p.batch), p.input(), p.network.parameter(plan.weight),
                  p.record().dy, p.record().workspace, p.dinput(), gradients + plan.weight,
                  plan.bias == kAbsent ? nullptr : gradients + plan.bias);
}

template <typename T>
void layer_forward(const Pool2dSpec& spec, const LayerPass<T>& p) {
  const PoolShape shape = pool_shape(spec, p.plan().in, p.batch);
  if (spec.kind == Pool::kMax)
    max_pool2d_forward(shape, p.input(), p.record().y, p.record().argmax);
  else
    average_pool2d_forward(shape, p.input(), p.record().y);
}

template <typename T>
void layer_backward(const Pool2dSpec& spec, const LayerPass<T>& p, T* /*gradients*/) {
  if (p.dinput() == nullptr) return;
  const PoolShape shape = pool_shape(spec, p.plan().in, p.batch);
  if (spec.kind == Pool::kMax)
    max_pool2d_backward(shape, p.record().dy, p.record().argmax, p.dinput());
  else
    average_pool2d_backward(shape, p.record().dy, p.dinput());
}

template <typename T>
void layer_forward(const FlattenSpec& /*spec*/, const LayerPass<T>& p) {
  std::copy_n(p.input(), p.size(), p.record().y);
}

template <typename T>
void layer_backward(const FlattenSpec& /*spec*/, const LayerPass<T>& p, T* /*gradients*/) {
  if (p.dinput() != nullptr) std::copy_n(p.record().dy, p.size(), p.dinput());
}

// ---- elementwise

template <typename T>
void layer_forward(const ActivationSpec& spec, const LayerPass<T>& p) {
  activation_forward(spec.kind, p.size(), p.input(), p.record().y, static_cast<T>(spec.slope));
}

template <typename T>
void layer_backward(const ActivationSpec& spec, const LayerPass<T>& p, T* /*gradients*/) {
  if (p.dinput() == nullptr) return;
  activation_backward(spec.kind, p.size(), p.record().y, p.record().dy, p.dinput(),
                      static_cast<T>(spec.slope));
}

template <typename T>
void layer_forward(const DropoutSpec& spec, const LayerPass<T>& p) {
  if (p.mode == Mode::kInference) {
    std::copy_n(p.input(), p.size(), p.record().y);
    return;
  }
  dropout_mask(spec.p, p.size(), p.tape.random(), p.record().mask);
  dropout_forward(p.size(), p.input(), p.record().mask, p.record().y);
}

template <typename T>
void layer_backward(const DropoutSpec& /*spec*/, const LayerPass<T>& p, T* /*gradients*/) {
  if (p.dinput() == nullptr) return;
  if (p.mode == Mode::kInference)
    std::copy_n(p.record().dy, p.size(), p.dinput());
  else
    dropout_backward(p.size(), p.record().dy, p.record().mask, p.dinput());
}

template <typename T>
void layer_forward(const UnitNoiseSpec& spec, const LayerPass<T>& p) {
  if (p.mode == Mode::kInference)
    std::copy_n(p.input(), p.size(), p.record().y);
  else
    unit_noise_forward(p.channels(), spec.noise, p.tape.random(), p.input(), p.record().mask, p.record().y);
}

template <typename T>
void layer_backward(const UnitNoiseSpec& /*spec*/, const LayerPass<T>& p, T* gradients) {
  layer_backward(DropoutSpec{}, p, gradients);
}

// ---- skip connections

namespace layer_detail {

template <typename T>
void add_to(Index size, const T* from, T* to) {
  for_each_column_group<T>(size,
                           [=]<typename L>(Index i) { (L::load(to + i) + L::load(from + i)).store(to + i); });
}

}  // namespace layer_detail

template <typename T>
void layer_forward(const AddSpec& spec, const LayerPass<T>& p) {
  std::copy_n(p.input(), p.size(), p.record().y);
  const T* skipped = spec.from < 0 ? p.x : p.tape.records()[static_cast<std::size_t>(spec.from)].y;
  layer_detail::add_to(p.size(), skipped, p.record().y);
}

// The earlier layer's share waits in its dskip until backward gets there.
template <typename T>
void layer_backward(const AddSpec& spec, const LayerPass<T>& p, T* /*gradients*/) {
  if (p.dinput() != nullptr) std::copy_n(p.record().dy, p.size(), p.dinput());
  if (spec.from >= 0)
    layer_detail::add_to(p.size(), p.record().dy,
                         p.tape.records()[static_cast<std::size_t>(spec.from)].dskip);
}

// ---- normalisation by the batch

template <typename T>
void layer_forward(const BatchNormSpec& spec, const LayerPass<T>& p) {
  const TapeRecord<T>& r = p.record();
  const ChannelShape shape = p.channels();
  const T eps = static_cast<T>(spec.options.eps);
  if (p.by_running(spec.options) || spec.frozen) {
    batch_norm_rstd(shape.channels, p.running_var(), eps, r.rstd);
    batch_norm_normalize(shape, p.input(), p.running_mean(), r.rstd, p.gamma(), p.beta(), r.xhat, r.y);
  } else if (p.met != nullptr) {
    // Of ghost batches, the first.
    const TapeRecord<T>& met = p.met->records()[p.index];
    batch_norm_normalize(shape, p.input(), met.mean, met.rstd, p.gamma(), p.beta(), r.xhat, r.y);
  } else if (spec.ghost > 0) {
    ghost_batch_norm_forward_training(shape, spec.ghost, p.input(), p.gamma(), p.beta(), eps, r.mean, r.var,
                                      r.rstd, r.xhat, r.y);
  } else {
    batch_norm_forward_training(shape, p.input(), p.gamma(), p.beta(), eps, r.mean, r.var, r.rstd, r.xhat,
                                r.y);
  }
}

template <typename T>
void layer_backward(const BatchNormSpec& spec, const LayerPass<T>& p, T* gradients) {
  const TapeRecord<T>& r = p.record();
  if (p.by_running(spec.options) || spec.frozen)
    batch_norm_backward_inference(p.channels(), r.dy, r.xhat, r.rstd, p.gamma(), p.dinput(),
                                  p.dgamma(gradients), p.dbeta(gradients));
  else if (spec.ghost > 0)
    ghost_batch_norm_backward_training(p.channels(), spec.ghost, r.dy, r.xhat, r.rstd, p.gamma(),
                                       p.ghost_scratch(), p.dinput(), p.dgamma(gradients),
                                       p.dbeta(gradients));
  else
    batch_norm_backward_training(p.channels(), r.dy, r.xhat, r.rstd, p.gamma(), p.dinput(),
                                 p.dgamma(gradients), p.dbeta(gradients));
}

template <typename T>
bool layer_update_running(const BatchNormSpec& spec, const LayerPlan& plan, const TapeRecord<T>& r,
                          Index batch, Index seen, T* running_mean, T* running_var) {
  if (spec.frozen) return false;
  const ChannelShape shape{batch, plan.out.channels, plan.out.spatial()};
  if (spec.ghost > 0)
    return ghost_batch_norm_update_running(spec.options, shape, spec.ghost, r.mean, r.var, seen, r.sums,
                                           running_mean, running_var);
  return batch_norm_update_running(spec.options, shape.channels, shape.reduction(), r.mean, r.var, seen,
                                   running_mean, running_var);
}

template <typename T>
void layer_forward(const BatchRenormSpec& spec, const LayerPass<T>& p) {
  const TapeRecord<T>& r = p.record();
  const ChannelShape shape = p.channels();
  if (p.mode == Mode::kInference) {
    batch_renorm_inference_scale(shape.channels, p.running_var(), r.rstd);
    batch_norm_normalize(shape, p.input(), p.running_mean(), r.rstd, p.gamma(), p.beta(), r.xhat, r.y);
  } else if (p.met != nullptr) {
    const TapeRecord<T>& met = p.met->records()[p.index];
    batch_norm_normalize(shape, p.input(), met.correction, met.rstd, p.gamma(), p.beta(), r.xhat, r.y);
  } else {
    batch_renorm_forward_training(shape, p.input(), p.gamma(), p.beta(), static_cast<T>(spec.options.eps),
                                  spec.schedule.at(p.network.batches_tracked()[p.index]), p.running_mean(),
                                  p.running_var(), r.mean, r.var, r.correction, r.rstd,
                                  r.correction + shape.channels, r.correction + 2 * shape.channels, r.xhat,
                                  r.y);
  }
}

template <typename T>
void layer_backward(const BatchRenormSpec& /*spec*/, const LayerPass<T>& p, T* gradients) {
  const TapeRecord<T>& r = p.record();
  const Index channels = p.plan().out.channels;
  if (p.mode == Mode::kInference)
    batch_norm_backward_inference(p.channels(), r.dy, r.xhat, r.rstd, p.gamma(), p.dinput(),
                                  p.dgamma(gradients), p.dbeta(gradients));
  else
    batch_renorm_backward_training(p.channels(), r.dy, r.xhat, r.rstd, r.correction + channels,
                                   r.correction + 2 * channels, p.gamma(), p.dinput(), p.dgamma(gradients),
                                   p.dbeta(gradients));
}

template <typename T>
bool layer_update_running(const BatchRenormSpec& spec, const LayerPlan& plan, const TapeRecord<T>& r,
                          Index /*batch*/, Index /*seen*/, T* running_mean, T* running_std) {
  return batch_renorm_update_running(spec.options.running_momentum, plan.out.channels, r.mean, r.var,
                                     running_mean, running_std);
}

template <typename T>
void layer_forward(const LpNormSpec& spec, const LayerPass<T>& p) {
  const TapeRecord<T>& r = p.record();
  const ChannelShape shape = p.channels();
  const T eps = static_cast<T>(spec.options.eps);
  if (p.mode == Mode::kInference) {
    lp_norm_rscale(shape.channels, p.running_var(), eps, r.rstd);
    batch_norm_normalize(shape, p.input(), p.running_mean(), r.rstd, p.gamma(), p.beta(), r.xhat, r.y);
  } else if (p.met != nullptr) {
    const TapeRecord<T>& met = p.met->records()[p.index];
    batch_norm_normalize(shape, p.input(), met.mean, met.rstd, p.gamma(), p.beta(), r.xhat, r.y);
  } else {
    lp_norm_forward_training(shape, spec.spread, p.input(), p.gamma(), p.beta(), eps, r.mean, r.var, r.rstd,
                             r.xhat, r.y);
  }
}

template <typename T>
void layer_backward(const LpNormSpec& spec, const LayerPass<T>& p, T* gradients) {
  const TapeRecord<T>& r = p.record();
  if (p.mode == Mode::kInference)
    batch_norm_backward_inference(p.channels(), r.dy, r.xhat, r.rstd, p.gamma(), p.dinput(),
                                  p.dgamma(gradients), p.dbeta(gradients));
  else
    lp_norm_backward_training(p.channels(), spec.spread, r.dy, r.xhat, r.var, r.rstd, p.gamma(), p.dinput(),
                              p.dgamma(gradients), p.dbeta(gradients));
}

template <typename T>
bool layer_update_running(const LpNormSpec& spec, const LayerPlan& plan, const TapeRecord<T>& r,
                          Index /*batch*/, Index /*seen*/, T* running_mean, T* running_scale) {
  return lp_norm_update_running(spec.options.running_momentum, plan.out.channels, r.mean, r.var, running_mean,
                                running_scale);
}

// ---- normalisation by the example

namespace layer_detail {

// With γ and β per feature, a picture is a row of as many channels.
template <typename T>
ChannelShape group_norm_shape(const GroupNormSpec& spec, const LayerPass<T>& p) {
  return spec.per_feature ? ChannelShape{p.batch, p.plan().out.size(), 1} : p.channels();
}

}  // namespace layer_detail

template <typename T>
void layer_forward(const GroupNormSpec& spec, const LayerPass<T>& p) {
  const TapeRecord<T>& r = p.record();
  group_norm_forward(layer_detail::group_norm_shape(spec, p), spec.groups, p.input(), p.gamma(), p.beta(),
                     static_cast<T>(spec.eps), r.mean, r.rstd, r.xhat, r.y);
}

template <typename T>
void layer_backward(const GroupNormSpec& spec, const LayerPass<T>& p, T* gradients) {
  const TapeRecord<T>& r = p.record();
  group_norm_backward(layer_detail::group_norm_shape(spec, p), spec.groups, r.dy, r.xhat, r.rstd, p.gamma(),
                      p.dinput(), p.dgamma(gradients), p.dbeta(gradients));
}

// Layers without running statistics have none to move.
template <typename Spec, typename T>
bool layer_update_running(const Spec& /*spec*/, const LayerPlan& /*plan*/, const TapeRecord<T>& /*record*/,
                          Index /*batch*/, Index /*seen*/, T* /*running_mean*/, T* /*running_var*/) {
  return false;
}

}  // namespace bnlab
