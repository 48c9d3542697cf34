// Inputs whose features differ in scale by a factor of hundreds: does batch normalization put that right?
//
// Stretched, the first coordinate of two spirals is as large as the second is small. A hidden layer's batch normalization scales what a
// unit made of both, in which the first outweighs the second so far that the second is lost: x̂ is a function of the first
// alone, and a unit has one scale for both. Dividing each feature by its own scale before anything is mixed brings the second back,
// whether done to the data or by batch normalization at the input.
#include <algorithm>

#include "data/toy.hpp"
#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

constexpr double kChance = 0.5;

struct Examples {
  TrainingSet<float> train;
  TrainingSet<float> test;
};

Examples stretched_spirals(double stretch, bool standardize, std::uint64_t seed) {
  const auto split = std::make_shared<const Split>(
      prepare(make_toy({.kind = Toy::kSpirals, .count = 1600, .noise = 0.03}, seed),
              {.test = 0.625, .stretch = stretch, .standardize = standardize}, seed));
  return {examples_of(split, split->train), examples_of(split, split->test)};
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const Examples raw = stretched_spirals(setting["stretch"], false, seed);
  const Examples standardised = stretched_spirals(setting["stretch"], true, seed);
  const NetworkSpec none = classifier(2, 3, 32, 2, {});
  NetworkSpec input = none;
  input.layers.insert(input.layers.begin(), BatchNormSpec{});
  const NetworkSpec hidden = classifier(2, 3, 32, 2, BatchNormSpec{});
  const auto measure = [&](std::string_view arm, const NetworkSpec& network, const Examples& data) {
    for (std::size_t at = 0; at < setting.points().size(); ++at) {
      Trainer<float> trainer = classifier_trainer(network, setting.points()[at], 50, data.train, seed);
      record.set("accuracy", arm, at, accuracy_after(trainer, setting.count("steps"), data.test, kChance));
    }
  };
  measure("none", none, raw);
  measure("hidden", hidden, raw);
  measure("input", input, raw);
  measure("none-standardised", none, standardised);
  measure("hidden-standardised", hidden, standardised);
}

double best(const Record& record, std::string_view arm) {
  const std::span<const double> accuracies = record.row("accuracy", arm);
  return *std::max_element(accuracies.begin(), accuracies.end());
}

}  // namespace

Study input_scale() {
  return {
      .id = "E31",
      .name = "input-scale",
      .title = "Does batch normalization put badly scaled inputs right?",
      .question =
          "One input feature is 900 times as large as the other. Does normalising inside the network save "
          "one from standardising the inputs?",
      .method =
          "Fully connected networks of 3×32 ReLU units learn 600 points of two spirals, stretched to (30x, "
          "y/30), in batches of 50: as they are, without batch normalization, with it in the hidden layers, "
          "or at the input only; and standardised.",
      .source =
          "LeCun, Bottou, Orr & Müller 1998, “Efficient BackProp”, section 4.3, on scaling inputs; Ioffe & "
          "Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 2",
      .knobs = {{"stretch", "Stretch: x times, y divided by", 30, 1, 100, false, Moves::kByFactors},
                {"steps", "Training steps", 500, 50, 2000, true, Moves::kLinearly, 400}},
      .axis =
          {"lr", "Learning rate", {0.001, 0.01, 0.1, 0.5}, 0.0001, 10, false, Moves::kByFactors, {0.01, 0.1}},
      .arms = {{"none", "no normalization"},
               {"hidden", "batch normalization, hidden layers"},
               {"input", "batch normalization, input only"},
               {"none-standardised", "standardised, no normalization"},
               {"hidden-standardised", "standardised, batch normalization"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kChance}},
      .checks =
          {{.name = "none-fails",
            .statement = "With badly scaled inputs and no normalization, at most 65 % are right at any "
                         "learning rate.",
            .quantity = "Best accuracy over learning rates, no normalization",
            .format = Format::kShare,
            .bound = at_most(0.65),
            .measure = [](const Record& of) { return best(of, "none"); }},
           {.name = "hidden-helps",
            .statement = "With badly scaled inputs, batch normalization in the hidden layers gains 10 "
                         "points or more.",
            .quantity = "Best accuracy over learning rates, batch normalization in hidden layers minus none",
            .format = Format::kPoints,
            .bound = at_least(0.1),
            .measure = [](const Record& of) { return best(of, "hidden") - best(of, "none"); }},
           {.name = "hidden-stuck",
            .statement =
                "With badly scaled inputs, batch normalization in the hidden layers gets at most 88 % right "
                "at any learning rate.",
            .quantity = "Best accuracy over learning rates, batch normalization in hidden layers",
            .format = Format::kShare,
            .bound = at_most(0.88),
            .measure = [](const Record& of) { return best(of, "hidden"); }},
           {.name = "standardised",
            .statement = "With standardised inputs, 95 % or more are right without any normalization inside.",
            .quantity = "Best accuracy over learning rates, standardised inputs, no normalization",
            .format = Format::kShare,
            .bound = at_least(0.95),
            .measure = [](const Record& of) { return best(of, "none-standardised"); }},
           {.name = "input",
            .statement = "With badly scaled inputs, batch normalization at the input gets 90 % or more "
                         "right.",
            .quantity = "Best accuracy over learning rates, batch normalization at the input",
            .format = Format::kShare,
            .bound = at_least(0.9),
            .measure = [](const Record& of) { return best(of, "input"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
