// Batch normalization by other spreads: by hand, against PyTorch, by finite differences, and the factors that make the
// spreads comparable.
#include "nn/lp_norm.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "support/batch_norm.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr Spread kSpreads[] = {Spread::kL1, Spread::kL2, Spread::kInfinity};

template <typename T>
struct LpNormPass {
  std::vector<T> mean, scale, rscale, xhat, y, dx, dgamma, dbeta;
};

// A case of batch norm serves, without its running statistics.
template <typename T>
LpNormPass<T> pass(const BatchNormCase<T>& c, Spread spread) {
  LpNormPass<T> p;
  for (auto* per_value : {&p.xhat, &p.y, &p.dx}) per_value->resize(c.x.size());
  for (auto* per_channel : {&p.mean, &p.scale, &p.rscale, &p.dgamma, &p.dbeta})
    per_channel->resize(size_of(c.shape.channels));
  lp_norm_forward_training(c.shape, spread, c.x.data(), c.gamma_or_null(), c.beta_or_null(), c.eps,
                           p.mean.data(), p.scale.data(), p.rscale.data(), p.xhat.data(), p.y.data());
  if (!c.dy.empty())
    lp_norm_backward_training(c.shape, spread, c.dy.data(), p.xhat.data(), p.scale.data(), p.rscale.data(),
                              c.gamma_or_null(), p.dx.data(), p.dgamma.data(), p.dbeta.data());
  return p;
}

// E max|z| = ∫₀^∞ 1 − P(|z| ≤ t)^count dt, by the trapezoidal rule.
double largest_by_quadrature(Index count) {
  constexpr double kStep = 1e-3;
  double sum = 0.5;
  for (int i = 1; i < 12000; ++i) {
    const double beyond = std::erfc(i * kStep / std::sqrt(2.0));
    sum -= std::expm1(static_cast<double>(count) * std::log1p(-beyond));
  }
  return sum * kStep;
}

}  // namespace

TEST_CASE_TEMPLATE("four examples by hand", T, float, double) {
  // d is −3, 1, 1, 1: the mean |d| is 1.5, the root mean square √3 and the largest 3, the first.
  BatchNormCase<T> c;
  c.shape = {4, 1, 1};
  c.x = {1, 5, 5, 5};
  c.dy = {0, 1, 0, 0};
  c.eps = T(0.5);
  const double c_1 = std::sqrt(std::acos(-1.0) / 2);
  const double c_infinity = 1 / largest_by_quadrature(4);
  const struct {
    Spread spread;
    double scale;
    std::vector<double> slopes;  // ∂s/∂d
  } rows[] = {
      {Spread::kL1, c_1 * 1.5, {-c_1 / 4, c_1 / 4, c_1 / 4, c_1 / 4}},
      {Spread::kL2,
       std::sqrt(3.0),
       {-3 / (4 * std::sqrt(3.0)), 1 / (4 * std::sqrt(3.0)), 1 / (4 * std::sqrt(3.0)),
        1 / (4 * std::sqrt(3.0))}},
      {Spread::kInfinity, c_infinity * 3, {-c_infinity, 0, 0, 0}},
  };
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{1e-6, 1e-6} : Tolerance{1e-9, 1e-9};
  for (const auto& [spread, scale, slopes] : rows) {
    const LpNormPass<T> p = pass(c, spread);
    const double divisor = scale + 0.5;
    CHECK(p.mean[0] == 4);
    check_close(p.scale, std::vector<double>{scale}, tolerance, "scale");
    check_close(p.rscale, std::vector<double>{1 / divisor}, tolerance, "rscale");
    check_close(p.y, std::vector<double>{-3 / divisor, 1 / divisor, 1 / divisor, 1 / divisor}, tolerance,
                "y");
    CHECK(p.dbeta[0] == 1);
    check_close(p.dgamma, std::vector<double>{1 / divisor}, tolerance, "dgamma");
    std::vector<double> dx;
    const double mean_slope = (slopes[0] + slopes[1] + slopes[2] + slopes[3]) / 4;
    for (std::size_t i = 0; i < 4; ++i)
      dx.push_back(((i == 1 ? 1 : 0) - 0.25 - (slopes[i] - mean_slope) / divisor) / divisor);
    check_close(p.dx, dx, tolerance, "dx");
  }
}

