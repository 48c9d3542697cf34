#include "experiment.hpp"

#include "data.hpp"
#include "training_data.hpp"
#include "vocabulary.hpp"

namespace bnlab {

namespace {

// What one experiment may take: beyond this a mistake in a form or a hostile link is likelier than a wish.
constexpr Index kMaxWidth = 4096;
constexpr Index kMaxLayers = 256;
constexpr Index kMaxBatch = 65536;
constexpr double kMaxParameters = 16e6;
constexpr double kMaxActivations = 32e6;

InitOptions read_init(Arguments& in, const std::string& prefix) {
  InitOptions init;
  init.kind = in.choice<Init>(prefix + "init", kInits, Init::kHeNormal);
  init.gain = in.number(prefix + "gain", {.min = 0, .max = 1e6, .fallback = 1});
  init.sigma = in.number(prefix + "sigma", {.min = 0, .max = 1e6, .fallback = 0.01});
  return init;
}

enum class Kind {
  kLinear,
  kConv2d,
  kPool2d,
  kFlatten,
  kBatchNorm,
  kBatchRenorm,
  kLpNorm,
  kLayerNorm,
  kGroupNorm,
  kInstanceNorm,
  kDropout,
  kAdd,
  kRelu,
  kLeakyRelu,
  kSigmoid,
  kTanh,
  kIdentity
};
constexpr Choice kKindWords[] = {{"linear", static_cast<int>(Kind::kLinear)},
                                 {"conv2d", static_cast<int>(Kind::kConv2d)},
                                 {"pool2d", static_cast<int>(Kind::kPool2d)},
                                 {"flatten", static_cast<int>(Kind::kFlatten)},
                                 {"batch_norm", static_cast<int>(Kind::kBatchNorm)},
                                 {"batch_renorm", static_cast<int>(Kind::kBatchRenorm)},
                                 {"lp_norm", static_cast<int>(Kind::kLpNorm)},
                                 {"layer_norm", static_cast<int>(Kind::kLayerNorm)},
                                 {"group_norm", static_cast<int>(Kind::kGroupNorm)},
                                 {"instance_norm", static_cast<int>(Kind::kInstanceNorm)},
                                 {"dropout", static_cast<int>(Kind::kDropout)},
                                 {"add", static_cast<int>(Kind::kAdd)},
                                 {"relu", static_cast<int>(Kind::kRelu)},
                                 {"leaky_relu", static_cast<int>(Kind::kLeakyRelu)},
                                 {"sigmoid", static_cast<int>(Kind::kSigmoid)},
                                 {"tanh", static_cast<int>(Kind::kTanh)},
                                 {"identity", static_cast<int>(Kind::kIdentity)}};
constexpr Choices<Kind> kKinds(kKindWords);

enum class Precision { kFloat, kDouble };
constexpr Choice kPrecisionWords[] = {{"float32", static_cast<int>(Precision::kFloat)},
                                      {"float64", static_cast<int>(Precision::kDouble)}};
constexpr Choices<Precision> kPrecisions(kPrecisionWords);

// Reads the layers one after another and keeps track of what comes out of each.
class LayerReader {
 public:
  LayerReader(Arguments& in, const ExampleShape& inputs) : in_(in), inputs_(inputs), shape_(inputs) {}

  // The layer whose fields are below `prefix`, which ends in a dot.
  LayerSpec read(const std::string& prefix) {
    const LayerSpec layer = read_kind(prefix);
    outputs_.push_back(shape_);
    values_ += static_cast<double>(shape_.channels) * static_cast<double>(shape_.height) *
               static_cast<double>(shape_.width);
    return layer;
  }
  [[nodiscard]] const ExampleShape& shape() const { return shape_; }
  // So far: weights, values of one example's outputs, and what convolutions work with. Not in Index, which they may exceed.
  [[nodiscard]] double weights() const { return weights_; }
  [[nodiscard]] double values() const { return values_; }
  [[nodiscard]] double workspace() const { return workspace_; }

