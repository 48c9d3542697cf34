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

using Fields = std::map<std::string, Request::Argument>;

// An experiment without data whose network has these layers.
Request network(const std::vector<Fields>& layers, const std::vector<double>& input_shape = {4, 1, 1}) {
  Request request{"model_create", {{"experiment.version", 1.0}, {"experiment.loss", "mse"}}};
  double inputs = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    request.arguments["experiment.model.input_shape." + std::to_string(i)] = input_shape[i];
    inputs *= input_shape[i];
  }
  request.arguments["experiment.model.inputs"] = inputs;
  for (std::size_t i = 0; i < layers.size(); ++i)
    for (const auto& [field, value] : layers[i])
      request.arguments["experiment.model.layers." + std::to_string(i) + "." + field] = value;
  return request;
}

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

TEST_CASE("batches by class, schedule, warm-up and clipping are heard; by default there are none") {
  const Experiment silent = read(shortest());
  CHECK(silent.batch.classes_per_batch == 0);
  CHECK(silent.sgd.schedule.kind == ScheduleKind::kConstant);
  CHECK(silent.sgd.schedule.steps == 100);
  CHECK(silent.sgd.schedule.factor == 0.5);
  CHECK(silent.sgd.schedule.warmup == 0);
  CHECK(silent.sgd.clip == 0);
  const Experiment e = read(kFull.with("experiment.batch.classes", 1.0)
                                .with("experiment.optimizer.schedule", "cosine")
                                .with("experiment.optimizer.schedule_steps", 30.0)
                                .with("experiment.optimizer.schedule_factor", 0.25)
                                .with("experiment.optimizer.warmup", 7.0)
                                .with("experiment.optimizer.clip", 1.5));
  CHECK(e.batch.classes_per_batch == 1);
  CHECK(e.sgd.schedule.kind == ScheduleKind::kCosine);
  CHECK(e.sgd.schedule.steps == 30);
  CHECK(e.sgd.schedule.factor == 0.25);
  CHECK(e.sgd.schedule.warmup == 7);
  CHECK(e.sgd.clip == 1.5);
  CHECK(read(kFull.with("experiment.optimizer.schedule", "step")).sgd.schedule.kind == ScheduleKind::kStep);
}

