// The measured experiments of the chapters: each call is one seed under one condition.
#include "engine_float.hpp"
#include "experiments/double_well.hpp"
#include "experiments/fixed_batches.hpp"
#include "experiments/gradient_noise.hpp"
#include "experiments/throughput.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

inline constexpr Choice kNormWords[] = {{"none", 0}, {"batch", 1}};
inline constexpr Choices<bool> kNorms(kNormWords);

// So many that no study takes more than seconds.
constexpr double kMostExamples = 4096;
constexpr double kMostSteps = 20'000;

Index read_batch_size(Arguments& in, Index fallback, Index examples, bool batch_norm) {
  return in.integer("batch_size", {.min = batch_norm ? 2.0 : 1.0,
                                   .max = static_cast<double>(examples),
                                   .fallback = static_cast<double>(fallback)});
}

double read_lr(Arguments& in, double fallback) {
  return in.number("lr", {.min = 0, .max = 100, .fallback = fallback});
}

Index read_steps(Arguments& in, Index fallback) {
  return in.integer("steps", {.min = 0, .max = kMostSteps, .fallback = static_cast<double>(fallback)});
}

Status gradient_noise(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  GradientNoiseOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.batch_norm = in.choice<bool>("norm", kNorms, options.batch_norm);
  options.examples = in.integer(
      "examples", {.min = 16, .max = kMostExamples, .fallback = static_cast<double>(options.examples)});
  options.hidden =
      in.integer("hidden", {.min = 1, .max = 256, .fallback = static_cast<double>(options.hidden)});
  options.replacement = in.boolean("replacement", options.replacement);
  options.draws =
      in.integer("draws", {.min = 2, .max = 1000, .fallback = static_cast<double>(options.draws)});
  options.steps = read_steps(in, options.steps);
  const TensorView<std::int32_t> sizes =
      in.tensor<std::int32_t>("batch_sizes", {-1}, "one size per batch size");
  if (sizes.data != nullptr) options.batch_sizes.assign(sizes.data, sizes.data + sizes.size());
  const Index least = options.batch_norm ? 2 : 1;
  if (sizes.size() > 16) in.fail({"batch_sizes", "at most 16 sizes", std::to_string(sizes.size()), ""});
  for (const Index size : options.batch_sizes)
    if (size < least || size > options.examples)
      in.fail({"batch_sizes",
               "sizes from " + std::to_string(least) + " to " + std::to_string(options.examples) +
                   ", the number of examples",
               std::to_string(size), ""});
  if (Status status = in.finish(); !status.ok()) return status;
  const GradientNoise result = measure_gradient_noise(options, seed);
  out.add("noise", {static_cast<Index>(result.noise.size())}, result.noise.data());
  out.add("slope", result.slope);
  out.add("full", result.full);
  return {};
}

Status double_well(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  DoubleWellOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.batch_size = read_batch_size(in, options.batch_size, kWellExamples, false);
  options.start = in.number("start", {.min = -3, .max = 3, .fallback = options.start});
  options.lr = read_lr(in, options.lr);
  options.noise = in.number("noise", {.min = 0, .max = 100, .fallback = options.noise});
  options.steps = read_steps(in, options.steps);
  options.runs = in.integer("runs", {.min = 1, .max = 1000, .fallback = static_cast<double>(options.runs)});
  if (Status status = in.finish(); !status.ok()) return status;
  const DoubleWell result = run_double_well(options, seed);
  out.add("escaped", result.escaped);
  out.add("crossings", result.crossings);
  return {};
}

Status fixed_batches(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  FixedBatchesOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.network.batch_norm = in.choice<bool>("norm", kNorms, options.network.batch_norm);
  options.data.train = in.integer(
      "examples", {.min = 16, .max = kMostExamples, .fallback = static_cast<double>(options.data.train)});
  options.data.label_noise =
      in.number("label_noise", {.min = 0, .max = 1, .fallback = options.data.label_noise});
  options.lr = read_lr(in, options.lr);
  options.batch_size =
      read_batch_size(in, options.batch_size, options.data.train, options.network.batch_norm);
  options.steps = read_steps(in, options.steps);
  if (Status status = in.finish(); !status.ok()) return status;
  const FixedBatches result = compare_fixed_batches(options, seed);
  out.add("reshuffled", result.reshuffled);
  out.add("fixed", result.fixed);
  out.add("gain", result.gain());
  return {};
}

Status throughput(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  ThroughputOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.network.batch_norm = in.choice<bool>("norm", kNorms, options.network.batch_norm);
  const Index units = in.integer("hidden", {.min = 1, .max = 256, .fallback = 64});
  options.network.hidden.assign(3, units);
  options.batch_size =
      read_batch_size(in, options.batch_size, static_cast<Index>(kMostExamples), options.network.batch_norm);
  options.examples =
      in.integer("examples", {.min = 1, .max = 1e6, .fallback = static_cast<double>(options.examples)});
  if (Status status = in.finish(); !status.ok()) return status;
  const Throughput result = train_examples(options, seed);
  out.add("examples", static_cast<double>(result.examples));
  out.add("steps", static_cast<double>(result.steps));
  out.add("loss", result.loss);
  return {};
}

constexpr Operation kOperations[] = {{"study_gradient_noise", gradient_noise},
                                     {"study_double_well", double_well},
                                     {"study_fixed_batches", fixed_batches},
                                     {"study_throughput", throughput}};

}  // namespace

std::span<const Operation> study_operations() { return kOperations; }

}  // namespace bnlab
