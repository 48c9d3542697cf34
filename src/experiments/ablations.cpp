// Batch normalization with a part left out or moved: without γ and β, after the activation instead of before, γ negative at
// the start.
//
// With ReLU none of it matters: the next layer's weights do γ's and β's work. A sigmoid of standardised values stays where it is
// nearly straight (E34b), and there γ and β, or normalising what comes out of it, make a difference.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

// Each normalization after the activation that follows it.
NetworkSpec normalized_after(NetworkSpec spec) {
  for (std::size_t i = 0; i + 1 < spec.layers.size(); ++i)
    if (std::holds_alternative<BatchNormSpec>(spec.layers[i])) {
      std::swap(spec.layers[i], spec.layers[i + 1]);
      ++i;
    }
  return spec;
}

struct Variant {
  std::string_view arm;
  bool affine = true;
  bool after = false;
  double gamma = 1;
};

constexpr Variant kVariants[] = {{"usual"},
                                 {"plain", false},
                                 {"after", true, true},
                                 {"after-plain", false, true},
                                 {"negative", true, false, -1}};

// The spread of γ within a layer, averaged over the layers.
double gamma_spread(const Network<float>& network) {
  double sum = 0;
  double count = 0;
  for (const TensorInfo& tensor : network.tensors()) {
    if (tensor.role != Role::kGamma) continue;
    const float* const gamma = network.parameter(tensor.offset);
    sum += moments_of({gamma, gamma + tensor.size()}).std;
    ++count;
  }
  return sum / count;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data =
      share_glyphs({.train = 1500, .test = 600, .standardize = setting.on("standardize")}, seed);
  for (const bool sigmoid : {false, true}) {
    for (const Variant& variant : kVariants) {
      BatchNormSpec norm;
      norm.options.affine = variant.affine;
      norm.initial_gamma = variant.gamma;
      DeepNetwork network;
      network.depth = 3;
      network.norm = norm;
      if (sigmoid) {
        network.activation = Activation::kSigmoid;
        network.sigma = 0.1;
      }
      SgdOptions sgd;
      sgd.lr = setting[sigmoid ? "sigmoid_lr" : "relu_lr"];
      BatcherOptions batches;
      batches.size = 64;
      batches.last = LastBatch::kDrop;
      const NetworkSpec spec = deep_network(network);
      Trainer<float> trainer(variant.after ? normalized_after(spec) : spec, Loss::kCrossEntropy, sgd, batches,
                             examples_of(data, data->train), seed, seed);
      const bool well = train(trainer, setting.count("steps"));
      const std::string arm = (sigmoid ? "sigmoid-" : "relu-") + std::string(variant.arm);
      record.set("accuracy", arm,
                 well ? glyph_accuracy(trainer.network(), trainer.tape(), Mode::kInference, data->test)
                      : kGlyphChance);
      if (variant.affine) record.set("spread", arm, gamma_spread(trainer.network()));
    }
  }
}

double gain(const Record& of, std::string_view arm, std::string_view over) {
  return of("accuracy", arm) - of("accuracy", over);
}

}  // namespace

