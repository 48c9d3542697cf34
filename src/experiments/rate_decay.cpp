// May the learning rate fall faster with batch normalization?
//
// Ioffe & Szegedy let it fall six times as fast, since their network learned faster. Halved every 20 of 400 steps, a rate soon
// is too small for anything to happen: what matters is how much was learned before. So a network that bears a higher rate to start
// with bears a faster fall; at the same rate it is the control that tells whether there is more to it.
#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

constexpr double kFast = 20;
constexpr double kSlow = 200;

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data =
      glyph_examples({.train = 2000, .test = 1000, .standardize = setting.on("standardize")}, seed);
  const auto measure = [&](std::string_view arm, const std::optional<LayerSpec>& norm, double lr) {
    for (std::size_t at = 0; at < setting.points().size(); ++at) {
      Trainer<float> trainer =
          classifier_trainer(classifier(kGlyphSide * kGlyphSide, 6, 32, 10, norm), lr, 64, data.train, seed);
      Schedule& schedule = trainer.sgd().schedule;
      schedule.kind = ScheduleKind::kStep;
      schedule.factor = 0.5;
      schedule.steps = static_cast<Index>(setting.points()[at]);
      record.set("accuracy", arm, at, accuracy_after(trainer, setting.count("steps"), data.test));
    }
  };
  measure("high", BatchNormSpec{}, setting["high"]);
  measure("bn", BatchNormSpec{}, setting["lr"]);
  measure("none", {}, setting["lr"]);
}

double at(const Record& record, std::string_view arm, double halving) {
  return record.at("accuracy", arm, halving);
}

}  // namespace

Study rate_decay() {
  return {
      .id = "E29",
      .name = "rate-decay",
      .title = "May the learning rate fall faster with batch normalization?",
      .question =
          "The learning rate is halved every 20, 60 or 200 steps. Does batch normalization bear a fast fall "
          "better, and does it gain by one?",
      .method =
          "Fully connected networks of 6×32 ReLU units learn glyphs for 400 steps in batches of 64: with "
          "batch normalization at a high initial learning rate, and with and without it at one that both "
          "bear.",
      .source = "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 4.2.1",
      .knobs = {{"high", "High initial learning rate", 1, 0.01, 10, false, Moves::kByFactors},
                {"lr", "Initial learning rate of both", 0.3, 0.01, 10, false, Moves::kByFactors},
                {"steps", "Training steps", 400, 50, 1000, true},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"halving",
               "Steps until the learning rate is halved",
               {kFast, 60, kSlow},
               5,
               1000,
               true,
               Moves::kByFactors,
               {kFast, kSlow}},
      .arms = {{"high", "batch normalization, high rate"},
               {"bn", "batch normalization"},
               {"none", "no normalization"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance}},
      .checks =
          {{.name = "tolerates",
            .statement = "Where the rate is halved every 20 steps, batch normalization at its high rate "
                         "ends 10 points or more ahead of a network without.",
            .quantity =
                "Accuracy with batch normalization at the high rate minus without, halved every 20 steps",
            .format = Format::kPoints,
            .bound = at_least(0.1),
            .measure = [](const Record& of) { return at(of, "high", kFast) - at(of, "none", kFast); }},
           {.name = "no-gain",
            .statement = "A fast fall gains nothing: halved every 200 steps, batch normalization at its "
                         "high rate ends 5 points or more better than halved every 20.",
            .quantity =
                "Accuracy with batch normalization at the high rate, halved every 200 minus every 20 steps",
            .format = Format::kPoints,
            .bound = at_least(0.05),
            .measure = [](const Record& of) { return at(of, "high", kSlow) - at(of, "high", kFast); }},
           {.name = "same-rate",
            .statement =
                "At the same rate, halved every 20 steps, batch normalization is at most 12 points ahead of "
                "a network without.",
            .quantity = "Accuracy with batch normalization minus without, same rate, halved every 20 steps",
            .format = Format::kPoints,
            .bound = at_most(0.12),
            .measure = [](const Record& of) { return at(of, "bn", kFast) - at(of, "none", kFast); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
