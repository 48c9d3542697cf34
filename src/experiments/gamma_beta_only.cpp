// A random network of which only γ and β are trained.
//
// All weights stay as they were drawn. γ can turn a unit up, down, over or off, β moves where it switches on: that is enough to
// learn something, though the last layer alone learns more, and training everything far more.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "train/hold.hpp"

namespace bnlab {

namespace {

bool is_gamma_or_beta(const TensorInfo& tensor) {
  return tensor.role == Role::kGamma || tensor.role == Role::kBeta;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data =
      share_glyphs({.train = 2000, .test = 1000, .standardize = setting.on("standardize")}, seed);
  DeepNetwork network;
  network.depth = setting.count("depth");
  network.width = setting.count("width");
  network.norm = BatchNormSpec{};
  const Training training{setting["lr"], 64, setting.count("steps")};

  const auto put = [&](std::string_view arm, auto&& trains) {
    Trainer<float> trainer = deep_trainer(network, training, data, seed);
    const Buffer<float> start = trainer.network().parameters();
    const HeldParameters<float> held(trainer.network(),
                                     [&](const TensorInfo& tensor) { return !trains(tensor); });
    const double accuracy =
        train_holding(trainer, held, training.steps)
            ? glyph_accuracy(trainer.network(), trainer.tape(), Mode::kInference, data->test)
            : kGlyphChance;
    Index moved = 0;
    for (std::size_t i = 0; i < start.size(); ++i)
      if (trainer.network().parameters()[i] != start[i]) ++moved;
    const auto count = static_cast<double>(start.size());
    record.set("accuracy", arm, accuracy);
    record.set("trained", arm, static_cast<double>(held.trained()) / count);
    record.set("moved", arm, static_cast<double>(moved) / count);
  };
  const Index last = static_cast<Index>(deep_network(network).layers.size()) - 1;
  const auto is_last = [=](const TensorInfo& tensor) { return tensor.layer == last; };
  put("gamma-beta", is_gamma_or_beta);
  put("last", is_last);
  put("both", [=](const TensorInfo& tensor) { return is_gamma_or_beta(tensor) || is_last(tensor); });
  put("all", [](const TensorInfo&) { return true; });
}

}  // namespace

Study gamma_beta_only() {
  return {
      .id = "E15b",
      .name = "gamma-beta-only",
      .title = "Training only γ and β",
      .question = "How much can a network learn whose weights all stay random, if γ and β are trained?",
      .method =
          "A network of 3×64 ReLU units with batch normalization learns glyphs for 600 steps, batches of 64, "
          "learning rate 0.3. Of its 18 442 parameters γ and β are 384, the last layer 650.",
      .source = "Frankle, Schwab & Morcos 2021, “Training BatchNorm and Only BatchNorm”, arXiv:2003.00152",
      .knobs = {{"depth", "Hidden layers", 3, 1, 8, true},
                {"width", "Units per layer", 64, 8, 128, true},
                {"lr", "Learning rate", 0.3, 0.01, 3, false, Moves::kByFactors},
                {"steps", "Training steps", 600, 0, 1000, true, Moves::kLinearly, 400},
                {"standardize", "Standardised pixels", 1, 0, 1, true}},
      .axis = {},
      .arms = {{"gamma-beta", "γ and β"},
               {"last", "the last layer"},
               {"both", "γ, β and the last layer"},
               {"all", "everything"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance},
                  {"trained", "Share of the parameters that are trained", Format::kShare},
                  {"moved", "Share of the parameters that moved", Format::kShare}},
      .checks =
          {{.name = "learns",
            .statement =
                "With γ and β alone, random weights learn to be right half as often again as by chance.",
            .quantity = "Accuracy with only γ and β trained",
            .format = Format::kShare,
            .bound = at_least(1.5 * kGlyphChance),
            .measure = [](const Record& of) { return of("accuracy", "gamma-beta"); }},
           {.name = "adds-to-last-layer",
            .statement = "Beside the last layer, γ and β add 4 points or more.",
            .quantity = "Accuracy with γ, β and the last layer trained minus the last layer alone",
            .format = Format::kPoints,
            .bound = at_least(0.04),
            .measure = [](const Record& of) { return of("accuracy", "both") - of("accuracy", "last"); }},
           {.name = "last-layer-more",
            .statement = "The last layer alone learns more than γ and β alone.",
            .quantity = "Accuracy with the last layer trained minus γ and β",
            .format = Format::kPoints,
            .bound = at_least(0.02),
            .measure =
                [](const Record& of) { return of("accuracy", "last") - of("accuracy", "gamma-beta"); }},
           {.name = "everything-far-more",
            .statement = "Training everything is ahead of γ and β alone by 40 points or more.",
            .quantity = "Accuracy with everything trained minus only γ and β",
            .format = Format::kPoints,
            .bound = at_least(0.4),
            .measure = [](const Record& of) { return of("accuracy", "all") - of("accuracy", "gamma-beta"); }},
           {.name = "all-weights-move",
            .statement =
                "In ordinary training SGD does not confine itself to γ and β: nearly every parameter moves.",
            .quantity = "Share of the parameters that moved, everything trained",
            .statistic = Statistic::kEvery,
            .format = Format::kShare,
            .bound = at_least(0.95),
            .measure = [](const Record& of) { return of("moved", "all"); }}},
      .seeds = 6,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
