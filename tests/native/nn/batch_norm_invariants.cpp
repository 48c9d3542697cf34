// What must hold of batch normalization whatever the numbers are.
#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "nn/linear.hpp"
#include "support/batch_norm.hpp"
#include "support/compare.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr double kTiny = 1e-13;  // rounding of a few dozen operations in double
constexpr double kNoEps = 1e-30;

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// One feature of m examples.
BatchNormCase<double> one_feature(Index m, std::uint64_t seed, double eps) {
  BatchNormCase<double> c = random_case<double>({m, 1, 1}, seed);
  c.eps = eps;
  return c;
}

// A linear layer into batch normalization: y, and the gradients of Σdy·y.
struct LinearIntoNorm {
  LinearShape shape{6, 4, 3};
  std::vector<double> x = random_values<double>(24, 1);
  std::vector<double> weight = random_values<double>(12, 2);
  std::vector<double> bias = random_values<double>(3, 3);
  BatchNormCase<double> norm = random_case<double>({6, 3, 1}, 4);
  std::vector<double> y, dweight, dbias;

  void run() {
    linear_forward(shape, x.data(), weight.data(), bias.data(), norm.x.data());
    const BatchNormPass<double> p = pass_in_training(norm);
    y = p.y;
    dweight.resize(weight.size());
    dbias.resize(bias.size());
    linear_backward<double>(shape, x.data(), weight.data(), p.dx.data(), nullptr, dweight.data(),
                            dbias.data());
  }
};

}  // namespace

TEST_CASE("xhat has mean 0 and variance σ²/(σ²+ε)") {
  for (const ChannelShape& shape : {ChannelShape{2, 3, 1}, {7, 5, 1}, {300, 9, 1}, {4, 3, 6}}) {
    for (const double eps : {1e-5, 1e-2, 3.0}) {
      BatchNormCase<double> c = random_case<double>(shape, 1, 100, 3);
      c.eps = eps;
      const BatchNormPass<double> p = pass_in_training(c);
      std::vector<double> mean(p.mean.size());
      std::vector<double> var(p.var.size());
      std::vector<double> expected;
      batch_norm_statistics(shape, p.xhat.data(), mean.data(), var.data());
      for (const double v : p.var) expected.push_back(v / (v + eps));
      check_close(mean, std::vector<double>(mean.size(), 0), {kTiny, 0}, "mean of xhat");
      check_close(var, expected, {0, kTiny}, "variance of xhat");
    }
  }
}

TEST_CASE("dx sums to zero, and is orthogonal to xhat but for ε") {
  for (const Index m : {2, 3, 5, 33, 300}) {
    for (const double eps : {kNoEps, 1e-5, 1.0}) {
      const BatchNormCase<double> c = one_feature(m, 2, eps);
      const BatchNormPass<double> p = pass_in_training(c);
      CHECK(std::abs(sum(p.dx)) < kTiny * static_cast<double>(m));
      // Σdx·x̂ = γ·rstd·dγ·ε/(σ²+ε).
      const double left = c.gamma[0] * p.rstd[0] * p.dgamma[0] * eps * p.rstd[0] * p.rstd[0];
      CHECK(std::abs(dot(p.dx, p.xhat) - left) < kTiny * static_cast<double>(m));
    }
  }
}

TEST_CASE("what is the same for all examples in the upstream gradient comes to nothing") {
  BatchNormCase<double> c = one_feature(9, 3, 1e-5);
  const BatchNormPass<double> p = pass_in_training(c);
  for (double& dy : c.dy) dy += 7;
  check_close(pass_in_training(c).dx, p.dx, {1e-12, 0}, "dx");
  c.dy.assign(9, 1.0);
  check_close(pass_in_training(c).dx, std::vector<double>(9, 0), {kTiny, 0}, "dx");
}

