#include "nn/init.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr Index kIn = 60;
constexpr Index kOut = 90;

struct Drawn {
  std::vector<double> weight = std::vector<double>(size_of(kIn * kOut));
  std::vector<double> bias = std::vector<double>(size_of(kOut), 99);
};

Drawn draw(const InitOptions& options) {
  Drawn drawn;
  Random random(1, Stream::kInit);
  init_linear(options, kIn, kOut, drawn.weight.data(), drawn.bias.data(), random);
  return drawn;
}

double largest(const std::vector<double>& values) {
  double found = 0;
  for (const double value : values) found = std::max(found, std::abs(value));
  return found;
}

}  // namespace

TEST_CASE("every initialiser has its mean, its deviation, its bounds and its biases") {
  struct {
    Init kind;
    double sigma;
    bool uniform;
  } const rows[] = {
      {Init::kHeNormal, std::sqrt(2.0 / 60), false},
      {Init::kHeUniform, std::sqrt(2.0 / 60), true},
      {Init::kXavierNormal, std::sqrt(2.0 / 150), false},
      {Init::kXavierUniform, std::sqrt(2.0 / 150), true},
      {Init::kLecunNormal, std::sqrt(1.0 / 60), false},
      {Init::kNormal, 0.3, false},
      {Init::kPyTorch, std::sqrt(1.0 / 3) / std::sqrt(60.0), true},
  };
  for (const auto& row : rows) {
    for (const double gain : {1.0, 2.5}) {
      CAPTURE(static_cast<int>(row.kind));
      CAPTURE(gain);
      const InitOptions options{row.kind, gain, 0.3};
      const double sigma = gain * row.sigma;
      CHECK(std::abs(init_sigma(options, kIn, kOut) - sigma) < 1e-15);

      const Drawn drawn = draw(options);
      const auto n = static_cast<double>(drawn.weight.size());
      double mean = 0;
      double square = 0;
      for (const double w : drawn.weight) {
        mean += w / n;
        square += w * w / n;
      }
      // Five standard errors of a mean, and at least as many of a deviation.
      CHECK(std::abs(mean) < 5 * sigma / std::sqrt(n));
      CHECK(std::abs(std::sqrt(square) / sigma - 1) < 5 / std::sqrt(2 * n));
      if (row.uniform) {
        CHECK(largest(drawn.weight) <= std::sqrt(3.0) * sigma);
        CHECK(largest(drawn.weight) > 0.99 * std::sqrt(3.0) * sigma);
      } else {
        CHECK(largest(drawn.weight) > 2.5 * sigma);
      }

      if (row.kind == Init::kPyTorch) {
        // U(±1/√fan_in), which the gain does not touch.
        CHECK(largest(drawn.bias) <= 1 / std::sqrt(60.0));
        CHECK(largest(drawn.bias) > 0.9 / std::sqrt(60.0));
      } else {
        CHECK(largest(drawn.bias) == 0);
      }
    }
  }
}

TEST_CASE("float and double start from the same numbers, drawn output by output") {
  Random for_double(2, Stream::kInit);
  Random for_float(2, Stream::kInit);
  std::vector<double> weight(6);
  std::vector<float> weight_float(6);
  const InitOptions options{Init::kNormal, 1, 1};
  init_linear<double>(options, 3, 2, weight.data(), nullptr, for_double);
  init_linear<float>(options, 3, 2, weight_float.data(), nullptr, for_float);
  Random random(2, Stream::kInit);
  for (std::size_t out = 0; out < 2; ++out) {
    for (std::size_t in = 0; in < 3; ++in) {
      const double expected = random.normal();
      CHECK(weight[2 * in + out] == expected);
      CHECK(weight_float[2 * in + out] == static_cast<float>(expected));
    }
  }
}

TEST_CASE("a convolution's fans count every weight that meets one value, drawn output by output") {
  // Three channels to four, 3×3: 27 weights meet in an output, and an input meets 36.
  struct {
    Init kind;
    double sigma;
  } const rows[] = {{Init::kHeNormal, std::sqrt(2.0 / 27)},
                    {Init::kXavierNormal, std::sqrt(2.0 / 63)},
                    {Init::kLecunNormal, std::sqrt(1.0 / 27)}};
  for (const auto& row : rows) {
    CAPTURE(static_cast<int>(row.kind));
    std::vector<double> weight(108);
    std::vector<double> bias(4, 99);
    Random random(3, Stream::kInit);
    init_conv2d({row.kind, 1, 0}, 3, 4, 3, weight.data(), bias.data(), random);
    Random again(3, Stream::kInit);
    for (const double w : weight) CHECK(w == doctest::Approx(row.sigma * again.normal()).epsilon(1e-14));
    CHECK(largest(bias) == 0);
  }
  std::vector<double> weight(108);
  std::vector<double> bias(4);
  Random random(3, Stream::kInit);
  init_conv2d({Init::kPyTorch, 1, 0}, 3, 4, 3, weight.data(), bias.data(), random);
  for (const std::vector<double>& values : {weight, bias}) {
    CHECK(largest(values) <= 1 / std::sqrt(27.0));
    CHECK(largest(values) > 0);
  }
}

TEST_CASE("a gain of zero is a start from zero") {
  for (const Init kind : {Init::kHeNormal, Init::kHeUniform, Init::kPyTorch})
    CHECK(largest(draw({kind, 0, 0}).weight) == 0);
}
