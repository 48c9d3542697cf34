#include "nn/activation.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr struct {
  const char* name;
  Activation kind;
} kKinds[] = {{"relu", Activation::kRelu},
              {"leaky_relu", Activation::kLeakyRelu},
              {"sigmoid", Activation::kSigmoid},
              {"tanh", Activation::kTanh},
              {"identity", Activation::kIdentity}};

// Of leaky_relu, as in the reference values; the others do not look at it.
constexpr double kSlope = 0.2;

template <typename T>
std::vector<T> forward(Activation kind, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  activation_forward(kind, static_cast<Index>(x.size()), x.data(), y.data(), static_cast<T>(kSlope));
  return y;
}

template <typename T>
std::vector<T> backward(Activation kind, const std::vector<T>& y, const std::vector<T>& dy) {
  std::vector<T> dx(y.size());
  activation_backward(kind, static_cast<Index>(y.size()), y.data(), dy.data(), dx.data(),
                      static_cast<T>(kSlope));
  return dx;
}

}  // namespace

TEST_CASE_TEMPLATE("by hand", T, float, double) {
  const std::vector<T> x = {-2, 0, 3};
  const std::vector<T> dy = {5, 7, 11};
  CHECK(forward<T>(Activation::kRelu, x) == std::vector<T>{0, 0, 3});
  CHECK(backward<T>(Activation::kRelu, {0, 0, 3}, dy) == std::vector<T>{0, 0, 11});
  CHECK(forward<T>(Activation::kLeakyRelu, x) == std::vector<T>{T(-2) * T(kSlope), 0, 3});
  CHECK(backward<T>(Activation::kLeakyRelu, {T(-0.4), 0, 3}, dy) ==
        std::vector<T>{T(5) * T(kSlope), T(7) * T(kSlope), 11});
  CHECK(forward<T>(Activation::kIdentity, x) == x);
  CHECK(backward<T>(Activation::kIdentity, x, dy) == dy);
  // At 0 a sigmoid is ½ with slope ¼, a hyperbolic tangent 0 with slope 1.
  CHECK(forward<T>(Activation::kSigmoid, x)[1] == T(0.5));
  CHECK(backward<T>(Activation::kSigmoid, {0, 0.5, 1}, dy) == std::vector<T>{0, 1.75, 0});
  CHECK(forward<T>(Activation::kTanh, x)[1] == T(0));
  CHECK(backward<T>(Activation::kTanh, {-1, 0, 1}, dy) == std::vector<T>{0, 7, 0});
}

TEST_CASE_TEMPLATE("a leaky relu of slope s is a relu and s times what a relu drops", T, float, double) {
  const std::vector<T> x = random_values<T>(13, 3);
  std::vector<T> expected(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    expected[i] = std::max(x[i], T(0)) + T(kSlope) * std::min(x[i], T(0));
  check_same_bits(forward(Activation::kLeakyRelu, x), expected, "y");
}

TEST_CASE_TEMPLATE("outputs and gradients are PyTorch's", T, float, double) {
  const Golden golden("layers.txt");
  // Eigen's exponential and hyperbolic tangent differ from PyTorch's in the last two or three bits.
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{1e-6, 0} : Tolerance{1e-15, 1e-14};
  const std::vector<T> x = golden.values<T>("activation/x");
  const std::vector<T> dy = golden.values<T>("activation/dy");
  for (const auto& row : kKinds) {
    const char* name = row.name;
    const Activation kind = row.kind;
    if (kind == Activation::kIdentity) continue;
    const std::string at = std::string(name) + "/" + dtype_name<T>() + "/";
    const std::vector<T> y = forward(kind, x);
    check_close(y, golden.values<T>(at + "y"), tolerance, at + "y");
    check_close(backward(kind, y, dy), golden.values<T>(at + "dx"), tolerance, at + "dx");
  }
}

TEST_CASE("gradients agree with finite differences at every size") {
  for (const auto& row : kKinds) {
    const char* name = row.name;
    const Activation kind = row.kind;
    for (const Index size : {1, 2, 3, 4, 5, 8, 9, 17, 33}) {
      // Away from the kink of relu and leaky_relu.
      std::vector<double> x = random_values<double>(size, 1);
      for (double& value : x) value += value < 0 ? -0.01 : 0.01;
      const std::vector<double> dy = random_values<double>(size, 2);
      const std::vector<double> dx = backward(kind, forward(kind, x), dy);
      check_gradient(
          x, dx, [&] { return probe_loss(dy, forward(kind, x)); }, name);
    }
  }
}

TEST_CASE_TEMPLATE("saturation is quiet, and NaN is never swallowed", T, float, double) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  for (const T large : {T(1e4), T(1e30), kInfinity}) {
    // Five values, so that packets and the rest both meet them.
    const std::vector<T> up(5, large);
    const std::vector<T> down(5, -large);
    CHECK(forward(Activation::kSigmoid, up) == std::vector<T>(5, T(1)));
    check_close(forward(Activation::kSigmoid, down), std::vector<T>(5, T(0)), {1e-37, 0}, "sigmoid");
    CHECK(forward(Activation::kTanh, up) == std::vector<T>(5, T(1)));
    CHECK(forward(Activation::kTanh, down) == std::vector<T>(5, T(-1)));
    CHECK(forward(Activation::kRelu, up) == up);
    CHECK(forward(Activation::kRelu, down) == std::vector<T>(5, T(0)));
    CHECK(forward(Activation::kLeakyRelu, up) == up);
    CHECK(forward(Activation::kLeakyRelu, down) == std::vector<T>(5, -large * T(kSlope)));
  }
  for (const auto& row : kKinds) {
    const char* name = row.name;
    const Activation kind = row.kind;
    CAPTURE(name);
    for (std::size_t place = 0; place < 5; ++place) {
      std::vector<T> x = {1, 2, 3, 4, 5};
      x[place] = std::numeric_limits<T>::quiet_NaN();
      const std::vector<T> y = forward(kind, x);
      for (std::size_t i = 0; i < 5; ++i) CHECK(std::isnan(y[i]) == (i == place));
    }
  }
}
