#include "experiment.hpp"

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

enum class Kind { kLinear, kBatchNorm, kRelu, kSigmoid, kTanh, kIdentity };
constexpr Choice kKindWords[] = {
    {"linear", static_cast<int>(Kind::kLinear)}, {"batch_norm", static_cast<int>(Kind::kBatchNorm)},
    {"relu", static_cast<int>(Kind::kRelu)},     {"sigmoid", static_cast<int>(Kind::kSigmoid)},
    {"tanh", static_cast<int>(Kind::kTanh)},     {"identity", static_cast<int>(Kind::kIdentity)}};
constexpr Choices<Kind> kKinds(kKindWords);

enum class Precision { kFloat, kDouble };
constexpr Choice kPrecisionWords[] = {{"float32", static_cast<int>(Precision::kFloat)},
                                      {"float64", static_cast<int>(Precision::kDouble)}};
constexpr Choices<Precision> kPrecisions(kPrecisionWords);

LayerSpec read_layer(Arguments& in, const std::string& prefix) {
  switch (in.choice<Kind>(prefix + "kind", kKinds, std::nullopt)) {
    case Kind::kLinear: {
      LinearSpec linear;
      linear.units = in.integer(prefix + "units", {.min = 1, .max = kMaxWidth});
      linear.bias = in.boolean(prefix + "bias", true);
      linear.init = read_init(in, prefix);
      return linear;
    }
    case Kind::kBatchNorm: {
      BatchNormSpec norm;
      norm.options = read_batch_norm_options(in, prefix);
      norm.options.affine = in.boolean(prefix + "affine", true);
      norm.options.track_running_stats = in.boolean(prefix + "track_running_stats", true);
      norm.initial_gamma = in.number(prefix + "initial_gamma", {.min = -1e6, .max = 1e6, .fallback = 1});
      return norm;
    }
    case Kind::kRelu:
      return ActivationSpec{Activation::kRelu};
    case Kind::kSigmoid:
      return ActivationSpec{Activation::kSigmoid};
    case Kind::kTanh:
      return ActivationSpec{Activation::kTanh};
    case Kind::kIdentity:
      return ActivationSpec{Activation::kIdentity};
  }
  return ActivationSpec{};
}

void read_network(Arguments& in, Experiment& experiment) {
  const std::string model = "experiment.model.";
  NetworkSpec& network = experiment.network;
  network.inputs = in.integer(model + "inputs", {.min = 1, .max = kMaxWidth});
  Index width = network.inputs;
  double parameters = 0;
  double activations = 0;
  for (Index i = 0; in.ok(); ++i) {
    const std::string prefix = model + "layers." + std::to_string(i);
    if (!in.has_below(prefix)) break;
    if (i == kMaxLayers) {
      in.fail({model + "layers", "at most " + std::to_string(kMaxLayers) + " layers", "more", ""});
      break;
    }
    network.layers.push_back(read_layer(in, prefix + "."));
    if (const auto* linear = std::get_if<LinearSpec>(&network.layers.back())) {
      parameters += static_cast<double>(width) * static_cast<double>(linear->units);
      width = linear->units;
    }
    activations += static_cast<double>(width) * static_cast<double>(experiment.batch.size);
  }
  if (network.layers.empty()) in.fail({model + "layers", "at least one layer", "none", ""});
  if (parameters > kMaxParameters)
    in.fail({model + "layers", "at most " + to_text(kMaxParameters) + " weights in all", to_text(parameters),
             ""});
  if (activations > kMaxActivations)
    in.fail({"experiment.batch.size",
             "a batch whose activations are at most " + to_text(kMaxActivations) + " values",
             to_text(activations), "Take a smaller batch or narrower layers."});
  // Weights, gradients, velocities and a packed copy; x̂, y and dy of every layer, and the batch itself.
  const double scalar = experiment.double_precision ? sizeof(double) : sizeof(float);
  const double of_weights = 4 * scalar * parameters;
  const double of_batch = scalar * (3 * activations + static_cast<double>(experiment.batch.size) *
                                                          static_cast<double>(network.inputs + width));
  in.will_need(of_weights > of_batch ? model + "layers" : "experiment.batch.size", of_weights + of_batch);
  experiment.outputs = width;
}

// Whether data, batches, network and loss go together.
void check_together(Arguments& in, const Experiment& experiment) {
  const Dataset& data = experiment.data;
  if (data.count == 0) return;
  if (experiment.network.inputs != data.inputs)
    in.fail({"experiment.model.inputs", std::to_string(data.inputs) + ", the coordinates of this data",
             std::to_string(experiment.network.inputs), ""});
  const bool one_for_two =
      experiment.loss != Loss::kCrossEntropy && experiment.outputs == 1 && data.classes == 2;
  if (experiment.outputs != data.classes && !one_for_two)
    in.fail({"experiment.model.layers",
             "a last layer with one output per class, " + std::to_string(data.classes),
             std::to_string(experiment.outputs),
             experiment.loss == Loss::kCrossEntropy ? "" : "For two classes one output will do as well."});

  bool needs_two = false;
  for (const LayerSpec& layer : experiment.network.layers) {
    const auto* norm = std::get_if<BatchNormSpec>(&layer);
    needs_two = needs_two || (norm != nullptr && norm->options.single_value == SingleValue::kError);
  }
  if (const std::optional<Error> error = batch_of_one(experiment.batch, data.count); needs_two && error)
    in.fail(*error);
}

}  // namespace

std::optional<Error> batch_of_one(const BatcherOptions& batch, Index count) {
  const Index size = std::min(batch.size, count);
  if (size == 1) return single_value_error("experiment.batch.size", "batches of one example");
  if (count % size != 1 || batch.last == LastBatch::kDrop) return std::nullopt;
  return Error{
      "experiment.batch.last", "'drop', because batch normalization needs two examples to train on",
      std::to_string(count) + " examples in batches of " + std::to_string(size) + ", which leave one over",
      ""};
}

Experiment read_experiment(Arguments& in) {
  Experiment e;
  in.integer("experiment.version", {.min = 1, .max = 1});
  e.double_precision =
      in.choice<Precision>("experiment.dtype", kPrecisions, Precision::kFloat) == Precision::kDouble;
  e.data_seed = read_seed(in, "experiment.seeds.data", 1);
  e.init_seed = read_seed(in, "experiment.seeds.init", 1);
  e.order_seed = read_seed(in, "experiment.seeds.order", 1);

  e.batch.size = in.integer("experiment.batch.size", {.min = 1, .max = kMaxBatch, .fallback = 32});
  e.batch.reshuffle = in.boolean("experiment.batch.reshuffle", true);
  e.batch.last = in.choice<LastBatch>("experiment.batch.last", kLastBatches, LastBatch::kKeep);
  e.loss = in.choice<Loss>("experiment.loss", kLosses, std::nullopt);
  e.sgd = read_sgd_options(in, "experiment.optimizer.", 0.1);
  e.sgd.decay_gamma = in.boolean("experiment.optimizer.decay_gamma", true);
  e.sgd.decay_beta = in.boolean("experiment.optimizer.decay_beta", true);
  e.sgd.decay_bias = in.boolean("experiment.optimizer.decay_bias", true);
  read_network(in, e);

  if (in.says("experiment.data.kind", "given")) {
    in.text("experiment.data.kind");
  } else if (in.has_below("experiment.data")) {
    const ToyOptions toy = read_toy_options(in, "experiment.data.");
    if (in.ok()) e.data = make_toy(toy, e.data_seed);
  }
  if (in.ok()) check_together(in, e);
  return e;
}

}  // namespace bnlab
