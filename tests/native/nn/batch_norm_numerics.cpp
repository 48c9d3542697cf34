// Batch normalization where floating point is unkind: large means, tiny and zero variances, values that are not finite.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "support/batch_norm.hpp"
#include "support/compare.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

struct Moments {
  double mean = 0;
  double var = 0;
};

// In long steps and double, of the very floats given.
Moments exact_moments(const std::vector<float>& x) {
  Moments m;
  for (const float value : x) m.mean += static_cast<double>(value) / static_cast<double>(x.size());
  for (const float value : x) {
    const double d = static_cast<double>(value) - m.mean;
    m.var += d * d / static_cast<double>(x.size());
  }
  return m;
}

// E[x²] − E[x]², the formula to avoid.
double naive_variance(const std::vector<float>& x) {
  float sum = 0;
  float squares = 0;
  for (const float value : x) {
    sum += value;
    squares += value * value;
  }
  const float mean = sum / static_cast<float>(x.size());
  return squares / static_cast<float>(x.size()) - mean * mean;
}

// Σ(x−μ)²/m without the correction for the rounding of μ.
double two_pass_variance(const std::vector<float>& x) {
  float sum = 0;
  for (const float value : x) sum += value;
  const float mean = sum / static_cast<float>(x.size());
  float squares = 0;
  for (const float value : x) squares += (value - mean) * (value - mean);
  return squares / static_cast<float>(x.size());
}

// One pass that moves mean and sum of squares along value by value (Welford 1962).
double welford_variance(const std::vector<float>& x) {
  float mean = 0;
  float squares = 0;
  float seen = 0;
  for (const float value : x) {
    seen += 1;
    const float before = value - mean;
    mean += before / seen;
    squares += before * (value - mean);
  }
  return squares / seen;
}

// The largest errors over some batches of `count` floats with that mean and a standard deviation of 1: of variances,
// relative; of the mean, in units of the larger of mean and deviation.
struct Errors {
  double mean = 0;
  double var = 0;
  double two_pass_var = 0;
  double naive_var = 0;
  double welford_var = 0;
};
Errors errors_at(double mean, Index count) {
  Errors worst;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<float> x = random_values<float>(count, seed, mean);
    const Moments exact = exact_moments(x);
    float got_mean = 0;
    float got_var = 0;
    batch_norm_statistics<float>({count, 1, 1}, x.data(), &got_mean, &got_var);
    const auto relative = [&](double var) { return std::abs(var - exact.var) / exact.var; };
    worst.mean =
        std::max(worst.mean, std::abs(static_cast<double>(got_mean) - exact.mean) / std::max(1.0, mean));
    worst.var = std::max(worst.var, relative(static_cast<double>(got_var)));
    worst.two_pass_var = std::max(worst.two_pass_var, relative(two_pass_variance(x)));
    worst.naive_var = std::max(worst.naive_var, relative(naive_variance(x)));
    worst.welford_var = std::max(worst.welford_var, relative(welford_variance(x)));
  }
  return worst;
}

template <typename T>
bool is_finite(const std::vector<T>& values) {
  return all_finite(values.data(), static_cast<Index>(values.size()));
}

}  // namespace

TEST_CASE("the variance of very many values that are all the same is not below 0") {
  struct Constant {
    Index count;
    float value;
  };
  // Of these rounding leaves less.
  for (const auto& [count, value] : {Constant{131'528, 0x1.cc8b34p+2f}, Constant{53'180, 0x1.26ed82p+13f},
                                     Constant{68'957, 0x1.8a77d4p-1f}, Constant{104'719, 0x1.ce56a4p+10f}}) {
    const std::vector<float> x(static_cast<std::size_t>(count), value);
    float mean = 0;
    float var = -1;
    batch_norm_statistics<float>({count, 1, 1}, x.data(), &mean, &var);
    CHECK(var == 0);
  }
}

