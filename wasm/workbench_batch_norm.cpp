// Batch normalization on given arrays: forward, backward, folding, running statistics, and the walk that explains it.

#include "engine_float.hpp"
#include "probe/batch_norm_walk.hpp"
#include "probe/describe.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

constexpr const char* kPerFeature = "one value per feature";

// What forward and backward have in common.
template <typename T>
struct BatchNormArguments {
  TensorView<T> x;
  ChannelShape shape;
  TensorView<T> gamma;
  TensorView<T> beta;
  TensorView<T> running_mean;
  TensorView<T> running_var;
  BatchNormOptions options;
  Mode mode = Mode::kTraining;

  [[nodiscard]] bool from_running() const { return mode == Mode::kInference; }
};

template <typename T>
void check_variances(Arguments& in, const std::string& name, const TensorView<T>& var) {
  if (var.data == nullptr) return;
  for (Index c = 0; c < var.size(); ++c)
    if (var.data[c] < T(0))
      in.fail({name, "variances, which are not negative",
               to_text(static_cast<double>(var.data[c])) + " at [" + std::to_string(c) + "]", ""});
}

template <typename T>
BatchNormArguments<T> read_common(Arguments& in) {
  BatchNormArguments<T> a;
  a.x = in.tensor<T>("x", {}, "(B, C) or (B, C, H, W)");
  if (a.x.data != nullptr && a.x.rank() != 2 && a.x.rank() != 4)
    in.fail({"x", "the shape (B, C) or (B, C, H, W)", to_text(a.x.shape), ""});
  if (!in.ok()) return a;
  a.shape = {a.x.shape[0], a.x.shape[1], a.x.rank() == 4 ? a.x.shape[2] * a.x.shape[3] : 1};
  a.options = read_batch_norm_options(in, "");
  a.mode = in.choice<Mode>("mode", kModes, Mode::kTraining);
  a.gamma = in.tensor<T>("gamma", {a.shape.channels}, kPerFeature, Presence::kOptional);
  const Presence running = a.from_running() ? Presence::kRequired : Presence::kOptional;
  const bool any_running = in.has("running_mean") || in.has("running_var");
  const Presence both = any_running ? Presence::kRequired : running;
  a.running_mean = in.tensor<T>("running_mean", {a.shape.channels}, kPerFeature, both);
  a.running_var = in.tensor<T>("running_var", {a.shape.channels}, kPerFeature, both);
  check_variances(in, "running_var", a.running_var);
  if (!a.from_running() && a.shape.reduction() == 1 && a.options.single_value == SingleValue::kError)
    in.fail(single_value_error("x", "the shape " + to_text(a.x.shape)));
  return a;
}

// Statistics of the mode, and x̂ by them.
template <typename T>
struct Normalized {
  std::vector<T> mean, var, rstd, xhat, y;
};

template <typename T>
Result<Normalized<T>> normalize(const BatchNormArguments<T>& a) {
  Normalized<T> n;
  const auto channels = static_cast<std::size_t>(a.shape.channels);
  n.mean.resize(channels);
  n.var.resize(channels);
  n.rstd.resize(channels);
  n.xhat.resize(static_cast<std::size_t>(a.shape.size()));
  n.y.resize(n.xhat.size());
  if (a.from_running()) {
    n.mean.assign(a.running_mean.data, a.running_mean.data + channels);
    n.var.assign(a.running_var.data, a.running_var.data + channels);
  } else {
    batch_norm_statistics(a.shape, a.x.data, n.mean.data(), n.var.data());
    for (std::size_t c = 0; c < channels; ++c)
      if (!std::isfinite(n.mean[c]) || !std::isfinite(n.var[c]))
        return Error{
            "x", std::string("values whose variance is finite in ") + name_of(kDtypeOf<T>),
            "variance " + to_text(static_cast<double>(n.var[c])) + " of feature " + std::to_string(c),
            "An infinite variance would make every x̂ zero without a word."};
  }
  batch_norm_rstd(a.shape.channels, n.var.data(), static_cast<T>(a.options.eps), n.rstd.data());
  batch_norm_normalize(a.shape, a.x.data, n.mean.data(), n.rstd.data(), a.gamma.data, a.beta.data,
                       n.xhat.data(), n.y.data());
  return n;
}