TEST_CASE("every kind of layer is read with all its options") {
  const Experiment e = read(network(
      {{{"kind", "conv2d"},
        {"units", 4.0},
        {"kernel", 5.0},
        {"stride", 2.0},
        {"padding", 1.0},
        {"bias", false},
        {"init", "normal"},
        {"gain", 2.0},
        {"sigma", 0.5}},
       {{"kind", "batch_norm"}, {"frozen", true}, {"ghost", 4.0}},
       {{"kind", "pool2d"}, {"pool", "average"}, {"size", 3.0}, {"stride", 1.0}},
       {{"kind", "group_norm"}, {"groups", 2.0}, {"affine", false}, {"eps", 1e-3}, {"initial_gamma", 2.0}},
       {{"kind", "instance_norm"}, {"eps", 1e-2}, {"initial_gamma", 3.0}},
       {{"kind", "add"}, {"from", 2.0}},
       {{"kind", "leaky_relu"}, {"slope", 0.2}},
       {{"kind", "flatten"}},
       {{"kind", "layer_norm"}, {"affine", false}, {"initial_gamma", 4.0}},
       {{"kind", "batch_renorm"},
        {"momentum", 0.2},
        {"eps", 1e-4},
        {"affine", false},
        {"single_value", "show"},
        {"initial_gamma", 5.0},
        {"r_max", 2.0},
        {"d_max", 1.0},
        {"plain_steps", 10.0},
        {"ramp_steps", 20.0}},
       {{"kind", "lp_norm"},
        {"p", "inf"},
        {"momentum", 0.3},
        {"eps", 1e-6},
        {"affine", false},
        {"single_value", "show"},
        {"initial_gamma", 6.0}},
       {{"kind", "dropout"}, {"p", 0.25}}},
      {2, 9, 9}));
  CHECK(e.network.inputs == ExampleShape{2, 9, 9});
  CHECK(e.outputs == 16);  // (9 + 2 − 5)/2 + 1 = 4 pixels, 2 after pooling
  const std::vector<LayerSpec>& layers = e.network.layers;
  REQUIRE(layers.size() == 12);
  const auto& conv = std::get<Conv2dSpec>(layers[0]);
  CHECK(conv.units == 4);
  CHECK(conv.kernel == 5);
  CHECK(conv.stride == 2);
  CHECK(conv.padding == 1);
  CHECK_FALSE(conv.bias);
  CHECK(conv.init.kind == Init::kNormal);
  CHECK(conv.init.gain == 2);
  CHECK(conv.init.sigma == 0.5);
  const auto& batch = std::get<BatchNormSpec>(layers[1]);
  CHECK(batch.frozen);
  CHECK(batch.ghost == 4);
  const auto& pool = std::get<Pool2dSpec>(layers[2]);
  CHECK(pool.kind == Pool::kAverage);
  CHECK(pool.size == 3);
  CHECK(pool.stride == 1);
  const auto& group = std::get<GroupNormSpec>(layers[3]);
  CHECK(group.groups == 2);
  CHECK_FALSE(group.per_feature);
  CHECK_FALSE(group.affine);
  CHECK(group.eps == 1e-3);
  CHECK(group.initial_gamma == 2);
  const auto& instance = std::get<GroupNormSpec>(layers[4]);
  CHECK(instance.groups == 4);
  CHECK_FALSE(instance.per_feature);
  CHECK(instance.affine);
  CHECK(instance.eps == 1e-2);
  CHECK(instance.initial_gamma == 3);
  CHECK(std::get<AddSpec>(layers[5]).from == 2);
  const auto& leaky = std::get<ActivationSpec>(layers[6]);
  CHECK(leaky.kind == Activation::kLeakyRelu);
  CHECK(leaky.slope == 0.2);
  CHECK(std::holds_alternative<FlattenSpec>(layers[7]));
  const auto& layer = std::get<GroupNormSpec>(layers[8]);
  CHECK(layer.groups == 1);
  CHECK(layer.per_feature);
  CHECK_FALSE(layer.affine);
  CHECK(layer.initial_gamma == 4);
  const auto& renorm = std::get<BatchRenormSpec>(layers[9]);
  CHECK(renorm.options.running_momentum == 0.2);
  CHECK(renorm.options.eps == 1e-4);
  CHECK_FALSE(renorm.options.affine);
  CHECK(renorm.options.single_value == SingleValue::kShow);
  CHECK(renorm.initial_gamma == 5);
  CHECK(renorm.schedule.full.r_max == 2);
  CHECK(renorm.schedule.full.d_max == 1);
  CHECK(renorm.schedule.plain_steps == 10);
  CHECK(renorm.schedule.ramp_steps == 20);
  const auto& lp = std::get<LpNormSpec>(layers[10]);
  CHECK(lp.spread == Spread::kInfinity);
  CHECK(lp.options.running_momentum == 0.3);
  CHECK(lp.options.eps == 1e-6);
  CHECK_FALSE(lp.options.affine);
  CHECK(lp.options.single_value == SingleValue::kShow);
  CHECK(lp.initial_gamma == 6);
  CHECK(std::get<DropoutSpec>(layers[11]).p == 0.25);
}

TEST_CASE("what a layer leaves out is as the documentation says") {
  const Experiment e = read(network({{{"kind", "conv2d"}, {"units", 8.0}, {"kernel", 5.0}},
                                     {{"kind", "batch_norm"}},
                                     {{"kind", "pool2d"}, {"pool", "max"}},
                                     {{"kind", "group_norm"}},
                                     {{"kind", "flatten"}},
                                     {{"kind", "batch_renorm"}},
                                     {{"kind", "lp_norm"}, {"p", 1.0}},
                                     {{"kind", "dropout"}},
                                     {{"kind", "leaky_relu"}}},
                                    {1, 6, 6}));
  const std::vector<LayerSpec>& layers = e.network.layers;
  CHECK(e.outputs == 8 * 3 * 3);  // padding (5 − 1)/2 keeps the six pixels, pooling halves them
  const auto& conv = std::get<Conv2dSpec>(layers[0]);
  CHECK(conv.stride == 1);
  CHECK(conv.padding == 2);
  CHECK(conv.bias);
  CHECK(conv.init.kind == Init::kHeNormal);
  const auto& batch = std::get<BatchNormSpec>(layers[1]);
  CHECK_FALSE(batch.frozen);
  CHECK(batch.ghost == 0);
  const auto& pool = std::get<Pool2dSpec>(layers[2]);
  CHECK(pool.kind == Pool::kMax);
  CHECK(pool.size == 2);
  CHECK(pool.stride == 2);
  const auto& group = std::get<GroupNormSpec>(layers[3]);
  CHECK(group.groups == 8);
  CHECK(group.affine);
  CHECK(group.eps == 1e-5);
  CHECK(group.initial_gamma == 1);
  const auto& renorm = std::get<BatchRenormSpec>(layers[5]);
  CHECK(renorm.options.running_momentum == 0.1);
  CHECK(renorm.options.eps == 1e-5);
  CHECK(renorm.options.affine);
  CHECK(renorm.options.single_value == SingleValue::kError);
  CHECK(renorm.schedule.full.r_max == 3);
  CHECK(renorm.schedule.full.d_max == 5);
  CHECK(renorm.schedule.plain_steps == 0);
  CHECK(renorm.schedule.ramp_steps == 0);
  const auto& lp = std::get<LpNormSpec>(layers[6]);
  CHECK(lp.spread == Spread::kL1);
  CHECK(lp.options.eps == 1e-5);
  CHECK(std::get<DropoutSpec>(layers[7]).p == 0.5);
  CHECK(std::get<ActivationSpec>(layers[8]).slope == 0.01);
  // Without a shape an example is a row of features.
  CHECK(read(shortest()).network.inputs == ExampleShape{3, 1, 1});
}

