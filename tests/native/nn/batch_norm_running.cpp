// Running statistics, and the conventions frameworks keep them by.
#include <doctest/doctest.h>

#include <limits>

#include "support/batch_norm.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
struct Running {
  std::vector<T> mean;
  std::vector<T> var;
  Index batches_seen = 0;

  explicit Running(Index channels) : mean(size_of(channels), T(0)), var(size_of(channels), T(1)) {}

  bool update(const BatchNormOptions& options, Index values, const std::vector<T>& batch_mean,
              const std::vector<T>& batch_var) {
    return batch_norm_update_running(options, static_cast<Index>(mean.size()), values, batch_mean.data(),
                                     batch_var.data(), batches_seen++, mean.data(), var.data());
  }
};

}  // namespace

TEST_CASE_TEMPLATE("one update by hand", T, float, double) {
  BatchNormOptions options;
  options.running_momentum = 0.25;
  Running<T> biased(2);
  options.unbiased_running_var = false;
  CHECK(biased.update(options, 4, {8, -4}, {3, 9}));
  CHECK(biased.mean == std::vector<T>{2, -1});
  CHECK(biased.var == std::vector<T>{1.5, 3});

  // The unbiased variances are 4/3 of the others: 4 and 12.
  Running<T> unbiased(2);
  options.unbiased_running_var = true;
  CHECK(unbiased.update(options, 4, {8, -4}, {3, 9}));
  CHECK(unbiased.mean == std::vector<T>{2, -1});
  check_close(unbiased.var, std::vector<T>{1.75, 3.75}, {0, 1e-6}, "unbiased");
}

TEST_CASE_TEMPLATE("a variance that is finite only while biased is refused", T, float, double) {
  BatchNormOptions options;
  options.running_momentum = 1;
  Running<T> running(2);
  const std::vector<T> large = {1, std::numeric_limits<T>::max() / T(1.5)};
  CHECK_FALSE(running.update(options, 2, {3, 4}, large));
  CHECK(running.mean == std::vector<T>{0, 0});
  CHECK(running.var == std::vector<T>{1, 1});
  options.unbiased_running_var = false;
  CHECK(running.update(options, 2, {3, 4}, large));
  CHECK(running.var == large);
}

TEST_CASE_TEMPLATE("the weight 0 keeps, 1 replaces", T, float, double) {
  BatchNormOptions options;
  options.unbiased_running_var = false;
  Running<T> running(1);
  options.running_momentum = 0;
  CHECK(running.update(options, 5, {3}, {4}));
  CHECK(running.mean[0] == T(0));
  CHECK(running.var[0] == T(1));
  options.running_momentum = 1;
  CHECK(running.update(options, 5, {3}, {4}));
  CHECK(running.mean[0] == T(3));
  CHECK(running.var[0] == T(4));
}

TEST_CASE("the start keeps the weight (1−k)^t") {
  BatchNormOptions options;
  options.running_momentum = 0.1;
  Running<double> running(1);
  running.mean[0] = 7;
  double weight = 1;
  for (int t = 0; t < 50; ++t) {
    CHECK(running.update(options, 10, {0}, {0}));
    weight *= 0.9;
    CHECK(std::abs(running.mean[0] - 7 * weight) < 1e-14);
    CHECK(std::abs(running.var[0] - weight) < 1e-14);
  }
}

TEST_CASE_TEMPLATE("cumulative averages are PyTorch's momentum=None", T, float, double) {
  const Golden golden("batch_norm.txt");
  BatchNormOptions options;
  options.cumulative = true;
  options.running_momentum = 0.9;  // must not matter
  Running<T> running(2);
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{1e-6, 1e-6} : Tolerance{1e-15, 1e-14};
  for (const std::string k : {"0", "1", "2"}) {
    const std::vector<T> x = golden.values<T>("cumulative/" + k + "/x");
    const Index batch = golden.shape("cumulative/" + k + "/x")[0];
    std::vector<T> mean(2);
    std::vector<T> var(2);
    batch_norm_statistics<T>({batch, 2, 1}, x.data(), mean.data(), var.data());
    CHECK(running.update(options, batch, mean, var));
    const std::string at = std::string("cumulative/") + dtype_name<T>() + "/" + k + "/";
    check_close(running.mean, golden.values<T>(at + "running_mean"), tolerance, at + "running_mean");
    check_close(running.var, golden.values<T>(at + "running_var"), tolerance, at + "running_var");
  }
}

