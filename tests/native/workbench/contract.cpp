// What holds of every operation and every argument: the mistakes a caller can make with any of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "workbench/requests.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// A workbench with one trained model and data, which must come through all that is refused as they were.
struct Bench {
  Workbench workbench;
  double model;
  double data;

  Bench()
      : model(ask_well(workbench, experiment_request()).number("model")),
        data(ask_well(workbench, data_request()).number("data")) {
    ask_well(workbench, {"model_train", {{"model", model}, {"steps", 3.0}}});
  }

  std::map<std::string, std::vector<double>> state() {
    std::map<std::string, std::vector<double>> state;
    std::string names = ask_well(workbench, {"model_names", {{"model", model}}}).text("names");
    for (std::size_t end = names.find('\n'); end != std::string::npos; end = names.find('\n')) {
      const std::string name = names.substr(0, end);
      state[name] = ask_well(workbench, {"model_get", {{"model", model}, {"name", name}}}).values("value");
      names.erase(0, end + 1);
    }
    for (const char* set : {"train", "test"})
      state[set] = ask_well(workbench, {"data_read", {{"data", data}, {"set", set}}}).values("x");
    return state;
  }
};

// Calls `refuse` with a bench for every argument of every operation, and checks afterwards that nothing changed.
void for_each_argument(
    const std::function<void(Bench&, const Example&, const std::string&, const Request::Argument&)>& refuse) {
  Bench bench;
  const auto before = bench.state();
  for (const Example& example : examples(bench.model, bench.data))
    for (const auto& argument : example.request.arguments) {
      INFO(example.request.operation << ", " << argument.first);
      refuse(bench, example, argument.first, argument.second);
    }
  CHECK(bench.state() == before);
}

// The error of a request that must be refused; it names one of the request's arguments.
Error refusal(Bench& bench, const Request& request) {
  const Answer answer = ask(bench.workbench, request);
  CHECK_FALSE(answer.ok());
  if (answer.ok()) return {};
  const Error& error = answer.status.error();
  CHECK_FALSE(error.argument.empty());
  CHECK_FALSE(error.expected.empty());
  CHECK_FALSE(error.actual.empty());
  return error;
}

}  // namespace

TEST_CASE("every operation succeeds on its example") {
  std::set<std::string> covered;
  for (const Example& example : examples(1, 2)) {
    Bench bench;
    INFO(example.request.operation);
    CHECK(ask(bench.workbench, example.request).ok());
    for (const std::string& name : example.optional) {
      INFO("without " << name);
      // Half an optimiser or data set need not make sense; only the argument itself must not be missed.
      const Answer answer = ask(bench.workbench, example.request.without(name));
      if (!answer.ok()) CHECK(answer.status.error().actual != "nothing");
    }
    covered.insert(example.request.operation);
  }
  const std::vector<std::string> operations = Workbench::operations();
  CHECK(covered == std::set<std::string>(operations.begin(), operations.end()));
}

TEST_CASE("an operation there is none of is said to be none") {
  Workbench workbench;
  for (const char* name : {"", "batch_norm", "VERSION", "memory"})
    check_refused(workbench, {name, {}}, "operation", "the name of an operation",
                  std::string("'") + name + "'");
}

TEST_CASE("an argument that is missing is named") {
  for_each_argument(
      [](Bench& bench, const Example& example, const std::string& name, const Request::Argument&) {
        if (std::count(example.optional.begin(), example.optional.end(), name) > 0) return;
        const Answer answer = ask(bench.workbench, example.request.without(name));
        CHECK_FALSE(answer.ok());
        if (answer.ok()) return;
        const Error& error = answer.status.error();
        // Without its kind a layer or data set is not recognised, and of dy and target either will do.
        CHECK(error.argument == name);
        CHECK(error.actual ==
              (example.request.operation == "batch_norm_walk" && name == "dy" ? "neither" : "nothing"));
      });
}

TEST_CASE("an argument of another type is named, with what came") {
  for_each_argument(
      [](Bench& bench, const Example& example, const std::string& name, const Request::Argument& argument) {
        const auto check = [&](const Request& request, const std::string& came) {
          const Error error = refusal(bench, request);
          CHECK(error.argument == name);
          CHECK(error.actual.find(came) != std::string::npos);
        };
        if (!std::holds_alternative<std::string>(argument))
          check(example.request.with(name, "seven"), "'seven'");
        if (!std::holds_alternative<double>(argument) && name != "momentum")
          check(example.request.with(name, 7.0), "the number 7");
        if (!std::holds_alternative<bool>(argument)) check(example.request.with(name, true), "true");
        if (!std::holds_alternative<Array>(argument))
          check(example.request.with(name, float64({1, 1}, {7})), "a float64 tensor of shape (1, 1)");
      });
}

TEST_CASE("an argument nobody asked for is named") {
  Bench bench;
  const auto before = bench.state();
  for (const Example& example : examples(bench.model, bench.data)) {
    for (const std::string name : {"gama", "zeta", "experiment.unknown"}) {
      INFO(example.request.operation);
      const Error error = refusal(bench, example.request.with(name, 1.0));
      CHECK(error.argument == name);
      CHECK(error.expected == "no argument of this name here");
    }
  }
  CHECK(bench.state() == before);
}

