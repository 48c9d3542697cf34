#include "nn/conv2d.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
struct ConvCase {
  ConvShape shape;
  std::vector<T> x, weight, bias, dy;
  std::vector<T> y, dx, dweight, dbias;

  void forward() {
    std::vector<T> workspace = any_workspace();
    y.resize(size_of(shape.batch * shape.out()));
    conv2d_forward(shape, x.data(), weight.data(), bias.empty() ? nullptr : bias.data(), workspace.data(),
                   y.data());
  }
  void backward() {
    std::vector<T> workspace = any_workspace();
    // What stood in the results before must not matter.
    dx.assign(x.size(), T(7));
    dweight.assign(weight.size(), T(7));
    dbias.assign(size_of(shape.out_channels), T(7));
    conv2d_backward(shape, x.data(), weight.data(), dy.data(), workspace.data(), dx.data(), dweight.data(),
                    dbias.data());
  }
  [[nodiscard]] std::vector<T> any_workspace() const {
    return std::vector<T>(static_cast<std::size_t>(conv2d_workspace(shape)),
                          std::numeric_limits<T>::quiet_NaN());
  }
};

template <typename T>
ConvCase<T> random_conv(const ConvShape& shape) {
  ConvCase<T> c;
  c.shape = shape;
  c.x = random_values<T>(shape.batch * shape.in(), 1);
  c.weight = random_values<T>(shape.out_channels * shape.patch(), 2);
  c.bias = random_values<T>(shape.out_channels, 3);
  c.dy = random_values<T>(shape.batch * shape.out(), 4);
  return c;
}

// Calls body(x index, weight index, y index) for every product of the definition.
template <typename Body>
void for_each_product(const ConvShape& s, Body&& body) {
  Index output = 0;
  for (Index b = 0; b < s.batch; ++b)
    for (Index o = 0; o < s.out_channels; ++o)
      for (Index i = 0; i < s.out_height(); ++i)
        for (Index j = 0; j < s.out_width(); ++j, ++output)
          for (Index c = 0; c < s.in_channels; ++c)
            for (Index u = 0; u < s.kernel; ++u)
              for (Index v = 0; v < s.kernel; ++v) {
                const Index row = s.stride * i + u - s.padding;
                const Index column = s.stride * j + v - s.padding;
                if (row < 0 || row >= s.height || column < 0 || column >= s.width) continue;
                body(size_of(((b * s.in_channels + c) * s.height + row) * s.width + column),
                     size_of(((o * s.in_channels + c) * s.kernel + u) * s.kernel + v), size_of(output));
              }
}

// Every result of `c`, by definition.
ConvCase<double> by_definition(const ConvCase<double>& c) {
  ConvCase<double> r = c;
  const Index pixels = c.shape.pixels();
  r.y.assign(c.dy.size(), 0);
  r.dx.assign(c.x.size(), 0);
  r.dweight.assign(c.weight.size(), 0);
  r.dbias.assign(c.bias.size(), 0);
  for (std::size_t i = 0; i < c.dy.size(); ++i) {
    const std::size_t channel = i / size_of(pixels) % c.bias.size();
    r.y[i] += c.bias[channel];
    r.dbias[channel] += c.dy[i];
  }
  for_each_product(c.shape, [&](std::size_t x, std::size_t w, std::size_t y) {
    r.y[y] += c.weight[w] * c.x[x];
    r.dx[x] += c.weight[w] * c.dy[y];
    r.dweight[w] += c.x[x] * c.dy[y];
  });
  return r;
}

template <typename Body>
void for_each_shape(Body&& body) {
  for (const Index kernel : {1, 3, 5})
    for (const Index stride : {1, 2, 3})
      for (const Index padding : {0, 1, 2})
        for (const std::pair<Index, Index>& picture :
             {std::pair<Index, Index>{5, 5}, {6, 7}, {9, 5}, {1, 13}, {3, 2}})
          for (const std::pair<Index, Index>& channels : {std::pair<Index, Index>{1, 1}, {1, 8}, {3, 5}}) {
            if (std::min(picture.first, picture.second) + 2 * padding < kernel) continue;
            CAPTURE(kernel);
            CAPTURE(stride);
            CAPTURE(padding);
            CAPTURE(picture.first);
            CAPTURE(picture.second);
            CAPTURE(channels.first);
            body(ConvShape{2, channels.first, picture.first, picture.second, channels.second, kernel, stride,
                           padding});
          }
}

}  // namespace

