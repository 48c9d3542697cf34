// What becomes of a γ that is 0?
//
// Where γ = 0 the unit passes no gradient to its weights, but γ has a gradient of its own (E2) and leaves 0 again. Unless what
// follows is a ReLU and β is 0, too: the unit's output is then ReLU(0) for every example, where the gradient is 0, and neither
// γ nor β ever moves. With β above 0 they do.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

struct Start {
  std::string_view arm;
  Activation activation;
  bool zeros;
  double beta;
};

constexpr Start kStarts[] = {{"tanh-usual", Activation::kTanh, false, 0},
                             {"tanh-zero", Activation::kTanh, true, 0},
                             {"relu-usual", Activation::kRelu, false, 0},
                             {"relu-zero", Activation::kRelu, true, 0},
                             {"relu-zero-beta", Activation::kRelu, true, 0.1}};

// Whether a γ is among those that start at 0: every second one of each layer.
bool starts_at_zero(Index i) { return i % 2 == 1; }

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data =
      share_glyphs({.train = 1500, .test = 600, .standardize = setting.on("standardize")}, seed);
  const Training training{setting["lr"], 64, setting.count("steps")};
  for (const Start& start : kStarts) {
    DeepNetwork shape;
    shape.depth = 3;
    shape.activation = start.activation;
    shape.norm = BatchNormSpec{};
    Trainer<float> trainer = deep_trainer(shape, training, data, seed);
    Network<float>& network = trainer.network();
    const auto for_each_zero = [&](Role role, auto&& body) {
      for (const TensorInfo& tensor : network.tensors())
        for (Index i = 0; tensor.role == role && i < tensor.size(); ++i)
          if (starts_at_zero(i)) body(network.parameter(tensor.offset)[i]);
    };
    if (start.zeros) for_each_zero(Role::kGamma, [](float& gamma) { gamma = 0; });
    for_each_zero(Role::kBeta, [&](float& beta) { beta = static_cast<float>(start.beta); });

    const bool well = train(trainer, training.steps);
    record.set("accuracy", start.arm,
               well ? glyph_accuracy(network, trainer.tape(), Mode::kInference, data->test) : kGlyphChance);
    if (!start.zeros) continue;
    double stuck = 0;
    double count = 0;
    for_each_zero(Role::kGamma, [&](float gamma) {
      if (gamma == 0) ++stuck;
      ++count;
    });
    record.set("stuck", start.arm, stuck / count);
  }
}

}  // namespace

Study zero_gamma() {
  return {
      .id = "E14c",
      .name = "zero-gamma",
      .title = "When γ is 0",
      .question = "A γ that is 0 shuts its unit off. Can it come back?",
      .method =
          "Networks of 3×32 units with batch normalization before the activation learn glyphs for 300 steps "
          "in "
          "batches of 64, learning rate 0.1. Every second γ starts at 0; before ReLU once with β = 0 and "
          "once "
          "with β = 0.1 there.",
      .source = "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3, for the gradients",
      .knobs = {{"lr", "Learning rate", 0.1, 0.001, 3, false, Moves::kByFactors},
                {"steps", "Training steps", 300, 0, 1000, true},
                {"standardize", "Standardised pixels", 1, 0, 1, true}},
      .axis = {},
      .arms = {{"tanh-usual", "tanh, γ from 1"},
               {"tanh-zero", "tanh, half of γ from 0"},
               {"relu-usual", "ReLU, γ from 1"},
               {"relu-zero", "ReLU, half of γ from 0"},
               {"relu-zero-beta", "ReLU, half of γ from 0, β from 0.1"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance},
                  {"stuck", "Share of those γ that are 0 at the end", Format::kShare}},
      .checks = {{.name = "tanh-leaves",
                  .statement = "Before tanh, every γ that starts at 0 leaves it.",
                  .quantity = "Share of those γ still 0, tanh",
                  .statistic = Statistic::kEvery,
                  .format = Format::kShare,
                  .bound = at_most(0.01),
                  .measure = [](const Record& of) { return of("stuck", "tanh-zero"); }},
                 {.name = "tanh-as-good",
                  .statement = "And the network comes within 5 points of one whose γ all started at 1.",
                  .quantity = "Accuracy with half of γ from 0 minus from 1, tanh",
                  .format = Format::kPoints,
                  .bound = within(-0.05, 0.05),
                  .measure =
                      [](const Record& of) {
                        return of("accuracy", "tanh-zero") - of("accuracy", "tanh-usual");
                      }},
                 {.name = "relu-stuck",
                  .statement = "Before ReLU with β = 0, every γ that starts at 0 stays there.",
                  .quantity = "Share of those γ still 0, ReLU",
                  .kind = Kind::kExact,
                  .statistic = Statistic::kEvery,
                  .format = Format::kShare,
                  .bound = at_least(1),
                  .measure = [](const Record& of) { return of("stuck", "relu-zero"); }},
                 {.name = "relu-leaves",
                  .statement = "With β above 0 it leaves there, too.",
                  .quantity = "Share of those γ still 0, ReLU with β from 0.1",
                  .statistic = Statistic::kEvery,
                  .format = Format::kShare,
                  .bound = at_most(0.01),
                  .measure = [](const Record& of) { return of("stuck", "relu-zero-beta"); }}},
      .seeds = 10,
      .fast_seeds = 6,
      .run = run,
  };
}

}  // namespace bnlab
