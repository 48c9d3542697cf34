// The training runs PyTorch recorded, made through the workbench: weights set and everything read by name.
#include <doctest/doctest.h>

#include "support/recorded_run.hpp"
#include "support/request.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// The experiment of a recorded run.
Request experiment_of(const RecordedRun& run, const char* dtype) {
  Request request{"model_create",
                  {{"experiment.version", 1.0},
                   {"experiment.dtype", dtype},
                   {"experiment.batch.size", static_cast<double>(run.largest_batch)},
                   {"experiment.model.inputs", static_cast<double>(run.network.inputs.size())},
                   {"experiment.optimizer.lr", run.sgd.lr},
                   {"experiment.optimizer.momentum", run.sgd.momentum},
                   {"experiment.optimizer.nesterov", run.sgd.nesterov},
                   {"experiment.optimizer.weight_decay", run.sgd.weight_decay}}};
  const bool bce = run.loss == Loss::kBceWithLogits;
  request = request.with("experiment.loss", bce ? "bce_with_logits" : "cross_entropy");
  for (std::size_t i = 0; i < run.network.layers.size(); ++i) {
    const std::string layer = "experiment.model.layers." + std::to_string(i) + ".";
    if (const auto* linear = std::get_if<LinearSpec>(&run.network.layers[i])) {
      request = request.with(layer + "kind", "linear")
                    .with(layer + "units", static_cast<double>(linear->units))
                    .with(layer + "bias", linear->bias);
    } else if (const auto* norm = std::get_if<BatchNormSpec>(&run.network.layers[i])) {
      const BatchNormOptions& options = norm->options;
      request = request.with(layer + "kind", "batch_norm")
                    .with(layer + "eps", options.eps)
                    .with(layer + "affine", options.affine);
      request = options.cumulative ? request.with(layer + "momentum", "cumulative")
                                   : request.with(layer + "momentum", options.running_momentum);
    } else {
      request = request.with(layer + "kind", bce ? "relu" : "sigmoid");
    }
  }
  return request;
}

template <typename T>
void follow(const RecordedRun& run) {
  const Golden& golden = run.golden;
  const std::string dtype = std::string(dtype_name<T>()) + "/";
  const Tolerance tolerance = kTrajectoryTolerance<T>;
  Workbench workbench;
  const double model = ask_well(workbench, experiment_of(run, dtype_name<T>())).number("model");
  const auto request = [&](const char* operation) { return Request{operation, {{"model", model}}}; };
  const auto given = [&](const std::string& name) {
    return array(golden.shape(name), golden.values<T>(name));
  };
  const auto compare_all = [&](const char* operation, const std::string& recorded) {
    for (const std::string& name : golden.names_below(recorded)) {
      const std::vector<double> actual =
          ask_well(workbench, request(operation).with("name", name)).values("value");
      check_close(actual, golden.values<T>(recorded + name), tolerance, recorded + name);
    }
  };

  for (const std::string& name : golden.names_below("start/"))
    ask_well(workbench, request("model_set").with("name", name).with("value", given("start/" + name)));
  std::vector<double> losses;
  for (Index k = 0; k < kRecordedSteps; ++k) {
    const std::string batch = "batch/" + std::to_string(k) + "/";
    const Array y = run.loss == Loss::kCrossEntropy
                        ? array(golden.shape(batch + "y"), golden.values<std::int32_t>(batch + "y"))
                        : given(batch + "y");
    const Answer answer =
        ask_well(workbench, request("model_step").with("x", given(batch + "x")).with("y", y));
    losses.push_back(answer.number("loss"));
    compare_all("model_get", dtype + "step/" + std::to_string(k + 1) + "/");
  }
  check_close(losses, golden.values<double>(dtype + "losses"), tolerance, dtype + "losses");
  compare_all("model_gradient", dtype + "gradient/");
  for (const std::string mode : {"training", "inference"}) {
    const Answer answer =
        ask_well(workbench, request("model_evaluate").with("mode", mode).with("x", given("probe/x")));
    check_close(answer.values("output"), golden.values<T>(dtype + "probe/" + mode), tolerance,
                mode + " output");
  }
}

}  // namespace

TEST_CASE_TEMPLATE("sigmoid, cross entropy, momentum and weight decay", T, float, double) {
  follow<T>(sigmoid_run());
}

TEST_CASE_TEMPLATE("relu, binary cross entropy, Nesterov, cumulative statistics, uneven batches", T, float,
                   double) {
  follow<T>(relu_run());
}