TEST_CASE_TEMPLATE("an edge detector by hand", T, float, double) {
  ConvCase<T> c;
  c.shape = {1, 1, 2, 4, 1, 3, 1, 1};
  c.x = {1, 2, 4, 8,  //
         3, 3, 3, 3};
  c.weight = {0, 0, 0, -1, 0, 1, 0, 0, 0};  // right neighbour − left neighbour, zeros outside
  c.bias = {10};
  c.dy = {1, 0, 0, 0, 0, 0, 0, 5};
  c.forward();
  CHECK(c.y == std::vector<T>{12, 13, 16, 6, 13, 10, 10, 7});
  c.backward();
  CHECK(c.dx == std::vector<T>{0, 1, 0, 0, 0, 0, -5, 0});
  CHECK(c.dbias == std::vector<T>{6});
  // Kernel position (u, v) meets, at the two outputs whose gradient is not 0, these values of x.
  CHECK(c.dweight == std::vector<T>{4 * 5, 8 * 5, 0,      //
                                    3 * 5, 1 + 3 * 5, 2,  //
                                    0, 3, 3});
}

TEST_CASE("sizes are PyTorch's") {
  // Input, kernel, stride, padding → output; a last partial step is left out.
  const Index rows[][5] = {{12, 3, 1, 1, 12}, {12, 5, 1, 2, 12}, {12, 3, 2, 1, 6}, {7, 3, 2, 0, 3},
                           {8, 3, 2, 0, 3},   {5, 5, 1, 0, 1},   {4, 1, 3, 0, 2},  {3, 5, 1, 1, 1}};
  for (const auto& row : rows) {
    const ConvShape tall{1, 1, row[0], 9, 1, row[1], row[2], row[3]};
    const ConvShape wide{1, 1, 9, row[0], 1, row[1], row[2], row[3]};
    CHECK(tall.out_height() == row[4]);
    CHECK(wide.out_width() == row[4]);
  }
}

