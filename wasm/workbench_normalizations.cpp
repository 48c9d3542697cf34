// The other normalisations on given arrays: per example, renormalised, by other spreads; each forward and backward in
// training mode.
#include <cmath>

#include "engine_float.hpp"
#include "nn/group_norm.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

enum class Pass { kForward, kBackward };

template <typename T>
using Values = std::vector<T>;

// What all of them take and give, whichever the pass; beta is read forward and dy backward, so the other stays null.
template <typename T>
struct Normalization {
  Normalization(Arguments& in, Pass pass_) : pass(pass_) {
    x = in.tensor<T>("x", {}, "(B, C) or (B, C, H, W)");
    if (x.data != nullptr && x.rank() != 2 && x.rank() != 4)
      in.fail({"x", "the shape (B, C) or (B, C, H, W)", to_text(x.shape), ""});
    if (!in.ok()) return;
    shape = {x.shape[0], x.shape[1], x.rank() == 4 ? x.shape[2] * x.shape[3] : 1};
    per_channel = {shape.channels};
    eps = static_cast<T>(read_eps(in, "eps", BatchNormOptions().eps));
    if (pass == Pass::kBackward) dy = in.tensor<T>("dy", x.shape, "like x");
  }

  void read_affine(Arguments& in, const std::vector<Index>& wanted, const char* meaning) {
    gamma = in.tensor<T>("gamma", wanted, meaning, Presence::kOptional);
    if (pass == Pass::kForward) beta = in.tensor<T>("beta", wanted, meaning, Presence::kOptional);
    affine_shape = wanted;
  }

  // What those that go by the batch take besides.
  void read_batch_affine(Arguments& in) {
    if (!in.ok()) return;
    read_affine(in, per_channel, "one value per channel");
    const SingleValue single_value =
        in.choice<SingleValue>("single_value", kSingleValues, SingleValue::kError);
    if (shape.reduction() == 1 && single_value == SingleValue::kError)
      in.fail(single_value_error("x", "the shape " + to_text(x.shape)));
  }

  // When all arguments are read: their first error, or room for the results.
  [[nodiscard]] Status finish(Arguments& in) {
    if (Status status = in.finish(); !status.ok()) return status;
    for (Values<T>* like_x : {&xhat, &out}) like_x->resize(static_cast<std::size_t>(x.size()));
    for (Values<T>* like_gamma : {&dgamma, &dbeta})
      like_gamma->resize(static_cast<std::size_t>(shape.channels));
    return {};
  }

  // Whether `spreads`, one per channel or group, came out as numbers.
  [[nodiscard]] Status check(const Values<T>& spreads, const char* what) const {
    for (const T spread : spreads)
      if (!std::isfinite(spread))
        return Error{"x", std::string("values whose ") + what + " is finite in " + name_of(kDtypeOf<T>),
                     to_text(static_cast<double>(spread)), ""};
    return {};
  }

  // `out` is y after forward and dx after backward.
  void reply(Reply& reply) const {
    if (pass == Pass::kForward) {
      reply.add("y", x.shape, out.data());
      reply.add("xhat", x.shape, xhat.data());
    } else {
      reply.add("dx", x.shape, out.data());
      reply.add("dgamma", affine_shape, dgamma.data());
      reply.add("dbeta", affine_shape, dbeta.data());
    }
  }

  [[nodiscard]] Values<T> channel_values() const {
    return Values<T>(static_cast<std::size_t>(shape.channels));
  }

  Pass pass;
  TensorView<T> x;
  TensorView<T> dy;
  TensorView<T> gamma;
  TensorView<T> beta;
  ChannelShape shape;
  T eps = 0;
  std::vector<Index> per_channel;
  std::vector<Index> affine_shape;
  Values<T> xhat;
  Values<T> out;
  Values<T> dgamma;
  Values<T> dbeta;
};

template <typename T>
Status group_norm(Arguments& in, Reply& out, Pass pass) {
  Normalization<T> n(in, pass);
  if (!in.ok()) return in.finish();
  const Index channels = n.shape.channels;
  const Index groups = in.integer("groups", {.min = 1, .max = static_cast<double>(channels)});
  if (channels % groups != 0)
    in.fail(
        {"groups", "a divisor of the " + std::to_string(channels) + " channels", std::to_string(groups), ""});
  if (channels / groups * n.shape.spatial == 1)
    in.fail({"groups", "more than one value per group", "groups of one channel with one value each",
             "One value is its own mean: x̂ would be 0 and y = β whatever x is."});
  // With γ and β of every element, a picture is a row of so many channels.
  const bool per_element =
      groups == 1 && n.x.rank() == 4 && (in.rank_of("gamma") == 3 || in.rank_of("beta") == 3);
  if (per_element) {
    n.shape = {n.shape.batch, channels * n.shape.spatial, 1};
    n.read_affine(in, {channels, n.x.shape[2], n.x.shape[3]}, "one value per element of an example");
  } else {
    n.read_affine(in, n.per_channel, "one value per channel");
  }
  if (Status status = n.finish(in); !status.ok()) return status;

  Values<T> mean(static_cast<std::size_t>(n.shape.batch * groups));
  Values<T> rstd(mean.size());
  group_norm_forward(n.shape, groups, n.x.data, n.gamma.data, n.beta.data, n.eps, mean.data(), rstd.data(),
                     n.xhat.data(), n.out.data());
  Values<T> std(rstd.size());
  for (std::size_t k = 0; k < std.size(); ++k) std[k] = T(1) / rstd[k];
  if (Status status = n.check(std, "variance"); !status.ok()) return status;
  if (pass == Pass::kBackward)
    group_norm_backward(n.shape, groups, n.dy.data, n.xhat.data(), rstd.data(), n.gamma.data, n.out.data(),
                        n.dgamma.data(), n.dbeta.data());
  n.reply(out);
  if (pass == Pass::kForward) {
    out.add("mean", {n.shape.batch, groups}, mean.data());
    out.add("rstd", {n.shape.batch, groups}, rstd.data());
  }
  return {};
}

