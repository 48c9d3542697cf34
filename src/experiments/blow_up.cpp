// The first steps at a rate that is too large.
//
// Without batch normalization, larger weights make larger activations, those larger gradients, and those larger weights again,
// layer by layer (Bjorck et al. 2018, “Understanding Batch Normalization”, arXiv:1806.02375). Behind each normalised layer,
// activations have the scale that γ gives them, whatever the weights do. Nothing holds the output layer, which is not
// normalised.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

constexpr Index kWatched = 100;  // examples

// Root mean square; what overflows counts as the largest float.
double rms(const float* values, Index size) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  if (!all_finite(values, size)) return kLargest;
  double squares = 0;
  for (Index i = 0; i < size; ++i) squares += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  return std::sqrt(squares / static_cast<double>(size));
}

void measure(std::string_view arm, const std::optional<LayerSpec>& norm, std::size_t at,
             const Setting& setting, const std::shared_ptr<const Split>& data, std::uint64_t seed,
             Record& record) {
  const DeepNetwork options{.depth = setting.count("depth"), .width = setting.count("width"), .norm = norm};
  Trainer<float> trainer = deep_trainer(options, {.lr = setting.points()[at]}, data, seed);
  const Network<float>& network = trainer.network();
  Tape<float> tape(network, kWatched);
  // What goes into the last hidden layer's ReLU.
  const TapeRecord<float>& hidden = tape.records()[tape.records().size() - 3];
  double largest_hidden = 0;
  double largest_output = 0;
  const auto look = [&] {
    network_forward(network, tape, data->test.x.data(), kWatched, Mode::kTraining);
    largest_hidden = std::fmax(largest_hidden, rms(hidden.y, kWatched * options.width));
    largest_output = std::fmax(largest_output, rms(tape.output(), kWatched * network.outputs()));
  };
  look();
  const double at_first = largest_hidden;
  for (Index step = 0; step < setting.count("steps") && train(trainer, 1); ++step) look();
  record.set("hidden", arm, at, largest_hidden);
  record.set("output", arm, at, largest_output);
  record.set("blown", arm, at, largest_hidden > 1000 * at_first ? 1 : 0);
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.train = 1500, .test = kWatched, .standardize = !setting.on("raw")}, seed);
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    measure("none", std::nullopt, i, setting, data, seed, record);
    measure("bn", BatchNormSpec{}, i, setting, data, seed, record);
    measure("ln", layer_norm(), i, setting, data, seed, record);
  }
}

}  // namespace

Study blow_up() {
  return {
      .id = "E33",
      .name = "blow-up",
      .title = "The first twenty steps at a rate that is too large",
      .question =
          "How large do the values inside a deep network become when its learning rate is too large, and "
          "what "
          "does batch normalization hold down?",
      .method =
          "Networks of 10×64 ReLU units, as He initialises them, take twenty steps on standardised glyphs in "
          "batches of 64. After each, 100 test examples are passed in training mode. What is shown is the "
          "largest root mean square seen of what goes into the last hidden layer’s ReLU, and of the outputs. "
          "A "
          "network has blown up where the former has grown a thousandfold. What overflows counts as the "
          "largest "
          "float.",
      .source = "Bjorck et al. 2018, “Understanding Batch Normalization”, arXiv:1806.02375",
      .knobs = {{"depth", "Hidden layers", 10, 1, 50, true},
                {"width", "Units per layer", 64, 4, 128, true},
                {"steps", "Training steps", 20, 1, 200, true},
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = {.name = "lr",
               .label = "Learning rate",
               .points = {0.1, 1, 3, 10, 30},
               .min = 1e-3,
               .max = 100,
               .moves = Moves::kByFactors,
               .fast = {0.1, 3, 10, 30}},
      .arms = {{"none", "without"}, {"bn", "batch normalization"}, {"ln", "layer normalization"}},
      .metrics = {{.name = "hidden",
                   .label = "Largest root mean square in the last hidden layer",
                   .moves = Moves::kByFactors},
                  {.name = "output",
                   .label = "Largest root mean square of the outputs",
                   .moves = Moves::kByFactors},
                  {"blown", "Blown up", Format::kShare}},
      .checks = {{.name = "plain-blows-up",
                  .statement = "At a learning rate of 3, more than half of all networks without batch "
                               "normalization blow up.",
                  .quantity = "Networks without batch normalization that blow up, learning rate 3",
                  .statistic = Statistic::kShare,
                  .format = Format::kShare,
                  .bound = at_least(0.5),
                  .measure = [](const Record& of) { return of.at("blown", "none", 3); }},
                 {.name = "bn-holds",
                  .statement = "With it, the last hidden layer stays below 2 in every one.",
                  .quantity = "Largest root mean square with batch normalization, learning rate 3",
                  .statistic = Statistic::kEvery,
                  .bound = at_most(2),
                  .measure = [](const Record& of) { return of.at("hidden", "bn", 3); }},
                 {.name = "small-rate-calm",
                  .statement = "At a learning rate of 0.1 plain networks stay below 5, too.",
                  .quantity = "Largest root mean square without batch normalization, learning rate 0.1",
                  .bound = at_most(5),
                  .measure = [](const Record& of) { return of.at("hidden", "none", 0.1); }},
                 {.name = "outputs-grow",
                  .statement = "Outputs, which are not normalised, grow with the rate: at 10 to five times "
                               "of what they are at "
                               "0.1, or more.",
                  .quantity = "Outputs with batch normalization, learning rate 10 by learning rate 0.1",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(5),
                  .measure =
                      [](const Record& of) {
                        return of.at("output", "bn", 10) / of.at("output", "bn", 0.1);
                      }},
                 {.name = "bn-blows-up",
                  .statement = "At a learning rate of 30, more than half of all networks with batch "
                               "normalization blow up as "
                               "well.",
                  .quantity = "Networks with batch normalization that blow up, learning rate 30",
                  .statistic = Statistic::kShare,
                  .format = Format::kShare,
                  .bound = at_least(0.5),
                  .measure = [](const Record& of) { return of.at("blown", "bn", 30); }},
                 {.name = "layer-norm-earlier",
                  .statement =
                      "With layer normalization, more than half do at a learning rate of 10 already.",
                  .quantity = "Networks with layer normalization that blow up, learning rate 10",
                  .statistic = Statistic::kShare,
                  .format = Format::kShare,
                  .bound = at_least(0.5),
                  .measure = [](const Record& of) { return of.at("blown", "ln", 10); }},
                 {.name = "bn-later",
                  .statement = "With batch normalization, less than half do.",
                  .quantity = "Networks with batch normalization that blow up, learning rate 10",
                  .statistic = Statistic::kShare,
                  .format = Format::kShare,
                  .bound = at_most(0.5),
                  .measure = [](const Record& of) { return of.at("blown", "bn", 10); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
