// Models through the workbench: handles, tensors by name, training, evaluation, and what stays when something is refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/compare.hpp"
#include "support/values.hpp"
#include "workbench/requests.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

const Request kExperiment = experiment_request();

// The example's experiment without data of its own.
Request given_experiment() {
  return kExperiment.without("experiment.data.count")
      .without("experiment.data.noise")
      .without("experiment.data.classes")
      .with("experiment.data.kind", "given");
}

const Array kX = float32({3, 2}, {2, 1, 4, -1, 6, 0});
const Array kY = int32({3}, {0, 1, 1});

// A workbench with one model, spoken to by name.
struct Bench {
  Workbench workbench;
  double model;

  explicit Bench(const Request& experiment = kExperiment)
      : model(ask_well(workbench, experiment).number("model")) {}

  Request request(const std::string& operation) const { return {operation, {{"model", model}}}; }
  Answer well(const Request& request) { return ask_well(workbench, request); }

  std::vector<std::string> names() {
    std::vector<std::string> names(1);
    for (const char letter : well(request("model_names")).text("names")) {
      if (letter == '\n')
        names.emplace_back();
      else
        names.back() += letter;
    }
    CHECK(names.back().empty());
    names.pop_back();
    return names;
  }
  Array get(const std::string& name) { return well(request("model_get").with("name", name)).array("value"); }
  void set(const std::string& name, const Array& value) {
    well(request("model_set").with("name", name).with("value", value));
  }
  std::map<std::string, std::vector<double>> state() {
    std::map<std::string, std::vector<double>> state;
    for (const std::string& name : names()) state[name] = get(name).values;
    return state;
  }
  std::vector<double> train(double steps) {
    return well(request("model_train").with("steps", steps)).values("losses");
  }
  Answer step(const Array& x = kX, const Array& y = kY) {
    return well(request("model_step").with("x", x).with("y", y));
  }
  Answer evaluate(const std::string& mode, const Array& x = kX) {
    return well(request("model_evaluate").with("mode", mode).with("x", x));
  }
};

}  // namespace

TEST_CASE("every model has a handle of its own, which is not used again") {
  Bench bench;
  const double second = bench.well(kExperiment).number("model");
  CHECK(second != bench.model);
  bench.well({"model_free", {{"model", second}}});
  CHECK(bench.well(kExperiment).number("model") > second);
  CHECK(bench.workbench.models().size() == 2);
}

TEST_CASE("a handle that was freed, or never was, is refused by every operation") {
  Bench bench;
  bench.well(bench.request("model_free"));
  CHECK(bench.workbench.models().empty());
  for (const double handle : {bench.model, 99.0}) {
    for (const Example& example : examples(handle, 0)) {
      if (example.request.arguments.count("model") == 0) continue;
      check_refused(bench.workbench, example.request, "model", "the handle of a model that exists",
                    to_text(handle));
    }
  }
  for (const double handle : {0.0, -1.0, 1.5})
    check_refused(bench.workbench, {"model_names", {{"model", handle}}}, "model", "whole number",
                  to_text(handle));
}

TEST_CASE("models do not touch each other") {
  Bench bench;
  Bench other;
  const double twin = bench.well(kExperiment).number("model");
  const auto before = bench.state();
  bench.well({"model_train", {{"model", twin}, {"steps", 5.0}}});
  CHECK(bench.state() == before);
  CHECK(bench.train(7) == other.train(7));
}