TEST_CASE("x → ax + b changes nothing but how much ε weighs") {
  for (const double a : {0.01, 7.0, 1000.0}) {
    const BatchNormCase<double> c = one_feature(8, 4, 1e-5);
    BatchNormCase<double> moved = c;
    for (double& x : moved.x) x = a * x - 3;
    // With ε·a² the invariance is exact;
    moved.eps = c.eps * a * a;
    const BatchNormPass<double> p = pass_in_training(c);
    const BatchNormPass<double> q = pass_in_training(moved);
    check_close(q.y, p.y, {1e-11, 0}, "y");
    check_close(q.dgamma, p.dgamma, {1e-10, 0}, "dgamma");
    for (std::size_t i = 0; i < p.dx.size(); ++i) CHECK(std::abs(q.dx[i] * a - p.dx[i]) < 1e-10);
    // with the same ε it is off by what ε takes from σ² and from (aσ)².
    moved.eps = c.eps;
    const BatchNormPass<double> same_eps = pass_in_training(moved);
    const double ratio = std::sqrt((p.var[0] + c.eps) / (p.var[0] + c.eps / (a * a)));
    for (std::size_t i = 0; i < p.xhat.size(); ++i)
      CHECK(std::abs(same_eps.xhat[i] - p.xhat[i] * ratio) < 1e-11);
  }
}

TEST_CASE("a < 0 flips xhat") {
  const BatchNormCase<double> c = one_feature(8, 5, 1e-5);
  BatchNormCase<double> flipped = c;
  for (double& x : flipped.x) x = -x + 11;
  const BatchNormPass<double> p = pass_in_training(c);
  const BatchNormPass<double> q = pass_in_training(flipped);
  for (std::size_t i = 0; i < p.xhat.size(); ++i) CHECK(std::abs(q.xhat[i] + p.xhat[i]) < 1e-12);
}

TEST_CASE("W → aW leaves the output and divides the gradient by a") {
  LinearIntoNorm original;
  original.norm.eps = kNoEps;
  LinearIntoNorm scaled = original;
  for (double& w : scaled.weight) w *= 7;
  original.run();
  scaled.run();
  check_close(scaled.y, original.y, {1e-12, 0}, "y");
  for (double& g : scaled.dweight) g *= 7;
  check_close(scaled.dweight, original.dweight, {1e-12, 0}, "7·dweight");
  // So the gradient has no part along each unit's weights.
  for (Index unit = 0; unit < 3; ++unit)
    CHECK(std::abs(dot(column(original.weight, 3, unit), column(original.dweight, 3, unit))) < 1e-12);
}

TEST_CASE("a bias before batch normalization does nothing and gets no gradient") {
  LinearIntoNorm original;
  LinearIntoNorm moved = original;
  for (double& b : moved.bias) b += 5;
  original.run();
  moved.run();
  check_close(moved.y, original.y, {1e-11, 0}, "y");
  check_close(original.dbias, std::vector<double>(3, 0), {kTiny, 0}, "dbias");
}

TEST_CASE("(W, γ) → (−W, −γ) is the same network") {
  LinearIntoNorm original;
  LinearIntoNorm mirrored = original;
  for (double& w : mirrored.weight) w = -w;
  for (double& g : mirrored.norm.gamma) g = -g;
  original.run();
  mirrored.run();
  check_close(mirrored.y, original.y, {1e-12, 0}, "y");
  for (double& g : mirrored.dweight) g = -g;
  check_close(mirrored.dweight, original.dweight, {1e-12, 0}, "−dweight");
}

TEST_CASE("‖dx‖² = γ²/σ²·(‖dy‖² − (Σdy)²/m − (Σdy·x̂)²/m)") {
  // Santurkar et al. 2018, arXiv:1805.11604, Theorem 4.1, at ε = 0.
  for (const Index m : {2, 3, 8, 33}) {
    const BatchNormCase<double> c = one_feature(m, 6, kNoEps);
    const BatchNormPass<double> p = pass_in_training(c);
    const double along_ones = sum(c.dy) * sum(c.dy) / static_cast<double>(m);
    const double along_xhat = p.dgamma[0] * p.dgamma[0] / static_cast<double>(m);
    const double expected = c.gamma[0] * c.gamma[0] / p.var[0] * (dot(c.dy, c.dy) - along_ones - along_xhat);
    CHECK(std::abs(dot(p.dx, p.dx) - expected) < 1e-12);
  }
}

