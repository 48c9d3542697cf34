// Batch normalization's first experiment, in small.
//
// Ioffe & Szegedy trained three layers of 100 sigmoid units on handwritten digits, with all weights small at the start, and
// watched one unit of the last layer: without batch normalization its distribution wanders and the network hardly learns;
// with it, it stays where it is (arXiv:1502.03167, section 4.1 and figure 1). What stays is the mean and the spread: they are
// set by construction, so that this shows what batch normalization does, and not yet why it helps.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "probe/drift.hpp"

namespace bnlab {

namespace {

constexpr Index kWatched = 300;  // examples
constexpr Index kStepsPerLook = 20;

void measure(std::string_view arm, const std::optional<LayerSpec>& norm, const Setting& setting,
             const std::shared_ptr<const Split>& data, std::uint64_t seed, Record& record) {
  DeepNetwork network{.depth = 3, .width = setting.count("width"), .activation = Activation::kSigmoid};
  network.norm = norm;
  network.sigma = setting["sigma"];
  Trainer<float> trainer =
      deep_trainer(network, {.lr = setting["lr"], .batch = setting.count("batch")}, data, seed);
  const Network<float>& trained = trainer.network();
  Tape<float> tape(trained, kWatched);
  // What goes into the last hidden layer's sigmoid.
  const TapeRecord<float>& watched = tape.records()[tape.records().size() - 3];
  Drift drift(network.width);
  bool well = true;
  const auto look = [&] {
    network_forward(trained, tape, data->test.x.data(), kWatched, Mode::kTraining);
    if (all_finite(watched.y, kWatched * network.width)) drift.look(watched.y, kWatched);
  };
  look();
  for (const std::size_t i : ascending(setting.points())) {
    const auto until = static_cast<Index>(setting.points()[i]);
    while (well && trainer.steps() < until) {
      well = train(trainer, 1);
      if (well && trainer.steps() % kStepsPerLook == 0) look();
    }
    record.set("accuracy", arm, i,
               well ? glyph_accuracy(trained, tape, Mode::kInference, data->test) : kGlyphChance);
    record.set("drift", arm, i, drift.relative());
    const Percentiles& last = drift.of(0).back();
    record.set("low", arm, i, last.low);
    record.set("median", arm, i, last.median);
    record.set("high", arm, i, last.high);
  }
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.standardize = !setting.on("raw")}, seed);
  measure("none", std::nullopt, setting, data, seed, record);
  measure("bn", BatchNormSpec{}, setting, data, seed, record);
}

constexpr Index kUnits = 32;
constexpr double kRate = 1;

// Both studies have all of these; E3b starts from other values.
std::vector<Knob> knobs(double width, double lr, bool raw) {
  return {{"width", "Units per layer", width, 4, 200, true, Moves::kLinearly, kUnits},
          {"sigma", "Initial weights’ standard deviation", 0.1, 0.001, 2, false, Moves::kByFactors},
          {"lr", "Learning rate", lr, 0.001, 10, false, Moves::kByFactors, kRate},
          {"batch", "Batch size", 60, 2, 256, true},
          {"raw", "Pixels as they come", raw ? 1.0 : 0.0, 0, 1, true}};
}

Axis steps(std::vector<double> points, std::vector<double> fast) {
  return {.name = "steps",
          .label = "Training steps",
          .points = std::move(points),
          .min = 0,
          .max = 2000,
          .whole = true,
          .fast = std::move(fast)};
}

std::vector<Arm> arms() { return {{"none", "without"}, {"bn", "batch normalization"}}; }

std::vector<Metric> metrics() {
  return {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance},
          {.name = "drift",
           .label = "Drift of a unit’s median so far, by its spread",
           .format = Format::kTimes,
           .moves = Moves::kByFactors},
          {"low", "15th percentile of one unit"},
          {"median", "Median of one unit"},
          {"high", "85th percentile of one unit"}};
}

double last_step(const Record& of) {
  const std::vector<double>& points = of.setting().points();
  return *std::max_element(points.begin(), points.end());
}

double gain(const Record& of, double step) {
  return of.at("accuracy", "bn", step) - of.at("accuracy", "none", step);
}

