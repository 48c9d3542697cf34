// The same networks at learning rates from far too small to far too large.
//
// Claim: batch normalization lets a deep network learn at rates at which it cannot learn without, and only there does it pay:
// at small rates, with standardised inputs, it gains nothing (Ioffe & Szegedy 2015, arXiv:1502.03167, section 3.3; Bjorck et
// al. 2018, arXiv:1806.02375, where the larger rate is the mechanism). It is no licence for any rate: the last layer is not
// normalised, and blows up in the end.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

void sweep(const Setting& setting, const std::shared_ptr<const Split>& data, std::string_view none,
           std::string_view bn, std::uint64_t seed, Record& record) {
  DeepNetwork plain{.depth = setting.count("depth"), .width = setting.count("width")};
  DeepNetwork normalized = plain;
  normalized.norm = BatchNormSpec{};
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    const Training training{setting.points()[i], setting.count("batch"), setting.count("steps")};
    record.set("accuracy", none, i, deep_accuracy(plain, training, data, seed));
    record.set("accuracy", bn, i, deep_accuracy(normalized, training, data, seed));
  }
}

void run_deep(const Setting& setting, std::uint64_t seed, Record& record) {
  sweep(setting, share_glyphs({.standardize = !setting.on("raw")}, seed), "none", "bn", seed, record);
}

void run_shallow(const Setting& setting, std::uint64_t seed, Record& record) {
  sweep(setting, share_glyphs({}, seed), "none", "bn", seed, record);
  sweep(setting, share_glyphs({.standardize = false}, seed), "none-raw", "bn-raw", seed, record);
}

double gain(const Record& of, double low, double high) {
  return of.mean("accuracy", "bn", low, high) - of.mean("accuracy", "none", low, high);
}

double best(const Record& of, std::string_view arm) {
  const std::span<const double> all = of.row("accuracy", arm);
  return *std::max_element(all.begin(), all.end());
}

// The greatest learning rate at which half of the test set is recognised; NaN where none is.
double ceiling(const Record& of, std::string_view arm) {
  double found = std::numeric_limits<double>::quiet_NaN();
  for (const double lr : of.setting().points())
    if (of.at("accuracy", arm, lr) >= 0.5) found = std::fmax(found, lr);
  return found;
}

constexpr Knob kWidth{"width", "Units per layer", 32, 4, 128, true};
constexpr Knob kSteps{"steps", "Training steps", 200, 10, 1000, true};
constexpr Knob kBatch{"batch", "Batch size", 64, 2, 256, true};

}  // namespace

