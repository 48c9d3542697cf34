#include "probe/batch_norm_walk.hpp"

#include <doctest/doctest.h>

#include "support/batch_norm.hpp"
#include "support/compare.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr Tolerance kRounding{1e-13, 1e-13};

BatchNormWalkInput input_of(const BatchNormCase<double>& c, Mode mode) {
  BatchNormWalkInput in;
  in.examples = c.shape.batch;
  in.features = c.shape.channels;
  in.x = c.x.data();
  in.gamma = c.gamma.data();
  in.beta = c.beta.data();
  in.running_mean = c.running_mean.data();
  in.running_var = c.running_var.data();
  in.eps = c.eps;
  in.dy = c.dy.data();
  in.mode = mode;
  return in;
}

std::vector<double> roots(const std::vector<double>& variances, double eps) {
  std::vector<double> result;
  for (const double v : variances) result.push_back(std::sqrt(v + eps));
  return result;
}

}  // namespace

TEST_CASE("every number of the walk is the operators' or follows from them") {
  for (const ChannelShape& shape : {ChannelShape{1, 1, 1}, {2, 1, 1}, {3, 2, 1}, {4, 8, 1}, {64, 5, 1}}) {
    for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
      CAPTURE(shape.batch);
      CAPTURE(mode == Mode::kTraining);
      const BatchNormCase<double> c = random_case<double>(shape, 1);
      const BatchNormWalk w = batch_norm_walk(input_of(c, mode));
      const BatchNormPass<double> training = pass_in_training(c);
      const BatchNormPass<double> inference = pass_in_inference(c);
      const BatchNormPass<double>& p = mode == Mode::kTraining ? training : inference;
      const auto m = static_cast<double>(shape.batch);
      const std::size_t features = size_of(shape.channels);

      CHECK(w.xhat_bound == std::sqrt(m - 1));
      check_close(w.mean, training.mean, kRounding, "mean");
      check_close(w.var, training.var, kRounding, "var");
      check_close(w.std, roots(training.var, c.eps), kRounding, "std");
      check_close(w.rstd, training.rstd, kRounding, "rstd");
      check_close(w.running_std, roots(c.running_var, c.eps), kRounding, "running_std");
      check_close(w.running_rstd, inference.rstd, kRounding, "running_rstd");
      check_close(w.xhat_inference, inference.xhat, kRounding, "xhat_inference");
      check_close(w.y_inference, inference.y, kRounding, "y_inference");
      check_close(w.xhat, p.xhat, kRounding, "xhat");
      check_close(w.y, p.y, kRounding, "y");
      CHECK(w.dy == c.dy);
      check_close(w.dgamma, p.dgamma, {1e-12, 1e-12}, "dgamma");
      check_close(w.dbeta, p.dbeta, kRounding, "dbeta");
      check_close(w.dx, p.dx, {1e-12, 1e-12}, "dx");

      std::vector<double> sum(features), squares(features), factor(features), dx_sum(features);
      double loss = 0;
      for (std::size_t i = 0; i < c.x.size(); ++i) {
        const std::size_t f = i % features;
        sum[f] += c.x[i];
        squares[f] += w.squared[i];
        dx_sum[f] += w.dx[i];
        loss += c.dy[i] * w.y[i];
        CHECK(w.squared[i] == doctest::Approx((c.x[i] - w.mean[f]) * (c.x[i] - w.mean[f])));
        CHECK(w.centered[i] == c.x[i] - (mode == Mode::kTraining ? w.mean[f] : c.running_mean[f]));
        CHECK(w.scaled[i] == c.gamma[f] * w.xhat[i]);
        CHECK(w.dy_xhat[i] == c.dy[i] * w.xhat[i]);
        CHECK(w.dx[i] == w.dx_direct[i] + w.dx_mean[i] + w.dx_variance[i]);
        CHECK(std::abs(w.gap[i] - (training.y[i] - inference.y[i])) < 1e-13);
        CHECK(w.dx_direct[i] == doctest::Approx(c.gamma[f] * p.rstd[f] * c.dy[i]));
        if (mode == Mode::kTraining) {
          CHECK(w.dx_mean[i] == doctest::Approx(-c.gamma[f] * p.rstd[f] * p.dbeta[f] / m));
          CHECK(std::abs(w.dx_variance[i] + c.gamma[f] * p.rstd[f] * p.xhat[i] * p.dgamma[f] / m) < 1e-13);
        } else {
          CHECK(w.dx_mean[i] == 0);
          CHECK(w.dx_variance[i] == 0);
        }
      }
      for (std::size_t f = 0; f < features; ++f) factor[f] = c.gamma[f] * p.rstd[f];
      check_close(w.sum, sum, kRounding, "sum");
      check_close(w.sum_of_squares, squares, kRounding, "sum_of_squares");
      check_close(w.factor, factor, kRounding, "factor");
      check_close(w.dx_sum, dx_sum, kRounding, "dx_sum");
      if (mode == Mode::kTraining) check_close(w.dx_sum, std::vector<double>(features, 0), {1e-11, 0}, "Σdx");
      CHECK(w.loss == doctest::Approx(loss));
      for (std::size_t f = 0; f < features; ++f) {
        if (shape.batch == 1)
          CHECK(std::isnan(w.var_unbiased[f]));
        else
          CHECK(w.var_unbiased[f] == doctest::Approx(w.var[f] * m / (m - 1)));
      }
    }
  }
}

