// Ever more layers.
//
// A sigmoid's slope is a quarter at most, so that after a few layers no gradient is left; batch normalization in every layer
// keeps the sigmoids where they have one, and stacks of twenty learn (Ioffe & Szegedy 2015, arXiv:1502.03167). With ReLU it
// is no licence to go on: gradients that grow by 1.21 per layer (E8) leave fifty layers at chance, unless skip connections
// take the growth away (Yang et al. 2019, arXiv:1902.08129, and De & Smith 2020, arXiv:2002.10444).
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

struct Stack {
  std::string_view arm;
  bool norm = false;
  Index normalized = -1;
  bool skips = false;
};

void measure(const std::vector<Stack>& stacks, Activation activation, const Setting& setting,
             std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.standardize = !setting.on("raw")}, seed);
  const Training training{setting["lr"], 64, setting.count("steps")};
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    for (const Stack& stack : stacks) {
      DeepNetwork network{.depth = static_cast<Index>(setting.points()[i]),
                          .width = setting.count("width"),
                          .activation = activation,
                          .normalized = stack.normalized,
                          .skips = stack.skips};
      if (stack.norm) network.norm = BatchNormSpec{};
      record.set("accuracy", stack.arm, i, deep_accuracy(network, training, data, seed));
    }
  }
}

void run_sigmoid(const Setting& setting, std::uint64_t seed, Record& record) {
  measure({{"none"}, {"bn", true}, {"first", true, 1}}, Activation::kSigmoid, setting, seed, record);
}

void run_relu(const Setting& setting, std::uint64_t seed, Record& record) {
  measure({{"none"}, {"bn", true}, {"bn-skips", true, -1, true}}, Activation::kRelu, setting, seed, record);
}

std::vector<Knob> knobs(double fast_steps) {
  return {{"width", "Units per layer", 32, 4, 128, true},
          {"lr", "Learning rate", 0.1, 1e-4, 10, false, Moves::kByFactors},
          {"steps", "Training steps", 250, 10, 1000, true, Moves::kLinearly, fast_steps},
          {"raw", "Pixels as they come", 0, 0, 1, true}};
}

Axis depths(std::vector<double> points, std::vector<double> fast) {
  return {.name = "depth",
          .label = "Hidden layers",
          .points = std::move(points),
          .min = 1,
          .max = 60,
          .whole = true,
          .moves = Moves::kByFactors,
          .fast = std::move(fast)};
}

std::vector<Metric> metrics() {
  return {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}};
}

}  // namespace

Study depth_sigmoid() {
  return {
      .id = "E7",
      .name = "depth-sigmoid",
      .title = "How many layers of sigmoids can learn?",
      .question =
          "Sigmoids flatten gradients, layer by layer. How deep can such a network be with batch "
          "normalization in every layer, in the first layer only, and without?",
      .method =
          "Networks of 32 sigmoid units per layer, with initial weights of standard deviation 1/√inputs, "
          "learn "
          "standardised glyphs by plain SGD at a learning rate of 0.1 in 250 batches of 64.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization: Accelerating Deep Network Training by Reducing "
          "Internal "
          "Covariate Shift”, arXiv:1502.03167, sections 1 and 4.2",
      .knobs = knobs(kSameWhenFast),
      .axis = depths({2, 4, 10, 20}, {4, 20}),
      .arms = {{"none", "without"}, {"bn", "in every layer"}, {"first", "in the first layer only"}},
      .metrics = metrics(),
      .checks = {{.name = "every-layer",
                  .statement = "From 4 to 20 layers of sigmoids, batch normalization in every layer is ahead "
                               "by 50 points or "
                               "more.",
                  .quantity = "Accuracy with batch normalization minus without, from 4 to 20 layers",
                  .format = Format::kPoints,
                  .bound = at_least(0.5),
                  .measure =
                      [](const Record& of) {
                        return of.mean("accuracy", "bn", 4, 20) - of.mean("accuracy", "none", 4, 20);
                      }},
                 {.name = "first-only",
                  .statement = "In the first layer only it does not help: they do not get beyond 20 %.",
                  .quantity =
                      "Accuracy with batch normalization in the first layer only, from 4 to 20 layers",
                  .format = Format::kShare,
                  .bound = at_most(0.2),
                  .measure = [](const Record& of) { return of.mean("accuracy", "first", 4, 20); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_sigmoid,
  };
}

Study depth_relu() {
  return {
      .id = "E7b",
      .name = "depth-relu",
      .title = "How many layers of ReLU can learn?",
      .question =
          "Does batch normalization let ReLU networks be as deep as one likes, or does it take skip "
          "connections?",
      .method =
          "Networks of 32 ReLU units per layer, with He’s initial weights, learn standardised glyphs by "
          "plain "
          "SGD at a learning rate of 0.1 in 250 batches of 64. With skip connections, each layer but the "
          "first "
          "adds what it is given to what it makes of it.",
      .source =
          "Yang et al. 2019, “A Mean Field Theory of Batch Normalization”, arXiv:1902.08129; De & Smith "
          "2020, "
          "“Batch Normalization Biases Residual Blocks Towards the Identity Function in Deep Networks”, "
          "arXiv:2002.10444",
      .knobs = knobs(150),
      .axis = depths({4, 10, 20, 50}, {4, 20, 50}),
      .arms = {{"none", "without"},
               {"bn", "batch normalization"},
               {"bn-skips", "batch normalization and skip connections"}},
      .metrics = metrics(),
      .checks = {{.name = "fifty-fail",
                  .statement =
                      "With batch normalization, fifty layers without skip connections are near chance.",
                  .quantity = "Accuracy with batch normalization, 50 layers",
                  .format = Format::kShare,
                  .bound = at_most(0.2),
                  .measure = [](const Record& of) { return of.at("accuracy", "bn", 50); }},
                 {.name = "deeper-is-worse",
                  .statement = "With batch normalization, twenty layers end 20 points or more below four.",
                  .quantity = "Accuracy with batch normalization, 4 layers minus 20",
                  .format = Format::kPoints,
                  .bound = at_least(0.2),
                  .measure =
                      [](const Record& of) {
                        return of.at("accuracy", "bn", 4) - of.at("accuracy", "bn", 20);
                      }},
                 {.name = "skips-help",
                  .statement = "At twenty layers, skip connections are worth 20 points or more.",
                  .quantity = "Accuracy with skip connections minus without, batch normalization, 20 layers",
                  .format = Format::kPoints,
                  .bound = at_least(0.2),
                  .measure =
                      [](const Record& of) {
                        return of.at("accuracy", "bn-skips", 20) - of.at("accuracy", "bn", 20);
                      }},
                 {.name = "skips-suffice",
                  .statement = "With skip connections, fifty layers learn to be right in half of all cases.",
                  .quantity = "Accuracy with batch normalization and skip connections, 50 layers",
                  .kind = Kind::kOpen,
                  .format = Format::kShare,
                  .bound = at_least(0.5),
                  .measure = [](const Record& of) { return of.at("accuracy", "bn-skips", 50); }}},
      .seeds = 6,
      .fast_seeds = 5,
      .run = run_relu,
  };
}

}  // namespace bnlab