TEST_CASE("tensors are named and shaped as in a state_dict, and can be set and read again") {
  Bench bench;
  CHECK(bench.names() == std::vector<std::string>{"0.weight", "0.bias", "1.weight", "1.bias",
                                                  "1.running_mean", "1.running_var", "1.num_batches_tracked",
                                                  "2.weight", "2.bias"});
  CHECK(bench.get("0.weight").shape == std::vector<Index>{4, 2});
  CHECK(bench.get("1.weight").values == std::vector<double>(4, 1));
  CHECK(bench.get("1.running_var").values == std::vector<double>(4, 1));
  CHECK(bench.get("1.num_batches_tracked").dtype == Dtype::kInt32);
  CHECK(bench.get("1.num_batches_tracked").shape.empty());
  CHECK(bench.get("1.num_batches_tracked").values == std::vector<double>{0});

  for (const std::string& name : bench.names()) {
    CAPTURE(name);
    Array value = bench.get(name);
    for (std::size_t i = 0; i < value.values.size(); ++i) value.values[i] = static_cast<double>(i) + 1;
    bench.set(name, value);
    CHECK(bench.get(name).values == value.values);
  }
  // A number of batches may come as it is given, or as one value in a row.
  bench.set("1.num_batches_tracked", int32({1}, {7}));
  CHECK(bench.get("1.num_batches_tracked").values == std::vector<double>{7});
}

TEST_CASE("weights set by name are what the network multiplies by") {
  Bench bench(kExperiment.with("experiment.model.layers.0.units", 2.0));
  bench.set("0.weight", float32({2, 2}, {1, 2, 3, 4}));  // (out, in)
  bench.set("0.bias", float32({2}, {10, 20}));
  bench.set("1.weight", float32({2}, {2, 3}));
  bench.set("1.bias", float32({2}, {-1, 1}));
  bench.set("1.running_mean", float32({2}, {5, 6}));
  bench.set("1.running_var", float32({2}, {4, 9}));
  bench.set("2.weight", float32({2, 2}, {1, 0, 0, 1}));
  bench.set("2.bias", float32({2}, {0, 0}));
  // h = (1 + 2·1 + 10, 3 + 4·1 + 20) = (13, 27).
  const Answer answer = bench.evaluate("inference", float32({1, 2}, {1, 1}));
  check_close(answer.values("output"), std::vector<double>{2 * (13 - 5) / 2.0 - 1, 3 * (27 - 6) / 3.0 + 1},
              {1e-3, 0}, "output");
}

TEST_CASE("what does not fit a tensor is refused") {
  Bench bench;
  const Request get = bench.request("model_get");
  const Request set = bench.request("model_set");
  const Request gradient = bench.request("model_gradient");
  check_refused(bench.workbench, get.with("name", "3.weight"), "name", "one of 0.weight, 0.bias",
                "'3.weight'");
  check_refused(bench.workbench, set.with("name", "1.gamma").with("value", kX), "name",
                "1.num_batches_tracked", "'1.gamma'");
  check_refused(bench.workbench, gradient.with("name", "1.running_mean"), "name", "2.bias",
                "'1.running_mean'");
  const Request weight = set.with("name", "0.weight");
  check_refused(bench.workbench, weight.with("value", float32({2, 4}, std::vector<double>(8, 0))), "value",
                "shape (4, 2), the shape of 0.weight", "(2, 4)");
  check_refused(bench.workbench, weight.with("value", float64({4, 2}, std::vector<double>(8, 0))), "value",
                "float32", "float64");
  check_refused(bench.workbench, set.with("name", "1.running_var").with("value", float32({4}, {1, 1, -1, 1})),
                "value", "not negative", "-1");
  const Request tracked = set.with("name", "1.num_batches_tracked");
  check_refused(bench.workbench, tracked.with("value", int32({2}, {1, 2})), "value", "one number", "(2,)");
  check_refused(bench.workbench, tracked.with("value", int32({1}, {-1})), "value", "0 or more", "-1");
}

TEST_CASE("training reports losses, steps and epochs") {
  Bench bench;
  const Answer answer = bench.well(bench.request("model_train").with("steps", 7.0));
  CHECK(answer.array("losses").shape == std::vector<Index>{7});
  CHECK(answer.number("step") == 7);
  CHECK(answer.number("epoch") == 2);  // 24 examples in batches of 8
  CHECK_FALSE(answer.flag("diverged"));
  CHECK(bench.get("1.num_batches_tracked").values == std::vector<double>{7});
  for (const double loss : answer.values("losses")) CHECK(std::isfinite(loss));
}