constexpr std::string_view kSource =
    "Ioffe & Szegedy 2015, “Batch Normalization: Accelerating Deep Network Training by Reducing Internal "
    "Covariate Shift”, arXiv:1502.03167, section 4.1 and figure 1";

}  // namespace

Study sigmoid_digits() {
  return {
      .id = "E3",
      .name = "sigmoid-digits",
      .title = "Three layers of sigmoids: batch normalization’s first experiment",
      .question =
          "Sigmoids that saturate hardly learn. Does batch normalization keep them from it, and does it keep "
          "the distribution of what goes into them where it is?",
      .method =
          "Networks of 3×32 sigmoid units, with normal initial weights of standard deviation 0.1, learn "
          "standardised glyphs by plain SGD at a learning rate of 1 in batches of 60. Every 20 steps, 300 "
          "test "
          "examples are passed in training mode, and the percentiles noted of what goes into each sigmoid of "
          "the last hidden layer. A unit’s drift is the standard deviation of its median over time, its "
          "spread "
          "the mean distance of its 15th and 85th percentile; of all units’ ratios, the median counts.",
      .source = kSource,
      .knobs = knobs(kUnits, kRate, false),
      .axis = steps({100, 200, 300, 400, 600, 800, 1000}, {300, 1000}),
      .arms = arms(),
      .metrics = metrics(),
      .checks =
          {{.name = "ahead",
            .statement = "After 300 steps batch normalization is ahead by 50 points or more.",
            .quantity = "Accuracy with batch normalization minus without, after 300 steps",
            .format = Format::kPoints,
            .bound = at_least(0.5),
            .measure = [](const Record& of) { return gain(of, 300); }},
           {.name = "drift",
            .statement =
                "Up to then, what goes into the last sigmoids drifts, by its spread, 50 times farther "
                "without it, or more.",
            .quantity = "Drift by spread without batch normalization, by the same with it, 300 steps",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(50),
            .measure =
                [](const Record& of) { return of.at("drift", "none", 300) / of.at("drift", "bn", 300); }},
           {.name = "stays",
            .statement = "With it, a unit’s median drifts by a tenth of its spread at most.",
            .quantity = "Drift by spread with batch normalization, 300 steps",
            .bound = at_most(0.1),
            .measure = [](const Record& of) { return of.at("drift", "bn", 300); }},
           {.name = "learns-in-the-end",
            .statement =
                "On standardised inputs the plain network learns too, only later: after 1000 steps it is "
                "right in 45 % or more.",
            .quantity = "Accuracy without, after 1000 steps",
            .format = Format::kShare,
            .bound = at_least(0.45),
            .measure = [](const Record& of) { return of.at("accuracy", "none", 1000); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

Study sigmoid_digits_raw() {
  return {
      .id = "E3b",
      .name = "sigmoid-digits-raw",
      .title = "The first experiment on raw pixels",
      .question =
          "Batch normalization was first shown on pixels as they come, in layers of 100 sigmoids. How large "
          "is "
          "its lead there?",
      .method =
          "As the experiment on standardised glyphs, with 3×100 units, raw pixels and a learning rate of "
          "0.5, "
          "as in the paper but for the pictures.",
      .source = kSource,
      .knobs = knobs(100, 0.5, true),
      .axis = steps({100, 200, 300, 400, 500, 600}, {100, 300}),
      .arms = arms(),
      .metrics = metrics(),
      .checks =
          {{.name = "ahead",
            .statement = "In the end batch normalization is ahead by 50 points or more.",
            .quantity = "Accuracy with batch normalization minus without, after the last step",
            .format = Format::kPoints,
            .bound = at_least(0.5),
            .measure = [](const Record& of) { return gain(of, last_step(of)); }},
           {.name = "drift",
            .statement =
                "What goes into the last sigmoids drifts, by its spread, 50 times farther without it, or "
                "more.",
            .quantity = "Drift by spread without batch normalization, by the same with it",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(50),
            .measure =
                [](const Record& of) {
                  return of.at("drift", "none", last_step(of)) / of.at("drift", "bn", last_step(of));
                }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
