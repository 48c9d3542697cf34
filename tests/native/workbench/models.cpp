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
                "value", "not negative", "-1 at [2]");
  const Request tracked = set.with("name", "1.num_batches_tracked");
  check_refused(bench.workbench, tracked.with("value", int32({2}, {1, 2})), "value", "one number", "(2,)");
  check_refused(bench.workbench, tracked.with("value", int32({1}, {-1})), "value", "0 or more", "-1");
  check_refused(bench.workbench, tracked.with("value", int32({1}, {2e9})), "value", "at most 1000000000",
                "2000000000");
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
  Bench bench(without_below(kExperiment, "experiment.model.layers.1")
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

TEST_CASE("a running spread is what inference can divide by") {
  const auto bench_of = [](const char* kind, bool spread) {
    Request experiment =
        without_below(kExperiment, "experiment.model.layers.1").with("experiment.model.layers.1.kind", kind);
    return Bench(spread ? experiment.with("experiment.model.layers.1.p", 1.0) : experiment);
  };
  const Array one = float32({1, 2}, {1, 2});
  const auto is_finite = [&](Bench& bench) {
    for (const double y : bench.evaluate("inference", one).values("output"))
      if (!std::isfinite(y)) return false;
    return true;
  };
  // Batch renorm divides by it alone, the others add ε first.
  Bench renorm = bench_of("batch_renorm", false);
  const auto before = renorm.state();
  for (const double value : {0.0, -1.0})
    check_refused(renorm.workbench,
                  renorm.request("model_set")
                      .with("name", "1.running_std")
                      .with("value", float32({4}, {1, 1, 1, value})),
                  "value", "above 0", to_text(value) + " at [3]");
  CHECK(renorm.state() == before);
  renorm.set("1.running_std", float32({4}, {1, 1, 1, 1e-3}));
  CHECK(is_finite(renorm));
  Bench lp = bench_of("lp_norm", true);
  check_refused(
      lp.workbench,
      lp.request("model_set").with("name", "1.running_scale").with("value", float32({4}, {1, -1, 1, 1})),
      "value", "not negative", "-1 at [1]");
  lp.set("1.running_scale", float32({4}, {0, 0, 0, 0}));
  CHECK(is_finite(lp));
}

TEST_CASE("the batch of the last step can be read, with its place in the training set") {
  Bench bench;
  check_refused(bench.workbench, bench.request("model_batch"), "model", "after a step", "before its first");
  bench.train(1);
  const Answer batch = bench.well(bench.request("model_batch"));
  const Answer all = bench.well({"dataset",
                                 {{"data.kind", "spirals"},
                                  {"data.count", 24.0},
                                  {"data.noise", 0.1},
                                  {"data.classes", 2.0},
                                  {"seed", 1.0}}});
  const std::vector<double> members = batch.values("members");
  CHECK(members.size() == 8);
  CHECK(batch.array("x").shape == std::vector<Index>{8, 2});
  CHECK(batch.array("y").dtype == Dtype::kInt32);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto example = static_cast<std::size_t>(members[i]);
    CHECK(batch.values("y")[i] == all.values("y")[example]);
    for (std::size_t k = 0; k < 2; ++k)
      CHECK(batch.values("x")[2 * i + k] == all.values("x")[2 * example + k]);
  }
  // Examples from outside are not in the set.
  bench.step();
  const Answer given = bench.well(bench.request("model_batch"));
  CHECK(given.values("members") == std::vector<double>(3, -1));
  CHECK(given.values("x") == kX.values);
  CHECK(given.values("y") == kY.values);
}

TEST_CASE("batches can be made of one class each") {
  Bench bench(kExperiment.with("experiment.batch.classes", 1.0).with("experiment.batch.size", 6.0));
  double ones = 0;
  for (int i = 0; i < 4; ++i) {
    bench.train(1);
    const std::vector<double> y = bench.well(bench.request("model_batch")).values("y");
    CHECK(y.size() == 6);
    CHECK(y == std::vector<double>(6, y[0]));
    ones += y[0];
  }
  CHECK(ones == 2);  // twelve examples of each class
}