template <typename T>
Status batch_renorm(Arguments& in, Reply& out, Pass pass) {
  Normalization<T> n(in, pass);
  n.read_batch_affine(in);
  const TensorView<T> running_mean = in.tensor<T>("running_mean", n.per_channel, "one value per channel");
  const TensorView<T> running_std = in.tensor<T>("running_std", n.per_channel, "one value per channel");
  for (Index c = 0; running_std.data != nullptr && c < running_std.size(); ++c)
    if (running_std.data[c] <= T(0))
      in.fail({"running_std", "standard deviations, which are above 0",
               to_text(static_cast<double>(running_std.data[c])) + " at [" + std::to_string(c) + "]", ""});
  const RenormBounds bounds = read_renorm_bounds(in, "");
  if (Status status = n.finish(in); !status.ok()) return status;

  Values<T> mean = n.channel_values();
  Values<T> std = n.channel_values();
  Values<T> center = n.channel_values();
  Values<T> scale = n.channel_values();
  Values<T> r = n.channel_values();
  Values<T> d = n.channel_values();
  batch_renorm_forward_training(n.shape, n.x.data, n.gamma.data, n.beta.data, n.eps, bounds,
                                running_mean.data, running_std.data, mean.data(), std.data(), center.data(),
                                scale.data(), r.data(), d.data(), n.xhat.data(), n.out.data());
  if (Status status = n.check(std, "variance"); !status.ok()) return status;
  if (pass == Pass::kBackward)
    batch_renorm_backward_training(n.shape, n.dy.data, n.xhat.data(), scale.data(), r.data(), d.data(),
                                   n.gamma.data, n.out.data(), n.dgamma.data(), n.dbeta.data());
  n.reply(out);
  if (pass == Pass::kForward) {
    out.add("r", n.per_channel, r.data());
    out.add("d", n.per_channel, d.data());
  }
  return {};
}

template <typename T>
Status lp_norm(Arguments& in, Reply& out, Pass pass) {
  Normalization<T> n(in, pass);
  n.read_batch_affine(in);
  const Spread spread = read_spread(in, "p");
  if (Status status = n.finish(in); !status.ok()) return status;

  Values<T> mean = n.channel_values();
  Values<T> scale = n.channel_values();
  Values<T> rscale = n.channel_values();
  lp_norm_forward_training(n.shape, spread, n.x.data, n.gamma.data, n.beta.data, n.eps, mean.data(),
                           scale.data(), rscale.data(), n.xhat.data(), n.out.data());
  if (Status status = n.check(scale, "spread"); !status.ok()) return status;
  if (pass == Pass::kBackward)
    lp_norm_backward_training(n.shape, spread, n.dy.data, n.xhat.data(), scale.data(), rscale.data(),
                              n.gamma.data, n.out.data(), n.dgamma.data(), n.dbeta.data());
  n.reply(out);
  if (pass == Pass::kForward) {
    out.add("mean", n.per_channel, mean.data());
    out.add("scale", n.per_channel, scale.data());
  }
  return {};
}

// An operation in the element type of x.
template <Status (*in_float)(Arguments&, Reply&, Pass), Status (*in_double)(Arguments&, Reply&, Pass),
          Pass pass>
Status run(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  return (in.dtype_of("x") == Dtype::kFloat32 ? in_float : in_double)(in, out, pass);
}

constexpr Operation kOperations[] = {
    {"group_norm_forward", run<group_norm<float>, group_norm<double>, Pass::kForward>},
    {"group_norm_backward", run<group_norm<float>, group_norm<double>, Pass::kBackward>},
    {"batch_renorm_forward", run<batch_renorm<float>, batch_renorm<double>, Pass::kForward>},
    {"batch_renorm_backward", run<batch_renorm<float>, batch_renorm<double>, Pass::kBackward>},
    {"lp_norm_forward", run<lp_norm<float>, lp_norm<double>, Pass::kForward>},
    {"lp_norm_backward", run<lp_norm<float>, lp_norm<double>, Pass::kBackward>},
};

}  // namespace

std::span<const Operation> normalization_operations() { return kOperations; }

}  // namespace bnlab