TEST_CASE("layers that do not fit what comes before them are refused") {
  const auto field = [](int i, const char* name) {
    return "experiment.model.layers." + std::to_string(i) + "." + name;
  };
  const Fields linear{{"kind", "linear"}, {"units", 4.0}};
  const Fields conv{{"kind", "conv2d"}, {"units", 2.0}, {"kernel", 3.0}};
  const std::vector<double> picture{1, 3, 3};

  check_refused(network({linear, {{"kind", "group_norm"}, {"groups", 3.0}}}), field(1, "groups"),
                "a divisor of the 4 channels", "3");
  check_refused(network({linear, {{"kind", "group_norm"}}}), field(1, "groups"), "a divisor of the 4", "8");
  check_refused(network({linear, {{"kind", "group_norm"}, {"groups", 4.0}}}), field(1, "groups"),
                "more than one value per group", "4, groups of one value");
  CHECK(read(network({conv, {{"kind", "group_norm"}, {"groups", 2.0}}}, picture)).outputs == 18);
  check_refused(network({linear, {{"kind", "instance_norm"}}}), field(1, "kind"), "where there are pictures",
                "without height and width");
  check_refused(network({{{"kind", "linear"}, {"units", 1.0}}, {{"kind", "layer_norm"}}}), field(1, "kind"),
                "more than one feature", "one feature");

  check_refused(network({conv, {{"kind", "linear"}, {"units", 4.0}}}, picture), field(1, "kind"),
                "a flatten layer between", "none");
  CHECK(read(network({conv, {{"kind", "flatten"}}, linear}, picture)).outputs == 4);
  const auto convolved = [&](double kernel, double padding) {
    return network({{{"kind", "conv2d"}, {"units", 2.0}, {"kernel", kernel}, {"padding", padding}}}, picture);
  };
  check_refused(convolved(5, 0), field(0, "kernel"), "no larger than the (1, 3, 3) picture", "5");
  CHECK(read(convolved(5, 1)).outputs == 2);
  check_refused(convolved(2, 0), field(0, "kernel"), "1, 3 or 5", "2");
  check_refused(convolved(7, 3), field(0, "kernel"), "from 1 to 5", "7");
  check_refused(convolved(3, 6), field(0, "padding"), "from 0 to 5", "6");
  check_refused(network({{{"kind", "pool2d"}, {"pool", "max"}, {"size", 4.0}}}, picture), field(0, "size"),
                "no larger than the (1, 3, 3) picture", "4");
  check_refused(network({linear, {{"kind", "pool2d"}, {"pool", "max"}}}), field(1, "size"),
                "no larger than the (4, 1, 1) picture", "2");

  const auto add = [](double from) { return Fields{{"kind", "add"}, {"from", from}}; };
  CHECK(read(network({linear, add(-1)})).outputs == 4);
  check_refused(network({{{"kind", "linear"}, {"units", 3.0}}, add(-1)}), field(1, "from"),
                "output is (3, 1, 1) as here", "(4, 1, 1)");
  check_refused(network({linear, {{"kind", "linear"}, {"units", 3.0}}, add(0)}), field(2, "from"),
                "output is (3, 1, 1) as here", "(4, 1, 1)");
  check_refused(network({linear, add(1)}), field(1, "from"), "from -1 to 0", "1");
  check_refused(network({linear, add(2), linear}), field(1, "from"), "from -1 to 0", "2");
  check_refused(network({linear, add(-2)}), field(1, "from"), "from -1 to 0", "-2");
}

