// Initial weights from a hundred times too small to a hundred times too large.
//
// The output of a normalised layer does not change when its weights are multiplied by a factor, so a bad initial scale cannot
// shrink or blow up what reaches the next layer. Its step does change: the gradient is divided by the factor, so that small
// weights move fast and large ones hardly at all. Claim: batch normalization learns over two orders of magnitude where plain
// networks need the one right scale; from far too large weights it learns slowly (Ioffe & Szegedy 2015, arXiv:1502.03167,
// section 3.3).
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.standardize = !setting.on("raw")}, seed);
  const Training training{setting["lr"], 64, setting.count("steps")};
  DeepNetwork network{.depth = setting.count("depth"), .width = setting.count("width")};
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    network.gain = setting.points()[i];
    const auto measure = [&](std::string_view arm, const std::optional<LayerSpec>& norm) {
      network.norm = norm;
      record.set("accuracy", arm, i, deep_accuracy(network, training, data, seed));
    };
    measure("none", std::nullopt);
    measure("bn", BatchNormSpec{});
    measure("ln", layer_norm());
  }
}

double lowest(const Record& of, std::string_view arm, double low, double high) {
  double found = std::numeric_limits<double>::quiet_NaN();
  for (const double point : of.setting().points())
    if (point >= low && point <= high) found = std::fmin(found, of.at("accuracy", arm, point));
  return found;
}

}  // namespace

Study init_gain() {
  return {
      .id = "E5",
      .name = "init-gain",
      .title = "How carefully must weights be initialised?",
      .question =
          "Plain deep networks learn from weights of one right scale, and from hardly any other. How much of "
          "that care does batch normalization save?",
      .method =
          "Networks of 6×32 ReLU units learn standardised glyphs by plain SGD at a learning rate of 0.3 in "
          "250 "
          "batches of 64. All hidden weights start at He’s scale times a factor; the last layer starts as "
          "usual. A run that diverges counts as guessing.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization: Accelerating Deep Network Training by Reducing "
          "Internal "
          "Covariate Shift”, arXiv:1502.03167, section 3.3; He et al. 2015, arXiv:1502.01852, for the scale",
      .knobs = {{"depth", "Hidden layers", 6, 1, 20, true},
                {"width", "Units per layer", 32, 4, 128, true},
                {"lr", "Learning rate", 0.3, 1e-4, 10, false, Moves::kByFactors},
                {"steps", "Training steps", 250, 10, 1000, true},
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = {.name = "gain",
               .label = "Initial weights, times He’s",
               .points = {0.01, 0.1, 0.5, 1, 2, 5, 100},
               .min = 1e-3,
               .max = 1e3,
               .moves = Moves::kByFactors,
               .fast = {0.1, 1, 2, 100}},
      .arms = {{"none", "without"}, {"bn", "batch normalization"}, {"ln", "layer normalization"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "forgives",
            .statement = "Batch normalization learns, to 55 % or better, from weights a tenth to twice the "
                         "right size.",
            .quantity = "Lowest accuracy with batch normalization, factors from 0.1 to 2",
            .format = Format::kShare,
            .bound = at_least(0.55),
            .measure = [](const Record& of) { return lowest(of, "bn", 0.1, 2); }},
           {.name = "plain-too-small",
            .statement = "Without, a tenth of the right size is too small to learn from.",
            .quantity = "Accuracy without, factor 0.1",
            .format = Format::kShare,
            .bound = at_most(0.3),
            .measure = [](const Record& of) { return of.at("accuracy", "none", 0.1); }},
           {.name = "plain-too-large",
            .statement = "Without, twice the right size is too large.",
            .quantity = "Accuracy without, factor 2",
            .format = Format::kShare,
            .bound = at_most(0.3),
            .measure = [](const Record& of) { return of.at("accuracy", "none", 2); }},
           {.name = "plain-right-size",
            .statement = "Without, the right size is worth 30 points or more.",
            .quantity = "Accuracy without, factor 1 minus the mean of factors 0.1 and 2",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure =
                [](const Record& of) {
                  return of.at("accuracy", "none", 1) -
                         (of.at("accuracy", "none", 0.1) + of.at("accuracy", "none", 2)) / 2;
                }},
           {.name = "not-any-scale",
            .statement =
                "The initial scale still matters: from weights a hundred times too large batch normalization "
                "ends 40 points or more below where it ends from the right size.",
            .quantity = "Accuracy with batch normalization, factor 1 minus factor 100",
            .format = Format::kPoints,
            .bound = at_least(0.4),
            .measure =
                [](const Record& of) { return of.at("accuracy", "bn", 1) - of.at("accuracy", "bn", 100); }},
           {.name = "layer-norm-large",
            .statement =
                "Layer normalization forgives weights twice too large as batch normalization does, to within "
                "15 points.",
            .quantity = "Accuracy with batch normalization minus with layer normalization, factor 2",
            .format = Format::kPoints,
            .bound = within(-0.15, 0.15),
            .measure =
                [](const Record& of) { return of.at("accuracy", "bn", 2) - of.at("accuracy", "ln", 2); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
