// Batch normalization through the workbench: the values, and the refusals that depend on them.
#include <doctest/doctest.h>

#include <cmath>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/request.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

Request worked_example() {
  return {
      "batch_norm_forward",
      {{"x", float64({4, 1}, {2, 4, 6, 8})}, {"gamma", float64({1}, {2})}, {"beta", float64({1}, {0.5})}}};
}

// The tensors of a case of batch_norm.txt as arguments.
template <typename T>
Request golden_request(const Golden& golden, const std::string& operation, const std::string& name,
                       std::initializer_list<const char*> tensors) {
  Request request{operation, {{"eps", golden.number(name + "/eps")}}};
  for (const std::string tensor : tensors)
    if (golden.has(name + "/" + tensor))
      request.arguments[tensor] =
          array(golden.shape(name + "/" + tensor), golden.values<T>(name + "/" + tensor));
  return request;
}

}  // namespace

TEST_CASE("the worked example") {
  Workbench workbench;
  const Answer answer = ask_well(workbench, worked_example());
  CHECK(answer.values("mean") == std::vector<double>{5});
  CHECK(answer.values("var") == std::vector<double>{5});
  check_close(answer.values("y"), std::vector<double>{-2.1833, -0.3944, 1.3944, 3.1833}, {1e-4, 0}, "y");
  CHECK(answer.array("y").shape == std::vector<Index>{4, 1});
  CHECK(answer.array("y").dtype == Dtype::kFloat64);
  CHECK_FALSE(answer.has("running_mean"));
}

