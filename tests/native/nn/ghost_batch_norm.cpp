// Ghost batches: by hand, against PyTorch, as batch norm in each, by finite differences; and what becomes of the rest of a batch.
#include "nn/ghost_batch_norm.hpp"

#include <doctest/doctest.h>

#include "support/batch_norm.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// Per-channel statistics come a row per group.
template <typename T>
BatchNormPass<T> pass(const BatchNormCase<T>& c, Index group) {
  BatchNormPass<T> p;
  const Index groups = ghost_groups(c.shape, group);
  for (auto* per_value : {&p.xhat, &p.y, &p.dx}) per_value->resize(c.x.size());
  for (auto* per_group : {&p.mean, &p.var, &p.rstd}) per_group->resize(size_of(groups * c.shape.channels));
  for (auto* per_channel : {&p.dgamma, &p.dbeta}) per_channel->resize(size_of(c.shape.channels));
  ghost_batch_norm_forward_training(c.shape, group, c.x.data(), c.gamma_or_null(), c.beta_or_null(), c.eps,
                                    p.mean.data(), p.var.data(), p.rstd.data(), p.xhat.data(), p.y.data());
  std::vector<T> scratch(size_of(2 * c.shape.channels));
  if (!c.dy.empty())
    ghost_batch_norm_backward_training(c.shape, group, c.dy.data(), p.xhat.data(), p.rstd.data(),
                                       c.gamma_or_null(), scratch.data(), p.dx.data(), p.dgamma.data(),
                                       p.dbeta.data());
  return p;
}

// The examples first … last−1 of a case.
template <typename T>
BatchNormCase<T> part_of(const BatchNormCase<T>& c, Index first, Index last) {
  BatchNormCase<T> part = c;
  const Index size = c.shape.channels * c.shape.spatial;
  part.shape.batch = last - first;
  part.x.assign(c.x.begin() + first * size, c.x.begin() + last * size);
  part.dy.assign(c.dy.begin() + first * size, c.dy.begin() + last * size);
  return part;
}

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

TEST_CASE("a batch makes as many groups as it fills, one for the rest, and none of a single value") {
  const auto groups = [](Index batch, Index group, Index spatial = 1) {
    return ghost_groups({batch, 3, spatial}, group);
  };
  CHECK(groups(8, 4) == 2);
  CHECK(groups(10, 4) == 3);
  CHECK(groups(9, 4) == 2);     // the ninth joins the second group
  CHECK(groups(9, 4, 5) == 3);  // where planes give it values enough, it does not
  CHECK(groups(3, 4) == 1);
  CHECK(groups(1, 4) == 1);
  for (Index batch = 1; batch < 40; ++batch) CHECK(groups(batch, 3) <= groups(batch + 1, 3));
}

TEST_CASE_TEMPLATE("two groups of two by hand", T, float, double) {
  // μ 0 and 5, σ² 1 in both, ε 3, so √(σ²+ε) = 2: that the second group lies higher is gone. Every number is exact in binary.
  BatchNormCase<T> c;
  c.shape = {4, 1, 1};
  c.x = {-1, 1, 4, 6};
  c.gamma = {2};
  c.beta = {0.5};
  c.dy = {1, 3, 6, 2};
  c.eps = 3;
  const BatchNormPass<T> p = pass(c, 2);
  CHECK(p.mean == std::vector<T>{0, 5});
  CHECK(p.var == std::vector<T>{1, 1});
  CHECK(p.rstd == std::vector<T>{0.5, 0.5});
  CHECK(p.xhat == std::vector<T>{-0.5, 0.5, -0.5, 0.5});
  CHECK(p.y == std::vector<T>{-0.5, 1.5, -0.5, 1.5});
  CHECK(p.dbeta == std::vector<T>{12});
  CHECK(p.dgamma == std::vector<T>{-1});  // 1 from the first group, −2 from the second
  // 2·½·[1−2+½·½, 3−2−½·½] and 2·½·[6−4−½·1, 2−4+½·1].
  CHECK(p.dx == std::vector<T>{-0.75, 0.75, 1.5, -1.5});
}