TEST_CASE("each convention keeps, stores and adds ε in its own way") {
  const Golden golden("conventions.txt");
  BatchNormOptions tf_fused = batch_norm_options(Convention::kKeras);
  tf_fused.unbiased_running_var = true;
  const struct {
    std::string name;
    Convention convention;
    BatchNormOptions options;
  } conventions[] = {
      {"pytorch", Convention::kPyTorch, batch_norm_options(Convention::kPyTorch)},
      {"keras", Convention::kKeras, batch_norm_options(Convention::kKeras)},
      {"onnx", Convention::kOnnx, batch_norm_options(Convention::kOnnx)},
      {"tf_fused", Convention::kKeras, tf_fused},
  };
  for (const auto& row : conventions) {
    const std::string& name = row.name;
    const BatchNormOptions& options = row.options;
    CAPTURE(name);
    CHECK(options.eps == golden.number(name + "/eps"));
    const double momentum = golden.number(name + "/momentum");
    CHECK(std::abs(options.running_momentum - running_momentum_of(row.convention, momentum)) < 1e-15);

    Running<double> running(2);
    BatchNormCase<double> c;
    c.gamma = golden.values<double>("gamma");
    c.beta = golden.values<double>("beta");
    c.shape = {4, 2, 1};
    c.eps = options.eps;
    const Tolerance tolerance{1e-14, 1e-14};
    for (const std::string k : {"0", "1", "2"}) {
      c.x = golden.values<double>(k + "/x");
      const BatchNormPass<double> p = pass_in_training(c);
      CHECK(running.update(options, 4, p.mean, p.var));
      const std::string at = name + "/" + k + "/";
      check_close(running.mean, golden.values<double>(at + "running_mean"), tolerance, at + "running_mean");
      check_close(running.var, golden.values<double>(at + "running_var"), tolerance, at + "running_var");
    }
    c.running_mean = running.mean;
    c.running_var = running.var;
    check_close(pass_in_training(c).y, golden.values<double>(name + "/y_training"), tolerance,
                name + "/y_training");
    check_close(pass_in_inference(c).y, golden.values<double>(name + "/y_inference"), tolerance,
                name + "/y_inference");
  }
}

TEST_CASE("PyTorch weighs the new statistic, Keras and ONNX the kept one") {
  CHECK(running_momentum_of(Convention::kPyTorch, 0.1) == 0.1);
  CHECK(running_momentum_of(Convention::kKeras, 0.75) == 0.25);
  CHECK(running_momentum_of(Convention::kOnnx, 0.75) == 0.25);
}

TEST_CASE("only PyTorch refuses a single value") {
  CHECK(batch_norm_options(Convention::kPyTorch).single_value == SingleValue::kError);
  CHECK(batch_norm_options(Convention::kKeras).single_value == SingleValue::kShow);
  CHECK(batch_norm_options(Convention::kOnnx).single_value == SingleValue::kShow);
}

TEST_CASE_TEMPLATE("one value per channel stores its variance 0, not 0/0", T, float, double) {
  BatchNormOptions options;
  options.running_momentum = 0.5;
  Running<T> running(3);
  CHECK(running.update(options, 1, {4, -2, 0}, {0, 0, 0}));
  CHECK(running.mean == std::vector<T>{2, -1, 0});
  CHECK(running.var == std::vector<T>{0.5, 0.5, 0.5});
}

TEST_CASE_TEMPLATE("an update with anything not finite is refused whole", T, float, double) {
  const BatchNormOptions options;
  for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()}) {
    for (Index place = 0; place < 9; ++place) {
      for (const bool in_mean : {true, false}) {
        Running<T> running(9);
        std::vector<T> mean(9, T(2));
        std::vector<T> var(9, T(3));
        (in_mean ? mean : var)[size_of(place)] = bad;
        CHECK_FALSE(running.update(options, 4, mean, var));
        CHECK(running.mean == std::vector<T>(9, T(0)));
        CHECK(running.var == std::vector<T>(9, T(1)));
      }
    }
  }
}