TEST_CASE("what the last step left in a layer") {
  Bench bench;
  const Request record = bench.request("model_record").with("layer", 1.0).with("what", "output");
  check_refused(bench.workbench, record, "model", "after a step", "before its first");
  const std::vector<double> output = bench.evaluate("training").values("output");
  bench.step();
  const auto of = [&](double layer, const char* what) {
    return bench.well(record.with("layer", layer).with("what", what)).array("value");
  };
  // What it computed before its update, and the loss's gradient there: of softmax, which sums to 0 over the classes.
  CHECK(of(2, "output").shape == std::vector<Index>{3, 2});
  CHECK(of(2, "output").values == output);
  const std::vector<double> gradient = of(2, "gradient").values;
  for (std::size_t i = 0; i < 3; ++i) {
    const double p = 1 / (1 + std::exp(output[2 * i + 1] - output[2 * i]));
    CHECK(gradient[2 * i] == doctest::Approx((p - (kY.values[i] == 0 ? 1 : 0)) / 3).epsilon(1e-5));
    CHECK(gradient[2 * i + 1] == doctest::Approx(-gradient[2 * i]).epsilon(1e-5));
  }
  // Mean and biased variance of what came in, by which x̂ was made.
  const std::vector<double> in = of(0, "output").values;
  CHECK(of(1, "mean").shape == std::vector<Index>{4});
  for (std::size_t c = 0; c < 4; ++c) {
    const double mean = (in[c] + in[4 + c] + in[8 + c]) / 3;
    double var = 0;
    for (std::size_t i = 0; i < 3; ++i) var += (in[4 * i + c] - mean) * (in[4 * i + c] - mean) / 3;
    CHECK(of(1, "mean").values[c] == doctest::Approx(mean).epsilon(1e-5));
    CHECK(of(1, "var").values[c] == doctest::Approx(var).epsilon(1e-5));
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(of(1, "xhat").values[4 * i + c] ==
            doctest::Approx((in[4 * i + c] - mean) / std::sqrt(var + 1e-5)).epsilon(1e-4));
  }

  for (const char* what : {"xhat", "mean", "var"})
    check_refused(bench.workbench, record.with("layer", 0.0).with("what", what), "what",
                  "'output' or 'gradient'", std::string("'") + what + "'");
  check_refused(bench.workbench, record.with("layer", 3.0), "layer", "from 0 to 2", "3");
  check_refused(bench.workbench, record.with("what", "weight"), "what", "'output' 'gradient' 'xhat'",
                "'weight'");
}

TEST_CASE(
    "outputs of layers of pictures are pictures; what goes by the example has x̂ but no statistics of the "
    "batch") {
  Request experiment = without_below(given_experiment(), "experiment.model");
  experiment.arguments.insert({{"experiment.model.inputs", 16.0},
                               {"experiment.model.input_shape.0", 1.0},
                               {"experiment.model.input_shape.1", 4.0},
                               {"experiment.model.input_shape.2", 4.0},
                               {"experiment.model.layers.0.kind", "conv2d"},
                               {"experiment.model.layers.0.units", 2.0},
                               {"experiment.model.layers.0.kernel", 3.0},
                               {"experiment.model.layers.1.kind", "group_norm"},
                               {"experiment.model.layers.1.groups", 2.0},
                               {"experiment.model.layers.2.kind", "flatten"},
                               {"experiment.model.layers.3.kind", "linear"},
                               {"experiment.model.layers.3.units", 2.0}});
  Bench bench(experiment);
  bench.step(array<float>({3, 16}, random_values<float>(48, 1)));
  const Request record = bench.request("model_record").with("layer", 1.0).with("what", "xhat");
  CHECK(bench.well(record).array("value").shape == std::vector<Index>{3, 2, 4, 4});
  CHECK(bench.well(record.with("layer", 2.0).with("what", "output")).array("value").shape ==
        std::vector<Index>{3, 32});
  check_refused(bench.workbench, record.with("what", "mean"), "what", "'output' or 'gradient'", "'mean'");
  check_refused(bench.workbench, bench.request("model_statistics").with("layer", 1.0), "layer",
                "with running statistics", "layer 1");
}

