// A sequence of layers with its parameters, and the tape that one pass writes and its backward pass reads.
//
// Parameters lie in one flat array (gradients and velocities in arrays laid out alike), running statistics in another.
// Names are those of a PyTorch nn.Sequential: "0.weight", "1.running_mean", …
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/types.hpp"
#include "nn/activation.hpp"
#include "nn/batch_norm.hpp"
#include "nn/init.hpp"
#include "nn/linear.hpp"

namespace bnlab {

struct LinearSpec {
  Index units = 0;
  bool bias = true;
  InitOptions init;
};

struct BatchNormSpec {
  BatchNormOptions options;
  double initial_gamma = 1;
};

struct ActivationSpec {
  Activation kind = Activation::kRelu;
};

using LayerSpec = std::variant<LinearSpec, BatchNormSpec, ActivationSpec>;

struct NetworkSpec {
  Index inputs = 0;
  std::vector<LayerSpec> layers;
};

enum class Mode { kTraining, kInference };

enum class Role { kWeight, kBias, kGamma, kBeta, kRunningMean, kRunningVar, kBatchesTracked };

inline bool is_parameter(Role role) { return role <= Role::kBeta; }

// One entry of the state_dict. `offset` counts in the flat array of parameters or of buffers.
struct TensorInfo {
  std::string name;
  Role role;
  std::vector<Index> shape;
  Index layer;
  Index offset;

  [[nodiscard]] Index size() const {
    Index n = 1;
    for (const Index extent : shape) n *= extent;
    return n;
  }
};

constexpr Index kAbsent = -1;

// Where a layer's tensors lie.
struct LayerPlan {
  LayerSpec spec;
  Index in = 0;
  Index out = 0;
  Index weight = kAbsent;
  Index bias = kAbsent;
  Index gamma = kAbsent;
  Index beta = kAbsent;
  Index running_mean = kAbsent;
  Index running_var = kAbsent;
};

template <typename T>
using Buffer = std::vector<T, Eigen::aligned_allocator<T>>;

template <typename T>
class Network {
 public:
  explicit Network(const NetworkSpec& spec) : inputs_(spec.inputs) {
    Index width = spec.inputs;
    for (const LayerSpec& layer : spec.layers) width = add_layer(layer, width);
    outputs_ = width;
    parameters_.assign(static_cast<std::size_t>(parameter_count_), T(0));
    buffers_.assign(static_cast<std::size_t>(buffer_count_), T(0));
    batches_tracked_.assign(layers_.size(), 0);
  }

  [[nodiscard]] Index inputs() const { return inputs_; }
  [[nodiscard]] Index outputs() const { return outputs_; }
  [[nodiscard]] const std::vector<LayerPlan>& layers() const { return layers_; }
  [[nodiscard]] const std::vector<TensorInfo>& tensors() const { return tensors_; }
  [[nodiscard]] const TensorInfo* find(std::string_view name) const {
    for (const TensorInfo& tensor : tensors_)
      if (tensor.name == name) return &tensor;
    return nullptr;
  }

  [[nodiscard]] Buffer<T>& parameters() { return parameters_; }
  [[nodiscard]] const Buffer<T>& parameters() const { return parameters_; }
  [[nodiscard]] Buffer<T>& buffers() { return buffers_; }
  [[nodiscard]] std::vector<Index>& batches_tracked() { return batches_tracked_; }
  [[nodiscard]] const std::vector<Index>& batches_tracked() const { return batches_tracked_; }

  // A tensor's storage, or null where `offset` is kAbsent.
  [[nodiscard]] const T* parameter(Index offset) const {
    return offset == kAbsent ? nullptr : parameters_.data() + offset;
  }
  [[nodiscard]] T* parameter(Index offset) {
    return offset == kAbsent ? nullptr : parameters_.data() + offset;
  }
  [[nodiscard]] const T* buffer(Index offset) const {
    return offset == kAbsent ? nullptr : buffers_.data() + offset;
  }
  [[nodiscard]] T* buffer(Index offset) { return offset == kAbsent ? nullptr : buffers_.data() + offset; }

