// Are pre-activations bell curves?
//
// A unit adds up many inputs, and by the central limit theorem many independent ones make a bell curve. At the start, in a wide
// layer, they nearly do. A few inputs do not, and training drives the wide layer away from it: what a unit is to tell apart, it
// pulls apart. Skewness and excess kurtosis are 0 for a bell curve; batch normalization changes neither (E36b).
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

// Averages over the units of a layer, over all training examples.
struct Shape {
  double skewness = 0;  // its size
  double excess_kurtosis = 0;
};

Shape shape_of_layer(const Network<float>& network, const Tape<float>& tape, std::size_t layer, Index batch) {
  const Index units = network.layers()[layer].out.size();
  Shape shape;
  for (Index unit = 0; unit < units; ++unit) {
    std::vector<double> values;
    for (Index i = 0; i < batch; ++i)
      values.push_back(static_cast<double>(tape.records()[layer].y[i * units + unit]));
    const Moments of = moments_of(values);
    shape.skewness += std::abs(of.skewness) / static_cast<double>(units);
    shape.excess_kurtosis += of.excess_kurtosis / static_cast<double>(units);
  }
  return shape;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.train = 1500, .test = 0, .standardize = setting.on("standardize")}, seed);
  const Training training{setting["lr"], 64, setting.count("steps")};
  for (const bool narrow : {false, true}) {
    DeepNetwork shape;
    shape.depth = 3;
    shape.width = setting.count(narrow ? "narrow" : "width");
    shape.norm = BatchNormSpec{};
    Trainer<float> trainer = deep_trainer(shape, training, data, seed);
    const std::vector<std::size_t> hidden = hidden_linear_layers(trainer.network());
    Tape<float> tape(trainer.network(), data->train.count);
    const auto look = [&](std::string_view arm) {
      network_forward(trainer.network(), tape, data->train.x.data(), data->train.count, Mode::kTraining);
      for (std::size_t at = 0; at < setting.points().size(); ++at) {
        const auto layer = static_cast<std::size_t>(setting.points()[at]) - 1;
        const Shape of = shape_of_layer(trainer.network(), tape, hidden[layer], data->train.count);
        record.set("skewness", arm, at, of.skewness);
        record.set("kurtosis", arm, at, of.excess_kurtosis);
      }
    };
    look(narrow ? "narrow-start" : "start");
    if (train(trainer, training.steps)) look(narrow ? "narrow-trained" : "trained");
  }
}

}  // namespace

Study gaussianity() {
  return {
      .id = "E36",
      .name = "gaussianity",
      .title = "Are pre-activations bell curves?",
      .question =
          "A unit adds up many inputs. Does the central limit theorem make what comes out a normal "
          "distribution?",
      .method =
          "Networks of three hidden ReLU layers with batch normalization, 64 units wide or 4, on glyphs, at "
          "the "
          "start and after 500 steps (batches of 64, learning rate 0.2). Skewness and excess kurtosis of "
          "each "
          "unit's pre-activation over 1500 examples, averaged over a layer's units.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3.2: “Wu + b is more "
          "likely to have a symmetric, non-sparse distribution, that is ‘more Gaussian’”",
      .knobs = {{"width", "Units per wide layer", 64, 8, 128, true},
                {"narrow", "Units per narrow layer", 4, 1, 32, true},
                {"lr", "Learning rate", 0.2, 0.01, 3, false, Moves::kByFactors},
                {"steps", "Training steps", 500, 0, 2000, true, Moves::kLinearly, 300},
                {"standardize", "Standardised pixels", 1, 0, 1, true}},
      .axis = {"layer", "Hidden layer", {1, 2, 3}, 1, 3, true, Moves::kLinearly, {}},
      .arms = {{"start", "wide, at the start"},
               {"trained", "wide, trained"},
               {"narrow-start", "narrow, at the start"},
               {"narrow-trained", "narrow, trained"}},
      .metrics = {{"skewness", "|Skewness|, 0 for a bell curve"},
                  {"kurtosis", "Excess kurtosis, 0 for a bell curve"}},
      .checks = {{.name = "start-skewness",
                  .statement = "At the start, a layer of 144 inputs gives units that are all but symmetric.",
                  .quantity = "|Skewness| in the first layer at the start",
                  .bound = at_most(0.15),
                  .measure = [](const Record& of) { return of.at("skewness", "start", 1); }},
                 {.name = "start-kurtosis",
                  .statement = "And with tails like a bell curve's.",
                  .quantity = "Excess kurtosis in the first layer at the start",
                  .bound = within(-0.15, 0.15),
                  .measure = [](const Record& of) { return of.at("kurtosis", "start", 1); }},
                 {.name = "training-skews",
                  .statement = "Training makes them less symmetric, by a fifth or more.",
                  .quantity = "|Skewness| after training, in parts of that at the start, mean of all layers",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(1.2),
                  .measure =
                      [](const Record& of) {
                        return of.mean("skewness", "trained") / of.mean("skewness", "start");
                      }},
                 {.name = "narrow-skewed",
                  .statement = "With four inputs instead of 64 the sum is no bell curve, even at the start.",
                  .quantity = "|Skewness| in the second and third layer at the start, 4 units wide",
                  .bound = at_least(0.5),
                  .measure = [](const Record& of) { return of.mean("skewness", "narrow-start", 2); }}},
      .seeds = 8,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
