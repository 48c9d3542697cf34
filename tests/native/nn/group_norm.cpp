// Layer, group and instance normalization: by hand, against PyTorch, by finite differences, and what holds of them always.
#include "nn/group_norm.hpp"

#include <doctest/doctest.h>

#include "support/batch_norm.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
struct GroupNormPass {
  std::vector<T> mean, rstd, xhat, y, dx, dgamma, dbeta;
};

// A case of batch norm serves, without its running statistics.
template <typename T>
GroupNormPass<T> pass(const BatchNormCase<T>& c, Index groups) {
  GroupNormPass<T> p;
  for (auto* per_value : {&p.xhat, &p.y, &p.dx}) per_value->resize(c.x.size());
  for (auto* per_group : {&p.mean, &p.rstd}) per_group->resize(size_of(c.shape.batch * groups));
  for (auto* per_channel : {&p.dgamma, &p.dbeta}) per_channel->resize(size_of(c.shape.channels));
  group_norm_forward(c.shape, groups, c.x.data(), c.gamma_or_null(), c.beta_or_null(), c.eps, p.mean.data(),
                     p.rstd.data(), p.xhat.data(), p.y.data());
  if (!c.dy.empty())
    group_norm_backward(c.shape, groups, c.dy.data(), p.xhat.data(), p.rstd.data(), c.gamma_or_null(),
                        p.dx.data(), p.dgamma.data(), p.dbeta.data());
  return p;
}

struct Sizes {
  ChannelShape shape;
  Index groups;
};

// Runs of 2 to 129 values, whole registers of them and not.
constexpr Sizes kSizes[] = {{{2, 2, 1}, 1},  {{3, 3, 1}, 1},  {{1, 5, 1}, 1},  {{2, 8, 1}, 1}, {{3, 9, 1}, 1},
                            {{2, 17, 1}, 1}, {{1, 43, 1}, 1}, {{2, 6, 1}, 2},  {{3, 8, 1}, 4}, {{1, 2, 3}, 1},
                            {{2, 3, 5}, 3},  {{2, 4, 9}, 2},  {{2, 6, 12}, 3}, {{1, 3, 43}, 1}};

}  // namespace

TEST_CASE_TEMPLATE("two examples in two groups by hand", T, float, double) {
  // Each group is μ ± 1, so σ² = 1, and with ε = 3 √(σ²+ε) = 2. Every number below is exact in binary.
  BatchNormCase<T> c;
  c.shape = {2, 4, 1};
  c.x = {-1, 1, 4, 2, /**/ 3, 5, 0, 2};
  c.gamma = {2, -4, 1, 2};
  c.beta = {0, 1, 0.5, 0};
  c.dy = {1, 0, 2, 1, /**/ 0, 1, -2, 3};
  c.eps = 3;
  const GroupNormPass<T> p = pass(c, 2);
  CHECK(p.mean == std::vector<T>{0, 3, 4, 1});
  CHECK(p.rstd == std::vector<T>{0.5, 0.5, 0.5, 0.5});
  CHECK(p.xhat == std::vector<T>{-0.5, 0.5, 0.5, -0.5, /**/ -0.5, 0.5, -0.5, 0.5});
  CHECK(p.y == std::vector<T>{-1, -1, 1, -1, /**/ -1, -1, 0, 1});
  CHECK(p.dbeta == std::vector<T>{1, 1, 0, 4});
  CHECK(p.dgamma == std::vector<T>{-0.5, 0.5, 2, 1});
  // With g = γ·dy, half its difference h within a group and x̂ = ∓½, dx = ∓½·h·(1 − ¼): h is −1, 0, −2 and 4.
  CHECK(p.dx == std::vector<T>{0.375, -0.375, 0, 0, /**/ 0.75, -0.75, -1.5, 1.5});
}