TEST_CASE("a number that is none is refused, and so is one beyond all bounds") {
  for_each_argument(
      [](Bench& bench, const Example& example, const std::string& name, const Request::Argument& argument) {
        if (!std::holds_alternative<double>(argument)) return;
        const struct {
          double value;
          const char* text;
        } rows[] = {{std::numeric_limits<double>::quiet_NaN(), "NaN"},
                    {HUGE_VAL, "Infinity"},
                    {-HUGE_VAL, "-Infinity"},
                    {1e300, "1e300"},
                    {-1e300, "-1e300"}};
        for (const auto& [value, text] : rows) {
          const Error error = refusal(bench, example.request.with(name, value));
          CHECK(error.argument == name);
          CHECK(error.actual == text);
        }
      });
}

TEST_CASE("a word that is not in the list is refused with the list") {
  for_each_argument(
      [](Bench& bench, const Example& example, const std::string& name, const Request::Argument& argument) {
        if (!std::holds_alternative<std::string>(argument)) return;
        const Error error = refusal(bench, example.request.with(name, "pytorch "));
        CHECK(error.argument == name);
        CHECK(error.actual == "'pytorch '");
        CHECK(error.expected.find("one of ") == 0);
      });
}

TEST_CASE("a tensor with a value that is not finite is refused with its place") {
  for_each_argument(
      [](Bench& bench, const Example& example, const std::string& name, const Request::Argument& argument) {
        const auto* array = std::get_if<Array>(&argument);
        if (array == nullptr || array->dtype == Dtype::kInt32) return;
        for (const double bad : {std::numeric_limits<double>::quiet_NaN(), HUGE_VAL, -HUGE_VAL}) {
          Array spoilt = *array;
          spoilt.values.back() = bad;
          const Error error = refusal(bench, example.request.with(name, spoilt));
          CHECK(error.argument == name);
          CHECK(error.expected == "finite values");
          CHECK(error.actual.find(" at [") != std::string::npos);
        }
      });
}

TEST_CASE("a tensor of another element type is refused, unless it is the only one and floating-point") {
  for_each_argument(
      [](Bench& bench, const Example& example, const std::string& name, const Request::Argument& argument) {
        const auto* array = std::get_if<Array>(&argument);
        if (array == nullptr) return;
        const std::string& operation = example.request.operation;
        const bool alone = operation == "activation_forward" || operation == "dropout_forward" ||
                           operation == "pool2d_forward" || (operation == "loss" && name == "prediction");
        Array other = *array;
        for (const Dtype dtype : {Dtype::kFloat32, Dtype::kFloat64, Dtype::kInt32}) {
          if (dtype == array->dtype) continue;
          other.dtype = dtype;
          const Request request = example.request.with(name, other);
          if (alone && dtype != Dtype::kInt32)
            CHECK(ask(bench.workbench, request).ok());
          else
            refusal(bench, request);
        }
      });
}

TEST_CASE("a tensor of another rank is refused, unless any will do") {
  for_each_argument(
      [](Bench& bench, const Example& example, const std::string& name, const Request::Argument& argument) {
        const auto* array = std::get_if<Array>(&argument);
        if (array == nullptr || example.request.operation == "activation_forward" ||
            example.request.operation == "dropout_forward")
          return;
        Array deeper = *array;
        deeper.shape.insert(deeper.shape.begin(), 1);
        refusal(bench, example.request.with(name, deeper));
      });
}

TEST_CASE("a tensor that is too long is refused, unless the others do not say how long") {
  const std::set<std::string> free = {
      "batch_norm_forward x 0",   "describe x 0",        "describe x 1",
      "batch_norm_fold weight 1", "linear_forward x 0",  "activation_forward x 0",
      "activation_forward x 1",   "loss prediction 1",   "conv2d_forward x 0",
      "conv2d_forward x 2",       "conv2d_forward x 3",  "pool2d_forward x 0",
      "pool2d_forward x 1",       "pool2d_forward x 2",  "pool2d_forward x 3",
      "pool2d_backward x 2",      "pool2d_backward x 3", "dropout_forward x 0",
      "dropout_forward x 1",      "data_create x 1",     "group_norm_forward x 0",
      "batch_renorm_forward x 0", "lp_norm_forward x 0"};
  for_each_argument(
      [&](Bench& bench, const Example& example, const std::string& name, const Request::Argument& argument) {
        const auto* array = std::get_if<Array>(&argument);
        for (std::size_t axis = 0; array != nullptr && axis < array->shape.size(); ++axis) {
          Array longer = *array;
          ++longer.shape[axis];
          longer.values.resize(longer.values.size() / static_cast<std::size_t>(array->shape[axis]) *
                                   static_cast<std::size_t>(longer.shape[axis]),
                               1.0);
          CAPTURE(axis);
          const Request request = example.request.with(name, longer);
          if (free.count(request.operation + " " + name + " " + std::to_string(axis)) > 0)
            CHECK(ask(bench.workbench, request).ok());
          else
            refusal(bench, request);
        }
      });
}

TEST_CASE("a tensor without values is refused") {
  for_each_argument(
      [](Bench& bench, const Example& example, const std::string& name, const Request::Argument& argument) {
        const auto* array = std::get_if<Array>(&argument);
        for (std::size_t axis = 0; array != nullptr && axis < array->shape.size(); ++axis) {
          Array empty = *array;
          empty.shape[axis] = 0;
          empty.values.clear();
          CHECK(refusal(bench, example.request.with(name, empty)).argument == name);
        }
      });
}