TEST_CASE("no |x̂| is larger than √(m−1), and one lonely outlier reaches it") {
  for (const Index m : {2, 3, 4, 10, 65}) {
    const double bound = std::sqrt(static_cast<double>(m - 1));
    for (std::uint64_t seed = 0; seed < 20; ++seed)
      for (const double x : pass_in_training(one_feature(m, seed, kNoEps)).xhat)
        CHECK(std::abs(x) < bound + kTiny);
    BatchNormCase<double> outlier = one_feature(m, 0, kNoEps);
    outlier.x.assign(size_of(m), 3);
    outlier.x[0] = 1000;
    CHECK(std::abs(pass_in_training(outlier).xhat[0] - bound) < 1e-10);
  }
}

TEST_CASE("two examples become ±1") {
  const BatchNormPass<double> p = pass_in_training(one_feature(2, 7, kNoEps));
  CHECK(std::abs(std::abs(p.xhat[0]) - 1) < kTiny);
  CHECK(std::abs(p.xhat[0] + p.xhat[1]) < kTiny);
}

TEST_CASE("features are scaled one by one: their correlation stays") {
  BatchNormCase<double> c = random_case<double>({50, 2, 1}, 8);
  for (std::size_t i = 0; i < 100; i += 2) c.x[i + 1] = 0.6 * c.x[i] + 5 * c.x[i + 1];
  const auto correlation = [](const std::vector<double>& values) {
    double mean[2];
    double var[2];
    batch_norm_statistics<double>({50, 2, 1}, values.data(), mean, var);
    double covariance = 0;
    for (std::size_t i = 0; i < 100; i += 2)
      covariance += (values[i] - mean[0]) * (values[i + 1] - mean[1]) / 50;
    return covariance / std::sqrt(var[0] * var[1]);
  };
  CHECK(std::abs(correlation(pass_in_training(c).xhat) - correlation(c.x)) < kTiny);
}

TEST_CASE(
    "in training an example's output and gradient depend on its batch-mates, in inference they do not") {
  const BatchNormCase<double> c = one_feature(4, 9, 1e-5);
  BatchNormCase<double> other_mate = c;
  other_mate.x[3] += 2;
  other_mate.dy[3] -= 1;
  CHECK(std::abs(pass_in_training(other_mate).y[0] - pass_in_training(c).y[0]) > 1e-3);
  CHECK(std::abs(pass_in_training(other_mate).dx[0] - pass_in_training(c).dx[0]) > 1e-3);
  CHECK(pass_in_inference(other_mate).y[0] == pass_in_inference(c).y[0]);
  CHECK(pass_in_inference(other_mate).dx[0] == pass_in_inference(c).dx[0]);
}

TEST_CASE("statistics of parts merge into those of the whole") {
  // n = Σn_k, μ = Σn_kμ_k/n, σ² = Σn_k[σ_k² + (μ_k−μ)²]/n: what synchronised batch normalization does across devices.
  const std::vector<double> x = random_values<double>(12, 10, 2, 3);
  double mean = 0;
  double var = 0;
  batch_norm_statistics<double>({12, 1, 1}, x.data(), &mean, &var);
  constexpr Index kParts[] = {3, 7, 2};
  double means[3];
  double vars[3];
  double merged_mean = 0;
  Index first = 0;
  for (int k = 0; k < 3; ++k) {
    batch_norm_statistics<double>({kParts[k], 1, 1}, x.data() + first, &means[k], &vars[k]);
    merged_mean += static_cast<double>(kParts[k]) * means[k] / 12;
    first += kParts[k];
  }
  double merged_var = 0;
  for (int k = 0; k < 3; ++k)
    merged_var +=
        static_cast<double>(kParts[k]) * (vars[k] + (means[k] - merged_mean) * (means[k] - merged_mean)) / 12;
  CHECK(std::abs(merged_mean - mean) < kTiny);
  CHECK(std::abs(merged_var - var) < kTiny);
}