template <typename T>
Status forward(Arguments& in, Reply& out) {
  BatchNormArguments<T> a = read_common<T>(in);
  a.beta = in.tensor<T>("beta", {a.shape.channels}, kPerFeature, Presence::kOptional);
  const Index seen = in.integer("num_batches_tracked", {.min = 0, .max = 2e9, .fallback = 0});
  if (Status status = in.finish(); !status.ok()) return status;
  Result<Normalized<T>> result = normalize(a);
  if (!result.ok()) return result.error();
  Normalized<T>& n = result.value();
  const Index channels = a.shape.channels;
  out.add("y", a.x.shape, n.y.data());
  out.add("xhat", a.x.shape, n.xhat.data());
  out.add("mean", {channels}, n.mean.data());
  out.add("var", {channels}, n.var.data());
  out.add("rstd", {channels}, n.rstd.data());
  if (a.running_mean.data == nullptr) return {};
  std::vector<T> running_mean(a.running_mean.data, a.running_mean.data + channels);
  std::vector<T> running_var(a.running_var.data, a.running_var.data + channels);
  if (!a.from_running())
    batch_norm_update_running(a.options, channels, a.shape.reduction(), n.mean.data(), n.var.data(), seen,
                              running_mean.data(), running_var.data());
  out.add("running_mean", {channels}, running_mean.data());
  out.add("running_var", {channels}, running_var.data());
  return {};
}

template <typename T>
Status backward(Arguments& in, Reply& out) {
  BatchNormArguments<T> a = read_common<T>(in);
  const TensorView<T> dy = in.tensor<T>("dy", a.x.shape, "like x");
  if (Status status = in.finish(); !status.ok()) return status;
  Result<Normalized<T>> result = normalize(a);
  if (!result.ok()) return result.error();
  const Normalized<T>& n = result.value();
  const auto channels = static_cast<std::size_t>(a.shape.channels);
  std::vector<T> dx(n.xhat.size());
  std::vector<T> dgamma(channels);
  std::vector<T> dbeta(channels);
  if (a.from_running())
    batch_norm_backward_inference(a.shape, dy.data, n.xhat.data(), n.rstd.data(), a.gamma.data, dx.data(),
                                  dgamma.data(), dbeta.data());
  else
    batch_norm_backward_training(a.shape, dy.data, n.xhat.data(), n.rstd.data(), a.gamma.data, dx.data(),
                                 dgamma.data(), dbeta.data());
  out.add("dx", a.x.shape, dx.data());
  out.add("dgamma", {a.shape.channels}, dgamma.data());
  out.add("dbeta", {a.shape.channels}, dbeta.data());
  return {};
}

template <typename T>
Status fold(Arguments& in, Reply& out) {
  const TensorView<T> weight = in.tensor<T>("weight", {-1, -1}, "(out, in)");
  const Index units = weight.shape[0];
  const Index inputs = weight.shape[1];
  const BatchNormOptions options =
      batch_norm_options(in.choice<Convention>("convention", kConventions, Convention::kPyTorch));
  const T eps = static_cast<T>(read_eps(in, "eps", options.eps));
  const TensorView<T> bias = in.tensor<T>("bias", {units}, "one value per output", Presence::kOptional);
  const TensorView<T> gamma = in.tensor<T>("gamma", {units}, "one value per output", Presence::kOptional);
  const TensorView<T> beta = in.tensor<T>("beta", {units}, "one value per output", Presence::kOptional);
  const TensorView<T> mean = in.tensor<T>("running_mean", {units}, "one value per output");
  const TensorView<T> var = in.tensor<T>("running_var", {units}, "one value per output");
  check_variances(in, "running_var", var);
  if (Status status = in.finish(); !status.ok()) return status;
  Matrix<T> folded = ConstMatrixMap<T>(weight.data, units, inputs).transpose();
  std::vector<T> folded_bias(static_cast<std::size_t>(units), T(0));
  if (bias.data != nullptr) folded_bias.assign(bias.data, bias.data + units);
  batch_norm_fold(inputs, units, gamma.data, beta.data, mean.data, var.data, eps, folded.data(),
                  folded_bias.data());
  const Matrix<T> turned = folded.transpose();
  out.add("weight", {units, inputs}, turned.data());
  out.add("bias", {units}, folded_bias.data());
  return {};
}