TEST_CASE_TEMPLATE("outputs and gradients are PyTorch's", T, float, double) {
  const Golden golden("normalizations.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{4e-6, 4e-6} : Tolerance{1e-14, 1e-13};
  for (const std::string name : {"layer", "layer_wide", "layer_pictures", "layer_channels", "group",
                                 "group_pictures", "group_plain", "instance"}) {
    const std::vector<Index>& extents = golden.shape(name + "/x");
    const auto given = [&](const char* tensor) {
      const std::string entry = name + "/" + tensor;
      return golden.has(entry) ? golden.values<T>(entry) : std::vector<T>();
    };
    BatchNormCase<T> c;
    c.x = given("x");
    c.dy = given("dy");
    c.gamma = given("gamma");
    c.beta = given("beta");
    c.eps = given("eps")[0];
    c.shape = {extents[0], extents[1], extents.size() == 4 ? extents[2] * extents[3] : 1};
    // Layer norm's γ and β are of every element: its pictures are rows.
    if (name == "layer_pictures") c.shape = {extents[0], c.shape.channels * c.shape.spatial, 1};
    const GroupNormPass<T> p = pass(c, static_cast<Index>(golden.number(name + "/groups")));
    const std::string at = name + "/" + dtype_name<T>() + "/";
    const auto check = [&](const std::vector<T>& actual, const char* tensor) {
      check_close(actual, golden.values<T>(at + tensor), tolerance, at + tensor);
    };
    check(p.y, "y");
    check(p.dx, "dx");
    if (c.gamma.empty()) continue;
    check(p.dgamma, "dgamma");
    check(p.dbeta, "dbeta");
  }
}

TEST_CASE("gradients agree with finite differences at every size, affine or not") {
  for (const Sizes& sizes : kSizes) {
    const ChannelShape& shape = sizes.shape;
    const Index groups = sizes.groups;
    for (const bool affine : {true, false}) {
      CAPTURE(shape.batch);
      CAPTURE(shape.channels);
      CAPTURE(shape.spatial);
      CAPTURE(groups);
      BatchNormCase<double> c = random_case<double>(shape, 11);
      if (!affine) {
        c.gamma.clear();
        c.beta.clear();
      }
      const GroupNormPass<double> p = pass(c, groups);
      const std::vector<double> dy = c.dy;
      c.dy.clear();
      const auto loss = [&] { return probe_loss(dy, pass(c, groups).y); };
      check_gradient(c.x, p.dx, loss, "dx");
      if (affine) {
        check_gradient(c.gamma, p.dgamma, loss, "dgamma");
        check_gradient(c.beta, p.dbeta, loss, "dbeta");
      }
    }
  }
}

TEST_CASE("x̂ has mean 0 and variance σ²/(σ²+ε) in each group, and without γ a group's dx adds up to 0") {
  for (const auto& [shape, groups] : kSizes) {
    BatchNormCase<double> c = random_case<double>(shape, 12);
    c.gamma.clear();
    c.beta.clear();
    c.eps = 0.5;
    const GroupNormPass<double> p = pass(c, groups);
    const Index n = shape.size() / (shape.batch * groups);
    for (Index k = 0; k < shape.batch * groups; ++k) {
      double sum = 0;
      double squares = 0;
      double dx = 0;
      for (Index i = k * n; i < (k + 1) * n; ++i) {
        sum += p.xhat[size_of(i)];
        squares += p.xhat[size_of(i)] * p.xhat[size_of(i)];
        dx += p.dx[size_of(i)];
      }
      const double rstd = p.rstd[size_of(k)];
      const double var = 1 / (rstd * rstd) - c.eps;
      CHECK(std::abs(sum) < 1e-12);
      CHECK(squares / static_cast<double>(n) == doctest::Approx(var / (var + c.eps)));
      CHECK(std::abs(dx) < 1e-12);
    }
  }
}

TEST_CASE_TEMPLATE("scaling and shifting an example changes nothing but for ε", T, float, double) {
  BatchNormCase<T> c = random_case<T>({3, 10, 1}, 13);
  c.eps = T(1e-12);
  BatchNormCase<T> moved = c;
  for (std::size_t i = 0; i < c.x.size(); ++i) moved.x[i] = T(4) * c.x[i] - T(2);
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{2e-5, 0} : Tolerance{1e-10, 0};
  check_close(pass(moved, 2).y, pass(c, 2).y, tolerance, "y");
}

TEST_CASE_TEMPLATE("an example does not know its batch-mates", T, float, double) {
  for (const auto& [shape, groups] : kSizes) {
    const BatchNormCase<T> all = random_case<T>(shape, 14);
    const GroupNormPass<T> together = pass(all, groups);
    const auto size = static_cast<std::ptrdiff_t>(shape.size() / shape.batch);
    for (Index b = 0; b < shape.batch; ++b) {
      const auto part = [&](const std::vector<T>& values) {
        return std::vector<T>(values.begin() + b * size, values.begin() + (b + 1) * size);
      };
      BatchNormCase<T> one = all;
      one.shape.batch = 1;
      one.x = part(all.x);
      one.dy = part(all.dy);
      const GroupNormPass<T> alone = pass(one, groups);
      check_same_bits(part(together.y), alone.y, "y");
      check_same_bits(part(together.dx), alone.dx, "dx");
    }
  }
}

TEST_CASE_TEMPLATE("instance norm of one picture is batch norm of that picture", T, float, double) {
  const BatchNormCase<T> c = random_case<T>({1, 3, 43}, 15);
  const GroupNormPass<T> instance = pass(c, 3);
  const BatchNormPass<T> batch = pass_in_training(c);
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{4e-6, 4e-6} : Tolerance{1e-14, 1e-13};
  check_close(instance.mean, batch.mean, tolerance, "mean");
  check_close(instance.rstd, batch.rstd, tolerance, "rstd");
  check_close(instance.y, batch.y, tolerance, "y");
  check_close(instance.dx, batch.dx, tolerance, "dx");
  check_close(instance.dgamma, batch.dgamma, tolerance, "dgamma");
}

TEST_CASE("far from zero float32 keeps the digits there are") {
  // At a mean of 10⁴ standard deviations E[x²]−E[x]² would have none left.
  for (const Index n : {5, 8, 43, 256}) {
    const BatchNormCase<float> c = random_case<float>({2, n, 1}, 16, 1e4, 1);
    BatchNormCase<double> exact = random_case<double>({2, n, 1}, 16);
    exact.x.assign(c.x.begin(), c.x.end());
    exact.gamma.assign(c.gamma.begin(), c.gamma.end());
    exact.beta.assign(c.beta.begin(), c.beta.end());
    exact.eps = static_cast<double>(c.eps);
    check_close(pass(c, 1).rstd, pass(exact, 1).rstd, {0, 2e-6}, "rstd");
  }
}

TEST_CASE("one value has nothing to compare itself with: y = β, and nothing flows back") {
  BatchNormCase<double> c = random_case<double>({2, 3, 1}, 17);
  const GroupNormPass<double> p = pass(c, 3);
  for (std::size_t i = 0; i < p.y.size(); ++i) {
    CHECK(p.xhat[i] == 0);
    CHECK(p.y[i] == c.beta[i % 3]);
    CHECK(p.dx[i] == 0);
  }
}

TEST_CASE_TEMPLATE("dx can be left out", T, float, double) {
  const BatchNormCase<T> c = random_case<T>({3, 6, 5}, 18);
  const GroupNormPass<T> p = pass(c, 2);
  std::vector<T> dgamma(6);
  std::vector<T> dbeta(6);
  group_norm_backward<T>(c.shape, 2, c.dy.data(), p.xhat.data(), p.rstd.data(), c.gamma.data(), nullptr,
                         dgamma.data(), dbeta.data());
  check_same_bits(dgamma, p.dgamma, "dgamma");
  check_same_bits(dbeta, p.dbeta, "dbeta");
}