TEST_CASE("the same experiment trains the same; each seed changes only its own part") {
  Bench bench;
  Bench same;
  CHECK(bench.train(20) == same.train(20));
  CHECK(bench.state() == same.state());

  const auto weights_of = [](const char* seed) {
    return Bench(kExperiment.with(std::string("experiment.seeds.") + seed, 77.0)).state();
  };
  const auto start = Bench().state();
  CHECK(weights_of("data") == start);
  CHECK(weights_of("order") == start);
  CHECK(weights_of("init") != start);
}

TEST_CASE("rewinding runs the same again") {
  Bench bench;
  const auto start = bench.state();
  const std::vector<double> losses = bench.train(9);
  const auto end = bench.state();
  bench.well(bench.request("model_rewind"));
  CHECK(bench.state() == start);
  CHECK(bench.train(9) == losses);
  CHECK(bench.state() == end);
}

TEST_CASE("training in pieces is training at once") {
  Bench at_once;
  Bench in_pieces;
  const std::vector<double> losses = at_once.train(12);
  std::vector<double> pieces;
  for (const double steps : {1.0, 4.0, 2.0, 5.0})
    for (const double loss : in_pieces.train(steps)) pieces.push_back(loss);
  CHECK(pieces == losses);
}

TEST_CASE("a model without data of its own is trained on given batches only") {
  Bench bench(given_experiment());
  check_refused(bench.workbench, bench.request("model_train").with("steps", 1.0), "model", "data of its own",
                "'given'");
  check_refused(bench.workbench, bench.request("model_recalibrate").with("batches", 1.0), "model",
                "data of its own", "'given'");
  const Answer answer = bench.step();
  CHECK(answer.number("step") == 1);
  CHECK_FALSE(answer.flag("diverged"));
}

TEST_CASE("given batches are checked") {
  Bench bench;
  const Request step = bench.request("model_step").with("x", kX).with("y", kY);
  const Request evaluate = bench.request("model_evaluate").with("mode", "training").with("x", kX);
  check_refused(bench.workbench,
                step.with("x", float32({9, 2}, std::vector<double>(18, 1)))
                    .with("y", int32({9}, std::vector<double>(9, 0))),
                "x", "at most 8 examples", "9");
  check_refused(bench.workbench, step.with("x", float32({3, 3}, std::vector<double>(9, 1))), "x", "(any, 2)",
                "(3, 3)");
  check_refused(bench.workbench, step.with("y", int32({2}, {0, 1})), "y", "one class index per example",
                "(2,)");
  check_refused(bench.workbench, step.with("y", int32({3}, {0, 1, 2})), "y", "from 0 to 1", "2 at [2]");
  check_refused(bench.workbench, step.without("y"), "y", "one class index", "nothing");
  const Array one = float32({1, 2}, {1, 2});
  check_refused(bench.workbench, step.with("x", one).with("y", int32({1}, {0})), "x", "more than one value",
                "one example");
  check_refused(bench.workbench, evaluate.with("x", one), "x", "more than one value", "one example");
  CHECK(ask(bench.workbench, evaluate.with("x", one).with("mode", "inference")).ok());
  check_refused(bench.workbench, evaluate.with("mode", "test"), "mode", "'training' 'inference'", "'test'");

  Bench bce(kExperiment.with("experiment.loss", "bce_with_logits"));
  check_refused(bce.workbench,
                bce.request("model_step").with("x", kX).with("y", float32({3, 2}, {0, 1, 0, 1, 0, 1.5})), "y",
                "from 0 to 1", "1.5");
  check_refused(bce.workbench, bce.request("model_step").with("x", kX).with("y", kY), "y", "like the output",
                "int32");
}