Study learning_rate_sweep() {
  return {
      .id = "E4",
      .name = "learning-rate-sweep",
      .title = "How high may the learning rate be?",
      .question =
          "Batch normalization is said to allow much higher learning rates, and to make training faster. At "
          "which rates does it, and at which does it not?",
      .method =
          "Networks of 8×32 ReLU units, with He’s initial weights, learn standardised glyphs by plain SGD in "
          "200 batches of 64, at each learning rate anew. A run that diverges counts as guessing.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization: Accelerating Deep Network Training by Reducing "
          "Internal "
          "Covariate Shift”, arXiv:1502.03167, section 3.3; Bjorck et al. 2018, “Understanding Batch "
          "Normalization”, arXiv:1806.02375",
      .knobs = {{"depth", "Hidden layers", 8, 1, 20, true},
                kWidth,
                kSteps,
                kBatch,
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = {.name = "lr",
               .label = "Learning rate",
               .points = {0.01, 0.03, 0.1, 0.3, 1, 3, 10},
               .min = 1e-4,
               .max = 100,
               .moves = Moves::kByFactors,
               .fast = {0.1, 0.3, 1, 10}},
      .arms = {{"none", "without"}, {"bn", "batch normalization"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "high-lr",
            .statement = "At learning rates from 1 to 3, batch normalization is ahead by 40 points or more.",
            .quantity = "Accuracy with batch normalization minus without, learning rates from 1 to 3",
            .format = Format::kPoints,
            .bound = at_least(0.4),
            .measure = [](const Record& of) { return gain(of, 1, 3); }},
           {.name = "low-lr",
            .statement = "At learning rates up to 0.1, it makes a difference of 10 points at most.",
            .quantity = "Accuracy with batch normalization minus without, learning rates up to 0.1",
            .format = Format::kPoints,
            .bound = within(-0.1, 0.1),
            .measure = [](const Record& of) { return gain(of, 0, 0.1); }},
           {.name = "low-lr-no-gain",
            .statement = "At learning rates up to 0.1, batch normalization gains 2 points at most.",
            .quantity = "Accuracy with batch normalization minus without, learning rates up to 0.1",
            .format = Format::kPoints,
            .bound = at_most(0.02),
            .measure = [](const Record& of) { return gain(of, 0, 0.1); }},
           {.name = "higher-ceiling",
            .statement = "It learns at learning rates three times as high, or higher.",
            .quantity =
                "Highest learning rate at which half of the test set is recognised, with batch normalization "
                "by that without",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(3),
            .measure = [](const Record& of) { return ceiling(of, "bn") / ceiling(of, "none"); }},
           {.name = "best-each",
            .statement = "Each at its best learning rate, batch normalization is ahead by 10 points or more.",
            .quantity = "Best accuracy with batch normalization minus best without",
            .format = Format::kPoints,
            .bound = at_least(0.1),
            .measure = [](const Record& of) { return best(of, "bn") - best(of, "none"); }},
           {.name = "too-high",
            .statement = "At a learning rate of 10 a network with batch normalization fails as well.",
            .quantity = "Accuracy with batch normalization at learning rate 10",
            .format = Format::kShare,
            .bound = at_most(0.3),
            .measure = [](const Record& of) { return of.at("accuracy", "bn", 10); }}},
      .seeds = 10,
      .fast_seeds = 8,
      .run = run_deep,
  };
}

Study learning_rate_sweep_shallow() {
  return {
      .id = "E4b",
      .name = "learning-rate-sweep-shallow",
      .title = "Learning rates in a shallow network",
      .question =
          "Does batch normalization help two layers that learn well without it? And does it matter whether "
          "the inputs are standardised?",
      .method =
          "As the sweep of the deep network, with 2×32 units; once on standardised glyphs, once on pixels as "
          "they come.",
      .source =
          "Ioffe & Szegedy 2015, arXiv:1502.03167, section 3.3; LeCun et al. 1998, “Efficient BackProp”, "
          "section 4.3, on standardising inputs",
      .knobs = {{"depth", "Hidden layers", 2, 1, 20, true}, kWidth, kSteps, kBatch},
      .axis = {.name = "lr",
               .label = "Learning rate",
               .points = {0.01, 0.03, 0.1, 0.3, 1, 3},
               .min = 1e-4,
               .max = 100,
               .moves = Moves::kByFactors,
               .fast = {0.01, 0.3, 1, 3}},
      .arms = {{"none", "without"},
               {"bn", "batch normalization"},
               {"none-raw", "without, raw pixels"},
               {"bn-raw", "batch normalization, raw pixels"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks = {{.name = "no-gain",
                  .statement = "With standardised inputs, two layers gain nothing by batch normalization at "
                               "learning rates up "
                               "to 0.3.",
                  .quantity = "Accuracy with batch normalization minus without, learning rates up to 0.3",
                  .format = Format::kPoints,
                  .bound = at_most(0),
                  .measure = [](const Record& of) { return gain(of, 0, 0.3); }},
                 {.name = "extreme-lr",
                  .statement = "At a learning rate of 3, batch normalization is ahead by 40 points or more.",
                  .quantity = "Accuracy with batch normalization minus without, learning rate 3",
                  .format = Format::kPoints,
                  .bound = at_least(0.4),
                  .measure = [](const Record& of) { return gain(of, 3, 3); }},
                 {.name = "best-each-alike",
                  .statement = "Each at its best learning rate, the two differ by 5 points at most.",
                  .quantity = "Best accuracy with batch normalization minus best without",
                  .format = Format::kPoints,
                  .bound = within(-0.05, 0.05),
                  .measure = [](const Record& of) { return best(of, "bn") - best(of, "none"); }},
                 {.name = "raw-small-lr",
                  .statement = "On raw pixels batch normalization does help at a learning rate of 0.01, by 5 "
                               "points or more: "
                               "what it makes up for there is that the inputs were not standardised.",
                  .quantity =
                      "Accuracy with batch normalization minus without, raw pixels, learning rate 0.01",
                  .format = Format::kPoints,
                  .bound = at_least(0.05),
                  .measure =
                      [](const Record& of) {
                        return of.at("accuracy", "bn-raw", 0.01) - of.at("accuracy", "none-raw", 0.01);
                      }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_shallow,
  };
}

}  // namespace bnlab