TEST_CASE(
    "a score is the mean loss and the share that is right, in either mode, of either set or of the last "
    "batch") {
  Bench bench(kExperiment.with("experiment.data.test", 0.25).with("experiment.batch.size", 6.0));
  const Request score = bench.request("model_score").with("mode", "inference").with("set", "train");
  check_refused(bench.workbench, score.with("set", "batch"), "set", "with examples", "before the first step");
  bench.train(5);
  const auto before = bench.state();
  const double data =
      bench
          .well({"data_create",
                 {{"data.kind", "spirals"}, {"data.count", 24.0}, {"data.test", 0.25}, {"seed", 1.0}}})
          .number("data");
  for (const char* mode : {"training", "inference"}) {
    CAPTURE(mode);
    for (const char* set : {"train", "test", "batch"}) {
      CAPTURE(set);
      const Answer answer = bench.well(score.with("mode", mode).with("set", set));
      const Answer examples = std::string(set) == "batch"
                                  ? bench.well(bench.request("model_batch"))
                                  : bench.well({"data_read", {{"data", data}, {"set", set}}});
      const std::vector<double> y = examples.values("y");
      const auto count = static_cast<Index>(y.size());
      CHECK(answer.number("count") == static_cast<double>(count));
      // In training mode the examples come in batches of six, in order; in inference mode that makes no difference.
      double loss = 0;
      double right = 0;
      for (std::size_t first = 0; first < y.size(); first += 6) {
        const std::vector<double> x = examples.values("x");
        const auto from = static_cast<std::ptrdiff_t>(first);
        const Answer batch =
            bench.well(bench.request("model_evaluate")
                           .with("mode", mode)
                           .with("x", float32({6, 2}, {x.begin() + 2 * from, x.begin() + 2 * from + 12}))
                           .with("y", int32({6}, {y.begin() + from, y.begin() + from + 6})));
        loss += 6 * batch.number("loss") / static_cast<double>(count);
        const std::vector<double> output = batch.values("output");
        for (std::size_t i = 0; i < 6; ++i)
          if ((output[2 * i + 1] > output[2 * i] ? 1 : 0) == y[first + i]) ++right;
      }
      CHECK(answer.number("loss") == doctest::Approx(loss).epsilon(1e-6));
      CHECK(answer.number("accuracy") == right / static_cast<double>(count));
      const std::vector<double> confusion = answer.values("confusion");
      CHECK(confusion[0] + confusion[3] == right);
      CHECK(confusion[0] + confusion[1] == static_cast<double>(std::count(y.begin(), y.end(), 0)));
      CHECK(confusion[2] + confusion[3] == static_cast<double>(std::count(y.begin(), y.end(), 1)));
    }
  }
  CHECK(bench.well(score.with("limit", 4.0)).number("count") == 4);
  // Seven examples in batches of six leave one over, which training mode cannot normalise.
  CHECK(bench.well(score.with("limit", 7.0).with("mode", "training")).number("count") == 6);
  CHECK(bench.well(score.with("limit", 7.0)).number("count") == 7);
  check_refused(bench.workbench, score.with("limit", 1.0).with("mode", "training"), "mode",
                "more than one value", "one example");
  CHECK(bench.state() == before);
}

TEST_CASE("a score can be taken of inputs that have moved") {
  Bench bench;
  bench.train(5);
  const Request score = bench.request("model_score").with("mode", "inference").with("set", "train");
  Bench moved(kExperiment.with("experiment.data.scale", 2.0).with("experiment.data.shift", -1.0));
  for (const std::string& name : bench.names()) moved.set(name, bench.get(name));
  const double there = moved.well(score.with("model", moved.model)).number("loss");
  CHECK(bench.well(score.with("scale", 2.0).with("shift", -1.0)).number("loss") ==
        doctest::Approx(there).epsilon(1e-6));
  CHECK(std::abs(bench.well(score).number("loss") - there) > 1e-3);
}

