// Batch normalization's operators: by hand, against PyTorch, by finite differences, at awkward sizes.
#include "nn/batch_norm.hpp"

#include <doctest/doctest.h>

#include "support/batch_norm.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr Index kBatches[] = {2, 3, 5, 8};
constexpr Index kChannels[] = {1, 2, 3, 5, 8, 9, 16, 17, 33};

}  // namespace

TEST_CASE_TEMPLATE("two examples by hand", T, float, double) {
  // Feature 0: μ 0, σ² 1, ε 3, so √(σ²+ε) = 2. Feature 1: μ 3, σ² 1. Every number below is exact in binary.
  BatchNormCase<T> c;
  c.shape = {2, 2, 1};
  c.x = {-1, 2, 1, 4};
  c.gamma = {2, -4};
  c.beta = {0.5, 1};
  c.dy = {1, 2, 3, 0};
  c.eps = 3;
  const BatchNormPass<T> p = pass_in_training(c);
  CHECK(p.mean == std::vector<T>{0, 3});
  CHECK(p.var == std::vector<T>{1, 1});
  CHECK(p.rstd == std::vector<T>{0.5, 0.5});
  CHECK(p.xhat == std::vector<T>{-0.5, -0.5, 0.5, 0.5});
  CHECK(p.y == std::vector<T>{-0.5, 3, 1.5, -1});
  CHECK(p.dbeta == std::vector<T>{4, 2});
  CHECK(p.dgamma == std::vector<T>{1, -1});
  // Feature 0: 2·½·[1−2+½·½, 3−2−½·½]. Feature 1: −4·½·[2−1−½·½, 0−1+½·½].
  CHECK(p.dx == std::vector<T>{-0.75, -1.5, 0.75, 1.5});
}

TEST_CASE_TEMPLATE("the same two examples frozen", T, float, double) {
  BatchNormCase<T> c;
  c.shape = {2, 2, 1};
  c.x = {-1, 2, 1, 4};
  c.gamma = {2, -4};
  c.beta = {0.5, 1};
  c.dy = {1, 2, 3, 0};
  c.eps = 3;
  c.running_mean = {1, 0};
  c.running_var = {1, 13};
  const BatchNormPass<T> p = pass_in_inference(c);
  CHECK(p.rstd == std::vector<T>{0.5, 0.25});
  CHECK(p.xhat == std::vector<T>{-1, 0.5, 0, 1});
  CHECK(p.y == std::vector<T>{-1.5, -1, 0.5, -3});
  CHECK(p.dbeta == std::vector<T>{4, 2});
  CHECK(p.dgamma == std::vector<T>{-1, 1});
  CHECK(p.dx == std::vector<T>{1, -2, 3, 0});
}

TEST_CASE("the worked example") {
  BatchNormCase<double> c;
  c.shape = {4, 1, 1};
  c.x = {2, 4, 6, 8};
  c.gamma = {2};
  c.beta = {0.5};
  const BatchNormPass<double> p = pass_in_training(c);
  CHECK(p.mean[0] == 5);
  CHECK(p.var[0] == 5);
  check_close(p.xhat, std::vector<double>{-1.34164, -0.44721, 0.44721, 1.34164}, {1e-5, 0}, "xhat");
  check_close(p.y, std::vector<double>{-2.1833, -0.3944, 1.3944, 3.1833}, {1e-4, 0}, "y");
}

