// Dropout before batch normalization: in inference its inputs vary less than its running statistics say.
//
// In training, dropout zeroes a share p of what a layer receives and enlarges the rest by 1/(1−p). That keeps the mean and adds
// variance, which the running statistics of the next layer take in; in inference it is gone. All layers after the first normalise
// by a variance that is too large, and the more of them, the farther the values of the last are from those it learned with.
#include <algorithm>
#include <variant>
#include <vector>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/dropout_network.hpp"

namespace bnlab {

namespace {

constexpr Index kDepth = 4;

// The mean over a layer's units of var(x)/V, x being what the layer normalises, of all of `set` in inference mode.
std::vector<double> variance_ratios(const Network<float>& network, const TrainingSet<float>& set) {
  Tape<float> tape(network, set.count);
  network_forward(network, tape, set.x, set.count, Mode::kInference);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const LayerPlan& plan = network.layers()[i];
    if (!std::holds_alternative<BatchNormSpec>(plan.spec)) continue;
    const Index units = plan.out.size();
    std::vector<float> mean(static_cast<std::size_t>(units));
    std::vector<float> var(static_cast<std::size_t>(units));
    batch_norm_statistics<float>({set.count, units, 1}, tape.records()[i - 1].y, mean.data(), var.data());
    double sum = 0;
    for (Index unit = 0; unit < units; ++unit)
      sum += static_cast<double>(var[static_cast<std::size_t>(unit)]) /
             static_cast<double>(network.buffer(plan.running_var)[unit]);
    ratios.push_back(sum / static_cast<double>(units));
  }
  return ratios;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data =
      glyph_examples({.train = 2000, .test = 1000, .standardize = setting.on("standardize")}, seed);
  const auto measure = [&](std::string_view arm, double p) {
    Trainer<float> trainer = classifier_trainer(dropout_classifier(kDepth, 64, p, BatchNormSpec{}),
                                                setting["lr"], setting.count("batch"), data.train, seed);
    if (!train(trainer, setting.count("steps"))) return;
    const std::vector<double> ratios = variance_ratios(trainer.network(), data.test);
    for (std::size_t at = 0; at < setting.points().size(); ++at)
      record.set("ratio", arm, at, ratios[static_cast<std::size_t>(setting.points()[at]) - 1]);
  };
  measure("none", 0);
  measure("light", 0.2);
  measure("heavy", 0.5);
}

double ratio(const Record& record, std::string_view arm, double layer) {
  return record.at("ratio", arm, layer);
}

// The greatest of all layers that dropout comes before.
double greatest_after(const Record& record, std::string_view arm) {
  double greatest = 0;
  const std::vector<double>& layers = record.setting().points();
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (layers[i] > 1) greatest = std::max(greatest, record.row("ratio", arm)[i]);
  return greatest;
}

}  // namespace

Study dropout_shift() {
  return {
      .id = "E23",
      .name = "dropout-shift",
      .title = "What dropout does to the batch normalization after it",
      .question =
          "Dropout adds variance in training and none in inference. What becomes of a layer that "
          "normalises, in inference, by the variance it met in training?",
      .method =
          "Fully connected networks of four layers of 64 units, each linear, batch normalization, ReLU, "
          "dropout, learn 2,000 glyphs. Then the test set passes in inference mode; the variance of what "
          "each batch normalization receives is divided by its running variance, and averaged over units.",
      .source =
          "Li et al. 2019, “Understanding the Disharmony between Dropout and Batch Normalization by "
          "Variance Shift”, arXiv:1801.05134",
      .knobs = {{"batch", "Batch size", 64, 8, 256, true, Moves::kByFactors},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"steps", "Training steps", 500, 50, 1500, true, Moves::kLinearly, 200},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"layer", "Hidden layer", {1, 2, 3, 4}, 1, kDepth, true, Moves::kLinearly, {}},
      .arms = {{"none", "no dropout"}, {"light", "p = 0.2"}, {"heavy", "p = 0.5"}},
      .metrics = {{"ratio", "Variance in inference / running variance"}},
      .checks =
          {{.name = "heavy",
            .statement = "With p = 0.5, what layers after the first receive varies at most 0.75 times as "
                         "much as their running variance says.",
            .quantity = "Greatest variance ratio of layers 2 to 4, p = 0.5",
            .format = Format::kTimes,
            .bound = at_most(0.75),
            .measure = [](const Record& of) { return greatest_after(of, "heavy"); }},
           {.name = "light",
            .statement = "With p = 0.2, what layers after the first receive varies at most 0.9 times as "
                         "much as their running variance says.",
            .quantity = "Greatest variance ratio of layers 2 to 4, p = 0.2",
            .format = Format::kTimes,
            .bound = at_most(0.9),
            .measure = [](const Record& of) { return greatest_after(of, "light"); }},
           {.name = "grows",
            .statement =
                "The shift grows with depth: with p = 0.5, the fourth layer's ratio is at most 0.8 times "
                "the second's.",
            .quantity = "Variance ratio of layer 4 / of layer 2, p = 0.5",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(0.8),
            .measure = [](const Record& of) { return ratio(of, "heavy", 4) / ratio(of, "heavy", 2); }},
           {.name = "first-layer",
            .statement = "The first layer, which no dropout comes before, receives what it learned with, to "
                         "within 10 %.",
            .quantity = "Variance ratio of layer 1, p = 0.5",
            .format = Format::kTimes,
            .bound = within(0.9, 1.1),
            .measure = [](const Record& of) { return ratio(of, "heavy", 1); }},
           {.name = "without",
            .statement =
                "Without dropout, the variance of the second layer is as its running variance says, to "
                "within 10 %.",
            .quantity = "Variance ratio of layer 2, no dropout",
            .format = Format::kTimes,
            .bound = within(0.9, 1.1),
            .measure = [](const Record& of) { return ratio(of, "none", 2); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