TEST_CASE("the variance in float32 keeps six digits at any mean") {
  // The table of docs/batchnorm.md: 20 batches of 256, largest relative error of the variance.
  constexpr struct {
    double mean;
    double one_pass;  // at least
    double two_pass;  // at least
    double welford;   // at least
  } kRows[] = {
      {1e2, 5e-3, 1e-7, 2e-6}, {1e3, 0.5, 1e-7, 2e-5}, {1e4, 50, 1e-7, 2e-4}, {1e6, 1e6, 1e-3, 0.05}};
  for (const auto& row : kRows) {
    CAPTURE(row.mean);
    const Errors worst = errors_at(row.mean, 256);
    CHECK(worst.var < 1e-6);
    CHECK(worst.mean < 1e-7);
    // What the second pass and the correction are for.
    CHECK(worst.naive_var > row.one_pass);
    CHECK(worst.two_pass_var > row.two_pass);
    CHECK(worst.welford_var > row.welford);
  }
}

TEST_CASE("and in batches of any size") {
  for (const double mean : {0.0, 1.0, 1e2, 1e4, 1e6}) {
    for (const Index count : {2, 3, 5, 32, 257, 1000, 20000}) {
      CAPTURE(mean);
      CAPTURE(count);
      const Errors worst = errors_at(mean, count);
      CHECK(worst.var < 2e-6);
      CHECK(worst.mean < 1e-6);
    }
  }
}

TEST_CASE("so does that of planes") {
  for (const double mean : {0.0, 1e2, 1e4, 1e6}) {
    CAPTURE(mean);
    const ChannelShape shape{4, 1, 900};
    const std::vector<float> x = random_values<float>(shape.size(), 1, mean);
    const Moments exact = exact_moments(x);
    float got_mean = 0;
    float got_var = 0;
    batch_norm_statistics<float>(shape, x.data(), &got_mean, &got_var);
    CHECK(std::abs(static_cast<double>(got_mean) - exact.mean) / std::max(1.0, mean) < 1e-6);
    CHECK(std::abs(static_cast<double>(got_var) - exact.var) / exact.var < 2e-6);
  }
}

TEST_CASE("a small deviation is shrunk by ε") {
  for (const double eps : {1e-5, 1e-3}) {
    BatchNormCase<double> c = random_case<double>({256, 1, 1}, 1, 0, 1e-3);
    c.eps = eps;
    const BatchNormPass<double> p = pass_in_training(c);
    double var = 0;
    for (const double x : p.xhat) var += x * x / 256;
    // σ/√(σ²+ε): about 0.3 at ε = 1e-5, 0.03 at 1e-3.
    CHECK(std::abs(std::sqrt(var) - std::sqrt(p.var[0] / (p.var[0] + eps))) < 1e-12);
    CHECK(std::abs(std::sqrt(var) - 1e-3 / std::sqrt(1e-6 + eps)) < 0.03);
  }
}

TEST_CASE_TEMPLATE("a constant feature has xhat 0, and ε alone sets the size of its gradient", T, float,
                   double) {
  BatchNormCase<T> c = random_case<T>({5, 3, 1}, 2);
  for (std::size_t i = 0; i < 5; ++i) c.x[3 * i + 1] = T(4.5);
  const BatchNormPass<T> p = pass_in_training(c);
  CHECK(p.mean[1] == T(4.5));
  CHECK(p.var[1] == T(0));
  CHECK(column(p.xhat, 3, 1) == std::vector<T>(5, T(0)));
  CHECK(column(p.y, 3, 1) == std::vector<T>(5, c.beta[1]));
  CHECK(p.dgamma[1] == T(0));
  // dx = γ·ε^−½·(dy − mean dy).
  const std::vector<T> dy = column(c.dy, 3, 1);
  double mean_dy = 0;
  for (const T value : dy) mean_dy += static_cast<double>(value) / 5;
  std::vector<double> expected;
  for (const T value : dy)
    expected.push_back(static_cast<double>(c.gamma[1]) / std::sqrt(1e-5) *
                       (static_cast<double>(value) - mean_dy));
  check_close(column(p.dx, 3, 1), expected, {1e-4, 1e-5}, "dx");
  CHECK(is_finite(p.y));
  CHECK(is_finite(p.dx));
}

