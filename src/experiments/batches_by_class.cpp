// Batches that are no fair sample: all of two classes, or of one.
//
// Data that lies sorted comes in such batches. Batch normalization subtracts the batch's mean, and in a batch of one class that
// is the mean of the class: what tells it from the others is taken away before the network can use it. Normalising by each
// example's own units takes nothing from the batch.
//
// Statistics taken afresh over fair batches tell whether only the running averages were wrong. They were not: the weights never
// had to tell classes apart that did not meet.
#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/normalizations.hpp"

namespace bnlab {

namespace {

constexpr double kFair = 10;  // all classes there are

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data =
      glyph_examples({.train = 2000, .test = 1000, .standardize = setting.on("standardize")}, seed);
  const Index steps = setting.count("steps");
  const Normalizations choice{.running_momentum = setting["momentum"], .renorm = renorm_schedule(steps)};
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    for (const Arm& arm : setting.study().arms) {
      Trainer<float> trainer = classifier_trainer(glyph_classifier(normalization(arm.name, choice)),
                                                  setting["lr"], setting.count("batch"), data.train, seed);
      BatcherOptions batches = trainer.batcher().options();
      batches.classes_per_batch = static_cast<Index>(setting.points()[at]);
      trainer.set_batch(batches);
      const double reached = accuracy_after(trainer, steps, data.test);
      record.set("accuracy", arm.name, at, reached);
      if (arm.name != "bn") continue;
      Tape<float> tape(trainer.network(), kAtOnce);
      record.set("recalibrated", arm.name, at,
                 recalibrated_accuracy(trainer.network(), tape, data.train, data.test));
    }
  }
}

double at(const Record& record, std::string_view arm, double classes) {
  return record.at("accuracy", arm, classes);
}

// What two classes per batch cost.
double loss_by_two(const Record& record, std::string_view arm) {
  return at(record, arm, kFair) - at(record, arm, 2);
}

}  // namespace

Study batches_by_class() {
  return {
      .id = "E24",
      .name = "batches-by-class",
      .title = "Must a batch be a fair sample?",
      .question =
          "Each batch holds pictures of two digits only, or of a single one, though all digits take their "
          "turns. What does that do to a network that normalises by the batch?",
      .method =
          "Fully connected networks of 3×64 ReLU units learn glyphs in batches of 32, each drawn from one "
          "class, from two, or from all ten. Running statistics have momentum 0.02. Batch Renorm is plain "
          "batch normalization for the first tenth of training; then its bounds open to r ≤ 3, |d| ≤ 5. "
          "Recalibrated statistics are those of fair batches of 250 at the end.",
      .source =
          "Ioffe 2017, “Batch Renormalization”, arXiv:1702.03275, section 4.3; Wu & Johnson 2021, "
          "“Rethinking ‘Batch’ in BatchNorm”, arXiv:2105.07576",
      .knobs = {{"steps", "Training steps", 400, 50, 2000, true, Moves::kLinearly, 200},
                {"batch", "Batch size", 32, 4, 128, true, Moves::kByFactors},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"momentum", "Momentum k of the running statistics", 0.02, 0.001, 1, false,
                 Moves::kByFactors},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"classes", "Classes per batch", {1, 2, kFair}, 1, kFair, true, Moves::kLinearly, {}},
      .arms = {{"bn", "batch normalization"},
               {"renorm", "Batch Renorm"},
               {"gn", "group normalization, 8 groups"},
               {"none", "no normalization"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance},
                  {"recalibrated", "The same, statistics recalibrated", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "one-class",
            .statement =
                "With one class per batch, batch normalization stays at chance: at most 20 % are right.",
            .quantity = "Accuracy with batch normalization, one class per batch",
            .format = Format::kShare,
            .bound = at_most(0.2),
            .measure = [](const Record& of) { return at(of, "bn", 1); }},
           {.name = "one-class-gn",
            .statement =
                "From batches of one class, group normalization learns: it is 30 points or more ahead of "
                "batch normalization.",
            .quantity = "Accuracy with group minus batch normalization, one class per batch",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure = [](const Record& of) { return at(of, "gn", 1) - at(of, "bn", 1); }},
           {.name = "two-classes",
            .statement = "Two classes per batch cost batch normalization 10 points or more.",
            .quantity = "Accuracy with batch normalization, fair batches minus two classes per batch",
            .format = Format::kPoints,
            .bound = at_least(0.1),
            .measure = [](const Record& of) { return loss_by_two(of, "bn"); }},
           {.name = "two-classes-gn",
            .statement =
                "Two classes per batch cost batch normalization 8 points or more beyond what they cost "
                "group normalization.",
            .quantity = "Loss of accuracy by two classes per batch, batch minus group normalization",
            .format = Format::kPoints,
            .bound = at_least(0.08),
            .measure = [](const Record& of) { return loss_by_two(of, "bn") - loss_by_two(of, "gn"); }},
           {.name = "fair",
            .statement = "In fair batches, batch normalization is at most 6 points behind a network without.",
            .quantity = "Accuracy with batch normalization minus without, fair batches",
            .format = Format::kPoints,
            .bound = at_least(-0.06),
            .measure = [](const Record& of) { return at(of, "bn", kFair) - at(of, "none", kFair); }},
           {.name = "recalibration",
            .statement =
                "With two classes per batch, statistics taken afresh over fair batches change accuracy by 5 "
                "points at most: it is the weights that learned too little.",
            .quantity = "Accuracy with batch normalization, recalibrated minus not, two classes per batch",
            .format = Format::kPoints,
            .bound = within(-0.05, 0.05),
            .measure = [](const Record& of) { return of.at("recalibrated", "bn", 2) - at(of, "bn", 2); }},
           {.name = "renorm-helps",
            .statement =
                "With two classes per batch, Batch Renorm gains 3 points or more on batch normalization.",
            .quantity = "Accuracy with Batch Renorm minus batch normalization, two classes per batch",
            .format = Format::kPoints,
            .bound = at_least(0.03),
            .measure = [](const Record& of) { return at(of, "renorm", 2) - at(of, "bn", 2); }},
           {.name = "renorm-no-cure",
            .statement =
                "With one class per batch, Batch Renorm stays 30 points or more behind a network without "
                "normalization.",
            .quantity = "Accuracy without normalization minus Batch Renorm, one class per batch",
            .format = Format::kPoints,
            .bound = at_least(0.3),
            .measure = [](const Record& of) { return at(of, "none", 1) - at(of, "renorm", 1); }}},
      .seeds = 8,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
