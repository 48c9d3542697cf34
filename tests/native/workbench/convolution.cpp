// Convolution, pooling, dropout and the slope of leaky relu through the workbench.
#include <doctest/doctest.h>

#include "nn/dropout.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/request.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
Array given(const Golden& golden, const std::string& name) {
  return array(golden.shape(name), golden.values<T>(name));
}

template <typename T>
constexpr Tolerance kTolerance = sizeof(T) == 4 ? Tolerance{4e-6, 2e-6} : Tolerance{1e-14, 1e-14};

// Checks a tensor of an answer against the reference, shape and values.
template <typename T>
void check_tensor(const Answer& answer, const std::string& leaf, const Golden& golden,
                  const std::string& at) {
  check_close(answer.values(leaf), golden.values<T>(at + leaf), kTolerance<T>, at + leaf);
  CHECK(answer.array(leaf).shape == golden.shape(at + leaf));
}

}  // namespace

TEST_CASE_TEMPLATE("convolution is PyTorch's", T, float, double) {
  const Golden golden("convolution.txt");
  Workbench workbench;
  for (const std::string name : {"same", "valid", "strided", "pointwise", "wide", "whole"}) {
    const std::string at = "conv/" + name + "/";
    const std::string computed = at + dtype_name<T>() + "/";
    const Request common{"conv2d_forward",
                         {{"x", given<T>(golden, at + "x")},
                          {"weight", given<T>(golden, at + "weight")},
                          {"stride", golden.number(at + "stride")},
                          {"padding", golden.number(at + "padding")}}};
    const Answer forward = ask_well(workbench, common.with("bias", given<T>(golden, at + "bias")));
    check_tensor<T>(forward, "y", golden, computed);
    Request request = common.with("dy", given<T>(golden, at + "dy"));
    request.operation = "conv2d_backward";
    const Answer backward = ask_well(workbench, request);
    for (const char* leaf : {"dx", "dweight", "dbias"}) check_tensor<T>(backward, leaf, golden, computed);
  }
}