 private:
  LayerSpec read_kind(const std::string& prefix) {
    switch (in_.choice<Kind>(prefix + "kind", kKinds, std::nullopt)) {
      case Kind::kLinear:
        return linear(prefix);
      case Kind::kConv2d:
        return conv2d(prefix);
      case Kind::kPool2d:
        return pool2d(prefix);
      case Kind::kFlatten:
        shape_ = {shape_.size()};
        return FlattenSpec{};
      case Kind::kBatchNorm: {
        BatchNormSpec norm;
        norm.options = read_batch_norm_options(in_, prefix);
        read_affine(prefix, norm);
        norm.options.track_running_stats = in_.boolean(prefix + "track_running_stats", true);
        norm.frozen = in_.boolean(prefix + "frozen", false);
        norm.ghost = in_.integer(prefix + "ghost", {.min = 0, .max = kMaxBatch, .fallback = 0});
        if (norm.ghost == 1)
          in_.fail({prefix + "ghost", "groups of two examples or more, or 0 for the whole batch", "1", ""});
        if (norm.frozen && !norm.options.track_running_stats)
          in_.fail({prefix + "frozen", "false without running statistics", "true", ""});
        return norm;
      }
      case Kind::kBatchRenorm:
        return batch_renorm(prefix);
      case Kind::kLpNorm: {
        LpNormSpec norm;
        read_relative(prefix, norm);
        norm.spread = read_spread(in_, prefix + "p");
        return norm;
      }
      case Kind::kLayerNorm:
        if (shape_.size() == 1)
          one_value(prefix + "kind", "layer_norm of more than one feature", "one feature");
        return group_norm(prefix, 1, true);
      case Kind::kGroupNorm: {
        const Index groups = in_.integer(prefix + "groups", {.min = 1, .max = kMaxWidth, .fallback = 8});
        if (shape_.channels % groups != 0)
          in_.fail({prefix + "groups", "a divisor of the " + std::to_string(shape_.channels) + " channels",
                    std::to_string(groups), ""});
        if (shape_.channels / groups * shape_.spatial() == 1)
          one_value(prefix + "groups", "more than one value per group",
                    std::to_string(groups) + ", groups of one value");
        return group_norm(prefix, groups, false);
      }
      case Kind::kInstanceNorm:
        if (shape_.spatial() == 1)
          one_value(prefix + "kind", "instance_norm where there are pictures",
                    "features without height and width");
        return group_norm(prefix, shape_.channels, false);
      case Kind::kDropout:
        return DropoutSpec{in_.number(prefix + "p", {.min = 0, .max = 0.99, .fallback = 0.5})};
      case Kind::kAdd:
        return add(prefix);
      case Kind::kRelu:
        return ActivationSpec{Activation::kRelu};
      case Kind::kLeakyRelu:
        return ActivationSpec{Activation::kLeakyRelu, read_slope(in_, prefix + "slope")};
      case Kind::kSigmoid:
        return ActivationSpec{Activation::kSigmoid};
      case Kind::kTanh:
        return ActivationSpec{Activation::kTanh};
      case Kind::kIdentity:
        return ActivationSpec{Activation::kIdentity};
    }
    return ActivationSpec{};
  }

  LayerSpec linear(const std::string& prefix) {
    LinearSpec spec;
    spec.units = in_.integer(prefix + "units", {.min = 1, .max = kMaxWidth});
    spec.bias = in_.boolean(prefix + "bias", true);
    spec.init = read_init(in_, prefix);
    if (shape_.spatial() > 1)
      in_.fail({prefix + "kind", "a flatten layer between pictures and a linear layer", "none", ""});
    count_weights(shape_.size(), spec.units);
    shape_ = {spec.units};
    return spec;
  }

