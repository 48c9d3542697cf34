// Batch Renormalization: by hand, against its definition in PyTorch, by finite differences, and what it turns into at its
// bounds.
#include "nn/batch_renorm.hpp"

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

template <typename T>
struct RenormPass {
  std::vector<T> mean, std, center, scale, r, d, xhat, y, dx, dgamma, dbeta;
};

// A case of batch norm serves; its running variance is taken for the running standard deviation.
template <typename T>
RenormPass<T> pass(const BatchNormCase<T>& c, const RenormBounds& bounds) {
  RenormPass<T> p;
  for (auto* per_value : {&p.xhat, &p.y, &p.dx}) per_value->resize(c.x.size());
  for (auto* per_channel : {&p.mean, &p.std, &p.center, &p.scale, &p.r, &p.d, &p.dgamma, &p.dbeta})
    per_channel->resize(size_of(c.shape.channels));
  batch_renorm_forward_training(c.shape, c.x.data(), c.gamma_or_null(), c.beta_or_null(), c.eps, bounds,
                                c.running_mean.data(), c.running_var.data(), p.mean.data(), p.std.data(),
                                p.center.data(), p.scale.data(), p.r.data(), p.d.data(), p.xhat.data(),
                                p.y.data());
  if (!c.dy.empty())
    batch_renorm_backward_training(c.shape, c.dy.data(), p.xhat.data(), p.scale.data(), p.r.data(),
                                   p.d.data(), c.gamma_or_null(), p.dx.data(), p.dgamma.data(),
                                   p.dbeta.data());
  return p;
}

constexpr RenormBounds kFree{1e6, 1e6};
constexpr RenormBounds kTight{1.2, 0.3};

}  // namespace

TEST_CASE_TEMPLATE("two examples by hand", T, float, double) {
  // Each feature is μ ± 1 and ε = 3, so s = 2. Feature 0: s/S = 2 and (μ−M)/S = 1, both within bounds. Feature 1: s/S = ⅛
  // and (μ−M)/S = −¼, both beyond. Every number below is exact in binary.
  BatchNormCase<T> c;
  c.shape = {2, 2, 1};
  c.x = {-1, 2, 1, 4};
  c.gamma = {2, -4};
  c.beta = {0.5, 1};
  c.dy = {1, 2, 3, 0};
  c.eps = 3;
  c.running_mean = {-1, 7};
  c.running_var = {1, 16};
  const RenormPass<T> p = pass(c, {4, 0.125});
  CHECK(p.std == std::vector<T>{2, 2});
  CHECK(p.r == std::vector<T>{2, 0.25});
  CHECK(p.d == std::vector<T>{0.125, -0.125});
  // (x−μ)/s = ∓½, times r, plus d.
  CHECK(p.xhat == std::vector<T>{-0.875, -0.25, 1.125, 0});
  CHECK(p.y == std::vector<T>{-1.25, 2, 2.75, 1});
  CHECK(p.dbeta == std::vector<T>{4, 2});
  CHECK(p.dgamma == std::vector<T>{2.5, -0.5});
  // Batch norm's (∓¾ for the first, ±¾ for the second, times γ/s) times r.
  CHECK(p.dx == std::vector<T>{-1.5, -0.375, 1.5, 0.375});
}