TEST_CASE("evaluating changes nothing, and its loss is that of the next step") {
  Bench bench;
  bench.train(3);
  const auto before = bench.state();
  const Request training =
      bench.request("model_evaluate").with("mode", "training").with("x", kX).with("y", kY);
  const double loss = bench.well(training).number("loss");
  bench.evaluate("inference");
  CHECK_FALSE(bench.evaluate("training").has("loss"));
  CHECK(bench.state() == before);
  CHECK(bench.step().number("loss") == loss);
  CHECK(bench.state() != before);
}

TEST_CASE("the gradient is that of the last step") {
  Bench bench;
  CHECK(bench.well(bench.request("model_gradient").with("name", "0.weight")).values("value") ==
        std::vector<double>(8, 0));
  // One plain step moves a weight by −lr times it.
  Bench plain(
      kExperiment.with("experiment.optimizer.momentum", 0.0).with("experiment.optimizer.weight_decay", 0.0));
  const Array before = plain.get("0.weight");
  plain.step();
  const Array gradient = plain.well(plain.request("model_gradient").with("name", "0.weight")).array("value");
  const Array after = plain.get("0.weight");
  CHECK(gradient.shape == before.shape);
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(after.values[i] == doctest::Approx(before.values[i] - 0.1 * gradient.values[i]).epsilon(1e-6));
  // A bias before batch normalization has none.
  for (const double g : plain.well(plain.request("model_gradient").with("name", "0.bias")).values("value"))
    CHECK(std::abs(g) < 1e-6);
}

TEST_CASE("data can be given later, and training goes on with it") {
  Bench bench(given_experiment());
  const Array x = array<float>({20, 2}, random_values<float>(40, 1));
  Array y = int32({20}, {});
  for (int i = 0; i < 20; ++i) y.values.push_back(i % 2);
  const Request set_data = bench.request("model_set_data").with("x", x).with("y", y);
  bench.well(set_data);
  const Answer answer = bench.well(bench.request("model_train").with("steps", 5.0));
  CHECK(answer.number("step") == 5);
  CHECK(answer.number("epoch") == 2);  // two batches of eight; what is left over is dropped
  // The same data again start the same order again.
  Bench twin(given_experiment());
  twin.well(set_data.with("model", twin.model));
  CHECK(twin.train(5) == answer.values("losses"));

  check_refused(bench.workbench, set_data.with("y", int32({19}, std::vector<double>(19, 0))), "y",
                "one class index", "(19,)");
  check_refused(bench.workbench, set_data.with("x", float32({20, 1}, std::vector<double>(20, 0))), "x",
                "(any, 2)", "(20, 1)");
}

TEST_CASE("data that would leave a batch of one to batch normalization is not trained on") {
  for (const char* operation : {"model_train", "model_recalibrate"}) {
    CAPTURE(operation);
    Bench bench(given_experiment().with("experiment.batch.last", "keep"));
    const char* count = std::string(operation) == "model_train" ? "steps" : "batches";
    const Request use = bench.request(operation).with(count, 3.0);
    const auto give = [&](Index examples) {
      bench.well(bench.request("model_set_data")
                     .with("x", array<float>({examples, 2}, random_values<float>(2 * examples, 1)))
                     .with("y", int32({examples}, std::vector<double>(size_of(examples), 0))));
    };
    give(9);
    check_refused(bench.workbench, use, "experiment.batch.last", "'drop'", "9 examples in batches of 8");
    give(1);
    check_refused(bench.workbench, use, "experiment.batch.size", "more than one value", "one example");
    give(10);
    CHECK(ask(bench.workbench, use).ok());
  }
}