TEST_CASE("a convolution keeps the picture's size and has no bias unless told otherwise") {
  Workbench workbench;
  const Array x = float32({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
  for (const Index kernel : {1, 3, 5}) {
    std::vector<float> weight(static_cast<std::size_t>(kernel * kernel), 0);
    weight[weight.size() / 2] = 2;
    const Answer answer = ask_well(
        workbench, {"conv2d_forward", {{"x", x}, {"weight", array({1, 1, kernel, kernel}, weight)}}});
    CHECK(answer.array("y").shape == x.shape);
    CHECK(answer.values("y") == std::vector<double>{2, 4, 6, 8, 10, 12});
  }
}

TEST_CASE("what no convolution can be is refused") {
  Workbench workbench;
  const Array x = float32({1, 2, 3, 4}, std::vector<double>(24, 1));
  const Array kernel = float32({1, 2, 3, 3}, std::vector<double>(18, 1));
  for (const char* operation : {"conv2d_forward", "conv2d_backward"}) {
    const Request request{operation, {{"x", x}, {"weight", kernel}}};
    check_refused(workbench, request.with("x", float32({2, 3}, {1, 2, 3, 4, 5, 6})), "x", "(B, in, H, W)",
                  "(2, 3)");
    check_refused(workbench, request.with("weight", float32({1, 1, 3, 3}, std::vector<double>(9, 1))),
                  "weight", "(any, 2, any, any)", "(1, 1, 3, 3)");
    check_refused(workbench, request.with("weight", float32({1, 2, 3, 1}, std::vector<double>(6, 1))),
                  "weight", "a square kernel", "(1, 2, 3, 1)");
    const Array large = float32({1, 2, 5, 5}, std::vector<double>(50, 1));
    check_refused(workbench, request.with("weight", large).with("padding", 0.0), "weight",
                  "no larger than the picture with its padding, 3×4", "5×5");
    check_refused(workbench, request.with("stride", 0.0), "stride", "from 1 to 64", "0");
    check_refused(workbench, request.with("padding", -1.0), "padding", "from 0 to 64", "-1");
    check_refused(workbench, request.with("padding", 0.5), "padding", "a whole number", "0.5");
  }
  const Request forward{"conv2d_forward", {{"x", x}, {"weight", kernel}}};
  check_refused(workbench, forward.with("bias", float32({2}, {1, 2})), "bias", "one value per output channel",
                "(2,)");
  const Request backward{"conv2d_backward", {{"x", x}, {"weight", kernel}}};
  check_refused(workbench, backward.with("dy", x), "dy", "(1, 1, 3, 4), like y", "(1, 2, 3, 4)");
}

TEST_CASE("outputs that memory cannot hold are refused before they are computed") {
  Workbench workbench;
  const auto ones = [](std::vector<Index> shape) {
    Index size = 1;
    for (const Index extent : shape) size *= extent;
    return float32(std::move(shape), std::vector<double>(static_cast<std::size_t>(size), 1));
  };
  // Many outputs; and few, but of a picture that its padding makes large.
  const Request rows[] = {
      {"conv2d_forward",
       {{"x", ones({2000, 1, 1, 1})}, {"weight", ones({2000, 1, 1, 1})}, {"padding", 64.0}}},
      {"conv2d_forward",
       {{"x", ones({1, 100000, 1, 1})},
        {"weight", ones({1, 100000, 1, 1})},
        {"padding", 64.0},
        {"stride", 64.0}}}};
  for (const Request& request : rows) {
    const Answer answer = ask(workbench, request);
    CHECK_FALSE(answer.ok());
    if (!answer.ok()) CHECK(answer.status.error().argument == "x");
  }
}

TEST_CASE_TEMPLATE("pooling is PyTorch's", T, float, double) {
  const Golden golden("convolution.txt");
  Workbench workbench;
  for (const std::string name : {"halves", "left_out", "overlapping", "apart"}) {
    for (const std::string pool : {"max", "average"}) {
      const std::string at = "pool/" + name + "/";
      const std::string computed = at + pool + "/" + dtype_name<T>() + "/";
      Request request{"pool2d_forward",
                      {{"x", given<T>(golden, at + "x")},
                       {"pool", pool},
                       {"size", golden.number(at + "size")},
                       {"stride", golden.number(at + "stride")}}};
      check_tensor<T>(ask_well(workbench, request), "y", golden, computed);
      request.operation = "pool2d_backward";
      const Answer backward = ask_well(workbench, request.with("dy", given<T>(golden, at + "dy")));
      check_tensor<T>(backward, "dx", golden, computed);
    }
  }
}

TEST_CASE("windows are 2×2 and side by side unless told otherwise, and no larger than the picture") {
  Workbench workbench;
  const Array x = float32({1, 1, 3, 4}, {1, 5, 2, 0, 3, 4, 7, 8, 9, 9, 9, 9});
  const Request request{"pool2d_forward", {{"x", x}, {"pool", "max"}}};
  CHECK(ask_well(workbench, request).values("y") == std::vector<double>{5, 8});
  CHECK(ask_well(workbench, request.with("size", 3.0)).values("y") == std::vector<double>{9});
  check_refused(workbench, request.with("size", 4.0), "size", "no larger than the picture, 3×4", "4×4");
  check_refused(workbench, request.with("pool", "sum"), "pool", "one of 'max' 'average'", "'sum'");
  check_refused(workbench, request.with("stride", 0.0), "stride", "from 1 to 64", "0");
  Request backward = request.with("dy", x);
  backward.operation = "pool2d_backward";
  check_refused(workbench, backward, "dy", "(1, 1, 1, 2), like y", "(1, 1, 3, 4)");
}

TEST_CASE_TEMPLATE("dropout draws its mask from the seed", T, float, double) {
  Workbench workbench;
  const Array x = array<T>({2, 3}, {1, 2, 3, 4, 5, 6});
  const Request request{"dropout_forward", {{"x", x}, {"p", 0.25}, {"seed", 4294967295.0}}};
  const Answer answer = ask_well(workbench, request);
  Random random(4294967295U, Stream::kDropout);
  std::vector<T> mask(6);
  dropout_mask(0.25, 6, random, mask.data());
  check_close(answer.values("mask"), mask, {}, "mask");
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(answer.values("y")[i] == static_cast<double>(mask[i] * static_cast<T>(i + 1)));
  CHECK(answer.array("y").shape == x.shape);
  CHECK(answer.array("mask").shape == x.shape);
  CHECK(ask_well(workbench, request.with("p", 0.0)).values("y") == x.values);
  check_refused(workbench, request.with("p", 1.0), "p", "from 0 to below 1", "1");
  check_refused(workbench, request.with("p", -0.1), "p", "from 0 to 1", "-0.1");
  check_refused(workbench, request.with("seed", -1.0), "seed", "a whole number from 0 to 4294967295", "-1");
}

TEST_CASE_TEMPLATE("leaky relu by its slope, which is 0.01 unless told otherwise", T, float, double) {
  const Golden golden("layers.txt");
  Workbench workbench;
  const std::string at = std::string("leaky_relu/") + dtype_name<T>() + "/";
  const Array x = given<T>(golden, "activation/x");
  const Request request{"activation_forward",
                        {{"kind", "leaky_relu"}, {"x", x}, {"slope", golden.number("leaky_relu/slope")}}};
  check_tensor<T>(ask_well(workbench, request), "y", golden, at);
  Request backward = request.with("dy", given<T>(golden, "activation/dy"));
  backward.operation = "activation_backward";
  check_tensor<T>(ask_well(workbench, backward), "dx", golden, at);
  const Answer usual = ask_well(workbench, request.without("slope"));
  for (std::size_t i = 0; i < x.values.size(); ++i)
    if (x.values[i] < 0) CHECK(usual.values("y")[i] == doctest::Approx(0.01 * x.values[i]));
  check_refused(workbench, request.with("slope", 0.0), "slope", "to 1", "0");
  check_refused(workbench, request.with("slope", -0.1), "slope", "to 1", "-0.1");
}
