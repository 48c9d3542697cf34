// How small may a batch be? The same examples, cut into batches of other sizes.
//
// A batch of B gives a fully connected layer B values per unit to take mean and variance of. With two they say only which is
// the larger: x̂ = ±1; with one x̂ = 0, and every example leaves the layer as β. Group and layer normalization take theirs
// from one example's own units, and do not know B. Batch Renorm corrects the batch's statistics towards the running ones.
#include <algorithm>

#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/normalizations.hpp"

namespace bnlab {

namespace {

constexpr double kUsualBatch = 32;

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data =
      glyph_examples({.train = 2000, .test = 1000, .standardize = setting.on("standardize")}, seed);
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    const auto batch = static_cast<Index>(setting.points()[at]);
    const Index steps = setting.count("examples") / batch;
    const double lr = setting["lr"] * setting.points()[at] / kUsualBatch;
    const Normalizations choice{.running_momentum = running_momentum_for(batch),
                                .renorm = renorm_schedule(steps)};
    for (const Arm& arm : setting.study().arms) {
      Trainer<float> trainer =
          classifier_trainer(glyph_classifier(normalization(arm.name, choice)), lr, batch, data.train, seed);
      record.set("accuracy", arm.name, at, accuracy_after(trainer, steps, data.test));
    }
  }
}

double at(const Record& record, std::string_view arm, double batch) {
  return record.at("accuracy", arm, batch);
}

double spread(const Record& record, std::string_view arm) {
  const std::span<const double> accuracies = record.row("accuracy", arm);
  const auto [least, greatest] = std::minmax_element(accuracies.begin(), accuracies.end());
  return *greatest - *least;
}

}  // namespace

Study batch_size() {
  return {
      .id = "E18",
      .name = "batch-size",
      .title = "How small may a batch be?",
      .question =
          "The same examples in batches of 32, 8, 4, 2 or 1: what does each normalization make of them, "
          "when a batch is all that batch normalization knows of the data?",
      .method =
          "Fully connected networks of 3×64 ReLU units see the same 6,000 glyphs whatever the batch size B; "
          "the learning rate is proportional to B, so that large and small batches move the weights equally "
          "far. Running statistics have momentum 0.1, and 0.02 where B ≤ 4. Batch Renorm is plain batch "
          "normalization for the first tenth of training; then its bounds open to r ≤ 3, |d| ≤ 5.",
      .source =
          "Wu & He 2018, “Group Normalization”, arXiv:1803.08494, figure 1; Ioffe 2017, “Batch "
          "Renormalization”, arXiv:1702.03275, section 4",
      .knobs = {{"examples", "Examples seen in training", 6000, 500, 20000, true, Moves::kLinearly, 2000},
                {"lr", "Learning rate at B = 32", 0.2, 0.01, 1, false, Moves::kByFactors},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"batch", "Batch size", {1, 2, 4, 8, 32}, 1, 128, true, Moves::kByFactors, {1, 2, 8, 32}},
      .arms = {{"bn", "batch normalization"},
               {"renorm", "Batch Renorm"},
               {"gn", "group normalization, 8 groups"},
               {"ln", "layer normalization"},
               {"none", "no normalization"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "one-example",
            .statement =
                "With one example per batch, batch normalization learns nothing in a fully connected "
                "network: at most 20 % are right.",
            .quantity = "Accuracy with batch normalization, B = 1",
            .format = Format::kShare,
            .bound = at_most(0.2),
            .measure = [](const Record& of) { return at(of, "bn", 1); }},
           {.name = "pairs",
            .statement = "With two examples per batch, a fully connected network with batch normalization "
                         "gets at most 35 % right.",
            .quantity = "Accuracy with batch normalization, B = 2",
            .format = Format::kShare,
            .bound = at_most(0.35),
            .measure = [](const Record& of) { return at(of, "bn", 2); }},
           {.name = "bn-loses",
            .statement = "From batches of 32 to batches of 2, a fully connected network with batch "
                         "normalization loses 40 points or more.",
            .quantity = "Accuracy with batch normalization, B = 32 minus B = 2",
            .format = Format::kPoints,
            .bound = at_least(0.4),
            .measure = [](const Record& of) { return at(of, "bn", 32) - at(of, "bn", 2); }},
           {.name = "bn-flexible",
            .statement = "From 8 to 32 examples, the batch size moves batch normalization by 12 points at "
                         "most.",
            .quantity = "Accuracy with batch normalization, B = 32 minus B = 8",
            .format = Format::kPoints,
            .bound = within(-0.12, 0.12),
            .measure = [](const Record& of) { return at(of, "bn", 32) - at(of, "bn", 8); }},
           {.name = "gn-flat",
            .statement =
                "With group normalization the batch size hardly matters: at most 12 points between the best "
                "and the worst.",
            .quantity = "Accuracy with group normalization, greatest minus least over batch sizes",
            .format = Format::kPoints,
            .bound = at_most(0.12),
            .measure = [](const Record& of) { return spread(of, "gn"); }},
           {.name = "ln-flat",
            .statement = "With layer normalization the batch size hardly matters: at most 12 points between "
                         "the best and the worst.",
            .quantity = "Accuracy with layer normalization, greatest minus least over batch sizes",
            .format = Format::kPoints,
            .bound = at_most(0.12),
            .measure = [](const Record& of) { return spread(of, "ln"); }},
           {.name = "none-flat",
            .statement =
                "Without normalization the batch size hardly matters: at most 12 points between the best "
                "and the worst.",
            .quantity = "Accuracy without normalization, greatest minus least over batch sizes",
            .format = Format::kPoints,
            .bound = at_most(0.12),
            .measure = [](const Record& of) { return spread(of, "none"); }},
           {.name = "gn-ahead",
            .statement = "In batches of two, group normalization is 30 points or more ahead of batch "
                         "normalization.",
            .quantity = "Accuracy with group minus batch normalization, B = 2",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure = [](const Record& of) { return at(of, "gn", 2) - at(of, "bn", 2); }},
           {.name = "gn-behind",
            .statement = "In batches of 32, group normalization is not ahead of batch normalization.",
            .quantity = "Accuracy with group minus batch normalization, B = 32",
            .format = Format::kPoints,
            .bound = at_most(0.02),
            .measure = [](const Record& of) { return at(of, "gn", 32) - at(of, "bn", 32); }},
           {.name = "renorm-helps",
            .statement = "In batches of two, Batch Renorm gains 5 points or more on batch normalization.",
            .quantity = "Accuracy with Batch Renorm minus batch normalization, B = 2",
            .format = Format::kPoints,
            .bound = at_least(0.05),
            .measure = [](const Record& of) { return at(of, "renorm", 2) - at(of, "bn", 2); }},
           {.name = "renorm-no-cure",
            .statement = "In batches of two, Batch Renorm stays 25 points or more behind a network without "
                         "normalization.",
            .quantity = "Accuracy without normalization minus Batch Renorm, B = 2",
            .format = Format::kPoints,
            .bound = at_least(0.25),
            .measure = [](const Record& of) { return at(of, "none", 2) - at(of, "renorm", 2); }}},
      .seeds = 8,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