TEST_CASE("options that contradict each other or lie outside their range are refused") {
  const auto refuse = [](const Fields& layer, const std::string& name, const char* expected,
                         const char* actual) {
    check_refused(network({{{"kind", "linear"}, {"units", 4.0}}, layer}), "experiment.model.layers.1." + name,
                  expected, actual);
  };
  refuse({{"kind", "batch_norm"}, {"frozen", true}, {"track_running_stats", false}}, "frozen",
         "false without running statistics", "true");
  refuse({{"kind", "batch_norm"}, {"ghost", 1.0}}, "ghost", "two examples or more, or 0", "1");
  refuse({{"kind", "batch_norm"}, {"ghost", 1.5}}, "ghost", "whole", "1.5");
  refuse({{"kind", "batch_renorm"}, {"r_max", 0.5}}, "r_max", "from 1", "0.5");
  refuse({{"kind", "batch_renorm"}, {"d_max", -1.0}}, "d_max", "from 0", "-1");
  refuse({{"kind", "batch_renorm"}, {"ramp_steps", -1.0}}, "ramp_steps", "from 0", "-1");
  // Of batch norm's options its relatives have those that mean something for them.
  refuse({{"kind", "batch_renorm"}, {"momentum", "cumulative"}}, "momentum", "from 0 to 1", "'cumulative'");
  refuse({{"kind", "batch_renorm"}, {"convention", "keras"}}, "convention", "no argument", "'keras'");
  refuse({{"kind", "lp_norm"}, {"p", 1.0}, {"momentum", "cumulative"}}, "momentum", "from 0 to 1",
         "'cumulative'");
  refuse({{"kind", "lp_norm"}, {"p", 2.0}, {"ghost", 4.0}}, "ghost", "no argument", "4");
  refuse({{"kind", "lp_norm"}}, "p", "1 to 2", "nothing");
  refuse({{"kind", "lp_norm"}, {"p", 3.0}}, "p", "1 to 2", "3");
  refuse({{"kind", "lp_norm"}, {"p", "max"}}, "p", "1, 2 or 'inf'", "'max'");
  refuse({{"kind", "layer_norm"}, {"groups", 2.0}}, "groups", "no argument", "2");
  refuse({{"kind", "layer_norm"}, {"eps", 0.0}}, "eps", "from 1e-30", "0");
  refuse({{"kind", "dropout"}, {"p", 1.0}}, "p", "to 0.99", "1");
  refuse({{"kind", "leaky_relu"}, {"slope", 0.0}}, "slope", "to 1", "0");
  refuse({{"kind", "relu"}, {"slope", 0.1}}, "slope", "no argument", "0.1");
  refuse({{"kind", "pool2d"}, {"size", 1.0}}, "pool", "'max' 'average'", "nothing");
  refuse({{"kind", "pool2d"}, {"pool", "max"}, {"stride", 0.0}}, "stride", "from 1", "0");
  refuse({{"kind", "add"}}, "from", "whole", "nothing");
}

