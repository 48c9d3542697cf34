// Batch-mates change a prediction.
//
// In training mode an example is normalised by statistics that the other examples of its batch have a part in. Each test
// example is classified twice, with two sets of mates drawn from the training set; the weights stand still. In inference
// mode mates have no part.
#include <algorithm>

#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  constexpr std::uint64_t kMates = 10;  // a part of the data stream to itself
  const GlyphExamples data = raw_glyphs(seed);
  Trainer<float> trainer =
      classifier_trainer(glyph_classifier(BatchNormSpec{}), setting["lr"], 64, data.train, seed);
  train(trainer, setting.count("steps"));

  const Network<float>& network = trainer.network();
  const Index inputs = network.inputs();
  const Index examples = std::min(setting.count("examples"), data.test.count);
  const std::vector<double>& points = setting.points();
  for (std::size_t at = 0; at < points.size(); ++at) {
    const auto batch = static_cast<Index>(points[at]);
    Random random(seed, Stream::kData, kMates);
    Tape<float> tape(network, batch);
    Buffer<float> x(static_cast<std::size_t>(batch * inputs));
    const auto classify = [&](Mode mode) {
      network_forward(network, tape, x.data(), batch, mode);
      return predicted_class(Loss::kCrossEntropy, tape.output(), network.outputs());
    };
    Index changed[2] = {0, 0};
    for (Index i = 0; i < examples; ++i) {
      std::copy_n(data.test.x + i * inputs, inputs, x.data());
      std::int32_t said[2][2];
      for (auto& with_mates : said) {
        for (Index mate = 1; mate < batch; ++mate) {
          const auto drawn = static_cast<Index>(random.below(static_cast<std::uint64_t>(data.train.count)));
          std::copy_n(data.train.x + drawn * inputs, inputs, x.data() + mate * inputs);
        }
        with_mates[0] = classify(Mode::kTraining);
        with_mates[1] = classify(Mode::kInference);
      }
      for (int mode = 0; mode < 2; ++mode) changed[mode] += said[0][mode] != said[1][mode] ? 1 : 0;
    }
    record.set("changed", "training", at, static_cast<double>(changed[0]) / static_cast<double>(examples));
    record.set("changed", "inference", at, static_cast<double>(changed[1]) / static_cast<double>(examples));
  }
}

// How much the share falls from one batch size to the next larger one, at least.
double least_fall(const Record& of) {
  const std::span<const double> changed = of.row("changed", "training");
  const std::vector<double>& points = of.setting().points();
  double least = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double fall = (changed[i - 1] - changed[i]) * (points[i] > points[i - 1] ? 1 : -1);
    if (!(fall >= least)) least = fall;
  }
  return least;
}

double most(const Record& of, std::string_view arm) {
  const std::span<const double> changed = of.row("changed", arm);
  return *std::max_element(changed.begin(), changed.end());
}

}  // namespace

Study batch_mates() {
  return {
      .id = "E20",
      .name = "batch-mates",
      .title = "Same picture, other batch-mates",
      .question =
          "The same trained network sees the same picture twice, among other pictures. How often does it "
          "answer otherwise?",
      .method =
          "A network of 3×64 ReLU units with batch normalization is trained on glyphs in batches of 64. Each "
          "of 200 test pictures is then classified twice, its batch-mates being drawn anew from the training "
          "set each time, in training mode and in inference mode.",
      .source = "Wu & Johnson 2021, “Rethinking ‘Batch’ in BatchNorm”, arXiv:2105.07576, section 3",
      .knobs = {{"steps", "Training steps before", 600, 0, 2000, true, Moves::kLinearly, 300},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"examples", "Pictures to classify", 200, 20, 500, true, Moves::kLinearly, 100}},
      .axis = {.name = "batch",
               .label = "Batch size B",
               .points = {4, 8, 16, 64, 256},
               .min = 2,
               .max = 512,
               .whole = true,
               .moves = Moves::kByFactors,
               .fast = {4, 16, 64, 256}},
      .arms = {{"training", "training mode"}, {"inference", "inference mode"}},
      .metrics = {{"changed", "Predictions that change with the batch-mates", Format::kShare}},
      .checks = {{.name = "four",
                  .statement =
                      "In batches of four, 40 % of the predictions in training mode or more change when only "
                      "the batch-mates do.",
                  .quantity = "Predictions that change, training mode, B = 4",
                  .format = Format::kShare,
                  .bound = at_least(0.4),
                  .measure = [](const Record& of) { return of.at("changed", "training", 4); }},
                 {.name = "falls",
                  .statement = "With every larger batch it is fewer.",
                  .quantity = "Least fall from one batch size to the next",
                  .format = Format::kPoints,
                  .bound = at_least(0),
                  .measure = least_fall},
                 {.name = "large-still",
                  .statement = "Even in batches of 256 some change: 1 % or more.",
                  .quantity = "Predictions that change, training mode, B = 256",
                  .format = Format::kShare,
                  .bound = at_least(0.01),
                  .measure = [](const Record& of) { return of.at("changed", "training", 256); }},
                 {.name = "inference-none",
                  .statement = "In inference mode not one changes, whatever the batch size.",
                  .quantity = "Predictions that change in inference mode, at most",
                  .kind = Kind::kExact,
                  .statistic = Statistic::kEvery,
                  .format = Format::kShare,
                  .bound = at_most(0),
                  .measure = [](const Record& of) { return most(of, "inference"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
