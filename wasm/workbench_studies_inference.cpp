// The measured experiments of training mode and inference mode: each call is one seed under one condition.
#include "engine_float.hpp"
#include "experiments/batch_mates.hpp"
#include "experiments/domain_shift.hpp"
#include "experiments/ema_lag.hpp"
#include "experiments/frozen_norm.hpp"
#include "experiments/leakage.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

enum class StudiedNorm { kNone, kBatch, kLayer };

constexpr Choice kNormWords[] = {{"none", static_cast<int>(StudiedNorm::kNone)},
                                 {"batch", static_cast<int>(StudiedNorm::kBatch)},
                                 {"layer", static_cast<int>(StudiedNorm::kLayer)}};
constexpr Choices<StudiedNorm> kNorms(kNormWords);

// So many that no study takes more than seconds.
constexpr Index kMostSteps = 5000;
constexpr Index kMostBatch = 512;
constexpr Index kMostConditions = 16;

std::optional<LayerSpec> layer_of(StudiedNorm norm) {
  switch (norm) {
    case StudiedNorm::kNone:
      return std::nullopt;
    case StudiedNorm::kBatch:
      return BatchNormSpec{};
    case StudiedNorm::kLayer:
      return GroupNormSpec{.groups = 1, .per_feature = true};
  }
  return std::nullopt;
}

Index read_steps(Arguments& in, Index fallback) {
  return in.integer(
      "steps", {.min = 0, .max = static_cast<double>(kMostSteps), .fallback = static_cast<double>(fallback)});
}

double read_lr(Arguments& in, double fallback) {
  return in.number("lr", {.min = 0, .max = 100, .fallback = fallback});
}

Index read_batch_size(Arguments& in, Index fallback) {
  return in.integer(
      "batch_size",
      {.min = 2, .max = static_cast<double>(kMostBatch), .fallback = static_cast<double>(fallback)});
}

double read_running_momentum(Arguments& in, double fallback) {
  return in.number("momentum", {.min = 0, .max = 1, .fallback = fallback});
}

// Inputs become scale·x + shift.
void read_move(Arguments& in, double& scale, double& shift) {
  scale = in.number("scale", {.min = -100, .max = 100, .fallback = scale});
  shift = in.number("shift", {.min = -100, .max = 100, .fallback = shift});
}

// 1 to 16 conditions, each from `least` to `most`.
std::vector<Index> read_conditions(Arguments& in, const char* name, const char* what, Index least,
                                   Index most) {
  const TensorView<std::int32_t> given = in.tensor<std::int32_t>(name, {-1}, what);
  std::vector<Index> conditions;
  if (given.data == nullptr) return conditions;
  if (given.size() > kMostConditions) {
    in.fail(
        {name, "at most " + std::to_string(kMostConditions) + " values", std::to_string(given.size()), ""});
    return conditions;
  }
  conditions.assign(given.data, given.data + given.size());
  for (const Index condition : conditions)
    if (condition < least || condition > most)
      in.fail({name, "values from " + std::to_string(least) + " to " + std::to_string(most),
               std::to_string(condition), ""});
  return conditions;
}

// One column of the points, under its name.
template <typename Point>
void add_column(Reply& out, const char* name, const std::vector<Point>& points, double Point::*column) {
  std::vector<double> values;
  values.reserve(points.size());
  for (const Point& point : points) values.push_back(point.*column);
  out.add(name, {static_cast<Index>(values.size())}, values.data());
}

Status run_ema_lag(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  EmaLagOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.steps = read_conditions(in, "steps", "one step per point", 0, kMostSteps);
  for (std::size_t i = 1; i < options.steps.size(); ++i)
    if (options.steps[i] < options.steps[i - 1])
      in.fail({"steps", "steps in ascending order",
               std::to_string(options.steps[i]) + " after " + std::to_string(options.steps[i - 1]), ""});
  options.running_momentum = read_running_momentum(in, options.running_momentum);
  read_move(in, options.scale, options.shift);
  options.lr = read_lr(in, options.lr);
  options.batch = read_batch_size(in, options.batch);
  if (Status status = in.finish(); !status.ok()) return status;
  const std::vector<EmaLagPoint> points = ema_lag(options, seed);
  add_column(out, "training", points, &EmaLagPoint::training);
  add_column(out, "inference", points, &EmaLagPoint::inference);
  add_column(out, "recalibrated", points, &EmaLagPoint::recalibrated);
  return {};
}

Status run_batch_mates(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  BatchMatesOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.batches = read_conditions(in, "batch_sizes", "one size per batch size", 2, kMostBatch);
  options.examples =
      in.integer("examples", {.min = 1, .max = 1000, .fallback = static_cast<double>(options.examples)});
  options.steps = read_steps(in, options.steps);
  options.lr = read_lr(in, options.lr);
  if (Status status = in.finish(); !status.ok()) return status;
  const std::vector<BatchMatesPoint> points = batch_mates(options, seed);
  add_column(out, "training", points, &BatchMatesPoint::training);
  add_column(out, "inference", points, &BatchMatesPoint::inference);
  return {};
}

Status run_leakage(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  LeakageOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.offset = in.number("offset", {.min = 0, .max = 1000, .fallback = options.offset});
  options.shared = in.boolean("shared", options.shared);
  options.batch = read_batch_size(in, options.batch);
  if (options.batch % 2 != 0)
    in.fail({"batch_size", "an even number, half of each class", std::to_string(options.batch), ""});
  options.steps = read_steps(in, options.steps);
  options.lr = read_lr(in, options.lr);
  if (Status status = in.finish(); !status.ok()) return status;
  const LeakageResult result = leakage(options, seed);
  out.add("training", result.training);
  out.add("inference", result.inference);
  out.add("without", result.without);
  return {};
}

Status run_domain_shift(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  DomainShiftOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.norm = layer_of(in.choice<StudiedNorm>("norm", kNorms, StudiedNorm::kBatch));
  read_move(in, options.scale, options.shift);
  options.steps = read_steps(in, options.steps);
  options.lr = read_lr(in, options.lr);
  options.batch = read_batch_size(in, options.batch);
  if (Status status = in.finish(); !status.ok()) return status;
  const DomainShift result = domain_shift(options, seed);
  out.add("before", result.before);
  out.add("after", result.after);
  out.add("recalibrated", result.recalibrated);
  return {};
}

Status run_frozen_norm(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  FrozenNormOptions options;
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  options.frozen = in.boolean("frozen", options.frozen);
  read_move(in, options.scale, options.shift);
  options.batch = read_batch_size(in, options.batch);
  options.examples =
      in.integer("examples", {.min = 0, .max = 20'000, .fallback = static_cast<double>(options.examples)});
  options.lr = read_lr(in, options.lr);
  options.running_momentum = read_running_momentum(in, options.running_momentum);
  options.steps = read_steps(in, options.steps);
  if (Status status = in.finish(); !status.ok()) return status;
  const FrozenNorm result = frozen_norm(options, seed);
  out.add("before", result.before);
  out.add("after", result.after);
  return {};
}

constexpr Operation kOperations[] = {{"study_ema_lag", run_ema_lag},
                                     {"study_batch_mates", run_batch_mates},
                                     {"study_leakage", run_leakage},
                                     {"study_domain_shift", run_domain_shift},
                                     {"study_frozen_norm", run_frozen_norm}};

}  // namespace

std::span<const Operation> inference_study_operations() { return kOperations; }

}  // namespace bnlab