TEST_CASE("the shape of an example has as many values as there are inputs") {
  const Request picture = network({{{"kind", "flatten"}}}, {2, 3, 4});
  const Experiment e = read(picture);
  CHECK(e.network.inputs == ExampleShape{2, 3, 4});
  CHECK(e.outputs == 24);
  const std::string shape = "experiment.model.input_shape";
  check_refused(picture.with("experiment.model.inputs", 25.0), shape, "product is inputs, 25", "(2, 3, 4)");
  check_refused(picture.with(shape + ".1", 0.0), shape + ".1", "from 1", "0");
  check_refused(picture.without(shape + ".2"), shape + ".2", "whole", "nothing");
  check_refused(picture.with(shape + ".3", 1.0), shape + ".3", "no argument", "1");
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
  check_refused(kFull.with("experiment.version", 2.0), "experiment.version", "the number 1", "2");
  check_refused(kFull.with("experiment.batch.classes", -1.0), "experiment.batch.classes", "from 0", "-1");
  check_refused(kFull.with("experiment.optimizer.schedule", "linear"), "experiment.optimizer.schedule",
                "'constant' 'step' 'cosine'", "'linear'");
  check_refused(kFull.with("experiment.optimizer.schedule_steps", 0.0), "experiment.optimizer.schedule_steps",
                "from 1", "0");
  check_refused(kFull.with("experiment.optimizer.schedule_factor", 1.5),
                "experiment.optimizer.schedule_factor", "from 0 to 1", "1.5");
  check_refused(kFull.with("experiment.optimizer.warmup", -1.0), "experiment.optimizer.warmup", "from 0",
                "-1");
  check_refused(kFull.with("experiment.optimizer.clip", -1.0), "experiment.optimizer.clip", "from 0", "-1");
  check_refused(kFull.with("experiment.model.inputs", 0.0), "experiment.model.inputs", "from 1 to 4096", "0");
  check_refused(kFull.with(layer(0, "units"), 4097.0), layer(0, "units"), "from 1 to 4096", "4097");
  check_refused(kFull.with(layer(0, "units"), 2.5), layer(0, "units"), "whole", "2.5");
  check_refused(kFull.with(layer(0, "gain"), -1.0), layer(0, "gain"), "from 0", "-1");
  check_refused(kFull.with(layer(1, "eps"), 0.0), layer(1, "eps"), "from 1e-30", "0");
  check_refused(kFull.with(layer(1, "momentum"), 1.01), layer(1, "momentum"), "from 0 to 1", "1.01");
  check_refused(kFull.with(layer(1, "momentum"), "mean"), layer(1, "momentum"), "'cumulative'", "'mean'");
  check_refused(kFull.with(layer(1, "units"), 3.0), layer(1, "units"), "no argument of this name", "3");
  check_refused(kFull.with(layer(3, "units"), 3.0), layer(3, "kind"), "'linear' 'conv2d'", "nothing");
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
  // A picture that every layer pads, until 4096 of its kind are more values than 32 bits can count.
  Request padded = without_below(shortest(), "experiment.data").with("experiment.model.inputs", 4096.0);
  padded = padded.with("experiment.model.input_shape.0", 1.0)
               .with("experiment.model.input_shape.1", 64.0)
               .with("experiment.model.input_shape.2", 64.0);
  for (int i = 0; i <= 80; ++i)
    padded = padded.with(layer(i, "kind"), "conv2d")
                 .with(layer(i, "kernel"), 1.0)
                 .with(layer(i, "padding"), 5.0)
                 .with(layer(i, "units"), i == 80 ? 4096.0 : 1.0);
  check_refused(padded, "experiment.model.layers", "at most 32000000 values per example", "");
}

TEST_CASE("data, network and loss have to go together") {
  const auto last = [](double units) { return kFull.with("experiment.model.layers.2.units", units); };
  check_refused(kFull.with("experiment.model.inputs", 3.0), "experiment.model.input_shape",
                "product is inputs, 3", "(2, 1, 1)");
  check_refused(without_below(kFull, "experiment.model.input_shape").with("experiment.model.inputs", 3.0),
                "experiment.model.inputs", "2, the features", "3");
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

TEST_CASE("values are predicted by as many outputs, and measured by mse") {
  const Request regression = without_below(kFull, "experiment.model.input_shape")
                                 .without("experiment.data.classes")
                                 .with("experiment.data.kind", "regression")
                                 .with("experiment.model.inputs", 1.0)
                                 .with("experiment.model.layers.2.units", 1.0)
                                 .with("experiment.loss", "mse");
  CHECK(read(regression).outputs == 1);
  check_refused(regression.with("experiment.loss", "cross_entropy"), "experiment.loss",
                "'mse', because this data has values to predict", "'cross_entropy'");
  check_refused(regression.with("experiment.loss", "bce_with_logits"), "experiment.loss", "'mse'",
                "'bce_with_logits'");
  check_refused(regression.with("experiment.model.layers.2.units", 2.0), "experiment.model.layers",
                "one output per value, 1", "2");
  check_refused(regression.with("experiment.model.inputs", 2.0), "experiment.model.inputs", "1, the features",
                "2");
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
  // Its relatives too; frozen it takes no statistics, and layers that go by the example do not care.
  const auto alone = [](const Fields& layer) {
    Request request = without_below(kFull, "experiment.model.layers.1").with("experiment.batch.size", 1.0);
    for (const auto& [field, value] : layer) request.arguments["experiment.model.layers.1." + field] = value;
    return request;
  };
  for (const Fields& layer : {Fields{{"kind", "batch_renorm"}}, Fields{{"kind", "lp_norm"}, {"p", 1.0}},
                              Fields{{"kind", "batch_norm"}, {"ghost", 2.0}}})
    check_refused(alone(layer), "experiment.batch.size", "more than one value", "one example");
  for (const Fields& layer :
       {Fields{{"kind", "batch_norm"}, {"frozen", true}}, Fields{{"kind", "layer_norm"}},
        Fields{{"kind", "group_norm"}, {"groups", 2.0}}})
    CHECK(read(alone(layer)).batch.size == 1);
}