TEST_CASE("recalibrating replaces running statistics by averages over batches, and nothing else") {
  Bench bench;
  bench.train(4);
  const auto before = bench.state();
  bench.well(bench.request("model_recalibrate").with("batches", 3.0));
  auto after = bench.state();
  CHECK(after["1.running_mean"] != before.at("1.running_mean"));
  CHECK(after["1.running_var"] != before.at("1.running_var"));
  for (const char* name : {"1.running_mean", "1.running_var"}) after[name] = before.at(name);
  CHECK(after == before);
}

TEST_CASE("recalibrating does not change what training sees next") {
  Bench bench;
  Bench twin;
  bench.train(4);
  twin.train(4);
  bench.well(bench.request("model_recalibrate").with("batches", 2.0));
  // Training normalises by its batches, so that only their order could make a difference.
  CHECK(bench.train(6) == twin.train(6));
}

TEST_CASE("a step that is not finite is reported, and leaves the model as it was") {
  Bench bench;
  bench.train(2);
  const auto before = bench.state();
  const Answer answer = bench.step(float32({3, 2}, {1e30, 1, -1e30, 0, 1, 2}));
  CHECK(answer.flag("diverged"));
  CHECK(answer.number("step") == 2);
  CHECK(bench.state() == before);
  const Answer next = bench.step();
  CHECK_FALSE(next.flag("diverged"));
  CHECK(next.number("step") == 3);
}

TEST_CASE("training stops at the step that diverges") {
  Bench bench(kExperiment.without("experiment.model.layers.1.kind")
                  .without("experiment.model.layers.1.convention")
                  .without("experiment.model.layers.1.momentum")
                  .without("experiment.model.layers.1.eps")
                  .without("experiment.model.layers.1.affine")
                  .without("experiment.model.layers.1.track_running_stats")
                  .without("experiment.model.layers.1.single_value")
                  .without("experiment.model.layers.1.initial_gamma")
                  .with("experiment.model.layers.1.kind", "relu")
                  .with("experiment.loss", "mse")
                  .with("experiment.optimizer.lr", 1e5));
  const Answer answer = bench.well(bench.request("model_train").with("steps", 1000.0));
  CHECK(answer.flag("diverged"));
  const std::vector<double> losses = answer.values("losses");
  CHECK(losses.size() < 1000);
  CHECK_FALSE(std::isfinite(losses.back()));
  CHECK(std::isfinite(losses[losses.size() - 2]));
  CHECK(answer.number("step") == static_cast<double>(losses.size()) - 1);
}

TEST_CASE("the optimiser can be replaced") {
  Bench bench;
  bench.train(1);
  const auto before = bench.state();
  const Request optimizer = bench.request("model_set_optimizer");
  bench.well(optimizer.with("optimizer.lr", 0.0));
  bench.train(1);
  CHECK(bench.get("0.weight").values == before.at("0.weight"));
  check_refused(bench.workbench, optimizer.with("optimizer.lr", -1.0), "optimizer.lr", "from 0", "-1");
  check_refused(bench.workbench, optimizer.with("optimizer.nesterov", true), "optimizer.nesterov",
                "false without", "true");
  bench.train(1);
  CHECK(bench.get("0.weight").values == before.at("0.weight"));
  bench.well(optimizer.with("optimizer.lr", 0.1));
  bench.train(1);
  CHECK(bench.get("0.weight").values != before.at("0.weight"));
}

TEST_CASE("a model in float64 takes and gives float64") {
  Bench bench(kExperiment.with("experiment.dtype", "float64"));
  CHECK(bench.get("0.weight").dtype == Dtype::kFloat64);
  CHECK(bench.evaluate("inference", float64({1, 2}, {1, 2})).array("output").dtype == Dtype::kFloat64);
  check_refused(bench.workbench, bench.request("model_step").with("x", kX).with("y", kY), "x", "float64",
                "float32");
  // It starts from the weights the float32 one has, before their rounding.
  Bench single;
  check_close(single.get("0.weight").values, bench.get("0.weight").values, {0, 6e-8}, "0.weight");
}
