// What a deep network that nobody has trained makes of different inputs.
//
// Layer by layer, random weights and ReLU turn all inputs toward one direction, and what does not differ cannot be told apart.
// Batch normalization, which centres every unit over the batch, keeps them apart (Daneshmand et al. 2020, “Batch
// normalization provably avoids rank collapse for randomly initialised deep networks”, arXiv:2003.01652). Units that are
// independent and normal before ReLU have a cosine of 1/π after it. Layer normalization, which takes each input by itself, does not help here.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "probe/rank.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const Index batch = setting.count("batch");
  const auto data = share_glyphs({.train = batch, .test = 0, .standardize = !setting.on("raw")}, seed);
  const auto measure = [&](std::string_view arm, Activation activation,
                           const std::optional<LayerSpec>& norm) {
    Network<float> network(deep_network({.depth = setting.count("depth"),
                                         .width = setting.count("width"),
                                         .activation = activation,
                                         .norm = norm}));
    network.initialize(seed);
    Tape<float> tape(network, batch);
    network_forward(network, tape, data->train.x.data(), batch, Mode::kTraining);
    std::vector<std::size_t> outputs;  // of the hidden layers
    for (std::size_t i = 0; i < network.layers().size(); ++i)
      if (std::holds_alternative<ActivationSpec>(network.layers()[i].spec)) outputs.push_back(i);
    for (std::size_t i = 0; i < setting.points().size(); ++i) {
      const auto layer = static_cast<std::size_t>(setting.points()[i]);
      if (layer > outputs.size()) continue;
      const float* const y = tape.records()[outputs[layer - 1]].y;
      const Similarity seen = similarity(y, batch, setting.count("width"));
      record.set("cosine", arm, i, seen.cosine);
      record.set("rank", arm, i, seen.rank);
    }
  };
  measure("none", Activation::kRelu, std::nullopt);
  measure("bn", Activation::kRelu, BatchNormSpec{});
  measure("ln", Activation::kRelu, layer_norm());
  measure("linear", Activation::kIdentity, std::nullopt);
  measure("linear-bn", Activation::kIdentity, BatchNormSpec{});
}

// The last layer that was looked at.
double last_layer(const Record& of) {
  double last = std::numeric_limits<double>::quiet_NaN();
  for (const double layer : of.setting().points())
    if (layer <= of.setting()["depth"]) last = std::fmax(last, layer);
  return last;
}

double last(const Record& of, std::string_view metric, std::string_view arm) {
  return of.at(metric, arm, last_layer(of));
}

constexpr double kTheory = 1 / 3.14159265358979323846;

}  // namespace

Study rank_collapse() {
  return {
      .id = "E9",
      .name = "rank-collapse",
      .title = "Can a deep network still tell its inputs apart?",
      .question =
          "Before any training, do the layers of a deep network make all inputs alike? And does batch "
          "normalization keep them apart?",
      .method =
          "128 standardised glyphs pass through networks of 20×64 units with the initial weights that suit "
          "the "
          "activation. After each layer, the cosine between the representations of two inputs is averaged "
          "over "
          "all pairs, and the participation rank (Σλ)²/Σλ² taken, λ being the eigenvalues of their products: "
          "how "
          "many directions share what there is. For independent normal units, theory’s cosine after ReLU is "
          "1/π.",
      .source =
          "Daneshmand et al. 2020, “Batch Normalization Provably Avoids Rank Collapse for Randomly "
          "Initialised "
          "Deep Networks”, arXiv:2003.01652",
      .knobs = {{"depth", "Hidden layers", 20, 1, 100, true},
                {"width", "Units per layer", 64, 4, 256, true},
                {"batch", "Inputs", 128, 4, 512, true},
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = {.name = "layer",
               .label = "Layer, from the input",
               .points = {1, 2, 3, 5, 7, 10, 13, 16, 20},
               .min = 1,
               .max = 100,
               .whole = true,
               .fast = {}},
      .arms = {{"none", "without"},
               {"bn", "batch normalization"},
               {"ln", "layer normalization"},
               {"linear", "no activation, without"},
               {"linear-bn", "no activation, batch normalization"}},
      .metrics = {{"cosine", "Mean cosine between two inputs’ representations"},
                  {"rank", "Participation rank"}},
      .checks =
          {{.name = "collapse",
            .statement =
                "Without batch normalization all inputs point the same way after twenty layers: their mean "
                "cosine is 0.85 or more.",
            .quantity = "Mean cosine without, last layer",
            .bound = at_least(0.85),
            .measure = [](const Record& of) { return last(of, "cosine", "none"); }},
           {.name = "no-collapse",
            .statement = "With it they stay apart: their mean cosine is 0.45 at most.",
            .quantity = "Mean cosine with batch normalization, last layer",
            .bound = at_most(0.45),
            .measure = [](const Record& of) { return last(of, "cosine", "bn"); }},
           {.name = "theory",
            .statement = "With it, the mean cosine is theory’s 1/π, to within 0.05.",
            .quantity = "Mean cosine with batch normalization minus 1/π, last layer",
            .bound = within(-0.05, 0.05),
            .measure = [](const Record& of) { return last(of, "cosine", "bn") - kTheory; }},
           {.name = "rank",
            .statement = "Three times as many directions share what there is, or more.",
            .quantity = "Participation rank with batch normalization by that without, last layer",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(3),
            .measure = [](const Record& of) { return last(of, "rank", "bn") / last(of, "rank", "none"); }},
           {.name = "layer-norm",
            .statement = "Layer normalization does not prevent it: the mean cosine is 0.85 or more.",
            .quantity = "Mean cosine with layer normalization, last layer",
            .bound = at_least(0.85),
            .measure = [](const Record& of) { return last(of, "cosine", "ln"); }},
           {.name = "linear",
            .statement = "Without activations, too, batch normalization keeps more directions.",
            .quantity =
                "Participation rank with batch normalization by that without, no activation, last layer",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1.3),
            .measure =
                [](const Record& of) { return last(of, "rank", "linear-bn") / last(of, "rank", "linear"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
