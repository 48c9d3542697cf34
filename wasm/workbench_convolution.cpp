// Convolution, pooling and dropout on given arrays.
#include "engine_float.hpp"
#include "nn/conv2d.hpp"
#include "nn/dropout.hpp"
#include "nn/pool2d.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

constexpr double kMaxStep = 64;

std::string picture(Index height, Index width) {
  return std::to_string(height) + "×" + std::to_string(width);
}

template <typename T>
struct ConvArguments {
  TensorView<T> x;
  TensorView<T> weight;
  ConvShape shape;
};

template <typename T>
ConvArguments<T> read_conv(Arguments& in) {
  const TensorView<T> x = in.tensor<T>("x", {-1, -1, -1, -1}, "(B, in, H, W)");
  const TensorView<T> weight = in.tensor<T>("weight", {-1, x.shape[1], -1, -1}, "(out, in, k, k)");
  const Index kernel = weight.shape[2];
  const Index same = (std::max<Index>(kernel, 1) - 1) / 2;
  const Index stride = in.integer("stride", {.min = 1, .max = kMaxStep, .fallback = 1});
  const Index padding = in.integer(
      "padding", {.min = 0, .max = kMaxStep, .fallback = std::min(static_cast<double>(same), kMaxStep)});
  if (weight.shape[3] != kernel)
    in.fail({"weight", "a square kernel, (out, in, k, k)", "shape " + to_text(weight.shape), ""});
  const ConvShape shape{x.shape[0],      x.shape[1], x.shape[2], x.shape[3],
                        weight.shape[0], kernel,     stride,     padding};
  const Index height = shape.height + 2 * padding;
  const Index width = shape.width + 2 * padding;
  if (kernel > std::min(height, width))
    in.fail({"weight", "a kernel no larger than the picture with its padding, " + picture(height, width),
             picture(kernel, kernel), ""});
  return {x, weight, shape};
}

// The padded picture, the columns and the outputs can be many times x. Counted in double, where they do not overflow.
template <typename T>
void will_need_columns(Arguments& in, const ConvShape& shape) {
  const auto area = [](Index height, Index width) {
    return static_cast<double>(height) * static_cast<double>(width);
  };
  const double pixels = area(shape.out_height(), shape.out_width());
  const double padded =
      static_cast<double>(shape.in_channels) * area(shape.padded_height(), shape.padded_width());
  const double columns =
      static_cast<double>(shape.patch() + 1) * (pixels + static_cast<double>(shape.out_channels));
  const double outputs = area(shape.batch, shape.out_channels) * pixels;
  in.will_need("x", sizeof(T) * (padded + columns + 3 * outputs));
}

template <typename T>
std::vector<T> workspace(const ConvShape& shape) {
  return std::vector<T>(static_cast<std::size_t>(conv2d_workspace(shape)));
}

template <typename T>
Status forward_conv2d(Arguments& in, Reply& out) {
  const auto [x, weight, shape] = read_conv<T>(in);
  const TensorView<T> bias =
      in.tensor<T>("bias", {shape.out_channels}, "one value per output channel", Presence::kOptional);
  will_need_columns<T>(in, shape);
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<T> y(static_cast<std::size_t>(shape.batch * shape.out()));
  conv2d_forward(shape, x.data, weight.data, bias.data, workspace<T>(shape).data(), y.data());
  out.add("y", {shape.batch, shape.out_channels, shape.out_height(), shape.out_width()}, y.data());
  return {};
}

template <typename T>
Status backward_conv2d(Arguments& in, Reply& out) {
  const auto [x, weight, shape] = read_conv<T>(in);
  const std::vector<Index> outputs{shape.batch, shape.out_channels, shape.out_height(), shape.out_width()};
  const TensorView<T> dy = in.tensor<T>("dy", outputs, "like y");
  will_need_columns<T>(in, shape);
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<T> dx(static_cast<std::size_t>(x.size()));
  std::vector<T> dweight(static_cast<std::size_t>(weight.size()));
  std::vector<T> dbias(static_cast<std::size_t>(shape.out_channels));
  conv2d_backward(shape, x.data, weight.data, dy.data, workspace<T>(shape).data(), dx.data(), dweight.data(),
                  dbias.data());
  out.add("dx", x.shape, dx.data());
  out.add("dweight", weight.shape, dweight.data());
  out.add("dbias", {shape.out_channels}, dbias.data());
  return {};
}