TEST_CASE_TEMPLATE("outputs and gradients are PyTorch's", T, float, double) {
  const Golden golden("normalizations.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{4e-6, 4e-6} : Tolerance{1e-14, 1e-13};
  for (const std::string name : {"ghost", "ghost_rest", "ghost_joined", "ghost_pictures"}) {
    const std::vector<Index>& extents = golden.shape(name + "/x");
    const auto given = [&](const char* tensor) { return golden.values<T>(name + "/" + tensor); };
    BatchNormCase<T> c;
    c.shape = {extents[0], extents[1], extents.size() == 4 ? extents[2] * extents[3] : 1};
    c.x = given("x");
    c.dy = given("dy");
    c.gamma = given("gamma");
    c.beta = given("beta");
    c.eps = given("eps")[0];
    const BatchNormPass<T> p = pass(c, static_cast<Index>(golden.number(name + "/group")));
    const std::string at = name + "/" + dtype_name<T>() + "/";
    check_close(p.y, golden.values<T>(at + "y"), tolerance, at + "y");
    check_close(p.dx, golden.values<T>(at + "dx"), tolerance, at + "dx");
    check_close(p.dgamma, golden.values<T>(at + "dgamma"), tolerance, at + "dgamma");
    check_close(p.dbeta, golden.values<T>(at + "dbeta"), tolerance, at + "dbeta");
  }
}

TEST_CASE_TEMPLATE("one group is batch norm, bit for bit", T, float, double) {
  for (const ChannelShape& shape : {ChannelShape{5, 9, 1}, {3, 2, 5}}) {
    const BatchNormCase<T> c = random_case<T>(shape, 1);
    const BatchNormPass<T> plain = pass_in_training(c);
    for (const Index group : {shape.batch, shape.batch + 7}) {
      const BatchNormPass<T> ghost = pass(c, group);
      check_same_bits(ghost.rstd, plain.rstd, "rstd");
      check_same_bits(ghost.y, plain.y, "y");
      check_same_bits(ghost.dx, plain.dx, "dx");
      check_same_bits(ghost.dgamma, plain.dgamma, "dgamma");
      check_same_bits(ghost.dbeta, plain.dbeta, "dbeta");
    }
  }
}

TEST_CASE_TEMPLATE("groups are batches of their own, with γ and β in common", T, float, double) {
  const struct {
    ChannelShape shape;
    Index group;
    std::vector<Index> starts;
  } rows[] = {{{8, 9, 1}, 4, {0, 4, 8}},
              {{11, 3, 1}, 4, {0, 4, 8, 11}},
              {{9, 17, 1}, 4, {0, 4, 9}},
              {{5, 2, 3}, 2, {0, 2, 4, 5}}};
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{4e-6, 4e-6} : Tolerance{1e-14, 1e-14};
  for (const auto& [shape, group, starts] : rows) {
    const BatchNormCase<T> c = random_case<T>(shape, 2);
    const BatchNormPass<T> ghost = pass(c, group);
    BatchNormPass<T> expected;
    expected.dgamma.resize(ghost.dgamma.size());
    expected.dbeta.resize(ghost.dbeta.size());
    for (std::size_t k = 0; k + 1 < starts.size(); ++k) {
      const BatchNormPass<T> one = pass_in_training(part_of(c, starts[k], starts[k + 1]));
      append(expected.mean, one.mean);
      append(expected.var, one.var);
      append(expected.y, one.y);
      append(expected.dx, one.dx);
      for (std::size_t i = 0; i < one.dgamma.size(); ++i) {
        expected.dgamma[i] += one.dgamma[i];
        expected.dbeta[i] += one.dbeta[i];
      }
    }
    check_same_bits(ghost.mean, expected.mean, "mean");
    check_same_bits(ghost.var, expected.var, "var");
    check_same_bits(ghost.y, expected.y, "y");
    check_same_bits(ghost.dx, expected.dx, "dx");
    check_close(ghost.dgamma, expected.dgamma, tolerance, "dgamma");
    check_close(ghost.dbeta, expected.dbeta, tolerance, "dbeta");
  }
}

TEST_CASE("gradients agree with finite differences at every size") {
  for (const ChannelShape& shape :
       {ChannelShape{2, 1, 1}, {3, 2, 1}, {4, 4, 1}, {7, 3, 1}, {9, 5, 1}, {1, 3, 2}, {3, 2, 5}}) {
    for (const bool affine : {true, false}) {
      BatchNormCase<double> c = random_case<double>(shape, 3);
      if (!affine) {
        c.gamma.clear();
        c.beta.clear();
      }
      const BatchNormPass<double> p = pass(c, 2);
      const std::vector<double> dy = c.dy;
      c.dy.clear();
      const auto loss = [&] { return probe_loss(dy, pass(c, 2).y); };
      check_gradient(c.x, p.dx, loss, "dx");
      if (affine) {
        check_gradient(c.gamma, p.dgamma, loss, "dgamma");
        check_gradient(c.beta, p.dbeta, loss, "dbeta");
      }
    }
  }
}

TEST_CASE_TEMPLATE("running statistics take the average of the groups", T, float, double) {
  // Groups of two, two and three values (the seventh joins the third): means 2, 4 and 6, variances 1, 3 and 4; m/(m−1) is 2, 2 and 3/2.
  const ChannelShape shape{7, 1, 1};
  const std::vector<T> mean{2, 4, 6};
  const std::vector<T> var{1, 3, 4};
  REQUIRE(ghost_groups(shape, 2) == 3);
  std::vector<T> scratch(2);
  BatchNormOptions options;
  options.running_momentum = 0.5;
  const auto updated = [&](Index batches_seen) {
    std::vector<T> running{0, 1};
    CHECK(ghost_batch_norm_update_running(options, shape, 2, mean.data(), var.data(), batches_seen,
                                          scratch.data(), running.data(), running.data() + 1));
    return running;
  };
  const Tolerance tolerance{0, sizeof(T) == 4 ? 1e-6 : 1e-14};
  check_close(updated(0), std::vector<double>{2, (1 + 14.0 / 3) / 2}, tolerance, "unbiased");
  options.unbiased_running_var = false;
  check_close(updated(0), std::vector<double>{2, (1 + 8.0 / 3) / 2}, tolerance, "biased");
  options.cumulative = true;
  check_close(updated(3), std::vector<double>{1, 0.75 + 8.0 / 3 / 4}, tolerance, "cumulative");
}

TEST_CASE_TEMPLATE("dx can be left out", T, float, double) {
  const BatchNormCase<T> c = random_case<T>({7, 3, 1}, 4);
  const BatchNormPass<T> p = pass(c, 3);
  std::vector<T> scratch(6);
  std::vector<T> dgamma(3);
  std::vector<T> dbeta(3);
  ghost_batch_norm_backward_training<T>(c.shape, 3, c.dy.data(), p.xhat.data(), p.rstd.data(), c.gamma.data(),
                                        scratch.data(), nullptr, dgamma.data(), dbeta.data());
  check_same_bits(dgamma, p.dgamma, "dgamma");
  check_same_bits(dbeta, p.dbeta, "dbeta");
}