TEST_CASE("sets without examples have no score; predicted values have no accuracy") {
  Bench bench;
  const Request score = bench.request("model_score").with("mode", "inference").with("set", "train");
  check_refused(bench.workbench, score.with("set", "test"), "set", "with examples", "an empty set");
  Bench given(given_experiment());
  check_refused(given.workbench, score.with("model", given.model), "set", "with examples", "an empty set");
  given.step();
  CHECK(given.well(score.with("model", given.model).with("set", "batch")).number("count") == 3);

  Bench regression(without_below(kExperiment, "experiment.model.input_shape")
                       .without("experiment.data.classes")
                       .with("experiment.data.kind", "regression")
                       .with("experiment.model.inputs", 1.0)
                       .with("experiment.model.layers.2.units", 1.0)
                       .with("experiment.loss", "mse"));
  const Answer answer = regression.well(score.with("model", regression.model));
  CHECK(answer.number("loss") > 0);
  CHECK(std::isnan(answer.number("accuracy")));
  CHECK_FALSE(answer.has("confusion"));
}

TEST_CASE("every layer can be looked at after a step, and there is nothing to see before") {
  Bench bench(kExperiment.with("experiment.optimizer.schedule", "step")
                  .with("experiment.optimizer.schedule_steps", 2.0)
                  .with("experiment.optimizer.warmup", 0.0));
  const Request observe = bench.request("model_observe").with("bins", 10.0).with("range", 2.0);
  const auto sum = [](const std::vector<double>& row, std::size_t layer) {
    double total = 0;
    for (std::size_t i = 0; i < 10; ++i) total += row[10 * layer + i];
    return total;
  };
  const Answer nothing = bench.well(observe);
  CHECK(sum(nothing.values("output"), 0) == 0);
  CHECK(std::isnan(nothing.values("output_mean")[0]));
  CHECK(nothing.number("lr") == 0.1);

  bench.train(2);
  const auto before = bench.state();
  const Answer seen = bench.well(observe);
  CHECK(bench.state() == before);
  CHECK(seen.array("output").shape == std::vector<Index>{3, 10});
  for (const char* histogram : {"output", "gradient"}) {
    CHECK(sum(seen.values(histogram), 0) == 8 * 4);
    CHECK(sum(seen.values(histogram), 1) == 8 * 4);
    CHECK(sum(seen.values(histogram), 2) == 8 * 2);
  }
  CHECK(sum(seen.values("xhat"), 0) == 0);
  CHECK(sum(seen.values("xhat"), 1) == 8 * 4);
  CHECK(seen.number("lr") == 0.05);  // of the third step
  // The record of the same step says the same.
  const std::vector<double> gradient =
      bench.well(bench.request("model_record").with("layer", 1.0).with("what", "gradient")).values("value");
  double squares = 0;
  for (const double g : gradient) squares += g * g;
  CHECK(seen.values("gradient_rms")[1] == doctest::Approx(std::sqrt(squares / 32)).epsilon(1e-6));
  double weight = 0;
  for (const double w : bench.get("0.weight").values) weight += w * w;
  CHECK(seen.values("weight_norm")[0] == doctest::Approx(std::sqrt(weight)).epsilon(1e-6));
  CHECK(seen.values("effective_lr")[0] == doctest::Approx(0.05 / weight).epsilon(1e-6));
  for (const char* name : {"weight_norm", "weight_gradient_norm", "effective_lr"})
    CHECK(std::isnan(seen.values(name)[1]));
  for (const char* name : {"dead", "saturated"}) CHECK(std::isnan(seen.values(name)[0]));
  check_refused(bench.workbench, observe.with("bins", 1.0), "bins", "from 2", "1");
  check_refused(bench.workbench, observe.with("range", 0.0), "range", "from", "0");
}

TEST_CASE(
    "the statistics of a layer: the batch's, the running ones, and what recalibrating would make of them") {
  Bench bench;
  const Request statistics = bench.request("model_statistics").with("layer", 1.0).with("batches", 3.0);
  check_refused(bench.workbench, statistics, "model", "after a step", "before its first");
  check_refused(bench.workbench, statistics.with("layer", 0.0), "layer", "with running statistics",
                "layer 0");
  bench.train(4);
  const auto before = bench.state();
  const Answer answer = bench.well(statistics);
  CHECK(bench.state() == before);
  const Request record = bench.request("model_record").with("layer", 1.0);
  CHECK(answer.values("batch_mean") == bench.well(record.with("what", "mean")).values("value"));
  CHECK(answer.values("batch_var") == bench.well(record.with("what", "var")).values("value"));
  CHECK(answer.values("running_mean") == before.at("1.running_mean"));
  CHECK(answer.values("running_var") == before.at("1.running_var"));
  bench.well(bench.request("model_recalibrate").with("batches", 3.0));
  CHECK(answer.values("recalibrated_mean") == bench.get("1.running_mean").values);
  CHECK(answer.values("recalibrated_var") == bench.get("1.running_var").values);
}

