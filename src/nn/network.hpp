// A sequence of layers with its parameters and running statistics.
//
// Parameters lie in one flat array (gradients and velocities in arrays laid out alike), running statistics in another.
// Names are those of a PyTorch nn.Sequential: "0.weight", "1.running_mean", …
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/random.hpp"
#include "core/types.hpp"
#include "nn/ghost_batch_norm.hpp"
#include "nn/init.hpp"
#include "nn/layer_spec.hpp"

namespace bnlab {

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

// A layer's place in the network: what goes in and out, and where its tensors lie.
struct LayerPlan {
  LayerSpec spec;
  ExampleShape in;
  ExampleShape out;
  Index weight = kAbsent;
  Index bias = kAbsent;
  Index gamma = kAbsent;
  Index beta = kAbsent;
  Index running_mean = kAbsent;
  Index running_var = kAbsent;  // of batch renorm and lp norm: the running spread
  bool feeds_skip = false;      // a later layer adds this one's output
};

// How many times per channel the layer takes statistics of a training batch: once, once per ghost batch, or, where it goes by
// running statistics or by each example, not at all.
inline Index statistics_count(const LayerPlan& plan, Index batch) {
  if (batch_statistics_options(plan.spec) == nullptr) return 0;
  const auto* norm = std::get_if<BatchNormSpec>(&plan.spec);
  if (norm == nullptr) return 1;
  if (norm->frozen) return 0;
  return norm->ghost > 0 ? ghost_groups({batch, 1, plan.out.spatial()}, norm->ghost) : 1;
}

// What a specification comes to before there are any values: which tensors there are, and where each layer finds its own.
class NetworkPlan {
 public:
  explicit NetworkPlan(const NetworkSpec& spec) : inputs_(spec.inputs) {
    ExampleShape shape = spec.inputs;
    for (const LayerSpec& layer : spec.layers) shape = add_layer(layer, shape);
    outputs_ = shape;
  }

  // Values per example.
  [[nodiscard]] Index inputs() const { return inputs_.size(); }
  [[nodiscard]] Index outputs() const { return outputs_.size(); }
  [[nodiscard]] const ExampleShape& input_shape() const { return inputs_; }
  [[nodiscard]] const std::vector<LayerPlan>& layers() const { return layers_; }
  [[nodiscard]] const std::vector<TensorInfo>& tensors() const { return tensors_; }
  [[nodiscard]] const TensorInfo* find(std::string_view name) const {
    for (const TensorInfo& tensor : tensors_)
      if (tensor.name == name) return &tensor;
    return nullptr;
  }

  // Whether `spec` differs from this network in options only, so that all tensors would be the same.
  [[nodiscard]] bool same_tensors(const NetworkSpec& spec) const {
    const NetworkPlan other(spec);
    if (other.layers_.size() != layers_.size() || other.tensors_.size() != tensors_.size()) return false;
    for (std::size_t i = 0; i < layers_.size(); ++i)
      if (other.layers_[i].spec.index() != layers_[i].spec.index() ||
          !(other.layers_[i].out == layers_[i].out) || other.layers_[i].feeds_skip != layers_[i].feeds_skip)
        return false;
    for (std::size_t i = 0; i < tensors_.size(); ++i)
      if (other.tensors_[i].name != tensors_[i].name || other.tensors_[i].shape != tensors_[i].shape)
        return false;
    return true;
  }
  // Takes over the options of a specification with the same tensors.
  void set_options(const NetworkSpec& spec) {
    for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i].spec = spec.layers[i];
  }

  // Whether a batch of one cannot pass in this mode: some layer would take statistics of one value and must not.
  [[nodiscard]] bool needs_two_examples(Mode mode) const {
    for (const LayerPlan& plan : layers_) {
      const BatchNormOptions* options = batch_statistics_options(plan.spec);
      if (options == nullptr || options->single_value == SingleValue::kShow || plan.in.spatial() > 1)
        continue;
      if (const auto* norm = std::get_if<BatchNormSpec>(&plan.spec); norm != nullptr && norm->frozen)
        continue;
      if (mode == Mode::kTraining || !options->track_running_stats) return true;
    }
    return false;
  }

  // How many values the flat arrays hold.
  [[nodiscard]] Index parameter_count() const { return parameter_count_; }
  [[nodiscard]] Index buffer_count() const { return buffer_count_; }

