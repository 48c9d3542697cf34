// Gradients of deep networks as they are initialised, before any training.
//
// Batch normalization makes the size of the weights irrelevant to what goes forward, and so it cures what a wrong size does:
// gradients that grow or vanish by a factor per layer. But it has a factor of its own. With ReLU the gradient grows by
// √(π/(π−1)) ≈ 1.21 per layer toward the input, which no choice of weights or γ removes (Yang et al. 2019, “A Mean Field Theory
// of Batch Normalization”, arXiv:1902.08129); skip connections do.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "probe/growth.hpp"

namespace bnlab {

namespace {

// Normal inputs and random labels: what is looked at is the network, not the task.
struct Start {
  Index batch = 128;
  Buffer<float> x;
  std::vector<std::int32_t> labels;

  Start(Index examples, Index inputs, std::uint64_t seed)
      : batch(examples), x(static_cast<std::size_t>(examples * inputs)) {
    Random random(seed, Stream::kData);
    for (float& value : x) value = static_cast<float>(random.normal());
    for (Index i = 0; i < examples; ++i) labels.push_back(static_cast<std::int32_t>(random.below(10)));
  }
};

// ‖∂W‖ of each hidden layer at initialisation. What overflows counts as the largest float.
std::vector<double> first_gradients(const DeepNetwork& options, const Start& start, std::uint64_t seed) {
  Network<float> network(deep_network(options));
  network.initialize(seed);
  Tape<float> tape(network, start.batch);
  Buffer<float> gradients(network.parameters().size());
  network_forward(network, tape, start.x.data(), start.batch, Mode::kTraining);
  const bool finite = all_finite(tape.output(), start.batch * network.outputs());
  evaluate_loss(Loss::kCrossEntropy, tape, start.batch, network.outputs(), {start.labels.data(), nullptr});
  network_backward(network, tape, start.x.data(), start.batch, Mode::kTraining, gradients.data());
  std::vector<double> norms = weight_gradient_norms(network, hidden_linear_layers(network), gradients.data());
  // Where outputs overflow, what comes back may be 0.
  constexpr double kLargest = std::numeric_limits<float>::max();
  for (double& norm : norms) norm = finite && norm < kLargest ? norm : kLargest;
  return norms;
}

DeepNetwork network_of(const Setting& setting, Activation activation, bool norm) {
  DeepNetwork network;
  network.depth = setting.count("depth");
  network.inputs = network.width = setting.count("width");
  network.activation = activation;
  if (norm) network.norm = BatchNormSpec{};
  return network;
}

constexpr Knob kDepth{"depth", "Hidden layers", 20, 6, 100, true};
constexpr Knob kWidth{"width", "Units per layer", 128, 8, 256, true};
constexpr Knob kBatch{"batch", "Batch size", 128, 4, 512, true};

// E8: each layer's gradient, as a multiple of the last hidden layer's.

void run_layers(const Setting& setting, std::uint64_t seed, Record& record) {
  const Start start(setting.count("batch"), setting.count("width"), seed);
  const Index depth = setting.count("depth");
  const auto measure = [&](std::string_view arm, Activation activation, bool norm, bool skips = false) {
    DeepNetwork network = network_of(setting, activation, norm);
    network.skips = skips;
    const std::vector<double> norms = first_gradients(network, start, seed);
    for (std::size_t i = 0; i < setting.points().size(); ++i) {
      const auto layer = static_cast<Index>(setting.points()[i]);
      if (layer <= depth)
        record.set("gradient", arm, i, norms[static_cast<std::size_t>(layer - 1)] / norms.back());
    }
  };
  measure("none", Activation::kRelu, false);
  measure("bn", Activation::kRelu, true);
  measure("bn-skips", Activation::kRelu, true, true);
  measure("tanh-bn", Activation::kTanh, true);
  measure("sigmoid", Activation::kSigmoid, false);
  measure("sigmoid-bn", Activation::kSigmoid, true);
  measure("linear-bn", Activation::kIdentity, true);
  for (std::size_t i = 0; i < setting.points().size(); ++i)
    if (const Index above = depth - static_cast<Index>(setting.points()[i]); above >= 0)
      record.set("gradient", "theory", i, power(batch_norm_relu_growth(), above));
}

// Per layer, along the points there are. The ends of a network differ from its middle: two layers at the input and the
// last are left out.
double growth(const Record& of, std::string_view arm) {
  constexpr double kFirst = 3;
  double first = std::numeric_limits<double>::quiet_NaN();
  double last = first;
  for (const double layer : of.setting().points()) {
    if (layer < kFirst || layer >= of.setting()["depth"]) continue;
    first = std::fmin(first, layer);
    last = std::fmax(last, layer);
  }
  return growth_per_layer(of.at("gradient", arm, first), of.at("gradient", arm, last), last - first);
}

// E8c: the first layer's gradient, by the size of the weights.

void run_scales(const Setting& setting, std::uint64_t seed, Record& record) {
  const Start start(setting.count("batch"), setting.count("width"), seed);
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    for (const bool norm : {false, true}) {
      DeepNetwork network = network_of(setting, Activation::kRelu, norm);
      network.gain = setting.points()[i];
      record.set("gradient", norm ? "bn" : "none", i, first_gradients(network, start, seed).front());
    }
  }
}

double bn_by_none(const Record& of, double gain) {
  return of.at("gradient", "bn", gain) / of.at("gradient", "none", gain);
}

// E8d: the factor per layer, by the size of the batch.

void run_batches(const Setting& setting, std::uint64_t seed, Record& record) {
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    const double batch = setting.points()[i];
    const Start start(static_cast<Index>(batch), setting.count("width"), seed);
    const auto measure = [&](std::string_view arm, Activation activation) {
      const std::vector<double> norms = first_gradients(network_of(setting, activation, true), start, seed);
      const std::size_t last = norms.size() - 2;
      record.set("growth", arm, i, growth_per_layer(norms[2], norms[last], static_cast<double>(last - 2)));
    };
    measure("linear", Activation::kIdentity);
    measure("relu", Activation::kRelu);
    record.set("growth", "linear-theory", i, batch_norm_linear_growth(batch));
    record.set("growth", "relu-theory", i, batch_norm_relu_growth());
  }
}

}  // namespace

