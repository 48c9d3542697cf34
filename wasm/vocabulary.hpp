// The words callers use for the engine's choices, and rules several operations share.
#pragma once

#include "arguments.hpp"
#include "data/batcher.hpp"
#include "nn/activation.hpp"
#include "nn/batch_norm.hpp"
#include "nn/batch_renorm.hpp"
#include "nn/init.hpp"
#include "nn/loss.hpp"
#include "nn/lp_norm.hpp"
#include "nn/network.hpp"
#include "nn/pool2d.hpp"
#include "train/sgd.hpp"

namespace bnlab {

inline constexpr Choice kConventionWords[] = {{"pytorch", static_cast<int>(Convention::kPyTorch)},
                                              {"keras", static_cast<int>(Convention::kKeras)},
                                              {"onnx", static_cast<int>(Convention::kOnnx)}};
inline constexpr Choices<Convention> kConventions(kConventionWords);
inline constexpr Choice kModeWords[] = {{"training", static_cast<int>(Mode::kTraining)},
                                        {"inference", static_cast<int>(Mode::kInference)}};
inline constexpr Choices<Mode> kModes(kModeWords);
inline constexpr Choice kSingleValueWords[] = {{"error", static_cast<int>(SingleValue::kError)},
                                               {"show", static_cast<int>(SingleValue::kShow)}};
inline constexpr Choices<SingleValue> kSingleValues(kSingleValueWords);
inline constexpr Choice kActivationWords[] = {{"relu", static_cast<int>(Activation::kRelu)},
                                              {"leaky_relu", static_cast<int>(Activation::kLeakyRelu)},
                                              {"sigmoid", static_cast<int>(Activation::kSigmoid)},
                                              {"tanh", static_cast<int>(Activation::kTanh)},
                                              {"identity", static_cast<int>(Activation::kIdentity)}};
inline constexpr Choices<Activation> kActivations(kActivationWords);
inline constexpr Choice kPoolWords[] = {{"max", static_cast<int>(Pool::kMax)},
                                        {"average", static_cast<int>(Pool::kAverage)}};
inline constexpr Choices<Pool> kPools(kPoolWords);
inline constexpr Choice kLossWords[] = {{"cross_entropy", static_cast<int>(Loss::kCrossEntropy)},
                                        {"bce_with_logits", static_cast<int>(Loss::kBceWithLogits)},
                                        {"mse", static_cast<int>(Loss::kMse)}};
inline constexpr Choices<Loss> kLosses(kLossWords);
inline constexpr Choice kInitWords[] = {{"he_normal", static_cast<int>(Init::kHeNormal)},
                                        {"he_uniform", static_cast<int>(Init::kHeUniform)},
                                        {"xavier_normal", static_cast<int>(Init::kXavierNormal)},
                                        {"xavier_uniform", static_cast<int>(Init::kXavierUniform)},
                                        {"lecun_normal", static_cast<int>(Init::kLecunNormal)},
                                        {"normal", static_cast<int>(Init::kNormal)},
                                        {"pytorch", static_cast<int>(Init::kPyTorch)}};
inline constexpr Choices<Init> kInits(kInitWords);
inline constexpr Choice kLastBatchWords[] = {{"keep", static_cast<int>(LastBatch::kKeep)},
                                             {"drop", static_cast<int>(LastBatch::kDrop)}};
inline constexpr Choices<LastBatch> kLastBatches(kLastBatchWords);
inline constexpr Choice kScheduleWords[] = {{"constant", static_cast<int>(ScheduleKind::kConstant)},
                                            {"step", static_cast<int>(ScheduleKind::kStep)},
                                            {"cosine", static_cast<int>(ScheduleKind::kCosine)}};
inline constexpr Choices<ScheduleKind> kSchedules(kScheduleWords);
inline constexpr Choice kStreamWords[] = {{"data", static_cast<int>(Stream::kData)},
                                          {"init", static_cast<int>(Stream::kInit)},
                                          {"order", static_cast<int>(Stream::kOrder)}};
inline constexpr Choices<Stream> kStreams(kStreamWords);

// The smallest ε is a normal float32: below it √(0+ε) would be 0 there.
constexpr double kMinEps = 1e-30;
constexpr double kMaxEps = 1e6;

// All 32 bits of a seed count; Index, which is signed and in WebAssembly no wider, could not hold them.
inline std::uint64_t read_seed(Arguments& in, const std::string& name, std::optional<double> fallback) {
  const NumberRule rule{.min = 0, .max = 4294967295.0, .integer = true, .fallback = fallback};
  return static_cast<std::uint64_t>(in.number(name, rule));
}

inline double read_eps(Arguments& in, const std::string& name, double fallback) {
  return in.number(name, {.min = kMinEps, .max = kMaxEps, .fallback = fallback});
}

// Of leaky_relu. Above 0, since backward tells the sides apart by the sign of the output.
inline double read_slope(Arguments& in, const std::string& name) {
  return in.number(name, {.min = 1e-6, .max = 1, .fallback = kDefaultSlope});
}

// convention, eps, momentum and single_value below `prefix` ("" or ending in a dot).
inline BatchNormOptions read_batch_norm_options(Arguments& in, const std::string& prefix) {
  const Convention convention =
      in.choice<Convention>(prefix + "convention", kConventions, Convention::kPyTorch);
  BatchNormOptions options = batch_norm_options(convention);
  options.eps = read_eps(in, prefix + "eps", options.eps);
  const std::string momentum = prefix + "momentum";
  if (in.is_text(momentum)) {
    options.cumulative = true;
    const std::string word = in.text(momentum);
    if (word != "cumulative")
      in.fail({momentum, "a number from 0 to 1, or 'cumulative'", "'" + word + "'", ""});
  } else if (in.has(momentum)) {
    options.running_momentum = running_momentum_of(convention, in.number(momentum, {.min = 0, .max = 1}));
  }
  options.single_value = in.choice<SingleValue>(prefix + "single_value", kSingleValues, options.single_value);
  return options;
}

// p of ℓp norm.
inline Spread read_spread(Arguments& in, const std::string& name) {
  if (!in.is_text(name)) return in.integer(name, {.min = 1, .max = 2}) == 1 ? Spread::kL1 : Spread::kL2;
  const std::string word = in.text(name);
  if (word != "inf") in.fail({name, "1, 2 or 'inf'", "'" + word + "'", ""});
  return Spread::kInfinity;
}

// Of batch renorm: r_max and d_max below `prefix`.
inline RenormBounds read_renorm_bounds(Arguments& in, const std::string& prefix) {
  const RenormBounds usual;
  return {in.number(prefix + "r_max", {.min = 1, .max = 1e6, .fallback = usual.r_max}),
          in.number(prefix + "d_max", {.min = 0, .max = 1e6, .fallback = usual.d_max})};
}

// The optimiser's fields below `prefix`; `lr` is required where there is no fallback.
inline SgdOptions read_sgd_options(Arguments& in, const std::string& prefix,
                                   std::optional<double> fallback_lr) {
  SgdOptions options;
  options.lr = in.number(prefix + "lr", {.min = 0, .max = 1e6, .fallback = fallback_lr});
  options.momentum = in.number(prefix + "momentum", {.min = 0, .max = 1, .fallback = 0});
  options.nesterov = in.boolean(prefix + "nesterov", false);
  options.weight_decay = in.number(prefix + "weight_decay", {.min = 0, .max = 1e6, .fallback = 0});
  options.decoupled = in.boolean(prefix + "decoupled", false);
  if (options.nesterov && options.momentum == 0)
    in.fail({prefix + "nesterov", "false without momentum", "true with momentum 0",
             "Nesterov's step looks along the velocity."});
  return options;
}

// Class indices of a batch, each below `outputs`.
inline TensorView<std::int32_t> read_classes(Arguments& in, const std::string& name, Index batch,
                                             Index outputs) {
  const TensorView<std::int32_t> classes =
      in.tensor<std::int32_t>(name, {batch}, "one class index per example");
  for (Index i = 0; classes.data != nullptr && i < batch; ++i)
    if (classes.data[i] < 0 || classes.data[i] >= outputs)
      in.fail({name, "class indices from 0 to " + std::to_string(outputs - 1),
               std::to_string(classes.data[i]) + " at [" + std::to_string(i) + "]", ""});
  return classes;
}

template <typename T>
void check_probabilities(Arguments& in, const std::string& name, const TensorView<T>& targets) {
  for (Index i = 0; targets.data != nullptr && i < targets.size(); ++i)
    if (targets.data[i] < T(0) || targets.data[i] > T(1))
      in.fail({name, "probabilities from 0 to 1", to_text(static_cast<double>(targets.data[i])), ""});
}

inline Error single_value_error(const std::string& argument, const std::string& actual) {
  return {argument, "more than one value per channel in training mode", actual,
          "One value is its own mean: x̂ would be 0 and y = β whatever x is. Pass single_value: 'show' to see "
          "that."};
}

}  // namespace bnlab
