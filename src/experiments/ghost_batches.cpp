// Ghost batches: the noise of small batches in a large one.
//
// A full batch has no noise. Normalised in groups drawn anew for every step, each example meets other companions each time, as
// in small batches (E21), and is harder to learn by heart. Groups that stay the same are no noise: each example then
// has companions to be recognised by.
#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

constexpr double kAll = 240;  // all examples in one batch

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data = glyph_examples({.train = static_cast<Index>(kAll),
                                             .test = 1000,
                                             .label_noise = setting["label_noise"],
                                             .standardize = setting.on("standardize")},
                                            seed);
  const auto measure = [&](std::string_view arm, bool reshuffle, std::size_t at) {
    BatchNormSpec norm;
    norm.ghost = static_cast<Index>(setting.points()[at]);
    Trainer<float> trainer = classifier_trainer(classifier(kGlyphSide * kGlyphSide, 3, 32, 10, norm),
                                                setting["lr"], data.train.count, data.train, seed);
    BatcherOptions batches = trainer.batcher().options();
    batches.reshuffle = reshuffle;
    trainer.set_batch(batches);
    record.set("accuracy", arm, at, accuracy_after(trainer, setting.count("steps"), data.test));
  };
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    measure("shuffled", true, at);
    measure("fixed", false, at);
  }
}

// What groups of eight gain on the undivided batch.
double gain(const Record& record, std::string_view arm) {
  return record.at("accuracy", arm, 8) - record.at("accuracy", arm, kAll);
}

}  // namespace

Study ghost_batches() {
  return {
      .id = "E21b",
      .name = "ghost-batches",
      .title = "Ghost batches: small batches' noise in a large one",
      .question =
          "A large batch is normalised in small groups. Does that bring back the noise of small batches, "
          "and what it is good for?",
      .method =
          "Fully connected networks of 3×32 ReLU units train on 240 glyphs, of which a fifth have wrong "
          "labels, all of them in each batch, but normalised in groups of 8 to 240. The groups are drawn "
          "anew for each step, or once.",
      .source =
          "Hoffer, Hubara & Soudry 2017, “Train longer, generalize better”, arXiv:1705.08741, section 4; "
          "Summers & Dinneen 2020, “Four Things Everyone Should Know to Improve Batch Normalization”, "
          "arXiv:1906.03548",
      .knobs = {{"label_noise", "Share of wrong labels", 0.2, 0, 0.8},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"steps", "Training steps", 300, 50, 1000, true, Moves::kLinearly, 200},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"ghost",
               "Examples per ghost batch",
               {8, 16, 60, kAll},
               2,
               kAll,
               true,
               Moves::kByFactors,
               {8, kAll}},
      .arms = {{"shuffled", "new ghost batches every step"}, {"fixed", "the same ghost batches every step"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks = {{.name = "ghosts-help",
                  .statement =
                      "Ghost batches of 8, drawn anew each step, gain 5 points or more on the undivided "
                      "batch.",
                  .quantity = "Accuracy with new groups, 8 minus 240 examples each",
                  .format = Format::kPoints,
                  .bound = at_least(0.05),
                  .measure = [](const Record& of) { return gain(of, "shuffled"); }},
                 {.name = "fixed-hurt",
                  .statement = "Ghost batches of 8 that stay the same lose 1 point or more.",
                  .quantity = "Accuracy with fixed groups, 8 minus 240 examples each",
                  .format = Format::kPoints,
                  .bound = at_most(-0.01),
                  .measure = [](const Record& of) { return gain(of, "fixed"); }},
                 {.name = "shuffling",
                  .statement = "Drawing ghost batches of 8 anew each step is worth 8 points or more.",
                  .quantity = "Accuracy with groups of 8, new minus fixed",
                  .format = Format::kPoints,
                  .bound = at_least(0.08),
                  .measure =
                      [](const Record& of) {
                        return of.at("accuracy", "shuffled", 8) - of.at("accuracy", "fixed", 8);
                      }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