Study gradient_growth() {
  return {
      .id = "E8",
      .name = "gradient-growth",
      .title = "How do gradients grow on their way back?",
      .question =
          "Batch normalization is said to cure exploding gradients. What happens to the gradient from layer "
          "to "
          "layer in a deep network that nobody has trained yet?",
      .method =
          "Networks of 20×128 units, with the initial weights that suit the activation, are given one batch "
          "of "
          "128 normal inputs with random labels. What is shown is the norm of the gradient of each layer’s "
          "weights, as a multiple of the last hidden layer’s. Growth per layer leaves out two layers at the "
          "input and one at the output. Theory is √(π/(π−1)) per layer.",
      .source =
          "Yang et al. 2019, “A Mean Field Theory of Batch Normalization”, arXiv:1902.08129; Ioffe & Szegedy "
          "2015, arXiv:1502.03167, for the claim",
      .knobs = {kDepth, kWidth, kBatch},
      .axis = {.name = "layer",
               .label = "Layer, from the input",
               .points = {1, 2, 3, 5, 7, 9, 11, 13, 15, 17, 19, 20},
               .min = 1,
               .max = 100,
               .whole = true,
               .fast = {}},
      .arms = {{"none", "ReLU, without"},
               {"bn", "ReLU, batch normalization"},
               {"theory", "ReLU, batch normalization: theory"},
               {"bn-skips", "ReLU, batch normalization and skip connections"},
               {"tanh-bn", "tanh, batch normalization"},
               {"sigmoid", "sigmoid, without"},
               {"sigmoid-bn", "sigmoid, batch normalization"},
               {"linear-bn", "no activation, batch normalization"}},
      .metrics = {{.name = "gradient",
                   .label = "Gradient of a layer’s weights, by the last hidden layer’s",
                   .format = Format::kTimes,
                   .moves = Moves::kByFactors}},
      .checks =
          {{.name = "bn-relu",
            .statement =
                "With batch normalization and ReLU the gradient grows by 1.21 per layer, to within 0.04.",
            .quantity = "Growth per layer, ReLU with batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = within(1.17, 1.25),
            .measure = [](const Record& of) { return growth(of, "bn"); }},
           {.name = "he-relu",
            .statement =
                "Without it, at He’s scale, the gradient hardly changes: between 0.9 and 1.1 per layer.",
            .quantity = "Growth per layer, ReLU without batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = within(0.9, 1.1),
            .measure = [](const Record& of) { return growth(of, "none"); }},
           {.name = "skips",
            .statement = "Skip connections take most of the growth away: with batch normalization 1.1 per "
                         "layer at most.",
            .quantity = "Growth per layer, ReLU with batch normalization and skip connections",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(1.1),
            .measure = [](const Record& of) { return growth(of, "bn-skips"); }},
           {.name = "bn-tanh",
            .statement = "With tanh it grows too, by 1.05 or more per layer.",
            .quantity = "Growth per layer, tanh with batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1.05),
            .measure = [](const Record& of) { return growth(of, "tanh-bn"); }},
           {.name = "sigmoid-vanishes",
            .statement =
                "Without batch normalization a sigmoid leaves less than 0.3 of the gradient at each layer.",
            .quantity = "Growth per layer, sigmoid without batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(0.3),
            .measure = [](const Record& of) { return growth(of, "sigmoid"); }},
           {.name = "bn-sigmoid",
            .statement =
                "With batch normalization it passes the sigmoid almost unchanged: between 0.95 and 1.07 per "
                "layer.",
            .quantity = "Growth per layer, sigmoid with batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = within(0.95, 1.07),
            .measure = [](const Record& of) { return growth(of, "sigmoid-bn"); }},
           {.name = "bn-linear",
            .statement = "Without activations, batch normalization in large batches leaves it as it is, to "
                         "within 0.04.",
            .quantity = "Growth per layer, no activation, with batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = within(0.96, 1.04),
            .measure = [](const Record& of) { return growth(of, "linear-bn"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_layers,
  };
}

Study gradient_scale() {
  return {
      .id = "E8c",
      .name = "gradient-scale",
      .title = "What wrong initial weights do to gradients",
      .question =
          "If all weights of a deep network are twice too large, or half as large as they should be, what "
          "gradient arrives at the first layer?",
      .method =
          "Networks of 20×128 ReLU units, with He’s initial weights times a factor in all hidden layers, are "
          "given one batch of 128 normal inputs with random labels. What is shown is the norm of the "
          "gradient "
          "of the first layer’s weights. What overflows counts as the largest float.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization: Accelerating Deep Network Training by Reducing "
          "Internal "
          "Covariate Shift”, arXiv:1502.03167, section 3.3; Yang et al. 2019, arXiv:1902.08129",
      .knobs = {kDepth, kWidth, kBatch},
      .axis = {.name = "gain",
               .label = "Initial weights, times He’s",
               .points = {0.5, 1, 2},
               .min = 0.01,
               .max = 100,
               .moves = Moves::kByFactors,
               .fast = {}},
      .arms = {{"none", "without"}, {"bn", "batch normalization"}},
      .metrics = {{.name = "gradient",
                   .label = "Gradient of the first layer’s weights",
                   .moves = Moves::kByFactors}},
      .checks =
          {{.name = "no-explosion",
            .statement = "From weights twice too large, the first gradient is more than 1000 times larger "
                         "without batch "
                         "normalization than with it.",
            .quantity = "First gradient without batch normalization by that with it, factor 2",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1000),
            .measure = [](const Record& of) { return 1 / bn_by_none(of, 2); }},
           {.name = "no-vanishing",
            .statement =
                "From weights half as large as they should be, it is more than 1000 times smaller without.",
            .quantity = "First gradient with batch normalization by that without, factor 0.5",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1000),
            .measure = [](const Record& of) { return bn_by_none(of, 0.5); }},
           {.name = "own-explosion",
            .statement = "From weights of the right size it is batch normalization whose gradient explodes, "
                         "to 10 times "
                         "the other or more.",
            .quantity = "First gradient with batch normalization by that without, factor 1",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(10),
            .measure = [](const Record& of) { return bn_by_none(of, 1); }},
           {.name = "inverse-to-weights",
            .statement =
                "With batch normalization, weights four times as large have a gradient a quarter as large, "
                "whatever the depth.",
            .quantity = "First gradient with batch normalization, factor 0.5 by factor 2",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = within(3.9, 4.1),
            .measure =
                [](const Record& of) { return of.at("gradient", "bn", 0.5) / of.at("gradient", "bn", 2); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_scales,
  };
}

Study gradient_growth_batch() {
  return {
      .id = "E8d",
      .name = "gradient-growth-batch",
      .title = "Do small batches make gradients explode faster?",
      .question =
          "Batch normalization makes gradients grow from layer to layer. Does it depend on how many examples "
          "there are to normalise over?",
      .method =
          "Networks of 20×128 units with batch normalization, with ReLU or with no activation at all, are "
          "given "
          "one batch of normal inputs with random labels. Theory is √((B−2)/(B−3)) per layer without "
          "activations, and √(π/(π−1)) with ReLU in large batches.",
      .source = "Yang et al. 2019, “A Mean Field Theory of Batch Normalization”, arXiv:1902.08129",
      .knobs = {kDepth, kWidth},
      .axis = {.name = "batch",
               .label = "Batch size",
               .points = {4, 8, 16, 32, 128},
               .min = 4,
               .max = 512,
               .whole = true,
               .moves = Moves::kByFactors,
               .fast = {8, 128}},
      .arms = {{"linear", "no activation"},
               {"linear-theory", "no activation: theory"},
               {"relu", "ReLU"},
               {"relu-theory", "ReLU: theory, large batches"}},
      .metrics = {{.name = "growth", .label = "Growth of the gradient per layer", .format = Format::kTimes}},
      .checks = {{.name = "linear-theory",
                  .statement =
                      "Without activations, growth in batches of 8 is √(6/5) ≈ 1.095, to within 3 %.",
                  .quantity = "Growth per layer by theory’s, no activation, batches of 8",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = within(0.97, 1.03),
                  .measure =
                      [](const Record& of) {
                        return of.at("growth", "linear", 8) / of.at("growth", "linear-theory", 8);
                      }},
                 {.name = "relu-theory",
                  .statement = "With ReLU, growth in batches of 128 is √(π/(π−1)) ≈ 1.211, to within 3 %.",
                  .quantity = "Growth per layer by theory’s, ReLU, batches of 128",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = within(0.97, 1.03),
                  .measure =
                      [](const Record& of) {
                        return of.at("growth", "relu", 128) / of.at("growth", "relu-theory", 128);
                      }},
                 {.name = "small-batches-worse",
                  .statement = "With ReLU, growth per layer is larger in batches of 8 than in batches of "
                               "128, by 5 % or more.",
                  .quantity = "Growth per layer in batches of 8 by that in batches of 128, ReLU",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(1.05),
                  .measure =
                      [](const Record& of) {
                        return of.at("growth", "relu", 8) / of.at("growth", "relu", 128);
                      }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_batches,
  };
}

}  // namespace bnlab