 private:
  ExampleShape add_layer(const LayerSpec& layer, const ExampleShape& in) {
    LayerPlan plan;
    plan.spec = layer;
    plan.in = in;
    plan.out = in;
    const auto index = static_cast<Index>(layers_.size());
    with_spec(layer, [&](const auto& spec) { place(spec, index, plan); });
    layers_.push_back(plan);
    return plan.out;
  }

  void place(const LinearSpec& spec, Index index, LayerPlan& plan) {
    plan.out = {spec.units};
    plan.weight = add_tensor(index, "weight", Role::kWeight, {spec.units, plan.in.size()});
    if (spec.bias) plan.bias = add_tensor(index, "bias", Role::kBias, {spec.units});
  }
  void place(const Conv2dSpec& spec, Index index, LayerPlan& plan) {
    const ConvShape shape = conv_shape(spec, plan.in, 1);
    plan.out = {spec.units, shape.out_height(), shape.out_width()};
    plan.weight =
        add_tensor(index, "weight", Role::kWeight, {spec.units, plan.in.channels, spec.kernel, spec.kernel});
    if (spec.bias) plan.bias = add_tensor(index, "bias", Role::kBias, {spec.units});
  }
  void place(const Pool2dSpec& spec, Index /*index*/, LayerPlan& plan) {
    const PoolShape shape = pool_shape(spec, plan.in, 1);
    plan.out = {plan.in.channels, shape.out_height(), shape.out_width()};
  }
  void place(const FlattenSpec& /*spec*/, Index /*index*/, LayerPlan& plan) { plan.out = {plan.in.size()}; }
  void place(const ActivationSpec& /*spec*/, Index /*index*/, LayerPlan& /*plan*/) {}
  void place(const DropoutSpec& /*spec*/, Index /*index*/, LayerPlan& /*plan*/) {}
  void place(const UnitNoiseSpec& /*spec*/, Index /*index*/, LayerPlan& /*plan*/) {}
  void place(const AddSpec& spec, Index /*index*/, LayerPlan& /*plan*/) {
    if (spec.from >= 0) layers_[static_cast<std::size_t>(spec.from)].feeds_skip = true;
  }
  void place(const GroupNormSpec& spec, Index index, LayerPlan& plan) {
    if (!spec.affine) return;
    std::vector<Index> shape{plan.out.channels};
    if (spec.per_feature && plan.out.spatial() > 1)
      shape = {plan.out.channels, plan.out.height, plan.out.width};
    plan.gamma = add_tensor(index, "weight", Role::kGamma, shape);
    plan.beta = add_tensor(index, "bias", Role::kBeta, shape);
  }
  void place(const BatchNormSpec& spec, Index index, LayerPlan& plan) {
    place_batch_statistics(spec.options, "running_var", index, plan);
  }
  void place(const BatchRenormSpec& spec, Index index, LayerPlan& plan) {
    place_batch_statistics(spec.options, "running_std", index, plan);
  }
  void place(const LpNormSpec& spec, Index index, LayerPlan& plan) {
    place_batch_statistics(spec.options, "running_scale", index, plan);
  }
  void place_batch_statistics(const BatchNormOptions& options, std::string_view spread, Index index,
                              LayerPlan& plan) {
    const Index channels = plan.out.channels;
    if (options.affine) {
      plan.gamma = add_tensor(index, "weight", Role::kGamma, {channels});
      plan.beta = add_tensor(index, "bias", Role::kBeta, {channels});
    }
    if (options.track_running_stats) {
      plan.running_mean = add_tensor(index, "running_mean", Role::kRunningMean, {channels});
      plan.running_var = add_tensor(index, spread, Role::kRunningVar, {channels});
      add_tensor(index, "num_batches_tracked", Role::kBatchesTracked, {});
    }
  }

  Index add_tensor(Index layer, std::string_view name, Role role, std::vector<Index> shape) {
    Index& count = is_parameter(role) ? parameter_count_ : buffer_count_;
    TensorInfo tensor{std::to_string(layer) + "." + std::string(name), role, std::move(shape), layer, count};
    if (role != Role::kBatchesTracked) count += tensor.size();
    tensors_.push_back(tensor);
    return tensor.offset;
  }

