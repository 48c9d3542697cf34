// Reading an experiment: defaults, limits, and parts that have to go together.
#include "experiment.hpp"

#include <doctest/doctest.h>

#include "data/toy.hpp"
#include "workbench/requests.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

Experiment read(const Request& request) {
  Arguments in;
  for (const auto& [name, argument] : request.arguments) {
    if (const auto* number = std::get_if<double>(&argument)) in.add(name, *number);
    if (const auto* flag = std::get_if<bool>(&argument)) in.add(name, *flag);
    if (const auto* text = std::get_if<std::string>(&argument)) in.add(name, *text);
  }
  Experiment experiment = read_experiment(in);
  CHECK(in.finish().ok());
  return experiment;
}

// As short as an experiment can be.
Request shortest() {
  return {"model_create",
          {{"experiment.version", 1.0},
           {"experiment.loss", "mse"},
           {"experiment.model.inputs", 3.0},
           {"experiment.model.layers.0.kind", "linear"},
           {"experiment.model.layers.0.units", 2.0},
           {"experiment.model.layers.1.kind", "batch_norm"}}};
}

void check_refused(const Request& request, const std::string& argument, const std::string& expected,
                   const std::string& actual) {
  Workbench workbench;
  test::check_refused(workbench, request, argument, expected, actual);
  CHECK(workbench.models().empty());
}

const Request kFull = experiment_request();

}  // namespace

TEST_CASE("what is left out is as PyTorch and the documentation say") {
  const Experiment e = read(shortest());
  CHECK_FALSE(e.double_precision);
  CHECK(e.data_seed == 1);
  CHECK(e.init_seed == 1);
  CHECK(e.order_seed == 1);
  CHECK(e.data == nullptr);
  CHECK(e.batch.size == 32);
  CHECK(e.batch.reshuffle);
  CHECK(e.batch.last == LastBatch::kKeep);
  CHECK(e.outputs == 2);
  CHECK(e.loss == Loss::kMse);
  CHECK(e.sgd.lr == 0.1);
  CHECK(e.sgd.momentum == 0);
  CHECK_FALSE(e.sgd.nesterov);
  CHECK(e.sgd.weight_decay == 0);
  CHECK_FALSE(e.sgd.decoupled);
  CHECK(e.sgd.decay_gamma);
  CHECK(e.sgd.decay_beta);
  CHECK(e.sgd.decay_bias);
  const auto& linear = std::get<LinearSpec>(e.network.layers[0]);
  CHECK(linear.bias);
  CHECK(linear.init.kind == Init::kHeNormal);
  CHECK(linear.init.gain == 1);
  const auto& norm = std::get<BatchNormSpec>(e.network.layers[1]);
  CHECK(norm.options.eps == 1e-5);
  CHECK(norm.options.running_momentum == 0.1);
  CHECK(norm.options.affine);
  CHECK(norm.options.track_running_stats);
  CHECK(norm.options.unbiased_running_var);
  CHECK(norm.initial_gamma == 1);
}

TEST_CASE("everything that is said is heard") {
  const Experiment e = read(kFull.with("experiment.dtype", "float64")
                                .with("experiment.seeds.init", 4294967295.0)
                                .with("experiment.batch.reshuffle", false)
                                .with("experiment.model.layers.0.bias", false)
                                .with("experiment.model.layers.0.init", "xavier_uniform")
                                .with("experiment.model.layers.0.gain", 2.0)
                                .with("experiment.model.layers.1.convention", "keras")
                                .with("experiment.model.layers.1.momentum", 0.9)
                                .with("experiment.model.layers.1.affine", false)
                                .with("experiment.model.layers.1.track_running_stats", false)
                                .with("experiment.model.layers.1.single_value", "show")
                                .with("experiment.model.layers.1.initial_gamma", -2.0)
                                .with("experiment.optimizer.nesterov", true)
                                .with("experiment.optimizer.decoupled", true)
                                .with("experiment.optimizer.decay_beta", false));
  CHECK(e.double_precision);
  CHECK(e.data_seed == 1);
  CHECK(e.init_seed == 4294967295U);
  CHECK(e.order_seed == 3);
  REQUIRE(e.data != nullptr);
  CHECK(e.data->train.count == 24);
  CHECK(e.data->train.classes == 2);
  CHECK(e.batch.size == 8);
  CHECK_FALSE(e.batch.reshuffle);
  CHECK(e.batch.last == LastBatch::kDrop);
  const auto& linear = std::get<LinearSpec>(e.network.layers[0]);
  CHECK(linear.units == 4);
  CHECK_FALSE(linear.bias);
  CHECK(linear.init.kind == Init::kXavierUniform);
  CHECK(linear.init.gain == 2);
  CHECK(linear.init.sigma == 0.5);
  const auto& norm = std::get<BatchNormSpec>(e.network.layers[1]);
  CHECK(norm.options.running_momentum == doctest::Approx(0.1));  // Keras' 0.9 is what is kept
  CHECK_FALSE(norm.options.unbiased_running_var);
  CHECK(norm.options.eps == 1e-5);  // as said, not Keras' own
  CHECK_FALSE(norm.options.affine);
  CHECK_FALSE(norm.options.track_running_stats);
  CHECK(norm.options.single_value == SingleValue::kShow);
  CHECK(norm.initial_gamma == -2);
  CHECK(e.sgd.momentum == 0.9);
  CHECK(e.sgd.nesterov);
  CHECK(e.sgd.weight_decay == 1e-4);
  CHECK(e.sgd.decoupled);
  CHECK(e.sgd.decay_gamma);
  CHECK_FALSE(e.sgd.decay_beta);
}