TEST_CASE("recalibrating on inputs that have moved is recalibrating where they are so") {
  Bench bench;
  Bench moved(kExperiment.with("experiment.data.scale", 2.0).with("experiment.data.shift", 3.0));
  CHECK(bench.state() == moved.state());
  bench.well(bench.request("model_recalibrate").with("batches", 3.0).with("scale", 2.0).with("shift", 3.0));
  moved.well(moved.request("model_recalibrate").with("batches", 3.0));
  for (const char* name : {"1.running_mean", "1.running_var"})
    check_close(bench.get(name).values, moved.get(name).values, {1e-5, 1e-6}, name);
  Bench still;
  still.well(still.request("model_recalibrate").with("batches", 3.0));
  // Twice the inputs, four times the variance.
  for (std::size_t c = 0; c < 4; ++c)
    CHECK(bench.get("1.running_var").values[c] ==
          doctest::Approx(4 * still.get("1.running_var").values[c]).epsilon(1e-4));
}

TEST_CASE("examples can be evaluated as if each were met in the batch of the last step") {
  Bench bench(kExperiment.with("experiment.optimizer.lr", 0.0));
  const Request evaluate =
      bench.request("model_evaluate").with("mode", "training").with("statistics", "last_batch");
  check_refused(bench.workbench, evaluate.with("x", kX), "statistics", "'own' before the first step",
                "'last_batch'");
  const std::vector<double> together = bench.evaluate("training").values("output");
  bench.step();
  // The step changed no weight, so that each example alone comes out as it did among its batch-mates.
  for (std::size_t i = 0; i < 3; ++i) {
    const Array one = float32({1, 2}, {kX.values[2 * i], kX.values[2 * i + 1]});
    const std::vector<double> alone = bench.well(evaluate.with("x", one)).values("output");
    check_close(alone, std::vector<double>{together[2 * i], together[2 * i + 1]}, {1e-6, 1e-6}, "alone");
  }
  check_refused(bench.workbench, evaluate.with("x", kX).with("mode", "inference"), "statistics",
                "'own' in inference mode", "'last_batch'");
}

TEST_CASE("a step that diverges says where: the first value that is not finite, in the order of computing") {
  const auto divergence_of = [](const Request& experiment, const Array& x, const Array& y) {
    Bench bench(experiment);
    return bench.step(x, y);
  };
  const Answer fine = divergence_of(given_experiment(), kX, kY);
  for (const char* field : {"layer", "what", "example", "unit", "value"})
    CHECK_FALSE(fine.has(std::string("diverged_") + field));

  // A variance beyond float32: statistics belong to a channel and to no example.
  const Answer statistics = divergence_of(given_experiment(), float32({3, 2}, {1e30, 1, -1e30, 0, 1, 2}), kY);
  CHECK(statistics.flag("diverged"));
  CHECK(statistics.text("diverged_what") == "statistics");
  CHECK(statistics.number("diverged_layer") == 1);
  CHECK(statistics.number("diverged_unit") == 0);
  CHECK_FALSE(statistics.has("diverged_example"));
  CHECK_FALSE(std::isfinite(statistics.number("diverged_value")));

  // Without batch normalization: an output of one example, and then a loss of finite outputs.
  const Request plain = without_below(given_experiment(), "experiment.model.layers")
                            .with("experiment.model.layers.0.kind", "linear")
                            .with("experiment.model.layers.0.units", 2.0)
                            .with("experiment.loss", "mse");
  Bench bench(plain);
  bench.set("0.weight", float32({2, 2}, {1, 0, 0, 100}));
  const Array targets = float32({2, 2}, {0, 0, 0, 0});
  const Answer output = bench.step(float32({2, 2}, {1, 1, 1, 3e37}), targets);
  CHECK(output.text("diverged_what") == "output");
  CHECK(output.number("diverged_layer") == 0);
  CHECK(output.number("diverged_example") == 1);
  CHECK(output.number("diverged_unit") == 1);
  CHECK(output.number("diverged_value") == HUGE_VAL);
  const Answer loss = bench.step(float32({2, 2}, {3e37, 1, 1, 1}), targets);
  CHECK(loss.text("diverged_what") == "loss");
  CHECK_FALSE(loss.has("diverged_layer"));
  CHECK_FALSE(std::isfinite(loss.number("diverged_value")));
  // None of this has left a trace.
  CHECK(bench.get("0.weight").values == std::vector<double>{1, 0, 0, 100});

  // All is well on the way forward, but the gradient grows on its way back.
  Bench deep(
      plain.with("experiment.model.layers.1.kind", "linear").with("experiment.model.layers.1.units", 2.0));
  deep.set("1.weight", float32({2, 2}, {3e38, 0, 0, 3e38}));
  const Answer gradient = deep.step(targets, float32({2, 2}, {1, 1, 10, 1}));
  CHECK(gradient.text("diverged_what") == "gradient");
  CHECK(gradient.number("diverged_layer") == 0);
  CHECK(gradient.number("diverged_example") == 1);
  CHECK(gradient.number("diverged_unit") == 0);
  CHECK(gradient.number("diverged_value") == -HUGE_VAL);
}