template <typename T>
struct PoolArguments {
  TensorView<T> x;
  Pool kind;
  PoolShape shape;
};

template <typename T>
PoolArguments<T> read_pool(Arguments& in) {
  const TensorView<T> x = in.tensor<T>("x", {-1, -1, -1, -1}, "(B, C, H, W)");
  const Pool kind = in.choice<Pool>("pool", kPools, std::nullopt);
  const Index size = in.integer("size", {.min = 1, .max = kMaxStep, .fallback = 2});
  const Index stride =
      in.integer("stride", {.min = 1, .max = kMaxStep, .fallback = static_cast<double>(size)});
  const PoolShape shape{x.shape[0], x.shape[1], x.shape[2], x.shape[3], size, stride};
  if (size > std::min(shape.height, shape.width))
    in.fail({"size", "a window no larger than the picture, " + picture(shape.height, shape.width),
             picture(size, size), ""});
  return {x, kind, shape};
}

template <typename T>
Status forward_pool2d(Arguments& in, Reply& out) {
  const auto [x, kind, shape] = read_pool<T>(in);
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<T> y(static_cast<std::size_t>(shape.batch * shape.out()));
  std::vector<Index32> argmax(y.size());
  if (kind == Pool::kMax)
    max_pool2d_forward(shape, x.data, y.data(), argmax.data());
  else
    average_pool2d_forward(shape, x.data, y.data());
  out.add("y", {shape.batch, shape.channels, shape.out_height(), shape.out_width()}, y.data());
  return {};
}

template <typename T>
Status backward_pool2d(Arguments& in, Reply& out) {
  const auto [x, kind, shape] = read_pool<T>(in);
  const std::vector<Index> outputs{shape.batch, shape.channels, shape.out_height(), shape.out_width()};
  const TensorView<T> dy = in.tensor<T>("dy", outputs, "like y");
  if (Status status = in.finish(); !status.ok()) return status;
  std::vector<T> dx(static_cast<std::size_t>(x.size()));
  if (kind == Pool::kMax) {
    std::vector<T> y(static_cast<std::size_t>(dy.size()));
    std::vector<Index32> argmax(y.size());
    max_pool2d_forward(shape, x.data, y.data(), argmax.data());
    max_pool2d_backward(shape, dy.data, argmax.data(), dx.data());
  } else {
    average_pool2d_backward(shape, dy.data, dx.data());
  }
  out.add("dx", x.shape, dx.data());
  return {};
}

template <typename T>
Status forward_dropout(Arguments& in, Reply& out) {
  const TensorView<T> x = in.tensor<T>("x", {}, "of any shape");
  const double p = in.number("p", {.min = 0, .max = 1});
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  if (p == 1) in.fail({"p", "a number from 0 to below 1", "1", "What is kept is divided by 1 − p."});
  if (Status status = in.finish(); !status.ok()) return status;
  Random random(seed, Stream::kDropout);
  std::vector<T> mask(static_cast<std::size_t>(x.size()));
  std::vector<T> y(mask.size());
  dropout_mask(p, x.size(), random, mask.data());
  dropout_forward(x.size(), x.data, mask.data(), y.data());
  out.add("y", x.shape, y.data());
  out.add("mask", x.shape, mask.data());
  return {};
}

constexpr Operation kOperations[] = {
    {"conv2d_forward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", forward_conv2d<float>, forward_conv2d<double>);
     }},
    {"conv2d_backward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", backward_conv2d<float>, backward_conv2d<double>);
     }},
    {"pool2d_forward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", forward_pool2d<float>, forward_pool2d<double>);
     }},
    {"pool2d_backward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", backward_pool2d<float>, backward_pool2d<double>);
     }},
    {"dropout_forward",
     [](Workbench&, Arguments& in, Reply& out) {
       return by_dtype(in, out, "x", forward_dropout<float>, forward_dropout<double>);
     }},
};

}  // namespace

std::span<const Operation> convolution_operations() { return kOperations; }

}  // namespace bnlab