TEST_CASE("the words for layers, initialisers and data mean what they say") {
  constexpr struct {
    const char* word;
    Activation kind;
  } kActivations[] = {{"relu", Activation::kRelu},
                      {"sigmoid", Activation::kSigmoid},
                      {"tanh", Activation::kTanh},
                      {"identity", Activation::kIdentity}};
  for (const auto& [word, kind] : kActivations) {
    const Experiment e = read(shortest().with("experiment.model.layers.2.kind", word));
    CHECK(std::get<ActivationSpec>(e.network.layers[2]).kind == kind);
  }
  constexpr struct {
    const char* word;
    Init kind;
  } kInits[] = {{"he_normal", Init::kHeNormal},
                {"he_uniform", Init::kHeUniform},
                {"xavier_normal", Init::kXavierNormal},
                {"xavier_uniform", Init::kXavierUniform},
                {"lecun_normal", Init::kLecunNormal},
                {"normal", Init::kNormal},
                {"pytorch", Init::kPyTorch}};
  for (const auto& [word, kind] : kInits) {
    const Experiment e = read(shortest().with("experiment.model.layers.0.init", word));
    CHECK(std::get<LinearSpec>(e.network.layers[0]).init.kind == kind);
  }
  const Experiment cumulative = read(shortest().with("experiment.model.layers.1.momentum", "cumulative"));
  CHECK(std::get<BatchNormSpec>(cumulative.network.layers[1]).options.cumulative);
  for (const auto& [word, kind] :
       {std::pair("blobs", Toy::kBlobs), std::pair("circles", Toy::kCircles), std::pair("xor", Toy::kXor),
        std::pair("spirals", Toy::kSpirals), std::pair("moons", Toy::kMoons)}) {
    const Experiment e = read(kFull.with("experiment.data.kind", word));
    REQUIRE(e.data != nullptr);
    CHECK(e.data->train.x == make_toy({kind, 24, 0.1, 2}, 1).x);
  }
  CHECK(read(shortest().with("experiment.data.kind", "given")).data == nullptr);
}

TEST_CASE("layers are read in order, past the ninth") {
  Request request = shortest();
  for (int i = 2; i < 12; ++i)
    request =
        request.with("experiment.model.layers." + std::to_string(i) + ".kind", i == 11 ? "tanh" : "relu");
  const Experiment e = read(request);
  REQUIRE(e.network.layers.size() == 12);
  CHECK(std::get<ActivationSpec>(e.network.layers[10]).kind == Activation::kRelu);
  CHECK(std::get<ActivationSpec>(e.network.layers[11]).kind == Activation::kTanh);
}