TEST_CASE_TEMPLATE("forward and backward are PyTorch's in both types, modes and ranks", T, float, double) {
  const Golden golden("batch_norm.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{4e-6, 4e-6} : Tolerance{1e-14, 1e-13};
  Workbench workbench;
  for (const std::string name : {"bc", "bc_plain", "bchw", "bchw_plain"}) {
    for (const std::string mode : {"training", "inference"}) {
      const Answer forward =
          ask_well(workbench, golden_request<T>(golden, "batch_norm_forward", name,
                                                {"x", "gamma", "beta", "running_mean", "running_var"})
                                  .with("mode", mode)
                                  .with("momentum", golden.number(name + "/momentum")));
      const Answer backward =
          ask_well(workbench, golden_request<T>(golden, "batch_norm_backward", name,
                                                {"x", "dy", "gamma", "running_mean", "running_var"})
                                  .with("mode", mode));
      const std::string at = name + "/" + dtype_name<T>() + "/" + mode + "/";
      for (const std::string& tensor : golden.names_below(at)) {
        const Answer& answer = forward.has(tensor) ? forward : backward;
        CHECK(answer.array(tensor).shape == golden.shape(at + tensor));
        CHECK(answer.array(tensor).dtype == kDtypeOf<T>);
        check_close(answer.values(tensor), golden.values<T>(at + tensor), tolerance, at + tensor);
      }
    }
  }
}

TEST_CASE("inference normalises by the running statistics and leaves them") {
  Workbench workbench;
  const Answer answer = ask_well(workbench, worked_example()
                                                .with("mode", "inference")
                                                .with("running_mean", float64({1}, {1}))
                                                .with("running_var", float64({1}, {4})));
  for (const char* name : {"mean", "running_mean"}) CHECK(answer.values(name) == std::vector<double>{1});
  for (const char* name : {"var", "running_var"}) CHECK(answer.values(name) == std::vector<double>{4});
  CHECK(answer.values("xhat")[0] == doctest::Approx(0.5).epsilon(1e-5));
}

TEST_CASE("one value per channel is refused or shown, as the convention or the caller says") {
  Workbench workbench;
  const Request one = worked_example().with("x", float64({1, 1}, {3}));
  check_refused(workbench, one, "x", "more than one value per channel", "(1, 1)");
  check_refused(workbench, one.with("x", float64({1, 1, 1, 1}, {3})), "x", "more than one value",
                "(1, 1, 1, 1)");
  for (const Request& shown :
       {one.with("single_value", "show"), one.with("convention", "keras"), one.with("convention", "onnx")}) {
    const Answer answer = ask_well(workbench, shown);
    CHECK(answer.values("xhat") == std::vector<double>{0});
    CHECK(answer.values("y") == std::vector<double>{0.5});
  }
  check_refused(workbench, one.with("convention", "keras").with("single_value", "error"), "x",
                "more than one", "(1, 1)");
  // Several values in one example will do, and inference mode takes a single one.
  CHECK(ask(workbench, one.with("x", float64({1, 1, 1, 2}, {3, 4}))).ok());
  CHECK(ask(workbench, one.with("mode", "inference")
                           .with("running_mean", float64({1}, {0}))
                           .with("running_var", float64({1}, {1})))
            .ok());
  const Request backward{"batch_norm_backward", {{"x", float64({1, 1}, {3})}, {"dy", float64({1, 1}, {2})}}};
  check_refused(workbench, backward, "x", "more than one value", "(1, 1)");
  CHECK(ask_well(workbench, backward.with("single_value", "show")).values("dx") == std::vector<double>{0});
}

TEST_CASE("a variance that is not finite is refused, with the feature") {
  Workbench workbench;
  const Request request{"batch_norm_forward", {{"x", float32({2, 2}, {1, 1e20, 2, -1e20})}}};
  check_refused(workbench, request, "x", "variance is finite in float32", "variance Infinity of feature 1");
  CHECK(ask(workbench, request.with("x", float64({2, 2}, {1, 1e20, 2, -1e20}))).ok());
  check_refused(workbench, request.with("x", float64({2, 1}, {1e200, -1e200})), "x",
                "variance is finite in float64", "feature 0");
  const Request backward{"batch_norm_backward",
                         {{"x", float32({2, 1}, {1e20, -1e20})}, {"dy", float32({2, 1}, {1, 2})}}};
  check_refused(workbench, backward, "x", "variance is finite", "Infinity");
}

TEST_CASE("inference needs running statistics, and those come in pairs") {
  Workbench workbench;
  const Request inference = worked_example().with("mode", "inference");
  check_refused(workbench, inference, "running_mean", "one value per feature", "nothing");
  const Array one = float64({1}, {1});
  check_refused(workbench, inference.with("running_mean", one), "running_var", "one value per feature",
                "nothing");
  check_refused(workbench, worked_example().with("running_var", one), "running_mean", "one value", "nothing");
  check_refused(workbench, inference.with("running_mean", one).with("running_var", float64({1}, {-2})),
                "running_var", "not negative", "-2 at [0]");
}

TEST_CASE("numbers out of range are refused") {
  Workbench workbench;
  check_refused(workbench, worked_example().with("eps", 0.0), "eps", "from 1e-30", "0");
  check_refused(workbench, worked_example().with("eps", -1e-5), "eps", "from 1e-30", "-0.00001");
  check_refused(workbench, worked_example().with("momentum", 1.5), "momentum", "from 0 to 1", "1.5");
  check_refused(workbench, worked_example().with("momentum", "average"), "momentum", "'cumulative'",
                "'average'");
  check_refused(workbench, worked_example().with("num_batches_tracked", 0.5), "num_batches_tracked", "whole",
                "0.5");
  check_refused(workbench, worked_example().with("x", float64({4}, {1, 2, 3, 4})), "x",
                "(B, C) or (B, C, H, W)", "(4,)");
}

TEST_CASE("running statistics follow a convention over many batches") {
  const Golden golden("conventions.txt");
  Workbench workbench;
  for (const std::string name : {"pytorch", "keras", "onnx", "tf_fused"}) {
    CAPTURE(name);
    Array mean = float64({3, 2}, {});
    Array var = mean;
    for (const std::string k : {"0", "1", "2"}) {
      const Answer batch = ask_well(
          workbench, {"batch_norm_forward", {{"x", array({4, 2}, golden.values<double>(k + "/x"))}}});
      for (const double value : batch.values("mean")) mean.values.push_back(value);
      for (const double value : batch.values("var")) var.values.push_back(value);
    }
    Request request{"running_statistics",
                    {{"mean", mean},
                     {"var", var},
                     {"count", float64({3}, {4, 4, 4})},
                     {"initial_mean", float64({2}, {0, 0})},
                     {"initial_var", float64({2}, {1, 1})},
                     {"convention", name},
                     {"momentum", golden.number(name + "/momentum")}}};
    if (name == "tf_fused") request = request.with("convention", "keras").with("stored_variance", "unbiased");
    const Answer answer = ask_well(workbench, request);
    CHECK(answer.array("running_mean").shape == std::vector<Index>{4, 2});
    std::vector<double> means = {0, 0};
    std::vector<double> vars = {1, 1};
    for (const std::string k : {"0", "1", "2"}) {
      for (const double value : golden.values<double>(name + "/" + k + "/running_mean"))
        means.push_back(value);
      for (const double value : golden.values<double>(name + "/" + k + "/running_var")) vars.push_back(value);
    }
    check_close(answer.values("running_mean"), means, {1e-14, 1e-14}, "running_mean");
    check_close(answer.values("running_var"), vars, {1e-14, 1e-14}, "running_var");
    const bool keeps = name != "pytorch";
    const double momentum = golden.number(name + "/momentum");
    CHECK(answer.number("running_momentum") == doctest::Approx(keeps ? 1 - momentum : momentum));
  }
}

TEST_CASE("cumulative statistics are plain averages, wherever they start") {
  Workbench workbench;
  const Answer answer = ask_well(workbench, {"running_statistics",
                                             {{"mean", float64({3, 1}, {1, 2, 6})},
                                              {"var", float64({3, 1}, {2, 2, 5})},
                                              {"count", float64({3}, {2, 1, 5})},
                                              {"initial_mean", float64({1}, {99})},
                                              {"initial_var", float64({1}, {99})},
                                              {"momentum", "cumulative"},
                                              {"stored_variance", "biased"}}});
  check_close(answer.values("running_mean"), std::vector<double>{99, 1, 1.5, 3}, {1e-14, 0}, "running_mean");
  check_close(answer.values("running_var"), std::vector<double>{99, 2, 2, 3}, {1e-14, 0}, "running_var");
  CHECK(answer.number("running_momentum") == doctest::Approx(1.0 / 3));
}

TEST_CASE("forward's own update is the same") {
  const Golden golden("batch_norm.txt");
  Workbench workbench;
  Array mean = float64({2}, {0, 0});
  Array var = float64({2}, {1, 1});
  for (const double k : {0.0, 1.0, 2.0}) {
    const std::string name = "cumulative/" + std::to_string(static_cast<int>(k)) + "/x";
    const Answer answer = ask_well(workbench, {"batch_norm_forward",
                                               {{"x", array(golden.shape(name), golden.values<double>(name))},
                                                {"running_mean", mean},
                                                {"running_var", var},
                                                {"momentum", "cumulative"},
                                                {"num_batches_tracked", k}}});
    mean = answer.array("running_mean");
    var = answer.array("running_var");
  }
  check_close(mean.values, golden.values<double>("cumulative/float64/2/running_mean"), {1e-14, 0},
              "running_mean");
  check_close(var.values, golden.values<double>("cumulative/float64/2/running_var"), {1e-14, 0},
              "running_var");
}

TEST_CASE("folding is PyTorch's, and a missing bias is zero") {
  const Golden golden("fold.txt");
  Workbench workbench;
  Request request{"batch_norm_fold", {{"eps", golden.number("eps")}}};
  for (const char* name : {"weight", "bias", "gamma", "beta", "running_mean", "running_var"})
    request.arguments[name] = array(golden.shape(name), golden.values<double>(name));
  const Answer answer = ask_well(workbench, request);
  check_close(answer.values("weight"), golden.values<double>("folded/weight"), {1e-15, 1e-14}, "weight");
  check_close(answer.values("bias"), golden.values<double>("folded/bias"), {1e-15, 1e-14}, "bias");
  CHECK(answer.array("weight").shape == std::vector<Index>{4, 3});
  const Answer without = ask_well(workbench, request.without("bias"));
  const Answer zeros = ask_well(workbench, request.with("bias", float64({4}, {0, 0, 0, 0})));
  CHECK(without.values("bias") == zeros.values("bias"));
  // Keras' ε is the default under its convention.
  const Answer keras = ask_well(workbench, request.without("eps").with("convention", "keras"));
  CHECK(keras.values("weight") == ask_well(workbench, request.with("eps", 1e-3)).values("weight"));
}

TEST_CASE("the walk takes one of dy and target") {
  Workbench workbench;
  const Array x = float64({4, 1}, {2, 4, 6, 8});
  const Array zero = float64({1}, {0});
  const Array one = float64({1}, {1});
  const Request request{"batch_norm_walk",
                        {{"x", x},
                         {"gamma", float64({1}, {2})},
                         {"beta", float64({1}, {0.5})},
                         {"eps", 1e-5},
                         {"running_mean", zero},
                         {"running_var", one},
                         {"lr", 0.1}}};
  check_refused(workbench, request, "dy", "exactly one", "neither");
  check_refused(workbench, request.with("dy", x).with("target", x), "dy", "exactly one", "both");
  const Answer by_dy = ask_well(workbench, request.with("dy", float64({4, 1}, {1, 0, 0, 0})));
  CHECK(by_dy.number("xhat_bound") == doctest::Approx(std::sqrt(3.0)));
  CHECK(by_dy.values("sum") == std::vector<double>{20});
  CHECK(by_dy.values("squared") == std::vector<double>{9, 1, 1, 9});
  check_close(by_dy.values("dx_sum"), std::vector<double>{0}, {1e-14, 0}, "dx_sum");
  CHECK(by_dy.array("dx").shape == std::vector<Index>{4, 1});
  const Answer by_target = ask_well(workbench, request.with("target", x));
  CHECK(by_target.number("loss_next") < by_target.number("loss"));
  const Answer inference = ask_well(workbench, request.with("target", x).with("mode", "inference"));
  CHECK(inference.values("dx_mean") == std::vector<double>{0, 0, 0, 0});
  check_refused(workbench, request.with("dy", x).with("x", float64({4, 1}, {1e200, -1e200, 0, 0})), "x",
                "variance is finite", "feature 0");
}

TEST_CASE("describe gives one number per feature") {
  Workbench workbench;
  const Answer answer = ask_well(workbench, {"describe", {{"x", float64({3, 2}, {1, 5, 2, 5, 6, 5})}}});
  CHECK(answer.values("mean") == std::vector<double>{3, 5});
  CHECK(answer.values("min") == std::vector<double>{1, 5});
  CHECK(answer.values("max") == std::vector<double>{6, 5});
  CHECK(answer.values("abs_max") == std::vector<double>{6, 5});
  CHECK(answer.values("std")[1] == 0);
  CHECK(answer.values("skewness")[0] > 0);
  CHECK(std::isnan(answer.values("skewness")[1]));
  CHECK(std::isnan(answer.values("excess_kurtosis")[1]));
}