  LayerSpec conv2d(const std::string& prefix) {
    Conv2dSpec spec;
    spec.units = in_.integer(prefix + "units", {.min = 1, .max = kMaxWidth});
    spec.kernel = in_.integer(prefix + "kernel", {.min = 1, .max = 5});
    spec.stride = in_.integer(prefix + "stride", {.min = 1, .max = 5, .fallback = 1});
    const Index keeping_size = (spec.kernel - 1) / 2;
    spec.padding =
        in_.integer(prefix + "padding", {.min = 0, .max = 5, .fallback = static_cast<double>(keeping_size)});
    spec.bias = in_.boolean(prefix + "bias", true);
    spec.init = read_init(in_, prefix);
    if (spec.kernel % 2 == 0) in_.fail({prefix + "kernel", "1, 3 or 5", std::to_string(spec.kernel), ""});
    if (!in_.ok()) return spec;
    fits(prefix + "kernel", spec.kernel, 2 * spec.padding);
    if (!in_.ok()) return spec;
    count_weights(shape_.channels * spec.kernel * spec.kernel, spec.units);
    const ConvShape shape = conv_shape(spec, shape_, 1);
    workspace_ += static_cast<double>(conv2d_workspace(shape));
    shape_ = {spec.units, shape.out_height(), shape.out_width()};
    return spec;
  }

  LayerSpec pool2d(const std::string& prefix) {
    Pool2dSpec spec;
    spec.kind = in_.choice<Pool>(prefix + "pool", kPools, std::nullopt);
    spec.size = in_.integer(prefix + "size", {.min = 1, .max = 64, .fallback = 2});
    spec.stride =
        in_.integer(prefix + "stride", {.min = 1, .max = 64, .fallback = static_cast<double>(spec.size)});
    if (!in_.ok()) return spec;
    fits(prefix + "size", spec.size, 0);
    if (!in_.ok()) return spec;
    const PoolShape shape = pool_shape(spec, shape_, 1);
    shape_ = {shape_.channels, shape.out_height(), shape.out_width()};
    return spec;
  }

  // γ and β of batch norm and its relatives.
  template <typename Spec>
  void read_affine(const std::string& prefix, Spec& norm) {
    norm.options.affine = in_.boolean(prefix + "affine", true);
    norm.initial_gamma = read_initial_gamma(prefix);
  }
  // What the relatives have of batch norm's options. No two libraries differ in them, so there are no conventions.
  template <typename Spec>
  void read_relative(const std::string& prefix, Spec& norm) {
    BatchNormOptions& options = norm.options;
    options.eps = read_eps(in_, prefix + "eps", options.eps);
    options.running_momentum =
        in_.number(prefix + "momentum", {.min = 0, .max = 1, .fallback = options.running_momentum});
    options.single_value =
        in_.choice<SingleValue>(prefix + "single_value", kSingleValues, options.single_value);
    read_affine(prefix, norm);
  }
  double read_initial_gamma(const std::string& prefix) {
    return in_.number(prefix + "initial_gamma", {.min = -1e6, .max = 1e6, .fallback = 1});
  }

  LayerSpec batch_renorm(const std::string& prefix) {
    BatchRenormSpec norm;
    read_relative(prefix, norm);
    RenormSchedule& schedule = norm.schedule;
    schedule.full = read_renorm_bounds(in_, prefix);
    schedule.plain_steps = in_.integer(prefix + "plain_steps", {.min = 0, .max = 1e9, .fallback = 0});
    schedule.ramp_steps = in_.integer(prefix + "ramp_steps", {.min = 0, .max = 1e9, .fallback = 0});
    return norm;
  }

  LayerSpec group_norm(const std::string& prefix, Index groups, bool per_feature) {
    GroupNormSpec norm;
    norm.groups = groups;
    norm.per_feature = per_feature;
    norm.affine = in_.boolean(prefix + "affine", true);
    if (per_feature && norm.affine) count_weights(shape_.size(), 2);
    norm.eps = read_eps(in_, prefix + "eps", 1e-5);
    norm.initial_gamma = read_initial_gamma(prefix);
    return norm;
  }

  LayerSpec add(const std::string& prefix) {
    const auto here = static_cast<Index>(outputs_.size());
    AddSpec spec;
    spec.from = in_.integer(prefix + "from", {.min = -1, .max = static_cast<double>(here) - 1});
    if (!in_.ok()) return spec;
    const ExampleShape& from = spec.from < 0 ? inputs_ : outputs_[static_cast<std::size_t>(spec.from)];
    if (!(from == shape_))
      in_.fail({prefix + "from", "an earlier layer whose output is " + text_of(shape_) + " as here",
                "one of " + text_of(from), ""});
    return spec;
  }