  // Draws initial weights layer by layer; γ = initial_gamma, β = 0, M = 0, V = 1, nothing tracked yet.
  void initialize(Random& random) {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const LayerPlan& plan = layers_[i];
      if (const auto* linear = std::get_if<LinearSpec>(&plan.spec))
        init_linear(linear->init, plan.in, plan.out, parameter(plan.weight), parameter(plan.bias), random);
      if (const auto* norm = std::get_if<BatchNormSpec>(&plan.spec)) {
        if (plan.gamma != kAbsent) {
          std::fill_n(parameter(plan.gamma), plan.out, static_cast<T>(norm->initial_gamma));
          std::fill_n(parameter(plan.beta), plan.out, T(0));
        }
        if (plan.running_mean != kAbsent) {
          std::fill_n(buffer(plan.running_mean), plan.out, T(0));
          std::fill_n(buffer(plan.running_var), plan.out, T(1));
        }
        batches_tracked_[i] = 0;
      }
    }
  }

  // Copies a parameter (or anything laid out as the parameters: gradients, velocities) out in the state_dict's shape,
  // where a weight is (out, in). `flat` is the array, `to` has tensor.size() values.
  void read(const TensorInfo& tensor, const T* flat, T* to) const {
    const T* from = flat + tensor.offset;
    if (tensor.role != Role::kWeight) {
      std::copy_n(from, tensor.size(), to);
      return;
    }
    MatrixMap<T>(to, tensor.shape[0], tensor.shape[1]) =
        ConstMatrixMap<T>(from, tensor.shape[1], tensor.shape[0]).transpose();
  }
  void write(const TensorInfo& tensor, const T* from, T* flat) const {
    T* to = flat + tensor.offset;
    if (tensor.role != Role::kWeight) {
      std::copy_n(from, tensor.size(), to);
      return;
    }
    MatrixMap<T>(to, tensor.shape[1], tensor.shape[0]) =
        ConstMatrixMap<T>(from, tensor.shape[0], tensor.shape[1]).transpose();
  }

  // Whether a batch of one cannot pass in this mode: some BN would take statistics of one value and must not.
  [[nodiscard]] bool needs_two_examples(Mode mode) const {
    for (const LayerPlan& plan : layers_) {
      const auto* norm = std::get_if<BatchNormSpec>(&plan.spec);
      if (norm == nullptr || norm->options.single_value == SingleValue::kShow) continue;
      if (mode == Mode::kTraining || !norm->options.track_running_stats) return true;
    }
    return false;
  }

 private:
  Index add_layer(const LayerSpec& spec, Index width) {
    LayerPlan plan;
    plan.spec = spec;
    plan.in = width;
    plan.out = width;
    const auto index = static_cast<Index>(layers_.size());
    if (const auto* linear = std::get_if<LinearSpec>(&spec)) {
      plan.out = linear->units;
      plan.weight = add_tensor(index, "weight", Role::kWeight, {plan.out, plan.in});
      if (linear->bias) plan.bias = add_tensor(index, "bias", Role::kBias, {plan.out});
    }
    if (const auto* norm = std::get_if<BatchNormSpec>(&spec)) {
      if (norm->options.affine) {
        plan.gamma = add_tensor(index, "weight", Role::kGamma, {plan.out});
        plan.beta = add_tensor(index, "bias", Role::kBeta, {plan.out});
      }
      if (norm->options.track_running_stats) {
        plan.running_mean = add_tensor(index, "running_mean", Role::kRunningMean, {plan.out});
        plan.running_var = add_tensor(index, "running_var", Role::kRunningVar, {plan.out});
        add_tensor(index, "num_batches_tracked", Role::kBatchesTracked, {});
      }
    }
    layers_.push_back(plan);
    return plan.out;
  }

  Index add_tensor(Index layer, std::string_view name, Role role, std::vector<Index> shape) {
    Index& count = is_parameter(role) ? parameter_count_ : buffer_count_;
    TensorInfo tensor{std::to_string(layer) + "." + std::string(name), role, std::move(shape), layer, count};
    if (role != Role::kBatchesTracked) count += tensor.size();
    tensors_.push_back(tensor);
    return tensor.offset;
  }