TEST_CASE_TEMPLATE("outputs and gradients are those of the definition", T, float, double) {
  const Golden golden("normalizations.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{4e-6, 4e-6} : Tolerance{2e-14, 1e-13};
  for (const std::string name : {"l1", "l2", "linf", "l1_pictures", "l2_pictures", "linf_pictures"}) {
    const std::vector<Index>& extents = golden.shape(name + "/x");
    const auto given = [&](const char* tensor) { return golden.values<T>(name + "/" + tensor); };
    BatchNormCase<T> c;
    c.shape = {extents[0], extents[1], extents.size() == 4 ? extents[2] * extents[3] : 1};
    c.x = given("x");
    c.dy = given("dy");
    c.gamma = given("gamma");
    c.beta = given("beta");
    c.eps = given("eps")[0];
    const double p_of_case = golden.number(name + "/p");
    const LpNormPass<T> p = pass(c, p_of_case == 1   ? Spread::kL1
                                    : p_of_case == 2 ? Spread::kL2
                                                     : Spread::kInfinity);
    const std::string at = name + "/" + dtype_name<T>() + "/";
    const auto check = [&](const std::vector<T>& actual, const char* tensor) {
      check_close(actual, golden.values<T>(at + tensor), tolerance, at + tensor);
    };
    check(p.mean, "mean");
    check(p.scale, "scale");
    check(p.xhat, "xhat");
    check(p.y, "y");
    check(p.dx, "dx");
    check(p.dgamma, "dgamma");
    check(p.dbeta, "dbeta");
  }
}

TEST_CASE("gradients agree with finite differences at every size, affine or not") {
  for (const ChannelShape& shape : {ChannelShape{2, 1, 1},
                                    {3, 2, 1},
                                    {5, 3, 1},
                                    {8, 5, 1},
                                    {3, 9, 1},
                                    {4, 17, 1},
                                    {1, 3, 2},
                                    {2, 1, 3},
                                    {3, 2, 5}}) {
    for (const Spread spread : kSpreads) {
      for (const bool affine : {true, false}) {
        CAPTURE(shape.batch);
        CAPTURE(shape.channels);
        CAPTURE(shape.spatial);
        BatchNormCase<double> c = random_case<double>(shape, 11);
        if (!affine) {
          c.gamma.clear();
          c.beta.clear();
        }
        // Of two values both are furthest, which leaves ℓ∞ no derivative; the middle of three is not.
        if (shape.reduction() == 2 && spread == Spread::kInfinity) continue;
        const LpNormPass<double> p = pass(c, spread);
        const std::vector<double> dy = c.dy;
        c.dy.clear();
        const auto loss = [&] { return probe_loss(dy, pass(c, spread).y); };
        check_gradient(c.x, p.dx, loss, "dx");
        if (affine) {
          check_gradient(c.gamma, p.dgamma, loss, "dgamma");
          check_gradient(c.beta, p.dbeta, loss, "dbeta");
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("p = 2 is batch norm but for where ε is added", T, float, double) {
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{1e-5, 1e-5} : Tolerance{1e-11, 1e-11};
  for (const ChannelShape& shape : {ChannelShape{7, 33, 1}, {3, 5, 4}}) {
    BatchNormCase<T> c = random_case<T>(shape, 12);
    c.eps = T(1e-12);
    const LpNormPass<T> lp = pass(c, Spread::kL2);
    const BatchNormPass<T> plain = pass_in_training(c);
    check_close(lp.rscale, plain.rstd, tolerance, "rscale");
    check_close(lp.y, plain.y, tolerance, "y");
    check_close(lp.dx, plain.dx, tolerance, "dx");
    check_close(lp.dgamma, plain.dgamma, tolerance, "dgamma");
  }
}

TEST_CASE("of several values that are furthest the first alone moves the largest") {
  // d is 1, −2, 2, −1.
  BatchNormCase<double> c;
  c.shape = {4, 1, 1};
  c.x = {4, 1, 5, 2};
  c.dy = {1, 0, 0, 0};
  const LpNormPass<double> p = pass(c, Spread::kInfinity);
  const double factor = spread_factor(Spread::kInfinity, 4);
  // Without the way through s each dx is (dy − ¼)/(s+ε); what is more at [1] is dγ·c_∞·(1 − ¼), elsewhere −¼ of it.
  const double through_s = p.rscale[0] * p.dgamma[0] * factor;
  const double direct = -0.25 * p.rscale[0];
  CHECK(p.dx[1] == doctest::Approx(direct + 0.75 * through_s));
  CHECK(p.dx[2] == doctest::Approx(direct - 0.25 * through_s));
  CHECK(p.dx[3] == doctest::Approx(direct - 0.25 * through_s));
}

TEST_CASE_TEMPLATE("a constant channel gives β, and gradients that are numbers", T, float, double) {
  for (const Spread spread : kSpreads) {
    for (const Index batch : {1, 4}) {
      BatchNormCase<T> c = random_case<T>({batch, 9, 1}, 13);
      std::fill(c.x.begin(), c.x.end(), T(0.7));
      const LpNormPass<T> p = pass(c, spread);
      CHECK(p.y[0] == doctest::Approx(c.beta[0]));
      CHECK(all_finite(p.dx.data(), c.shape.size()));
    }
  }
}

TEST_CASE_TEMPLATE("a channel does not know its neighbours", T, float, double) {
  for (const Spread spread : kSpreads) {
    for (const Index channels : {2, 5, 9, 17}) {
      const BatchNormCase<T> all = random_case<T>({7, channels, 1}, 14);
      const LpNormPass<T> together = pass(all, spread);
      for (Index c = 0; c < channels; ++c) {
        const auto at = [&](const std::vector<T>& values) { return std::vector<T>{values[size_of(c)]}; };
        const BatchNormCase<T> one{{7, 1, 1},
                                   column(all.x, channels, c),
                                   at(all.gamma),
                                   at(all.beta),
                                   column(all.dy, channels, c),
                                   all.eps,
                                   {},
                                   {}};
        const LpNormPass<T> alone = pass(one, spread);
        check_same_bits(column(together.y, channels, c), alone.y, "y");
        check_same_bits(column(together.dx, channels, c), alone.dx, "dx");
      }
    }
  }
}

TEST_CASE("the largest of many normal numbers, as tabulated and in between") {
  CHECK(expected_largest_normal(1) == doctest::Approx(std::sqrt(2 / std::acos(-1.0))).epsilon(1e-14));
  CHECK(expected_largest_normal(2) == doctest::Approx(2 / std::sqrt(std::acos(-1.0))).epsilon(1e-14));
  for (Index count = 2; count <= Index{1} << 27; count *= 2)
    CHECK(expected_largest_normal(count) == doctest::Approx(largest_by_quadrature(count)).epsilon(1e-11));
  double worst = 0;
  for (Index count = 2; count < 200000; count += 1 + count / 10)
    worst = std::max(worst, std::abs(expected_largest_normal(count) / largest_by_quadrature(count) - 1));
  CHECK(worst < 1.1e-4);
}

TEST_CASE("every spread of normal numbers is their standard deviation, in small batches as in large") {
  // The mean of the same values is nearer to them than their true one: √((m−1)/m).
  constexpr Index kChannels = 4000;
  for (const Index m : {8, 32, 128}) {
    BatchNormCase<double> c;
    c.shape = {m, kChannels, 1};
    c.x = random_values<double>(c.shape.size(), 15, 7, 3);
    for (const Spread spread : kSpreads) {
      CAPTURE(m);
      double mean = 0;
      for (const double scale : pass(c, spread).scale) mean += scale / kChannels;
      CHECK(mean / 3 ==
            doctest::Approx(std::sqrt(static_cast<double>(m - 1) / static_cast<double>(m))).epsilon(0.04));
    }
  }
}

TEST_CASE_TEMPLATE("inference goes by the running mean and spread", T, float, double) {
  std::vector<T> running_mean{0};
  std::vector<T> running_scale{1};
  const std::vector<T> mean{4};
  const std::vector<T> scale{3};
  CHECK(lp_norm_update_running(0.5, 1, mean.data(), scale.data(), running_mean.data(), running_scale.data()));
  CHECK(running_mean[0] == 2);
  CHECK(running_scale[0] == 2);
  std::vector<T> rscale(1);
  lp_norm_rscale(1, running_scale.data(), T(2), rscale.data());
  const std::vector<T> x{2, 6};
  std::vector<T> y(2);
  batch_norm_normalize<T>({2, 1, 1}, x.data(), running_mean.data(), rscale.data(), nullptr, nullptr, nullptr,
                          y.data());
  CHECK(y == std::vector<T>{0, 1});
  const std::vector<T> broken{std::numeric_limits<T>::infinity()};
  CHECK_FALSE(
      lp_norm_update_running(0.5, 1, mean.data(), broken.data(), running_mean.data(), running_scale.data()));
  CHECK(running_mean[0] == 2);
}