  void one_value(const std::string& name, const std::string& expected, const std::string& actual) {
    in_.fail({name, expected, actual, "One value is its own mean: x̂ would be 0 and y = β whatever x is."});
  }
  void fits(const std::string& name, Index window, Index around) {
    if (window > std::min(shape_.height, shape_.width) + around)
      in_.fail(
          {name, "a window no larger than the " + text_of(shape_) + " picture", std::to_string(window), ""});
  }
  void count_weights(Index fan_in, Index units) {
    weights_ += static_cast<double>(fan_in) * static_cast<double>(units);
  }
  static std::string text_of(const ExampleShape& shape) {
    return to_text(std::vector<Index>{shape.channels, shape.height, shape.width});
  }

  Arguments& in_;
  ExampleShape inputs_;
  ExampleShape shape_;
  std::vector<ExampleShape> outputs_;
  double weights_ = 0;
  double values_ = 0;
  double workspace_ = 0;
};

std::vector<LayerSpec> read_layers(Arguments& in, const std::string& name, LayerReader& reader) {
  std::vector<LayerSpec> layers;
  for (Index i = 0; in.ok(); ++i) {
    const std::string prefix = name + "." + std::to_string(i);
    if (!in.has_below(prefix)) break;
    if (i == kMaxLayers) {
      in.fail({name, "at most " + std::to_string(kMaxLayers) + " layers", "more", ""});
      break;
    }
    layers.push_back(reader.read(prefix + "."));
    // At once, so that the sizes of the next layer can be counted.
    if (in.ok() && reader.values() > kMaxActivations)
      in.fail({name, "layers whose outputs are at most " + to_text(kMaxActivations) + " values per example",
               to_text(reader.values()), ""});
  }
  if (in.ok() && layers.empty()) in.fail({name, "at least one layer", "none", ""});
  if (reader.weights() > kMaxParameters)
    in.fail({name, "at most " + to_text(kMaxParameters) + " weights in all", to_text(reader.weights()), ""});
  return layers;
}

ExampleShape read_input_shape(Arguments& in, Index inputs) {
  const std::string name = "experiment.model.input_shape";
  if (!in.has_below(name)) return {inputs};
  const NumberRule rule{.min = 1, .max = kMaxWidth};
  ExampleShape shape;
  shape.channels = in.integer(name + ".0", rule);
  shape.height = in.integer(name + ".1", rule);
  shape.width = in.integer(name + ".2", rule);
  const double product = static_cast<double>(shape.channels) * static_cast<double>(shape.height) *
                         static_cast<double>(shape.width);
  if (in.ok() && product != static_cast<double>(inputs))
    in.fail({name, "channels, height and width whose product is inputs, " + std::to_string(inputs),
             to_text(std::vector<Index>{shape.channels, shape.height, shape.width}), ""});
  return in.ok() ? shape : ExampleShape{inputs};
}

void read_network(Arguments& in, Experiment& experiment) {
  const std::string model = "experiment.model.";
  NetworkSpec& network = experiment.network;
  const Index inputs = in.integer(model + "inputs", {.min = 1, .max = kMaxWidth});
  network.inputs = read_input_shape(in, inputs);
  LayerReader reader(in, network.inputs);
  network.layers = read_layers(in, model + "layers", reader);
  experiment.outputs = reader.shape().size();

  const double batch = static_cast<double>(experiment.batch.size);
  const double activations = reader.values() * batch;
  if (activations > kMaxActivations)
    in.fail({"experiment.batch.size",
             "a batch whose activations are at most " + to_text(kMaxActivations) + " values",
             to_text(activations), "Take a smaller batch or narrower layers."});
  // Weights, gradients, velocities and a packed copy; x̂, y, dy and a skip's dy of every layer with the statistics of groups
  // of two, what convolutions work with, and the batch itself.
  const double scalar = experiment.double_precision ? sizeof(double) : sizeof(float);
  const double of_weights = 4 * scalar * reader.weights();
  const double of_batch = scalar * (6 * activations + reader.workspace() +
                                    batch * static_cast<double>(inputs + experiment.outputs));
  in.will_need(of_weights > of_batch ? model + "layers" : "experiment.batch.size", of_weights + of_batch);
}

// Whether some layer takes batch statistics in training and refuses those of one value.
bool needs_two_examples(const NetworkSpec& spec) {
  return NetworkPlan(spec).needs_two_examples(Mode::kTraining);
}

}  // namespace

SgdOptions read_optimizer(Arguments& in, const std::string& prefix) {
  SgdOptions sgd = read_sgd_options(in, prefix, 0.1);
  sgd.decay_gamma = in.boolean(prefix + "decay_gamma", true);
  sgd.decay_beta = in.boolean(prefix + "decay_beta", true);
  sgd.decay_bias = in.boolean(prefix + "decay_bias", true);
  sgd.schedule.kind = in.choice<ScheduleKind>(prefix + "schedule", kSchedules, ScheduleKind::kConstant);
  sgd.schedule.steps = in.integer(prefix + "schedule_steps", {.min = 1, .max = 1e9, .fallback = 100});
  sgd.schedule.factor = in.number(prefix + "schedule_factor", {.min = 0, .max = 1, .fallback = 0.5});
  sgd.schedule.warmup = in.integer(prefix + "warmup", {.min = 0, .max = 1e9, .fallback = 0});
  sgd.clip = in.number(prefix + "clip", {.min = 0, .max = 1e30, .fallback = 0});
  return sgd;
}

BatcherOptions read_batch(Arguments& in, const std::string& prefix) {
  BatcherOptions batch;
  batch.size = in.integer(prefix + "size", {.min = 1, .max = kMaxBatch, .fallback = 32});
  batch.reshuffle = in.boolean(prefix + "reshuffle", true);
  batch.last = in.choice<LastBatch>(prefix + "last", kLastBatches, LastBatch::kKeep);
  batch.classes_per_batch = in.integer(prefix + "classes", {.min = 0, .max = 1000, .fallback = 0});
  return batch;
}

NetworkSpec read_network_options(Arguments& in, const std::string& layers, const ExampleShape& inputs) {
  LayerReader reader(in, inputs);
  return {inputs, read_layers(in, layers, reader)};
}

Experiment read_experiment(Arguments& in, std::shared_ptr<const Split> data) {
  Experiment e;
  in.integer("experiment.version", {.min = 1, .max = 1});
  e.double_precision =
      in.choice<Precision>("experiment.dtype", kPrecisions, Precision::kFloat) == Precision::kDouble;
  e.data_seed = read_seed(in, "experiment.seeds.data", 1);
  e.init_seed = read_seed(in, "experiment.seeds.init", 1);
  e.order_seed = read_seed(in, "experiment.seeds.order", 1);
  e.batch = read_batch(in, "experiment.batch.");
  e.loss = in.choice<Loss>("experiment.loss", kLosses, std::nullopt);
  e.sgd = read_optimizer(in, "experiment.optimizer.");
  read_network(in, e);

  const bool given = data != nullptr;
  if (given) {
    if (in.has_below("experiment.data"))
      in.fail({"experiment.data", "none beside the data of data_create", "a description", ""});
    e.data = std::move(data);
  } else if (in.has_below("experiment.data")) {
    const DataOptions options = read_data_options(in, "experiment.data.");
    if (in.ok() && !options.given()) {
      Result<Split> split = make_data(options, e.data_seed);
      if (!split.ok())
        in.fail(split.error());
      else
        e.data = std::make_shared<const Split>(std::move(split.value()));
    }
  }
  if (!in.ok() || e.data == nullptr) return e;
  const Dataset& train = e.data->train;
  if (const std::optional<Error> error = mismatch(train, e.network.inputs.size(), e.outputs, e.loss))
    in.fail(*error);
  in.will_need(
      given ? "data" : "experiment.data.kind",
      training_set_bytes(*e.data, e.loss, e.outputs, e.double_precision ? sizeof(double) : sizeof(float)));
  if (!needs_two_examples(e.network)) return e;
  if (const std::optional<Error> error = batch_of_one(e.batch, train.count, train.labels)) in.fail(*error);
  return e;
}

}  // namespace bnlab