TEST_CASE("after a step that diverged training goes on as if it had not been asked for") {
  Bench bench;
  Bench twin;
  bench.train(2);
  twin.train(2);
  CHECK(bench.step(float32({3, 2}, {1e30, 1, -1e30, 0, 1, 2})).flag("diverged"));
  CHECK(bench.train(4) == twin.train(4));
  CHECK(bench.state() == twin.state());
}

TEST_CASE("training that diverged is where it was when it is asked again") {
  Bench bench(without_below(kExperiment, "experiment.model.layers.1")
                  .with("experiment.model.layers.1.kind", "relu")
                  .with("experiment.loss", "mse")
                  .with("experiment.optimizer.lr", 1e5));
  const Answer first = bench.well(bench.request("model_train").with("steps", 1000.0));
  CHECK(first.flag("diverged"));
  CHECK(first.has("diverged_what"));
  const auto before = bench.state();
  for (const auto& [name, values] : before)
    for (const double value : values) CHECK(std::isfinite(value));
  const Answer again = bench.well(bench.request("model_train").with("steps", 1000.0));
  CHECK(again.flag("diverged"));
  CHECK(again.values("losses").size() == 1);
  CHECK(again.number("step") == first.number("step"));
  CHECK(bench.state() == before);
  // A smaller learning rate does not bring it back, but the start does.
  bench.well(bench.request("model_set_optimizer").with("optimizer.lr", 0.01));
  bench.well(bench.request("model_rewind"));
  CHECK_FALSE(bench.well(bench.request("model_train").with("steps", 50.0)).flag("diverged"));
}

TEST_CASE("gradients are clipped to a norm, and the learning rate follows its schedule") {
  Bench bench(kExperiment.with("experiment.optimizer.clip", 0.01)
                  .with("experiment.optimizer.momentum", 0.0)
                  .with("experiment.optimizer.weight_decay", 0.0)
                  .with("experiment.optimizer.warmup", 4.0));
  const auto before = bench.state();
  bench.train(1);
  double moved = 0;
  for (const char* name : {"0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"}) {
    const std::vector<double> now = bench.get(name).values;
    for (std::size_t i = 0; i < now.size(); ++i)
      moved += (now[i] - before.at(name)[i]) * (now[i] - before.at(name)[i]);
  }
  CHECK(std::sqrt(moved) == doctest::Approx(0.1 / 4 * 0.01).epsilon(1e-3));
}

