// How far the gradient of a mini-batch is from the gradient over all examples, by batch size.
//
//   noise(B) = E‖g_B − g‖²,   g = ∇L over all N examples,   g_B = ∇L over a batch of B
//
// Where the loss of a batch is the mean of its examples' losses, g_B is the mean of B of their gradients. Drawn independently
// they give noise(B) = noise(1)/B exactly; drawn without replacement noise(1)/B·(N−B)/(N−1), which is 0 at B = N. With batch
// normalization the loss of a batch is no mean over examples, and none of this is exact.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/logarithm.hpp"
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/glyph_task.hpp"

namespace bnlab {

namespace {

// The slope of the least-squares line through (log B, log noise), of those that are above 0; NaN of fewer than two.
double slope(const Record& of, std::string_view arm) {
  const std::span<const double> noise = of.row("noise", arm);
  double count = 0;
  double sum_x = 0;
  double sum_y = 0;
  double sum_xx = 0;
  double sum_xy = 0;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    if (!(noise[i] > 0)) continue;
    const double x = log_positive(of.setting().points()[i]);
    const double y = log_positive(noise[i]);
    count += 1;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  return (count * sum_xy - sum_x * sum_y) / (count * sum_xx - sum_x * sum_x);
}

void measure(const Setting& setting, std::uint64_t seed, bool batch_norm, std::string_view arm,
             Record& record) {
  constexpr Index kTrainingBatch = 32;
  const auto data = std::make_shared<const Split>(draw_glyphs({setting.count("examples"), 0}, seed));
  const Dataset& set = data->train;
  Trainer<float> trainer =
      glyph_trainer({{setting.count("hidden")}, batch_norm}, 0.1, {kTrainingBatch}, data, seed);
  train(trainer, setting.count("steps"));

  const Network<float>& network = trainer.network();
  Tape<float> tape(network, set.count);
  std::vector<float> batch_x(static_cast<std::size_t>(set.count * set.inputs));
  std::vector<std::int32_t> batch_labels(static_cast<std::size_t>(set.count));
  std::vector<Index> members(static_cast<std::size_t>(set.count));
  std::iota(members.begin(), members.end(), Index{0});
  const auto parameters = network.parameters().size();
  // Of the first `batch` members.
  const auto gradient = [&](Index batch, Buffer<float>& to) {
    for (Index i = 0; i < batch; ++i) {
      const auto from = static_cast<std::size_t>(members[static_cast<std::size_t>(i)]);
      std::copy_n(set.x.data() + from * static_cast<std::size_t>(set.inputs), set.inputs,
                  batch_x.data() + i * set.inputs);
      batch_labels[static_cast<std::size_t>(i)] = set.labels[from];
    }
    network_forward(network, tape, batch_x.data(), batch, Mode::kTraining);
    evaluate_loss<float>(Loss::kCrossEntropy, tape, batch, network.outputs(), {batch_labels.data(), nullptr});
    network_backward(network, tape, batch_x.data(), batch, Mode::kTraining, to.data());
  };

  Buffer<float> all(parameters);
  gradient(set.count, all);
  double square = 0;
  for (const float g : all) square += static_cast<double>(g) * static_cast<double>(g);

  Random random(seed, Stream::kOrder);
  Buffer<float> some(parameters);
  const std::vector<double>& points = setting.points();
  for (std::size_t at = 0; at < points.size(); ++at) {
    const auto batch = static_cast<Index>(points[at]);
    // Batch normalization cannot learn from a single example.
    if (batch > set.count || (batch_norm && batch < 2)) continue;
    double noise = 0;
    for (Index draw = 0; draw < setting.count("draws"); ++draw) {
      for (Index i = 0; i < batch; ++i) {
        if (setting.on("replacement")) {
          members[static_cast<std::size_t>(i)] =
              static_cast<Index>(random.below(static_cast<std::uint64_t>(set.count)));
        } else {
          const auto from = i + static_cast<Index>(random.below(static_cast<std::uint64_t>(set.count - i)));
          std::swap(members[static_cast<std::size_t>(i)], members[static_cast<std::size_t>(from)]);
        }
      }
      // All examples in their first order, so that not even rounding differs.
      if (!setting.on("replacement") && batch == set.count)
        std::iota(members.begin(), members.end(), Index{0});
      gradient(batch, some);
      for (std::size_t k = 0; k < parameters; ++k) {
        const double away = static_cast<double>(some[k]) - static_cast<double>(all[k]);
        noise += away * away;
      }
    }
    noise /= setting["draws"];
    record.set("noise", arm, at, noise);
    record.set("relative", arm, at, noise / square);
  }
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  measure(setting, seed, false, "none", record);
  measure(setting, seed, true, "bn", record);
}

}  // namespace

Study gradient_noise() {
  return {
      .id = "E16",
      .name = "gradient-noise",
      .title = "How noisy is the gradient of a batch?",
      .question =
          "A batch’s gradient is a poll of the gradient over all examples. By how much does it improve when "
          "more examples are asked?",
      .method =
          "A network with one hidden layer of ReLU units looks at glyphs with standardised pixels. Its "
          "gradient over all examples is compared with that of 100 random batches of each size, without "
          "normalization and with batch normalization in training mode. With batch normalization a single "
          "example has no gradient, so its line begins at B = 2.",
      .source =
          "Bottou, Curtis & Nocedal 2018, “Optimization Methods for Large-Scale Machine Learning”, "
          "arXiv:1606.04838, section 2 and appendix B",
      .knobs = {{"steps", "Training steps before", 0, 0, 2000, true},
                {"examples", "Examples", 512, 64, 1024, true},
                {"hidden", "Hidden units", 32, 4, 64, true},
                {"replacement", "An example may be drawn twice", 1, 0, 1, true},
                {"draws", "Batches of each size", 100, 2, 1000, true, Moves::kByFactors, 50}},
      .axis = {.name = "batch",
               .label = "Batch size B",
               .points = {1, 2, 4, 8, 16, 32, 64, 128, 256},
               .min = 1,
               .max = 1024,
               .whole = true,
               .moves = Moves::kByFactors,
               .fast = {1, 2, 4, 16, 64, 256}},
      .arms = {{"none", "without normalization"}, {"bn", "batch normalization"}},
      .metrics = {{.name = "noise",
                   .label = "Noise: mean square of the gradient’s error",
                   .moves = Moves::kByFactors},
                  {.name = "relative",
                   .label = "Noise, relative to the square of the gradient itself",
                   .format = Format::kTimes,
                   .moves = Moves::kByFactors}},
      .checks =
          {{.name = "slope",
            .statement =
                "Without normalization the noise is proportional to 1/B: on logarithmic axes its slope is "
                "−1, give or take 0.1.",
            .quantity = "Slope of log noise over log B, without normalization",
            .bound = within(-1.1, -0.9),
            .measure = [](const Record& of) { return slope(of, "none"); }},
           {.name = "one-alone",
            .statement =
                "One example says little about where all of them want to go: its gradient’s noise is 20 "
                "times the square of the gradient or more.",
            .quantity = "Noise of one example over the square of the gradient",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(20),
            .measure = [](const Record& of) { return of.at("relative", "none", 1); }},
           {.name = "norm-steeper",
            .statement =
                "With batch normalization the law breaks: batches of 4 are noisier than 1/B allows by 30 % "
                "or more.",
            .quantity = "B times the noise, at B = 4 over B = 256, with batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1.3),
            .measure =
                [](const Record& of) {
                  return 4 * of.at("noise", "bn", 4) / (256 * of.at("noise", "bn", 256));
                }},
           {.name = "norm-large",
            .statement =
                "In large batches their statistics hardly move, and the law returns: 1/B from 64 to 256, "
                "give or take 15 %.",
            .quantity = "B times the noise, at B = 256 over B = 64, with batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = within(0.85, 1.15),
            .measure =
                [](const Record& of) { return 4 * of.at("noise", "bn", 256) / of.at("noise", "bn", 64); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
