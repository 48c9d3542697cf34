// Is the noise of small batches good for something?
//
// Under batch normalization an example's values depend on its batch-mates, the more so the smaller the batch. Such noise keeps
// a network from learning its examples by heart, and where they are few and some labels wrong, that is worth something. But
// small batches are noisy without normalization, too: the control tells how much of the gain that is, and what batch
// normalization cost in the first place.
#include <algorithm>

#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/normalizations.hpp"

namespace bnlab {

namespace {

constexpr double kAll = 240;  // all examples in one batch

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data = glyph_examples({.train = static_cast<Index>(kAll),
                                             .test = 1000,
                                             .label_noise = setting["label_noise"],
                                             .standardize = setting.on("standardize")},
                                            seed);
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    for (const Arm& arm : setting.study().arms) {
      Trainer<float> trainer =
          classifier_trainer(classifier(kGlyphSide * kGlyphSide, 3, 32, 10, normalization(arm.name, {})),
                             setting["lr"], static_cast<Index>(setting.points()[at]), data.train, seed);
      record.set("accuracy", arm.name, at, accuracy_after(trainer, setting.count("steps"), data.test));
    }
  }
}

// What batches of `batch` gain on the full batch.
double gain(const Record& record, std::string_view arm, double batch) {
  return record.at("accuracy", arm, batch) - record.at("accuracy", arm, kAll);
}

double best(const Record& record, std::string_view arm) {
  const std::span<const double> accuracies = record.row("accuracy", arm);
  return *std::max_element(accuracies.begin(), accuracies.end());
}

}  // namespace

Study batch_noise() {
  return {
      .id = "E21",
      .name = "batch-noise",
      .title = "Is the noise of small batches good for something?",
      .question =
          "Few examples, some with wrong labels: does the noise that batch normalization takes from small "
          "batches keep a network from learning them by heart?",
      .method =
          "Fully connected networks of 3×32 ReLU units train for as many steps in batches of 8 to 240 on "
          "240 glyphs, of which a fifth have wrong labels; the test set has none. 240 is the full batch.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3.4; Luo et al. 2019, "
          "“Towards Understanding Regularization in Batch Normalization”, arXiv:1809.00846",
      .knobs = {{"label_noise", "Share of wrong labels", 0.2, 0, 0.8},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"steps", "Training steps", 600, 50, 1000, true, Moves::kLinearly, 300},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"batch", "Batch size", {8, 16, 60, kAll}, 2, kAll, true, Moves::kByFactors, {8, 16, kAll}},
      .arms = {{"bn", "batch normalization"}, {"none", "no normalization"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "noise-helps",
            .statement = "Batches of 8 gain batch normalization 8 points or more on the full batch.",
            .quantity = "Accuracy with batch normalization, B = 8 minus B = 240",
            .format = Format::kPoints,
            .bound = at_least(0.08),
            .measure = [](const Record& of) { return gain(of, "bn", 8); }},
           {.name = "more-than-without",
            .statement = "Batches of 8 gain batch normalization 5 points or more beyond what they gain a "
                         "network without.",
            .quantity = "Gain of B = 8 over B = 240, with batch normalization minus without",
            .format = Format::kPoints,
            .bound = at_least(0.05),
            .measure = [](const Record& of) { return gain(of, "bn", 8) - gain(of, "none", 8); }},
           {.name = "control",
            .statement =
                "Without normalization, batches of 16 change accuracy by 5 points at most from the full "
                "batch.",
            .quantity = "Accuracy without normalization, B = 16 minus B = 240",
            .format = Format::kPoints,
            .bound = within(-0.05, 0.05),
            .measure = [](const Record& of) { return gain(of, "none", 16); }},
           {.name = "behind-without-noise",
            .statement =
                "In the full batch, batch normalization is 4 points or more behind a network without.",
            .quantity = "Accuracy without normalization minus with batch normalization, B = 240",
            .format = Format::kPoints,
            .bound = at_least(0.04),
            .measure =
                [](const Record& of) {
                  return of.at("accuracy", "none", kAll) - of.at("accuracy", "bn", kAll);
                }},
           {.name = "no-better",
            .statement = "Each at its best batch size, batch normalization is at most 6 points ahead of a "
                         "network without.",
            .quantity = "Best accuracy over batch sizes, with batch normalization minus without",
            .format = Format::kPoints,
            .bound = at_most(0.06),
            .measure = [](const Record& of) { return best(of, "bn") - best(of, "none"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