TEST_CASE_TEMPLATE("outputs, gradients and running statistics are those of the definition", T, float,
                   double) {
  const Golden golden("normalizations.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{8e-6, 8e-6} : Tolerance{1e-14, 1e-13};
  for (const std::string name : {"renorm_free", "renorm_bounded", "renorm_pictures", "renorm_closed"}) {
    const std::vector<Index>& extents = golden.shape(name + "/x");
    const auto given = [&](const char* tensor) { return golden.values<T>(name + "/" + tensor); };
    BatchNormCase<T> c;
    c.shape = {extents[0], extents[1], extents.size() == 4 ? extents[2] * extents[3] : 1};
    c.x = given("x");
    c.dy = given("dy");
    c.gamma = given("gamma");
    c.beta = given("beta");
    c.eps = given("eps")[0];
    c.running_mean = given("running_mean");
    c.running_var = given("running_std");
    const RenormPass<T> p = pass(c, {golden.number(name + "/r_max"), golden.number(name + "/d_max")});
    const std::string at = name + "/" + dtype_name<T>() + "/";
    const auto check = [&](const std::vector<T>& actual, const char* tensor) {
      check_close(actual, golden.values<T>(at + tensor), tolerance, at + tensor);
    };
    check(p.r, "r");
    check(p.d, "d");
    check(p.xhat, "xhat");
    check(p.y, "y");
    check(p.dx, "dx");
    check(p.dgamma, "dgamma");
    check(p.dbeta, "dbeta");
    CHECK(batch_renorm_update_running(golden.number(name + "/momentum"), c.shape.channels, p.mean.data(),
                                      p.std.data(), c.running_mean.data(), c.running_var.data()));
    check(c.running_mean, "running_mean");
    check(c.running_var, "running_std");
  }
}

TEST_CASE("gradients agree with finite differences at every size, where r and d are held") {
  for (const ChannelShape& shape : {ChannelShape{2, 1, 1},
                                    {3, 2, 1},
                                    {5, 3, 1},
                                    {8, 5, 1},
                                    {3, 9, 1},
                                    {4, 17, 1},
                                    {1, 3, 2},
                                    {2, 1, 3},
                                    {3, 2, 5}}) {
    for (const bool affine : {true, false}) {
      for (const RenormBounds& bounds : {kFree, kTight}) {
        CAPTURE(shape.batch);
        CAPTURE(shape.channels);
        CAPTURE(shape.spatial);
        BatchNormCase<double> c = random_case<double>(shape, 11);
        if (!affine) {
          c.gamma.clear();
          c.beta.clear();
        }
        const RenormPass<double> p = pass(c, bounds);
        const std::vector<double> dy = c.dy;
        c.dy.clear();
        // Plain batch norm with r and d as they were, so that a change of x does not move them.
        const auto loss = [&] {
          BatchNormPass<double> b = pass_in_training(c);
          for (std::size_t i = 0; i < b.y.size(); ++i) {
            const std::size_t at = i / size_of(shape.spatial) % size_of(shape.channels);
            b.y[i] = b.xhat[i] * p.r[at] + p.d[at];
            if (affine) b.y[i] = b.y[i] * c.gamma[at] + c.beta[at];
          }
          return probe_loss(dy, b.y);
        };
        check_gradient(c.x, p.dx, loss, "dx");
        if (affine) {
          check_gradient(c.gamma, p.dgamma, loss, "dgamma");
          check_gradient(c.beta, p.dbeta, loss, "dbeta");
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("with r_max 1 and d_max 0 it is batch norm", T, float, double) {
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{2e-6, 2e-6} : Tolerance{1e-15, 1e-14};
  for (const ChannelShape& shape : {ChannelShape{5, 3, 1}, {7, 33, 1}, {2, 3, 9}}) {
    const BatchNormCase<T> c = random_case<T>(shape, 12);
    const RenormPass<T> renorm = pass(c, {1, 0});
    const BatchNormPass<T> plain = pass_in_training(c);
    check_same_bits(renorm.scale, plain.rstd, "scale");
    check_same_bits(renorm.y, plain.y, "y");
    check_same_bits(renorm.dgamma, plain.dgamma, "dgamma");
    check_close(renorm.dx, plain.dx, tolerance, "dx");
  }
}

TEST_CASE_TEMPLATE("without bounds training already computes what inference will", T, float, double) {
  const BatchNormCase<T> c = random_case<T>({6, 9, 1}, 13);
  std::vector<T> scale(9);
  batch_renorm_inference_scale(9, c.running_var.data(), scale.data());
  std::vector<T> y(c.x.size());
  batch_norm_normalize<T>(c.shape, c.x.data(), c.running_mean.data(), scale.data(), c.gamma.data(),
                          c.beta.data(), nullptr, y.data());
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{1e-5, 1e-5} : Tolerance{1e-14, 1e-14};
  check_close(pass(c, kFree).y, y, tolerance, "y");
}

TEST_CASE("r stays within 1/r_max and r_max, d within ±d_max") {
  const RenormPass<double> p = pass(random_case<double>({4, 33, 1}, 14), kTight);
  Index bounded = 0;
  for (std::size_t c = 0; c < p.r.size(); ++c) {
    CHECK(p.r[c] <= 1.2);
    CHECK(p.r[c] >= 1 / 1.2);
    CHECK(std::abs(p.d[c]) <= 0.3);
    if (p.r[c] == 1.2 || p.r[c] == 1 / 1.2) ++bounded;
  }
  CHECK(bounded > 0);
  CHECK(bounded < 33);
}

TEST_CASE_TEMPLATE("a channel does not know its neighbours", T, float, double) {
  for (const Index channels : {2, 5, 9, 17}) {
    const BatchNormCase<T> all = random_case<T>({7, channels, 1}, 15);
    const RenormPass<T> together = pass(all, kTight);
    for (Index c = 0; c < channels; ++c) {
      const auto at = [&](const std::vector<T>& values) { return std::vector<T>{values[size_of(c)]}; };
      const BatchNormCase<T> one{{7, 1, 1},
                                 column(all.x, channels, c),
                                 at(all.gamma),
                                 at(all.beta),
                                 column(all.dy, channels, c),
                                 all.eps,
                                 at(all.running_mean),
                                 at(all.running_var)};
      const RenormPass<T> alone = pass(one, kTight);
      check_same_bits(column(together.y, channels, c), alone.y, "y");
      check_same_bits(column(together.dx, channels, c), alone.dx, "dx");
    }
  }
}

TEST_CASE("the bounds open in equal steps after the plain ones") {
  const RenormSchedule schedule{{3, 5}, 10, 4};
  const auto check = [&](Index batches, double r_max, double d_max) {
    CAPTURE(batches);
    CHECK(schedule.at(batches).r_max == r_max);
    CHECK(schedule.at(batches).d_max == d_max);
  };
  check(0, 1, 0);
  check(9, 1, 0);
  check(10, 1, 0);
  check(11, 1.5, 1.25);
  check(13, 2.5, 3.75);
  check(14, 3, 5);
  check(1000, 3, 5);
  CHECK(RenormSchedule{{3, 5}}.at(0).r_max == 3);
  CHECK(RenormSchedule{{3, 5}, 2, 0}.at(1).d_max == 0);
  CHECK(RenormSchedule{{3, 5}, 2, 0}.at(2).d_max == 5);
}

TEST_CASE_TEMPLATE("running statistics do not take in what is not finite", T, float, double) {
  const T infinity = std::numeric_limits<T>::infinity();
  std::vector<T> running_mean{1, 2};
  std::vector<T> running_std{3, 4};
  const auto update = [&](std::vector<T> mean, std::vector<T> std) {
    return batch_renorm_update_running(0.5, 2, mean.data(), std.data(), running_mean.data(),
                                       running_std.data());
  };
  CHECK_FALSE(update({0, infinity}, {1, 1}));
  CHECK_FALSE(update({0, 0}, {std::numeric_limits<T>::quiet_NaN(), 1}));
  CHECK(running_mean == std::vector<T>{1, 2});
  CHECK(running_std == std::vector<T>{3, 4});
  CHECK(update({3, 0}, {1, 0}));
  CHECK(running_mean == std::vector<T>{2, 1});
  CHECK(running_std == std::vector<T>{2, 2});
}