TEST_CASE_TEMPLATE("no constant, however awkward, has a negative variance", T, float, double) {
  // A negative one, though of rounding's size, would be NaN under the root where ε is smaller still.
  for (const double value : {0.1, 1.0 / 3, -7.7, 1e-3, 123.456, 1e6 + 0.3, -1e4 / 3, 1e15}) {
    for (const Index m : {1, 2, 3, 5, 6, 7, 10, 33, 100, 300, 1000}) {
      for (const Index spatial : {1, 7}) {
        CAPTURE(value);
        CAPTURE(m);
        BatchNormCase<T> c = random_case<T>({m, 1, spatial}, 3);
        c.x.assign(c.x.size(), static_cast<T>(value));
        c.eps = T(1e-30);
        const BatchNormPass<T> p = pass_in_training(c);
        CHECK(p.var[0] >= T(0));
        CHECK(is_finite(p.y));
        CHECK(is_finite(p.dx));
        // Not quite 0 perhaps, but nothing beside the value itself.
        CHECK(std::sqrt(static_cast<double>(p.var[0])) <=
              2 * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::abs(value));
      }
    }
  }
}

TEST_CASE_TEMPLATE("one example becomes β, with no gradient but β's", T, float, double) {
  const BatchNormCase<T> c = random_case<T>({1, 5, 1}, 4);
  const BatchNormPass<T> p = pass_in_training(c);
  CHECK(p.mean == c.x);
  CHECK(p.var == std::vector<T>(5, T(0)));
  CHECK(p.xhat == std::vector<T>(5, T(0)));
  CHECK(p.y == c.beta);
  CHECK(p.dx == std::vector<T>(5, T(0)));
  CHECK(p.dgamma == std::vector<T>(5, T(0)));
  CHECK(p.dbeta == c.dy);
}

TEST_CASE_TEMPLATE("inference mode takes one example like any other", T, float, double) {
  const BatchNormCase<T> many = random_case<T>({4, 5, 1}, 5);
  BatchNormCase<T> one = many;
  one.shape.batch = 1;
  one.x.resize(5);
  one.dy.resize(5);
  const BatchNormPass<T> p = pass_in_inference(many);
  const BatchNormPass<T> q = pass_in_inference(one);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(q.y[i] == p.y[i]);
    CHECK(q.dx[i] == p.dx[i]);
  }
}

TEST_CASE_TEMPLATE("what is not finite spoils its own channel, and no running statistic", T, float, double) {
  const T huge = std::is_same_v<T, float> ? T(1e20) : T(1e200);  // whose square is not finite
  for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity(), huge, -huge}) {
    CAPTURE(static_cast<double>(bad));
    BatchNormCase<T> c = random_case<T>({6, 7, 1}, 6);
    const BatchNormPass<T> clean = pass_in_training(c);
    c.x[2 * 7 + 3] = bad;
    const BatchNormPass<T> p = pass_in_training(c);
    CHECK_FALSE(std::isfinite(p.var[3]));
    for (const Index other : {0, 1, 2, 4, 5, 6})
      check_same_bits(column(p.y, 7, other), column(clean.y, 7, other), "another channel");

    const BatchNormOptions options;
    std::vector<T> running_mean = c.running_mean;
    std::vector<T> running_var = c.running_var;
    const auto update = [&](const BatchNormPass<T>& pass) {
      return batch_norm_update_running(options, 7, 6, pass.mean.data(), pass.var.data(), 0,
                                       running_mean.data(), running_var.data());
    };
    CHECK_FALSE(update(p));
    CHECK(running_mean == c.running_mean);
    CHECK(running_var == c.running_var);
    CHECK(update(clean));
    CHECK(running_mean != c.running_mean);
    CHECK(is_finite(running_mean));
    CHECK(is_finite(running_var));
  }
}