  Index inputs_ = 0;
  Index outputs_ = 0;
  Index parameter_count_ = 0;
  Index buffer_count_ = 0;
  std::vector<LayerPlan> layers_;
  std::vector<TensorInfo> tensors_;
  Buffer<T> parameters_;
  Buffer<T> buffers_;
  std::vector<Index> batches_tracked_;
};

// What one pass through a network leaves behind, for up to `capacity` examples: each layer's output and its gradient, and
// what its backward needs. All of it lies in one arena, taken once.
template <typename T>
class Tape {
 public:
  struct Record {
    T* y = nullptr;     // (B, out)
    T* dy = nullptr;    // (B, out): gradient of the loss with respect to y
    T* xhat = nullptr;  // BN: (B, out)
    T* mean = nullptr;  // BN: (out), and so below; biased variance
    T* var = nullptr;
    T* rstd = nullptr;
  };

  Tape(const Network<T>& network, Index capacity) : capacity_(capacity) {
    Index size = 0;
    for (const LayerPlan& plan : network.layers()) size += values_of(plan);
    arena_.assign(static_cast<std::size_t>(size), T(0));
    T* next = arena_.data();
    const auto take = [&next](Index count) {
      T* taken = next;
      next += padded(count);
      return taken;
    };
    for (const LayerPlan& plan : network.layers()) {
      Record record;
      record.y = take(capacity * plan.out);
      record.dy = take(capacity * plan.out);
      if (std::holds_alternative<BatchNormSpec>(plan.spec)) {
        record.xhat = take(capacity * plan.out);
        record.mean = take(plan.out);
        record.var = take(plan.out);
        record.rstd = take(plan.out);
      }
      records_.push_back(record);
    }
  }

  // Bytes a tape would take, to refuse what does not fit before trying.
  static double bytes_needed(const Network<T>& network, Index capacity) {
    double values = 0;
    for (const LayerPlan& plan : network.layers())
      values += (std::holds_alternative<BatchNormSpec>(plan.spec) ? 3.0 : 2.0) *
                static_cast<double>(capacity) * static_cast<double>(plan.out);
    return values * sizeof(T);
  }

  [[nodiscard]] Index capacity() const { return capacity_; }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] const T* output() const { return records_.back().y; }
  // Backward starts from what stands here.
  [[nodiscard]] T* output_gradient() { return records_.back().dy; }

 private:
  // Every buffer starts as well aligned as the arena.
  static Index padded(Index count) {
    constexpr Index kLine = 64 / sizeof(T);
    return (count + kLine - 1) / kLine * kLine;
  }
  [[nodiscard]] Index values_of(const LayerPlan& plan) const {
    const Index activations = padded(capacity_ * plan.out);
    if (!std::holds_alternative<BatchNormSpec>(plan.spec)) return 2 * activations;
    return 3 * activations + 3 * padded(plan.out);
  }

  Index capacity_;
  Buffer<T> arena_;
  std::vector<Record> records_;
};

// Runs x (B, inputs) through all layers; the output is tape.output() (B, outputs). B must be within the tape's capacity, and
// at least two where network.needs_two_examples(mode). Running statistics stay as they are: see
// network_update_running.
template <typename T>
void network_forward(const Network<T>& network, Tape<T>& tape, const T* x, Index batch, Mode mode) {
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const LayerPlan& plan = network.layers()[i];
    const typename Tape<T>::Record& record = tape.records()[i];
    if (std::holds_alternative<LinearSpec>(plan.spec)) {
      linear_forward({batch, plan.in, plan.out}, x, network.parameter(plan.weight),
                     network.parameter(plan.bias), record.y);
    } else if (const auto* activation = std::get_if<ActivationSpec>(&plan.spec)) {
      activation_forward(activation->kind, batch * plan.out, x, record.y);
    } else if (const auto* norm = std::get_if<BatchNormSpec>(&plan.spec)) {
      const ChannelShape shape{batch, plan.out, 1};
      const T eps = static_cast<T>(norm->options.eps);
      const T* gamma = network.parameter(plan.gamma);
      const T* beta = network.parameter(plan.beta);
      if (mode == Mode::kInference && norm->options.track_running_stats) {
        batch_norm_rstd(plan.out, network.buffer(plan.running_var), eps, record.rstd);
        batch_norm_normalize(shape, x, network.buffer(plan.running_mean), record.rstd, gamma, beta,
                             record.xhat, record.y);
      } else {
        batch_norm_forward_training(shape, x, gamma, beta, eps, record.mean, record.var, record.rstd,
                                    record.xhat, record.y);
      }
    }
    x = record.y;
  }
}