TEST_CASE("its own finite differences agree with its gradients") {
  for (const ChannelShape& shape : {ChannelShape{1, 2, 1}, {2, 3, 1}, {5, 8, 1}, {64, 2, 1}}) {
    for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
      for (const bool with_target : {false, true}) {
        CAPTURE(shape.batch);
        CAPTURE(with_target);
        const BatchNormCase<double> c = random_case<double>(shape, 2);
        BatchNormWalkInput in = input_of(c, mode);
        if (with_target) std::swap(in.dy, in.target);
        const BatchNormWalk w = batch_norm_walk(in);
        const Tolerance tolerance{1e-5, 1e-3};
        check_close(w.dx, w.dx_numeric, tolerance, "dx");
        check_close(w.dgamma, w.dgamma_numeric, tolerance, "dgamma");
        check_close(w.dbeta, w.dbeta_numeric, tolerance, "dbeta");
        CHECK(w.largest_difference < 1e-6);
        double largest = 0;
        for (std::size_t i = 0; i < w.dx.size(); ++i)
          largest = std::max(largest, std::abs(w.dx[i] - w.dx_numeric[i]));
        CHECK(w.largest_difference >= largest);
      }
    }
  }
}

TEST_CASE("a target makes L = ½Σ(y−t)², whose gradient is y−t") {
  const BatchNormCase<double> c = random_case<double>({4, 3, 1}, 3);
  for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
    BatchNormWalkInput in = input_of(c, mode);
    in.dy = nullptr;
    in.target = c.dy.data();
    const BatchNormWalk w = batch_norm_walk(in);
    double loss = 0;
    for (std::size_t i = 0; i < w.y.size(); ++i) {
      CHECK(w.dy[i] == w.y[i] - c.dy[i]);
      loss += 0.5 * w.dy[i] * w.dy[i];
    }
    CHECK(w.loss == doctest::Approx(loss));
  }
}

TEST_CASE("the step moves γ and β against their gradients, and the loss is that of the same batch then") {
  BatchNormCase<double> c = random_case<double>({6, 2, 1}, 4);
  for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
    BatchNormWalkInput in = input_of(c, mode);
    in.dy = nullptr;
    in.target = c.dy.data();
    in.lr = 0.02;
    const BatchNormWalk w = batch_norm_walk(in);
    for (std::size_t f = 0; f < 2; ++f) {
      CHECK(w.gamma_next[f] == c.gamma[f] - 0.02 * w.dgamma[f]);
      CHECK(w.beta_next[f] == c.beta[f] - 0.02 * w.dbeta[f]);
    }
    CHECK(w.loss_next < w.loss);
    BatchNormWalkInput after = in;
    after.gamma = w.gamma_next.data();
    after.beta = w.beta_next.data();
    CHECK(w.loss_next == batch_norm_walk(after).loss);
    in.lr = 0;
    CHECK(batch_norm_walk(in).loss_next == w.loss);
  }
}

TEST_CASE("one example and a constant feature walk without dividing by zero") {
  BatchNormCase<double> one = random_case<double>({1, 2, 1}, 5);
  const BatchNormWalk w = batch_norm_walk(input_of(one, Mode::kTraining));
  CHECK(w.y == one.beta);
  CHECK(w.dx == std::vector<double>{0, 0});
  CHECK(w.xhat_bound == 0);

  BatchNormCase<double> constant = random_case<double>({6, 1, 1}, 6);
  constant.x.assign(6, 0.1);
  const BatchNormWalk v = batch_norm_walk(input_of(constant, Mode::kTraining));
  CHECK(std::abs(v.var[0]) < 1e-30);
  check_close(v.y, std::vector<double>(6, constant.beta[0]), {1e-12, 0}, "y");
  CHECK(v.largest_difference < 1e-2);  // of gradients near γ·316·dy
}