Study ablations() {
  return {
      .id = "E14",
      .name = "ablations",
      .title = "Without γ and β, after the activation, with γ below zero",
      .question =
          "Does it matter whether batch normalization has γ and β, stands before or after the activation, or "
          "starts with γ = −1?",
      .method =
          "Networks of 3×32 units learn glyphs for 300 steps in batches of 64, each variant from the same "
          "weights "
          "on the same batches: ReLU with a learning rate of 0.3, sigmoid with 1 and weights from N(0, "
          "0.1²).",
      .source =
          "Ioffe & Szegedy 2015, arXiv:1502.03167, section 3.2; Mishkin, Sergievskiy & Matas 2017, "
          "“Systematic evaluation of convolution neural network advances on the ImageNet”, arXiv:1606.02228",
      .knobs = {{"relu_lr", "Learning rate with ReLU", 0.3, 0.01, 3, false, Moves::kByFactors},
                {"sigmoid_lr", "Learning rate with sigmoid", 1, 0.01, 3, false, Moves::kByFactors},
                {"steps", "Training steps", 300, 0, 1000, true},
                {"standardize", "Standardised pixels", 1, 0, 1, true}},
      .axis = {},
      .arms = {{"relu-usual", "ReLU"},
               {"relu-plain", "ReLU, no γ and β"},
               {"relu-after", "ReLU, normalised after"},
               {"relu-after-plain", "ReLU, normalised after, no γ and β"},
               {"relu-negative", "ReLU, γ from −1"},
               {"sigmoid-usual", "sigmoid"},
               {"sigmoid-plain", "sigmoid, no γ and β"},
               {"sigmoid-after", "sigmoid, normalised after"},
               {"sigmoid-after-plain", "sigmoid, normalised after, no γ and β"},
               {"sigmoid-negative", "sigmoid, γ from −1"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance},
                  {"spread", "Standard deviation of γ within a layer"}},
      .checks =
          {{.name = "relu-plain",
            .statement = "With ReLU, leaving out γ and β costs and gains less than 4 points.",
            .quantity = "Accuracy without γ and β minus with them, ReLU",
            .format = Format::kPoints,
            .bound = within(-0.04, 0.04),
            .measure = [](const Record& of) { return gain(of, "relu-plain", "relu-usual"); }},
           {.name = "relu-after",
            .statement = "With ReLU, normalising after the activation costs and gains less than 4 points.",
            .quantity = "Accuracy normalised after ReLU minus before",
            .format = Format::kPoints,
            .bound = within(-0.04, 0.04),
            .measure = [](const Record& of) { return gain(of, "relu-after", "relu-usual"); }},
           {.name = "relu-negative",
            .statement = "With ReLU, γ may start at −1: it costs and gains less than 4 points.",
            .quantity = "Accuracy with γ from −1 minus from 1, ReLU",
            .format = Format::kPoints,
            .bound = within(-0.04, 0.04),
            .measure = [](const Record& of) { return gain(of, "relu-negative", "relu-usual"); }},
           {.name = "sigmoid-plain",
            .statement = "Before a sigmoid γ and β are worth half a point or more.",
            .quantity = "Accuracy with γ and β minus without, sigmoid",
            .format = Format::kPoints,
            .bound = at_least(0.005),
            .measure = [](const Record& of) { return gain(of, "sigmoid-usual", "sigmoid-plain"); }},
           {.name = "sigmoid-after",
            .statement = "With a sigmoid, normalising after the activation gains a point or more.",
            .quantity = "Accuracy normalised after the sigmoid minus before",
            .format = Format::kPoints,
            .bound = at_least(0.01),
            .measure = [](const Record& of) { return gain(of, "sigmoid-after", "sigmoid-usual"); }},
           {.name = "sigmoid-negative",
            .statement = "With a sigmoid, too, γ may start at −1: it costs and gains less than 4 points.",
            .quantity = "Accuracy with γ from −1 minus from 1, sigmoid",
            .format = Format::kPoints,
            .bound = within(-0.04, 0.04),
            .measure = [](const Record& of) { return gain(of, "sigmoid-negative", "sigmoid-usual"); }},
           {.name = "sigmoid-after-plain",
            .statement = "After a sigmoid, leaving out γ and β gains something.",
            .quantity = "Accuracy without γ and β minus with them, normalised after the sigmoid",
            .kind = Kind::kOpen,
            .format = Format::kPoints,
            .bound = at_least(0),
            .measure = [](const Record& of) { return gain(of, "sigmoid-after-plain", "sigmoid-after"); }},
           {.name = "gamma-per-unit",
            .statement = "Each unit has its own γ: within a layer they come to differ by 0.05 or more.",
            .quantity = "Standard deviation of γ within a layer, ReLU",
            .bound = at_least(0.05),
            .measure = [](const Record& of) { return of("spread", "relu-usual"); }}},
      .seeds = 20,
      .fast_seeds = 10,
      .run = run,
  };
}

}  // namespace bnlab