TEST_CASE_TEMPLATE("outputs and gradients are PyTorch's", T, float, double) {
  const Golden golden("batch_norm.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{4e-6, 4e-6} : Tolerance{1e-14, 1e-13};
  for (const std::string name : {"bc", "bc_plain", "bc_wide", "bchw", "bchw_plain"}) {
    const std::vector<Index>& extents = golden.shape(name + "/x");
    BatchNormCase<T> c;
    c.shape = {extents[0], extents[1], extents.size() == 4 ? extents[2] * extents[3] : 1};
    const auto given = [&](const char* tensor) { return golden.values<T>(name + "/" + tensor); };
    c.x = given("x");
    c.dy = given("dy");
    const bool affine = golden.has(name + "/gamma");
    if (affine) {
      c.gamma = given("gamma");
      c.beta = given("beta");
    }
    c.running_mean = given("running_mean");
    c.running_var = given("running_var");
    c.eps = given("eps")[0];
    BatchNormOptions options;
    options.running_momentum = golden.number(name + "/momentum");

    for (const std::string mode : {"training", "inference"}) {
      const BatchNormPass<T> p = mode == "training" ? pass_in_training(c) : pass_in_inference(c);
      const std::string at = name + "/" + dtype_name<T>() + "/" + mode + "/";
      const auto check = [&](const std::vector<T>& actual, const char* tensor) {
        check_close(actual, golden.values<T>(at + tensor), tolerance, at + tensor);
      };
      check(p.y, "y");
      check(p.dx, "dx");
      if (affine) {
        check(p.dgamma, "dgamma");
        check(p.dbeta, "dbeta");
      }
      if (mode == "inference") continue;
      std::vector<T> running_mean = c.running_mean;
      std::vector<T> running_var = c.running_var;
      CHECK(batch_norm_update_running(options, c.shape.channels, c.shape.reduction(), p.mean.data(),
                                      p.var.data(), 0, running_mean.data(), running_var.data()));
      check(running_mean, "running_mean");
      check(running_var, "running_var");
    }
  }
}

TEST_CASE("gradients agree with finite differences at every size, in both modes, affine or not") {
  std::vector<ChannelShape> shapes;
  for (const Index batch : kBatches)
    for (const Index channels : kChannels) shapes.push_back({batch, channels, 1});
  for (const ChannelShape& shape : {ChannelShape{1, 3, 2}, {2, 1, 3}, {3, 2, 5}, {2, 5, 4}})
    shapes.push_back(shape);

  for (const ChannelShape& shape : shapes) {
    for (const bool affine : {true, false}) {
      for (const bool training : {true, false}) {
        CAPTURE(shape.batch);
        CAPTURE(shape.channels);
        CAPTURE(shape.spatial);
        CAPTURE(affine);
        CAPTURE(training);
        BatchNormCase<double> c = random_case<double>(shape, 11);
        if (!affine) {
          c.gamma.clear();
          c.beta.clear();
        }
        const auto run = [&] { return training ? pass_in_training(c) : pass_in_inference(c); };
        const BatchNormPass<double> p = run();
        const std::vector<double> dy = c.dy;
        c.dy.clear();
        const auto loss = [&] { return probe_loss(dy, run().y); };
        check_gradient(c.x, p.dx, loss, "dx");
        if (affine) {
          check_gradient(c.gamma, p.dgamma, loss, "dgamma");
          check_gradient(c.beta, p.dbeta, loss, "dbeta");
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("a channel does not know its neighbours", T, float, double) {
  // One column by itself gives the bits it has among others, whichever group of lanes it falls into.
  for (const Index batch : {1, 2, 3, 5, 257, 600}) {
    for (const Index channels : {2, 3, 5, 8, 9, 16, 17, 33}) {
      const BatchNormCase<T> all = random_case<T>({batch, channels, 1}, 21);
      const BatchNormPass<T> together = pass_in_training(all);
      const BatchNormPass<T> frozen_together = pass_in_inference(all);
      for (Index c = 0; c < channels; ++c) {
        const std::string where = "column " + std::to_string(c) + " of " + std::to_string(channels) +
                                  ", batch " + std::to_string(batch);
        const auto at = [&](const std::vector<T>& per_channel) {
          return std::vector<T>{per_channel[size_of(c)]};
        };
        BatchNormCase<T> one;
        one.shape = {batch, 1, 1};
        one.x = column(all.x, channels, c);
        one.dy = column(all.dy, channels, c);
        one.gamma = at(all.gamma);
        one.beta = at(all.beta);
        one.running_mean = at(all.running_mean);
        one.running_var = at(all.running_var);
        const BatchNormPass<T> alone = pass_in_training(one);
        const BatchNormPass<T> frozen_alone = pass_in_inference(one);
        check_same_bits(at(together.mean), alone.mean, "mean of " + where);
        check_same_bits(at(together.var), alone.var, "var of " + where);
        check_same_bits(at(together.rstd), alone.rstd, "rstd of " + where);
        check_same_bits(column(together.y, channels, c), alone.y, "y of " + where);
        check_same_bits(column(together.dx, channels, c), alone.dx, "dx of " + where);
        check_same_bits(at(together.dgamma), alone.dgamma, "dgamma of " + where);
        check_same_bits(at(together.dbeta), alone.dbeta, "dbeta of " + where);
        check_same_bits(column(frozen_together.y, channels, c), frozen_alone.y, "frozen y of " + where);
        check_same_bits(column(frozen_together.dx, channels, c), frozen_alone.dx, "frozen dx of " + where);
      }
    }
  }
}

TEST_CASE_TEMPLATE("planes are normalised as the column of all their values, bit for bit", T, float, double) {
  // (B, C, H, W) is (B·H·W, C) with its axes in another order.
  for (const ChannelShape& shape :
       {ChannelShape{1, 2, 4}, {3, 2, 5}, {2, 3, 9}, {4, 5, 16}, {7, 1, 1}, {2, 33, 3}, {6, 9, 40}}) {
    const BatchNormCase<T> planes = random_case<T>(shape, 31);
    BatchNormCase<T> columns = planes;
    columns.shape = {shape.reduction(), shape.channels, 1};
    const auto to_columns = [&](const std::vector<T>& values) {
      std::vector<T> turned;
      for (Index b = 0; b < shape.batch; ++b)
        for (Index s = 0; s < shape.spatial; ++s)
          for (Index c = 0; c < shape.channels; ++c)
            turned.push_back(values[size_of((b * shape.channels + c) * shape.spatial + s)]);
      return turned;
    };
    columns.x = to_columns(planes.x);
    columns.dy = to_columns(planes.dy);
    for (const bool training : {true, false}) {
      const BatchNormPass<T> p = training ? pass_in_training(planes) : pass_in_inference(planes);
      const BatchNormPass<T> q = training ? pass_in_training(columns) : pass_in_inference(columns);
      check_same_bits(p.mean, q.mean, "mean");
      check_same_bits(p.var, q.var, "var");
      check_same_bits(to_columns(p.xhat), q.xhat, "xhat");
      check_same_bits(to_columns(p.y), q.y, "y");
      check_same_bits(to_columns(p.dx), q.dx, "dx");
      check_same_bits(p.dgamma, q.dgamma, "dgamma");
      check_same_bits(p.dbeta, q.dbeta, "dbeta");
    }
  }
}

TEST_CASE("what is not wanted may be left out") {
  const BatchNormCase<float> c = random_case<float>({6, 5, 1}, 41);
  const BatchNormPass<float> full = pass_in_training(c);

  std::vector<float> y(c.x.size());
  batch_norm_normalize<float>(c.shape, c.x.data(), full.mean.data(), full.rstd.data(), c.gamma.data(),
                              c.beta.data(), nullptr, y.data());
  check_same_bits(y, full.y, "y without xhat");

  std::vector<float> dgamma(5);
  std::vector<float> dbeta(5);
  batch_norm_backward_training<float>(c.shape, c.dy.data(), full.xhat.data(), full.rstd.data(),
                                      c.gamma.data(), nullptr, dgamma.data(), dbeta.data());
  check_same_bits(dgamma, full.dgamma, "dgamma without dx");
  check_same_bits(dbeta, full.dbeta, "dbeta without dx");
}
