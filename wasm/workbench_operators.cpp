// Layers, losses, one SGD update and random streams on given arrays.
#include "engine_float.hpp"
#include "nn/linear.hpp"
#include "nn/loss.hpp"
#include "train/sgd.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

// PyTorch's (out, in) as the engine's (in, out), or back.
template <typename T>
Matrix<T> turned(const T* values, Index rows, Index columns) {
  return ConstMatrixMap<T>(values, rows, columns).transpose();
}

template <typename T>
Status forward_linear(Arguments& in, Reply& out) {
  const TensorView<T> x = in.tensor<T>("x", {-1, -1}, "(B, in)");
  const TensorView<T> weight = in.tensor<T>("weight", {-1, x.shape[1]}, "(out, in)");
  const LinearShape shape{x.shape[0], x.shape[1], weight.shape[0]};
  const TensorView<T> bias = in.tensor<T>("bias", {shape.out}, "one value per output", Presence::kOptional);
  in.will_need("x", 3.0 * sizeof(T) * static_cast<double>(shape.batch) * static_cast<double>(shape.out));
  if (Status status = in.finish(); !status.ok()) return status;
  Matrix<T> y(shape.batch, shape.out);
  linear_forward(shape, x.data, turned(weight.data, shape.out, shape.in).data(), bias.data, y.data());
  out.add("y", {shape.batch, shape.out}, y.data());
  return {};
}

template <typename T>
Status backward_linear(Arguments& in, Reply& out) {
  const TensorView<T> x = in.tensor<T>("x", {-1, -1}, "(B, in)");
  const TensorView<T> weight = in.tensor<T>("weight", {-1, x.shape[1]}, "(out, in)");
  const LinearShape shape{x.shape[0], x.shape[1], weight.shape[0]};
  const TensorView<T> dy = in.tensor<T>("dy", {shape.batch, shape.out}, "like y");
  if (Status status = in.finish(); !status.ok()) return status;
  Matrix<T> dx(shape.batch, shape.in);
  Matrix<T> dweight(shape.in, shape.out);
  std::vector<T> dbias(static_cast<std::size_t>(shape.out));
  linear_backward(shape, x.data, turned(weight.data, shape.out, shape.in).data(), dy.data, dx.data(),
                  dweight.data(), dbias.data());
  out.add("dx", {shape.batch, shape.in}, dx.data());
  out.add("dweight", {shape.out, shape.in}, turned(dweight.data(), shape.in, shape.out).data());
  out.add("dbias", {shape.out}, dbias.data());
  return {};
}

template <typename T>
Status forward_activation(Arguments& in, Reply& out) {
  const Activation kind = in.choice<Activation>("kind", kActivations, std::nullopt);
  const TensorView<T> x = in.tensor<T>("x", {}, "of any shape");
  const T slope = static_cast<T>(read_slope(in, "slope"));
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<T> y(static_cast<std::size_t>(x.size()));
  activation_forward(kind, x.size(), x.data, y.data(), slope);
  out.add("y", x.shape, y.data());
  return {};
}

template <typename T>
Status backward_activation(Arguments& in, Reply& out) {
  const Activation kind = in.choice<Activation>("kind", kActivations, std::nullopt);
  const TensorView<T> x = in.tensor<T>("x", {}, "of any shape");
  const TensorView<T> dy = in.tensor<T>("dy", x.shape, "like x");
  const T slope = static_cast<T>(read_slope(in, "slope"));
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<T> y(static_cast<std::size_t>(x.size()));
  std::vector<T> dx(y.size());
  activation_forward(kind, x.size(), x.data, y.data(), slope);
  activation_backward(kind, x.size(), y.data(), dy.data, dx.data(), slope);
  out.add("dx", x.shape, dx.data());
  return {};
}

