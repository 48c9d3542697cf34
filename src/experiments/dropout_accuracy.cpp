// Does batch normalization make dropout superfluous?
//
// Both add noise to training. Where examples are many and clean, neither is needed and much dropout is too much; where they are few and
// some labels wrong, dropout still helps, with batch normalization as without. Recalibrated statistics, taken with dropout
// switched off, tell what the shift of variance (E23) has to do with it.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/dropout_network.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto measure = [&](std::string_view metric, const GlyphTask& task, Index batch) {
    const GlyphExamples data = glyph_examples(task, seed);
    for (std::size_t at = 0; at < setting.points().size(); ++at) {
      const auto network = [](double p, const std::optional<LayerSpec>& norm) {
        return dropout_classifier(3, 64, p, norm);
      };
      const auto trained = [&](std::string_view arm, const std::optional<LayerSpec>& norm) {
        Trainer<float> trainer =
            classifier_trainer(network(setting.points()[at], norm), setting["lr"], batch, data.train, seed);
        record.set(metric, arm, at, accuracy_after(trainer, setting.count("steps"), data.test));
        return trainer;
      };
      trained("none", {});
      Trainer<float> bn = trained("bn", BatchNormSpec{});
      bn.set_layers(network(0, BatchNormSpec{}));
      Tape<float> tape(bn.network(), kAtOnce);
      record.set(metric, "recalibrated", at,
                 recalibrated_accuracy(bn.network(), tape, data.train, data.test));
    }
  };
  measure("many", {.train = 2000, .test = 1000, .standardize = setting.on("standardize")}, 64);
  measure("few",
          {.train = 400,
           .test = 1000,
           .label_noise = setting["label_noise"],
           .standardize = setting.on("standardize")},
          16);
}

// What dropping a share p gains.
double gain(const Record& record, std::string_view metric, std::string_view arm, double p) {
  return record.at(metric, arm, p) - record.at(metric, arm, 0);
}

}  // namespace

Study dropout_accuracy() {
  return {
      .id = "E23b",
      .name = "dropout-accuracy",
      .title = "Does batch normalization make dropout superfluous?",
      .question =
          "Both make training noisy. Is dropout still worth something, or harmful, where there is batch "
          "normalization?",
      .method =
          "Fully connected networks of three layers of 64 units, each linear, batch normalization or none, "
          "ReLU, dropout, learn 2,000 glyphs in batches of 64, or 400 glyphs with a fifth of wrong labels "
          "in batches of 16. Recalibrated: running statistics taken afresh over the training set without "
          "dropout.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 4.2.1; D. Mishkin, "
          "caffenet-benchmark, github.com/ducha-aiki/caffenet-benchmark: with batch normalization and p = "
          "0.5, 0.2 or 0, CaffeNet gets 49.9, 52.7 or 51.3 % of ImageNet right",
      .knobs = {{"label_noise", "Share of wrong labels among the few", 0.2, 0, 0.8},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"steps", "Training steps", 500, 50, 1500, true, Moves::kLinearly, 300},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"p", "Share p that dropout drops", {0, 0.2, 0.5}, 0, 0.9, false, Moves::kLinearly, {}},
      .arms = {{"bn", "batch normalization"},
               {"recalibrated", "batch normalization, recalibrated"},
               {"none", "no normalization"}},
      .metrics = {{"many", "Test accuracy, 2,000 examples", Format::kShare, kGlyphChance},
                  {"few", "Test accuracy, 400 examples, wrong labels", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "many-heavy",
            .statement =
                "Of many clean examples, a network with batch normalization learns 8 points or more less "
                "under dropout with p = 0.5.",
            .quantity = "Accuracy with batch normalization, 2,000 examples, p = 0.5 minus p = 0",
            .format = Format::kPoints,
            .bound = at_most(-0.08),
            .measure = [](const Record& of) { return gain(of, "many", "bn", 0.5); }},
           {.name = "many-light",
            .statement = "Of many clean examples, a network with batch normalization learns at most 4 "
                         "points better under dropout with p = 0.2.",
            .quantity = "Accuracy with batch normalization, 2,000 examples, p = 0.2 minus p = 0",
            .format = Format::kPoints,
            .bound = at_most(0.04),
            .measure = [](const Record& of) { return gain(of, "many", "bn", 0.2); }},
           {.name = "few-light",
            .statement =
                "Of few examples with wrong labels, a network with batch normalization learns 2 points or "
                "more better under dropout with p = 0.2.",
            .quantity = "Accuracy with batch normalization, 400 examples, p = 0.2 minus p = 0",
            .format = Format::kPoints,
            .bound = at_least(0.02),
            .measure = [](const Record& of) { return gain(of, "few", "bn", 0.2); }},
           {.name = "few-as-without",
            .statement = "What dropout with p = 0.2 gains on few examples is the same with and without "
                         "batch normalization, to within 8 points.",
            .quantity = "Gain of p = 0.2 over p = 0, 400 examples, with batch normalization minus without",
            .format = Format::kPoints,
            .bound = within(-0.08, 0.08),
            .measure =
                [](const Record& of) { return gain(of, "few", "bn", 0.2) - gain(of, "few", "none", 0.2); }},
           {.name = "recalibrated",
            .statement =
                "With p = 0.5, statistics taken without dropout change the accuracy of batch normalization "
                "by 8 points at most.",
            .quantity = "Accuracy with batch normalization, 2,000 examples, p = 0.5, recalibrated minus not",
            .format = Format::kPoints,
            .bound = within(-0.08, 0.08),
            .measure =
                [](const Record& of) {
                  return of.at("many", "recalibrated", 0.5) - of.at("many", "bn", 0.5);
                }}},
      .seeds = 8,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