TEST_CASE("options of the layers can be replaced while training") {
  Bench bench(kExperiment.with("experiment.model.layers.1.momentum", 0.5));
  bench.train(3);
  Request layers = bench.request("model_set_layers");
  for (const auto& [name, argument] : kExperiment.arguments)
    if (name.find("experiment.model.layers.") == 0)
      layers.arguments[name.substr(std::string("experiment.model.").size())] = argument;
  // Frozen, the running statistics stay and training normalises by them.
  const auto before = bench.state();
  bench.well(layers.with("layers.1.frozen", true));
  CHECK(bench.state() == before);
  CHECK(bench.evaluate("training").values("output") == bench.evaluate("inference").values("output"));
  bench.train(2);
  CHECK(bench.get("1.running_mean").values == before.at("1.running_mean"));
  CHECK(bench.get("1.weight").values != before.at("1.weight"));
  CHECK(bench.get("1.num_batches_tracked").values == std::vector<double>{3});
  bench.well(layers.with("layers.1.momentum", 0.25));
  CHECK(bench.evaluate("training").values("output") != bench.evaluate("inference").values("output"));

  // The next batch's statistics are weighed as the new options say.
  const std::vector<double> running = bench.get("1.running_mean").values;
  bench.train(1);
  const std::vector<double> batch =
      bench.well(bench.request("model_record").with("layer", 1.0).with("what", "mean")).values("value");
  for (std::size_t c = 0; c < 4; ++c)
    CHECK(bench.get("1.running_mean").values[c] ==
          doctest::Approx(0.75 * running[c] + 0.25 * batch[c]).epsilon(1e-5));
}

TEST_CASE("other layers than the model's are refused, and change nothing") {
  Bench bench;
  Bench twin;
  bench.train(2);
  twin.train(2);
  Request layers = bench.request("model_set_layers");
  for (const auto& [name, argument] : kExperiment.arguments)
    if (name.find("experiment.model.layers.") == 0)
      layers.arguments[name.substr(std::string("experiment.model.").size())] = argument;
  const auto refuse = [&](const Request& request, const char* argument, const char* expected,
                          const char* actual) {
    check_refused(bench.workbench, request, argument, expected, actual);
  };
  const char* same = "the layers the model was made with";
  refuse(layers.with("layers.0.units", 5.0), "layers", same, "other layers");
  refuse(layers.with("layers.0.bias", false), "layers", same, "other layers");
  refuse(layers.with("layers.1.affine", false), "layers", same, "other layers");
  refuse(layers.with("layers.3.kind", "relu"), "layers", same, "other layers");
  refuse(without_below(layers, "layers.2"), "layers", same, "other layers");
  refuse(without_below(layers, "layers.1").with("layers.1.kind", "batch_renorm"), "layers", same,
         "other layers");
  refuse(layers.with("layers.1.ghost", 1.0), "layers.1.ghost", "two examples or more", "1");
  refuse(layers.with("layers.1.eps", 0.0), "layers.1.eps", "from 1e-30", "0");
  refuse(layers.with("layers.1.kind", "nothing"), "layers.1.kind", "'linear'", "'nothing'");
  refuse(bench.request("model_set_layers"), "layers", "at least one layer", "none");
  // Refused before anything of that size is tried.
  Request huge = layers;
  for (int i = 3; i < 256; ++i) {
    huge.arguments["layers." + std::to_string(i) + ".kind"] = std::string("linear");
    huge.arguments["layers." + std::to_string(i) + ".units"] = 4096.0;
  }
  refuse(huge, "layers", "at most 16000000 weights", "");
  CHECK(bench.state() == twin.state());
  CHECK(bench.train(5) == twin.train(5));

  // A layer that would now refuse the batches of one it trains on.
  Bench single(
      kExperiment.with("experiment.batch.size", 1.0).with("experiment.model.layers.1.single_value", "show"));
  check_refused(single.workbench, layers.with("model", single.model), "layers", "more than one value",
                "one example");
  CHECK_FALSE(single.well(single.request("model_train").with("steps", 3.0)).flag("diverged"));
}