struct NamedValues {
  const char* name;
  BatchNormWalk::Values BatchNormWalk::*values;
};
constexpr NamedValues kWalkPerFeature[] = {
    {"sum", &BatchNormWalk::sum},
    {"mean", &BatchNormWalk::mean},
    {"sum_of_squares", &BatchNormWalk::sum_of_squares},
    {"var", &BatchNormWalk::var},
    {"var_unbiased", &BatchNormWalk::var_unbiased},
    {"std", &BatchNormWalk::std},
    {"rstd", &BatchNormWalk::rstd},
    {"running_std", &BatchNormWalk::running_std},
    {"running_rstd", &BatchNormWalk::running_rstd},
    {"factor", &BatchNormWalk::factor},
    {"dbeta", &BatchNormWalk::dbeta},
    {"dgamma", &BatchNormWalk::dgamma},
    {"dx_sum", &BatchNormWalk::dx_sum},
    {"dgamma_numeric", &BatchNormWalk::dgamma_numeric},
    {"dbeta_numeric", &BatchNormWalk::dbeta_numeric},
    {"gamma_next", &BatchNormWalk::gamma_next},
    {"beta_next", &BatchNormWalk::beta_next},
};
constexpr NamedValues kWalkPerCell[] = {
    {"squared", &BatchNormWalk::squared},
    {"centered", &BatchNormWalk::centered},
    {"xhat", &BatchNormWalk::xhat},
    {"scaled", &BatchNormWalk::scaled},
    {"y", &BatchNormWalk::y},
    {"xhat_inference", &BatchNormWalk::xhat_inference},
    {"y_inference", &BatchNormWalk::y_inference},
    {"gap", &BatchNormWalk::gap},
    {"dy", &BatchNormWalk::dy},
    {"dy_xhat", &BatchNormWalk::dy_xhat},
    {"dx_direct", &BatchNormWalk::dx_direct},
    {"dx_mean", &BatchNormWalk::dx_mean},
    {"dx_variance", &BatchNormWalk::dx_variance},
    {"dx", &BatchNormWalk::dx},
    {"dx_numeric", &BatchNormWalk::dx_numeric},
};

Status walk(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  const TensorView<double> x =
      in.tensor<double>("x", {-1, -1}, "one row per example, one column per feature");
  const std::vector<Index> per_cell = x.shape;
  const std::vector<Index> per_feature{x.shape[1]};
  const TensorView<double> gamma = in.tensor<double>("gamma", per_feature, kPerFeature);
  const TensorView<double> beta = in.tensor<double>("beta", per_feature, kPerFeature);
  const TensorView<double> running_mean = in.tensor<double>("running_mean", per_feature, kPerFeature);
  const TensorView<double> running_var = in.tensor<double>("running_var", per_feature, kPerFeature);
  check_variances(in, "running_var", running_var);
  const TensorView<double> dy = in.tensor<double>("dy", per_cell, "like x", Presence::kOptional);
  const TensorView<double> target = in.tensor<double>("target", per_cell, "like x", Presence::kOptional);
  if (in.ok() && (dy.data == nullptr) == (target.data == nullptr))
    in.fail({"dy", "exactly one of dy and target", dy.data == nullptr ? "neither" : "both", ""});
  BatchNormWalkInput input;
  input.eps = in.number("eps", {.min = kMinEps, .max = kMaxEps});
  input.lr = in.number("lr", {.min = 0, .max = 1e6});
  input.mode = in.choice<Mode>("mode", kModes, Mode::kTraining);
  // Some fifteen tensors like x, and as many copies of them for the reply.
  in.will_need("x", 32.0 * sizeof(double) * static_cast<double>(x.size()));
  if (Status status = in.finish(); !status.ok()) return status;
  input.examples = x.shape[0];
  input.features = x.shape[1];
  input.x = x.data;
  input.gamma = gamma.data;
  input.beta = beta.data;
  input.running_mean = running_mean.data;
  input.running_var = running_var.data;
  input.dy = dy.data;
  input.target = target.data;
  const BatchNormWalk w = batch_norm_walk(input);
  for (std::size_t c = 0; c < w.var.size(); ++c)
    if (!std::isfinite(w.var[c]))
      return Error{"x", "values whose variance is finite",
                   "variance " + to_text(w.var[c]) + " of feature " + std::to_string(c), ""};

  out.add("xhat_bound", w.xhat_bound);
  out.add("loss", w.loss);
  out.add("largest_difference", w.largest_difference);
  out.add("loss_next", w.loss_next);
  for (const auto& [name, values] : kWalkPerFeature) out.add(name, per_feature, (w.*values).data());
  for (const auto& [name, values] : kWalkPerCell) out.add(name, per_cell, (w.*values).data());
  return {};
}