// Whether all batch statistics of the pass just taped in training mode are finite.
template <typename T>
bool statistics_are_finite(const Network<T>& network, const Tape<T>& tape) {
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const LayerPlan& plan = network.layers()[i];
    if (!std::holds_alternative<BatchNormSpec>(plan.spec)) continue;
    if (!all_finite(tape.records()[i].mean, plan.out) || !all_finite(tape.records()[i].var, plan.out))
      return false;
  }
  return true;
}

// Moves every BN layer's running statistics by the pass just taped in training mode, whose batch statistics are finite.
// Once per training step, between forward and backward, and never by a probe.
template <typename T>
void network_update_running(Network<T>& network, const Tape<T>& tape, Index batch) {
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const LayerPlan& plan = network.layers()[i];
    const auto* norm = std::get_if<BatchNormSpec>(&plan.spec);
    if (norm == nullptr || plan.running_mean == kAbsent) continue;
    batch_norm_update_running(norm->options, plan.out, batch, tape.records()[i].mean, tape.records()[i].var,
                              network.batches_tracked()[i], network.buffer(plan.running_mean),
                              network.buffer(plan.running_var));
    ++network.batches_tracked()[i];
  }
}

// Backward of the pass just taped, from tape.output_gradient(). Writes every parameter's gradient into `gradients`, laid
// out as network.parameters(). x, batch and mode are those of the forward pass. The gradient of x itself is not formed.
template <typename T>
void network_backward(const Network<T>& network, Tape<T>& tape, const T* x, Index batch, Mode mode,
                      T* gradients) {
  for (std::size_t i = network.layers().size(); i-- > 0;) {
    const LayerPlan& plan = network.layers()[i];
    const typename Tape<T>::Record& record = tape.records()[i];
    const T* input = i == 0 ? x : tape.records()[i - 1].y;
    T* dx = i == 0 ? nullptr : tape.records()[i - 1].dy;
    if (std::holds_alternative<LinearSpec>(plan.spec)) {
      linear_backward({batch, plan.in, plan.out}, input, network.parameter(plan.weight), record.dy, dx,
                      gradients + plan.weight, plan.bias == kAbsent ? nullptr : gradients + plan.bias);
    } else if (const auto* activation = std::get_if<ActivationSpec>(&plan.spec)) {
      if (dx != nullptr) activation_backward(activation->kind, batch * plan.out, record.y, record.dy, dx);
    } else if (const auto* norm = std::get_if<BatchNormSpec>(&plan.spec)) {
      const ChannelShape shape{batch, plan.out, 1};
      // Without affine parameters the sums are still needed for dx; mean and var have done their part and hold them. So
      // running statistics are moved before.
      T* dgamma = plan.gamma == kAbsent ? record.mean : gradients + plan.gamma;
      T* dbeta = plan.beta == kAbsent ? record.var : gradients + plan.beta;
      if (mode == Mode::kInference && norm->options.track_running_stats)
        batch_norm_backward_inference(shape, record.dy, record.xhat, record.rstd,
                                      network.parameter(plan.gamma), dx, dgamma, dbeta);
      else
        batch_norm_backward_training(shape, record.dy, record.xhat, record.rstd,
                                     network.parameter(plan.gamma), dx, dgamma, dbeta);
    }
  }
}

}  // namespace bnlab
