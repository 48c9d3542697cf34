// Other measures of spread than the standard deviation.
//
// Claim (Santurkar et al. 2018, arXiv:1805.11604, section 3.3): dividing by the mean distance from the mean, or by the greatest,
// helps as much as batch normalization does, although the outputs then have no fixed variance; so it is not the distribution
// that matters.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.standardize = !setting.on("raw")}, seed);
  const std::vector<std::pair<std::string_view, std::optional<LayerSpec>>> arms{
      {"none", std::nullopt},
      {"bn", BatchNormSpec{}},
      {"l1", LpNormSpec{.options = {}, .spread = Spread::kL1}},
      {"l2", LpNormSpec{.options = {}, .spread = Spread::kL2}},
      {"linf", LpNormSpec{.options = {}, .spread = Spread::kInfinity}}};
  for (const auto& [arm, norm] : arms) {
    DeepNetwork network{.depth = setting.count("depth"), .width = setting.count("width"), .norm = norm};
    for (std::size_t i = 0; i < setting.points().size(); ++i)
      record.set("accuracy", arm, i,
                 deep_accuracy(network, {setting.points()[i], 64, setting.count("steps")}, data, seed));
  }
}

// An arm's mean accuracy at learning rates of 0.5 and more minus batch normalization's.
double difference(const Record& of, std::string_view arm) {
  return of.mean("accuracy", arm, 0.5) - of.mean("accuracy", "bn", 0.5);
}

// The mean of the three, at learning rates from `low` to `high`, minus the plain network.
double gain(const Record& of, double low, double high) {
  double sum = 0;
  for (const std::string_view arm : {"l1", "l2", "linf"}) sum += of.mean("accuracy", arm, low, high);
  return sum / 3 - of.mean("accuracy", "none", low, high);
}

}  // namespace

Study lp_norms() {
  return {
      .id = "E13",
      .name = "lp-norms",
      .title = "Does it have to be the standard deviation?",
      .question =
          "Batch normalization divides by the standard deviation. What if it divides by the mean distance "
          "from the mean (ℓ1), or by the greatest (ℓ∞)?",
      .method =
          "Networks of 6×32 ReLU units learn standardised glyphs by plain SGD in 300 batches of 64. The mean "
          "is subtracted first; the spread is scaled to be the standard deviation where values are normal. A "
          "run that diverges counts as guessing.",
      .source =
          "Santurkar et al. 2018, “How Does Batch Normalization Help Optimization?”, arXiv:1805.11604, "
          "section 3.3; Hoffer et al. 2018, “Norm matters”, arXiv:1803.01814",
      .knobs = {{"depth", "Hidden layers", 6, 1, 20, true},
                {"width", "Units per layer", 32, 4, 64, true},
                {"steps", "Training steps", 300, 10, 600, true, Moves::kLinearly, 200},
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = {.name = "lr",
               .label = "Learning rate",
               .points = {0.1, 0.5, 1},
               .min = 1e-3,
               .max = 10,
               .moves = Moves::kByFactors},
      .arms =
          {{"none", "without"}, {"bn", "batch normalization"}, {"l1", "ℓ1"}, {"l2", "ℓ2"}, {"linf", "ℓ∞"}},
      .metrics = {{.name = "accuracy",
                   .label = "Test accuracy, inference mode",
                   .format = Format::kShare,
                   .chance = kGlyphChance}},
      .checks =
          {{.name = "l1-equal",
            .statement =
                "Dividing by the mean distance does as well as batch normalization, to within 5 points.",
            .quantity = "Accuracy of ℓ1 minus batch normalization, learning rates from 0.5 on",
            .format = Format::kPoints,
            .bound = within(-0.05, 0.05),
            .measure = [](const Record& of) { return difference(of, "l1"); }},
           {.name = "l2-equal",
            .statement = "So does the standard deviation itself with ε added outside the root.",
            .quantity = "Accuracy of ℓ2 minus batch normalization, learning rates from 0.5 on",
            .format = Format::kPoints,
            .bound = within(-0.05, 0.05),
            .measure = [](const Record& of) { return difference(of, "l2"); }},
           {.name = "linf-equal",
            .statement = "So does the greatest distance, to within 5 points.",
            .quantity = "Accuracy of ℓ∞ minus batch normalization, learning rates from 0.5 on",
            .format = Format::kPoints,
            .bound = within(-0.05, 0.05),
            .measure = [](const Record& of) { return difference(of, "linf"); }},
           {.name = "ahead",
            .statement =
                "At learning rates from 0.5 on, the three are 10 points or more ahead of no normalization.",
            .quantity = "Mean accuracy of ℓ1, ℓ2 and ℓ∞ minus that without, learning rates from 0.5 on",
            .format = Format::kPoints,
            .bound = at_least(0.1),
            .measure = [](const Record& of) { return gain(of, 0.5, 1e9); }},
           {.name = "low-lr-no-gain",
            .statement = "At learning rates up to 0.1 they gain 5 points at most.",
            .quantity = "Mean accuracy of ℓ1, ℓ2 and ℓ∞ minus that without, learning rates up to 0.1",
            .format = Format::kPoints,
            .bound = at_most(0.05),
            .measure = [](const Record& of) { return gain(of, 0, 0.1); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