enum class StoredVariance { kBiased, kUnbiased };
constexpr Choice kStoredVarianceWords[] = {{"biased", static_cast<int>(StoredVariance::kBiased)},
                                           {"unbiased", static_cast<int>(StoredVariance::kUnbiased)}};
constexpr Choices<StoredVariance> kStoredVariances(kStoredVarianceWords);

Status running_statistics(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  const TensorView<double> mean = in.tensor<double>("mean", {-1, -1}, "one row per batch");
  const Index batches = mean.shape[0];
  const Index channels = mean.shape[1];
  const TensorView<double> var = in.tensor<double>("var", {batches, channels}, "like mean");
  check_variances(in, "var", var);
  const TensorView<double> count = in.tensor<double>("count", {batches}, "one value per batch");
  for (Index k = 0; count.data != nullptr && k < batches; ++k)
    if (count.data[k] < 1 || count.data[k] > 2e9 || count.data[k] != std::floor(count.data[k]))
      in.fail({"count", "whole numbers from 1 to 2000000000",
               to_text(count.data[k]) + " at [" + std::to_string(k) + "]", ""});
  const TensorView<double> initial_mean = in.tensor<double>("initial_mean", {channels}, kPerFeature);
  const TensorView<double> initial_var = in.tensor<double>("initial_var", {channels}, kPerFeature);
  check_variances(in, "initial_var", initial_var);
  BatchNormOptions options = read_batch_norm_options(in, "");
  options.unbiased_running_var =
      in.choice<StoredVariance>(
          "stored_variance", kStoredVariances,
          options.unbiased_running_var ? StoredVariance::kUnbiased : StoredVariance::kBiased) ==
      StoredVariance::kUnbiased;
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<double> means(initial_mean.data, initial_mean.data + channels);
  std::vector<double> vars(initial_var.data, initial_var.data + channels);
  for (Index k = 0; k < batches; ++k) {
    const std::size_t last = means.size() - static_cast<std::size_t>(channels);
    for (Index c = 0; c < channels; ++c) {
      means.push_back(means[last + static_cast<std::size_t>(c)]);
      vars.push_back(vars[last + static_cast<std::size_t>(c)]);
    }
    const std::size_t next = means.size() - static_cast<std::size_t>(channels);
    if (!batch_norm_update_running<double>(options, channels, static_cast<Index>(count.data[k]),
                                           mean.data + k * channels, var.data + k * channels, k,
                                           means.data() + next, vars.data() + next))
      return Error{"var", "variances whose unbiased values are finite",
                   "larger ones in row " + std::to_string(k), ""};
  }
  out.add("running_mean", {batches + 1, channels}, means.data());
  out.add("running_var", {batches + 1, channels}, vars.data());
  out.add("running_momentum",
          options.cumulative ? 1.0 / static_cast<double>(batches) : options.running_momentum);
  return {};
}

struct NamedMoment {
  const char* name;
  double Description::*moment;
};
constexpr NamedMoment kMoments[] = {{"mean", &Description::mean},
                                    {"std", &Description::std},
                                    {"min", &Description::min},
                                    {"max", &Description::max},
                                    {"abs_max", &Description::abs_max},
                                    {"skewness", &Description::skewness},
                                    {"excess_kurtosis", &Description::excess_kurtosis}};

Status describe_sample(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  const TensorView<double> x =
      in.tensor<double>("x", {-1, -1}, "one row per example, one column per feature");
  if (Status status = in.finish(); !status.ok()) return status;
  const Index features = x.shape[1];
  std::vector<Description> descriptions;
  for (Index c = 0; c < features; ++c) descriptions.push_back(describe(x.data + c, x.shape[0], features));
  std::vector<double> values(descriptions.size());
  for (const auto& [name, moment] : kMoments) {
    for (std::size_t c = 0; c < values.size(); ++c) values[c] = descriptions[c].*moment;
    out.add(name, {features}, values.data());
  }
  return {};
}

constexpr Operation kOperations[] = {
    {"batch_norm_forward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", forward<float>, forward<double>);
     }},
    {"batch_norm_backward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", backward<float>, backward<double>);
     }},
    {"batch_norm_fold", [](Workbench&, Arguments& in,
                           Reply& out) { return by_dtype(in, out, "weight", fold<float>, fold<double>); }},
    {"batch_norm_walk", walk},
    {"running_statistics", running_statistics},
    {"describe", describe_sample},
};

}  // namespace

std::span<const Operation> batch_norm_operations() { return kOperations; }

}  // namespace bnlab