TEST_CASE("limits") {
  const auto layer = [](int i, const char* field) {
    return "experiment.model.layers." + std::to_string(i) + "." + field;
  };
  check_refused(kFull.with("experiment.version", 2.0), "experiment.version", "from 1 to 1", "2");
  check_refused(kFull.with("experiment.model.inputs", 0.0), "experiment.model.inputs", "from 1 to 4096", "0");
  check_refused(kFull.with(layer(0, "units"), 4097.0), layer(0, "units"), "from 1 to 4096", "4097");
  check_refused(kFull.with(layer(0, "units"), 2.5), layer(0, "units"), "whole", "2.5");
  check_refused(kFull.with(layer(0, "gain"), -1.0), layer(0, "gain"), "from 0", "-1");
  check_refused(kFull.with(layer(1, "eps"), 0.0), layer(1, "eps"), "from 1e-30", "0");
  check_refused(kFull.with(layer(1, "momentum"), 1.01), layer(1, "momentum"), "from 0 to 1", "1.01");
  check_refused(kFull.with(layer(1, "momentum"), "mean"), layer(1, "momentum"), "'cumulative'", "'mean'");
  check_refused(kFull.with(layer(1, "units"), 3.0), layer(1, "units"), "no argument of this name", "3");
  check_refused(kFull.with(layer(3, "units"), 3.0), layer(3, "kind"), "'linear' 'batch_norm'", "nothing");
  check_refused(kFull.with(layer(4, "kind"), "relu"), layer(4, "kind"), "no argument of this name", "relu");
  check_refused(kFull.with("experiment.batch.size", 0.0), "experiment.batch.size", "from 1", "0");
  check_refused(kFull.with("experiment.optimizer.lr", -1.0), "experiment.optimizer.lr", "from 0", "-1");
  check_refused(kFull.with("experiment.optimizer.momentum", 0.0).with("experiment.optimizer.nesterov", true),
                "experiment.optimizer.nesterov", "false without momentum", "true");
  check_refused(kFull.with("experiment.seeds.data", -1.0), "experiment.seeds.data", "from 0 to 4294967295",
                "-1");
  check_refused(kFull.with("experiment.data.count", 1.0), "experiment.data.count", "from 2", "1");
  check_refused(kFull.with("experiment.optimiser.lr", 1.0), "experiment.optimiser.lr", "no argument", "1");

  Request empty = shortest();
  empty.arguments.erase(layer(0, "kind"));
  empty.arguments.erase(layer(0, "units"));
  empty.arguments.erase(layer(1, "kind"));
  check_refused(empty, "experiment.model.layers", "at least one layer", "none");
  Request deep = shortest();
  for (int i = 2; i <= 256; ++i) deep = deep.with(layer(i, "kind"), "relu");
  check_refused(deep, "experiment.model.layers", "at most 256 layers", "more");
  Request wide = shortest();
  for (int i = 0; i < 3; ++i) wide = wide.with(layer(i, "kind"), "linear").with(layer(i, "units"), 4096.0);
  check_refused(wide, "experiment.model.layers", "at most 16000000 weights", "33566720");
  check_refused(shortest().with("experiment.batch.size", 65536.0).with(layer(0, "units"), 4096.0),
                "experiment.batch.size", "activations are at most 32000000", "536870912");
}

TEST_CASE("data, network and loss have to go together") {
  const auto last = [](double units) { return kFull.with("experiment.model.layers.2.units", units); };
  check_refused(kFull.with("experiment.model.inputs", 3.0), "experiment.model.inputs", "2, the coordinates",
                "3");
  check_refused(last(3), "experiment.model.layers", "one output per class, 2", "3");
  check_refused(last(1), "experiment.model.layers", "one output per class, 2", "1");
  check_refused(kFull.with("experiment.data.classes", 3.0), "experiment.model.layers",
                "one output per class, 3", "2");
  // One output can tell two classes apart, but for cross entropy.
  for (const char* loss : {"bce_with_logits", "mse"}) {
    CHECK(read(last(1).with("experiment.loss", loss)).outputs == 1);
    CHECK(read(last(2).with("experiment.loss", loss)).outputs == 2);
    check_refused(last(1).with("experiment.loss", loss).with("experiment.data.classes", 3.0),
                  "experiment.model.layers", "one output per class, 3", "1");
  }
}

TEST_CASE("batch normalization needs batches of two, unless it may show what becomes of one") {
  const auto sized = [](double size, const char* last) {
    return kFull.with("experiment.batch.size", size).with("experiment.batch.last", last);
  };
  check_refused(sized(1, "keep"), "experiment.batch.size", "more than one value", "one example");
  check_refused(sized(1, "drop"), "experiment.batch.size", "more than one value", "one example");
  check_refused(sized(23, "keep"), "experiment.batch.last", "'drop'", "24 examples in batches of 23");
  CHECK(read(sized(23, "drop")).batch.size == 23);
  CHECK(read(sized(24, "keep")).batch.size == 24);
  CHECK(read(sized(100, "keep")).batch.size == 100);
  CHECK(read(sized(1, "keep").with("experiment.model.layers.1.single_value", "show")).batch.size == 1);
  CHECK(read(sized(1, "keep")
                 .with("experiment.model.layers.1.convention", "keras")
                 .without("experiment.model.layers.1.single_value"))
            .batch.size == 1);
}