TEST_CASE_TEMPLATE("outputs and gradients are PyTorch's", T, float, double) {
  const Golden golden("convolution.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{4e-6, 2e-6} : Tolerance{1e-14, 1e-14};
  for (const char* name : {"same", "valid", "strided", "pointwise", "wide", "whole"}) {
    const std::string given = std::string("conv/") + name + "/";
    const std::vector<Index>& x = golden.shape(given + "x");
    const std::vector<Index>& weight = golden.shape(given + "weight");
    ConvCase<T> c;
    c.shape = {x[0],
               x[1],
               x[2],
               x[3],
               weight[0],
               weight[2],
               golden.values<std::int32_t>(given + "stride")[0],
               golden.values<std::int32_t>(given + "padding")[0]};
    c.x = golden.values<T>(given + "x");
    c.weight = golden.values<T>(given + "weight");
    c.bias = golden.values<T>(given + "bias");
    c.dy = golden.values<T>(given + "dy");
    c.forward();
    c.backward();
    const std::string at = given + dtype_name<T>() + "/";
    check_close(c.y, golden.values<T>(at + "y"), tolerance, at + "y");
    check_close(c.dx, golden.values<T>(at + "dx"), tolerance, at + "dx");
    check_close(c.dweight, golden.values<T>(at + "dweight"), tolerance, at + "dweight");
    check_close(c.dbias, golden.values<T>(at + "dbias"), tolerance, at + "dbias");
  }
}

TEST_CASE_TEMPLATE("outputs and gradients are the definition's at every size", T, float, double) {
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{3e-5, 1e-5} : Tolerance{1e-13, 1e-13};
  for_each_shape([&](const ConvShape& shape) {
    ConvCase<T> c = random_conv<T>(shape);
    ConvCase<double> widened;
    widened.shape = shape;
    widened.x = {c.x.begin(), c.x.end()};
    widened.weight = {c.weight.begin(), c.weight.end()};
    widened.bias = {c.bias.begin(), c.bias.end()};
    widened.dy = {c.dy.begin(), c.dy.end()};
    const ConvCase<double> expected = by_definition(widened);
    c.forward();
    c.backward();
    check_close(c.y, expected.y, tolerance, "y");
    check_close(c.dx, expected.dx, tolerance, "dx");
    check_close(c.dweight, expected.dweight, tolerance, "dweight");
    check_close(c.dbias, expected.dbias, tolerance, "dbias");
  });
}

TEST_CASE("gradients agree with finite differences") {
  for (const ConvShape& shape : {ConvShape{2, 1, 4, 4, 2, 3, 1, 1}, ConvShape{1, 2, 5, 6, 3, 3, 2, 1},
                                 ConvShape{2, 3, 4, 3, 2, 1, 1, 0}, ConvShape{1, 2, 5, 7, 2, 5, 2, 2}}) {
    ConvCase<double> c = random_conv<double>(shape);
    c.backward();
    const auto loss = [&] {
      c.forward();
      return probe_loss(c.dy, c.y);
    };
    check_gradient(c.x, c.dx, loss, "dx");
    check_gradient(c.weight, c.dweight, loss, "dweight");
    check_gradient(c.bias, c.dbias, loss, "dbias");
  }
}

TEST_CASE_TEMPLATE("backward is the adjoint of forward: Σ dy·(x ⋆ w) = Σ dx·x = Σ dw·w", T, float, double) {
  ConvCase<T> c = random_conv<T>({3, 2, 9, 8, 5, 3, 2, 1});
  c.bias.clear();
  c.forward();
  c.backward();
  const double forward = probe_loss(c.dy, c.y);
  const double tolerance = sizeof(T) == 4 ? 1e-4 : 1e-12;
  CHECK(std::abs(probe_loss(c.dx, c.x) - forward) < tolerance);
  CHECK(std::abs(probe_loss(c.dweight, c.weight) - forward) < tolerance);
}

TEST_CASE_TEMPLATE("moving the picture moves the output with it", T, float, double) {
  // One bright pixel writes the kernel, turned by half a circle, around where it stands.
  ConvCase<T> c = random_conv<T>({1, 1, 7, 8, 1, 3, 1, 1});
  c.bias = {0};
  for (const Index place : {18, 19, 26, 36}) {
    c.x.assign(c.x.size(), 0);
    c.x[size_of(place)] = 1;
    c.forward();
    for (Index u = 0; u < 3; ++u)
      for (Index v = 0; v < 3; ++v)
        CHECK(c.y[size_of(place - (u - 1) * 8 - (v - 1))] == c.weight[size_of(u * 3 + v)]);
  }
}

TEST_CASE_TEMPLATE("an example's output does not depend on its batch", T, float, double) {
  ConvCase<T> c = random_conv<T>({4, 3, 6, 5, 7, 3, 1, 1});
  c.forward();
  ConvCase<T> alone = c;
  alone.shape.batch = 1;
  alone.x.erase(alone.x.begin(), alone.x.begin() + 2 * c.shape.in());
  alone.forward();
  const auto first = c.y.begin() + 2 * c.shape.out();
  check_same_bits(alone.y, std::vector<T>(first, first + c.shape.out()), "y");
}

TEST_CASE_TEMPLATE("a pointwise convolution of one pixel is a linear layer", T, float, double) {
  ConvCase<T> c = random_conv<T>({5, 7, 1, 1, 3, 1, 1, 0});
  c.forward();
  for (std::size_t b = 0; b < 5; ++b)
    for (std::size_t o = 0; o < 3; ++o) {
      T sum = c.bias[o];
      for (std::size_t i = 0; i < 7; ++i) sum += c.weight[o * 7 + i] * c.x[b * 7 + i];
      CHECK(c.y[b * 3 + o] == sum);
    }
}

TEST_CASE("without an input gradient or a bias the rest is the same") {
  ConvCase<float> c = random_conv<float>({3, 2, 6, 5, 4, 3, 1, 1});
  c.backward();
  std::vector<float> workspace = c.any_workspace();
  std::vector<float> dweight(c.weight.size());
  conv2d_backward<float>(c.shape, c.x.data(), c.weight.data(), c.dy.data(), workspace.data(), nullptr,
                         dweight.data(), nullptr);
  check_same_bits(dweight, c.dweight, "dweight");
  c.bias.assign(c.bias.size(), 0);
  c.forward();
  const std::vector<float> with_zeros = c.y;
  c.bias.clear();
  c.forward();
  check_same_bits(c.y, with_zeros, "y");
}

TEST_CASE_TEMPLATE("NaN reaches every output that sees it", T, float, double) {
  ConvCase<T> c = random_conv<T>({1, 1, 5, 5, 1, 3, 1, 1});
  c.x[size_of(2 * 5 + 1)] = std::numeric_limits<T>::quiet_NaN();
  c.forward();
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 5; ++j) CHECK(std::isnan(c.y[size_of(i * 5 + j)]) == (i >= 1 && i <= 3 && j <= 2));
}