  ExampleShape inputs_;
  ExampleShape outputs_;
  Index parameter_count_ = 0;
  Index buffer_count_ = 0;
  std::vector<LayerPlan> layers_;
  std::vector<TensorInfo> tensors_;
};

template <typename T>
using Buffer = std::vector<T, Eigen::aligned_allocator<T>>;

template <typename T>
class Network : public NetworkPlan {
 public:
  explicit Network(const NetworkSpec& spec)
      : NetworkPlan(spec),
        parameters_(static_cast<std::size_t>(parameter_count()), T(0)),
        buffers_(static_cast<std::size_t>(buffer_count()), T(0)),
        batches_tracked_(layers().size(), 0) {}

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

  // Draws initial weights; γ = initial_gamma, β = 0, M = 0, V = 1, nothing tracked yet. Each layer with weights, counted
  // from the input, has a stream of its own: networks that differ in one layer start alike in the others.
  void initialize(std::uint64_t seed) {
    std::uint64_t weighted = 0;
    for (std::size_t i = 0; i < layers().size(); ++i) {
      const LayerPlan& plan = layers()[i];
      if (plan.weight != kAbsent) {
        Random random(seed, Stream::kInit, weighted++);
        if (const auto* linear = std::get_if<LinearSpec>(&plan.spec))
          init_linear(linear->init, plan.in.size(), plan.out.size(), parameter(plan.weight),
                      parameter(plan.bias), random);
        if (const auto* conv = std::get_if<Conv2dSpec>(&plan.spec))
          init_conv2d(conv->init, plan.in.channels, plan.out.channels, conv->kernel, parameter(plan.weight),
                      parameter(plan.bias), random);
      }
      with_spec(plan.spec, [&]<typename Spec>(const Spec& spec) {
        if constexpr (kIsNormalization<Spec>) {
          if (plan.gamma == kAbsent) return;
          const Index size = gamma_size(spec, plan.out);
          std::fill_n(parameter(plan.gamma), size, static_cast<T>(spec.initial_gamma));
          std::fill_n(parameter(plan.beta), size, T(0));
        }
      });
      if (plan.running_mean != kAbsent) {
        std::fill_n(buffer(plan.running_mean), plan.out.channels, T(0));
        std::fill_n(buffer(plan.running_var), plan.out.channels, T(1));
      }
      batches_tracked_[i] = 0;
    }
  }

  // Copies a parameter (or anything laid out as the parameters: gradients, velocities) out in the state_dict's shape,
  // where a linear layer's weight is (out, in). `flat` is the array, `to` has tensor.size() values.
  void read(const TensorInfo& tensor, const T* flat, T* to) const {
    const T* from = flat + tensor.offset;
    if (!is_turned(tensor)) {
      std::copy_n(from, tensor.size(), to);
      return;
    }
    MatrixMap<T>(to, tensor.shape[0], tensor.shape[1]) =
        ConstMatrixMap<T>(from, tensor.shape[1], tensor.shape[0]).transpose();
  }
  void write(const TensorInfo& tensor, const T* from, T* flat) const {
    T* to = flat + tensor.offset;
    if (!is_turned(tensor)) {
      std::copy_n(from, tensor.size(), to);
      return;
    }
    MatrixMap<T>(to, tensor.shape[1], tensor.shape[0]) =
        ConstMatrixMap<T>(from, tensor.shape[0], tensor.shape[1]).transpose();
  }

 private:
  template <typename Spec>
  static constexpr bool kIsNormalization = kTakesBatchStatistics<Spec> || std::is_same_v<Spec, GroupNormSpec>;

  template <typename Spec>
  static Index gamma_size(const Spec& spec, const ExampleShape& shape) {
    if constexpr (std::is_same_v<Spec, GroupNormSpec>)
      if (spec.per_feature) return shape.size();
    return shape.channels;
  }

  // Linear weights lie as (in, out) and are shown as (out, in); a convolution's lie as they are shown.
  static bool is_turned(const TensorInfo& tensor) {
    return tensor.role == Role::kWeight && tensor.shape.size() == 2;
  }

  Buffer<T> parameters_;
  Buffer<T> buffers_;
  std::vector<Index> batches_tracked_;
};

}  // namespace bnlab