TEST_CASE(
    "batches can be replaced while training; those it cannot train on are refused, and change nothing") {
  Bench bench;
  Bench twin;
  bench.train(2);
  twin.train(2);
  const Request batch = bench.request("model_set_batch").with("batch.size", 12.0).with("batch.last", "drop");
  check_refused(bench.workbench, batch.with("batch.size", 1.0), "batch.size", "more than one value",
                "one example");
  check_refused(bench.workbench, batch.with("batch.size", 23.0).with("batch.last", "keep"), "batch.last",
                "'drop'", "24 examples in batches of 23");
  check_refused(bench.workbench, batch.with("batch.size", 0.0), "batch.size", "from 1", "0");
  check_refused(bench.workbench, batch.with("batch.last", "some"), "batch.last", "'keep' 'drop'", "'some'");
  CHECK(bench.train(4) == twin.train(4));
  CHECK(bench.state() == twin.state());

  const auto before = bench.state();
  bench.well(batch);
  CHECK(bench.state() == before);
  bench.train(2);
  const Answer larger = bench.well(bench.request("model_batch"));
  CHECK(larger.values("members").size() == 12);
  // And given batches may be as large.
  check_refused(bench.workbench,
                bench.request("model_step")
                    .with("x", float32({13, 2}, std::vector<double>(26, 1)))
                    .with("y", int32({13}, std::vector<double>(13, 0))),
                "x", "at most 12 examples", "13");
}

TEST_CASE("models share the examples behind a handle, and keep them when it is freed") {
  Workbench workbench;
  const Request create{"data_create",
                       {{"data.kind", "spirals"}, {"data.count", 24.0}, {"data.test", 0.25}, {"seed", 1.0}}};
  const double data = ask_well(workbench, create).number("data");
  const Request experiment = without_below(kExperiment, "experiment.data").with("data", data);
  const double model = ask_well(workbench, experiment).number("model");
  const auto losses = [&](double handle) {
    return ask_well(workbench, {"model_train", {{"model", handle}, {"steps", 6.0}}}).values("losses");
  };
  // As with an experiment that says the same of its data.
  Bench own(kExperiment.with("experiment.data.test", 0.25));
  CHECK(losses(model) == own.train(6));

  check_refused(workbench, kExperiment.with("data", data), "experiment.data", "none beside the data",
                "a description");
  check_refused(workbench, experiment.with("data", 99.0), "data", "data that exist", "99");
  check_refused(workbench, experiment.with("experiment.model.layers.2.units", 3.0), "experiment.model.layers",
                "one output per class, 2", "3");
  check_refused(
      workbench,
      without_below(experiment, "experiment.model.input_shape").with("experiment.model.inputs", 3.0),
      "experiment.model.inputs", "2, the features", "3");

  ask_well(workbench, {"data_free", {{"data", data}}});
  check_refused(workbench, experiment, "data", "data that exist", to_text(data));
  CHECK(losses(model) == own.train(6));
  const Request score{"model_score", {{"model", model}, {"mode", "inference"}, {"set", "test"}}};
  CHECK(ask_well(workbench, score).number("count") == 6);
}

TEST_CASE("a model can go on with the examples behind another handle") {
  Bench bench;
  bench.train(3);
  const auto before = bench.state();
  const Request create{"data_create", {{"data.kind", "moons"}, {"data.count", 30.0}, {"seed", 5.0}}};
  const double data = bench.well(create).number("data");
  const Request set_data = bench.request("model_set_data").with("data", data);
  check_refused(bench.workbench, set_data.with("x", kX).with("y", kY), "x", "no argument", "float32");
  const double curve = bench.well(create.with("data.kind", "regression")).number("data");
  check_refused(bench.workbench, set_data.with("data", curve), "data", "suit this model",
                "ask for 1, the features of this data, where it has 2");
  const double classes =
      bench.well(create.with("data.kind", "spirals").with("data.classes", 3.0)).number("data");
  check_refused(bench.workbench, set_data.with("data", classes), "data", "suit this model",
                "one output per class, 3, where it has 2");
  CHECK(bench.state() == before);
  Bench twin;
  twin.train(3);
  CHECK(bench.train(1) == twin.train(1));

  bench.well(set_data);
  bench.well({"data_free", {{"data", data}}});
  const Answer score =
      bench.well(bench.request("model_score").with("mode", "inference").with("set", "train"));
  CHECK(score.number("count") == 30);
  check_refused(bench.workbench, bench.request("model_batch"), "model", "after a step", "before its first");
  CHECK_FALSE(bench.well(bench.request("model_train").with("steps", 9.0)).flag("diverged"));
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