template <typename T>
Status loss(Arguments& in, Reply& out) {
  const Loss kind = in.choice<Loss>("kind", kLosses, std::nullopt);
  const TensorView<T> prediction = in.tensor<T>("prediction", {-1, -1}, "(B, K)");
  const Index batch = prediction.shape[0];
  const Index outputs = prediction.shape[1];
  TensorView<std::int32_t> classes;
  TensorView<T> values;
  if (kind == Loss::kCrossEntropy)
    classes = read_classes(in, "target", batch, outputs);
  else
    values = in.tensor<T>("target", {batch, outputs}, "like prediction");
  if (kind == Loss::kBceWithLogits) check_probabilities(in, "target", values);
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<T> gradient(static_cast<std::size_t>(batch * outputs));
  double value = 0;
  if (kind == Loss::kCrossEntropy)
    value = cross_entropy(batch, outputs, prediction.data, classes.data, gradient.data());
  else if (kind == Loss::kBceWithLogits)
    value = bce_with_logits(batch * outputs, prediction.data, values.data, gradient.data());
  else
    value = mse(batch * outputs, prediction.data, values.data, gradient.data());
  out.add("loss", value);
  out.add("gradient", {batch, outputs}, gradient.data());
  return {};
}

template <typename T>
Status step_sgd(Arguments& in, Reply& out) {
  const TensorView<T> parameter = in.tensor<T>("parameter", {}, "of any shape");
  const TensorView<T> gradient = in.tensor<T>("gradient", parameter.shape, "like parameter");
  const SgdOptions options = read_sgd_options(in, "", std::nullopt);
  const bool moving = options.momentum > 0;
  const TensorView<T> velocity =
      in.tensor<T>("velocity", parameter.shape, "like parameter; zeros before the first step",
                   moving ? Presence::kRequired : Presence::kOptional);
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<T> next(parameter.data, parameter.data + parameter.size());
  std::vector<T> next_velocity;
  if (velocity.data != nullptr) next_velocity.assign(velocity.data, velocity.data + velocity.size());
  sgd_update(options, options.lr, options.weight_decay, parameter.size(), gradient.data, next_velocity.data(),
             next.data());
  out.add("parameter", parameter.shape, next.data());
  if (velocity.data != nullptr) out.add("velocity", parameter.shape, next_velocity.data());
  return {};
}

enum class Draw { kUniform, kNormal, kPermutation };
constexpr Choice kDrawWords[] = {{"uniform", static_cast<int>(Draw::kUniform)},
                                 {"normal", static_cast<int>(Draw::kNormal)},
                                 {"permutation", static_cast<int>(Draw::kPermutation)}};
constexpr Choices<Draw> kDraws(kDrawWords);

Status random(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  const Stream stream = in.choice<Stream>("stream", kStreams, std::nullopt);
  const Draw kind = in.choice<Draw>("kind", kDraws, std::nullopt);
  const Index count = in.integer("count", {.min = 1, .max = 1e6});
  in.will_need("count", 2.0 * sizeof(double) * static_cast<double>(count));
  if (Status status = in.finish(); !status.ok()) return status;
  Random source(seed, stream);
  std::vector<double> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (kind == Draw::kUniform) values[i] = source.uniform();
    if (kind == Draw::kNormal) values[i] = source.normal();
    if (kind == Draw::kPermutation) values[i] = static_cast<double>(i);
  }
  if (kind == Draw::kPermutation) source.shuffle(values.data(), count);
  out.add("values", {count}, values.data());
  return {};
}

constexpr Operation kOperations[] = {
    {"linear_forward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", forward_linear<float>, forward_linear<double>);
     }},
    {"linear_backward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", backward_linear<float>, backward_linear<double>);
     }},
    {"activation_forward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", forward_activation<float>, forward_activation<double>);
     }},
    {"activation_backward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", backward_activation<float>, backward_activation<double>);
     }},
    {"loss", [](Workbench&, Arguments& in,
                Reply& out) { return by_dtype(in, out, "prediction", loss<float>, loss<double>); }},
    {"sgd_step",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "parameter", step_sgd<float>, step_sgd<double>);
     }},
    {"random", random},
};

}  // namespace

std::span<const Operation> operator_operations() { return kOperations; }

}  // namespace bnlab
