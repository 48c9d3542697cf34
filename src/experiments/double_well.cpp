// A weight between two minima, and whether the noise of mini-batches carries it from the shallow one into the deep one.
//
//   f(w) = (w² − 1)² + 0.3·w,        fᵢ(w) = f(w) + σ·ξᵢ·w   for N = 256 examples, Σξᵢ = 0, Σξᵢ² = N
//
// so that a batch of B examples, drawn independently, has the slope f′(w) + σ·mean(ξ): right on average, and off by σ/√B. The
// full batch has no noise. The shallow minimum is near w = 0.96, the hill between the minima near 0.08, the deep one near −1.04.
#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

constexpr Index kExamples = 256;

double slope(double w) { return 4 * w * (w * w - 1) + 0.3; }

// ξ: standardised, so that all examples together are right.
std::vector<double> opinions(std::uint64_t seed) {
  std::vector<double> xi(static_cast<std::size_t>(kExamples));
  Random data(seed, Stream::kData);
  double mean = 0;
  for (double& value : xi) {
    value = data.normal();
    mean += value / static_cast<double>(kExamples);
  }
  double variance = 0;
  for (const double value : xi) variance += (value - mean) * (value - mean) / static_cast<double>(kExamples);
  for (double& value : xi) value = (value - mean) / std::sqrt(variance);
  return xi;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const std::vector<double> xi = opinions(seed);
  const std::vector<double>& points = setting.points();
  const double lr = setting["lr"];
  const double noise = setting["noise"];
  const Index steps = setting.count("steps");
  const Index runs = setting.count("runs");
  for (std::size_t at = 0; at < points.size(); ++at) {
    const auto batch = static_cast<Index>(points[at]);
    // Each batch size has the same order of examples to draw from, whichever others are looked at.
    Random order(seed, Stream::kOrder);
    double escaped = 0;
    double crossings = 0;
    for (Index i = 0; i < runs; ++i) {
      double w = setting["start"];
      for (Index step = 0; step < steps; ++step) {
        double sum = 0;
        for (Index j = 0; batch < kExamples && j < batch; ++j)
          sum += xi[static_cast<std::size_t>(order.below(kExamples))];
        const double before = w;
        // A wall on either side: beyond it f grows so steeply that a step would be thrown ever farther.
        w = std::clamp(w - lr * (slope(w) + noise * sum / static_cast<double>(batch)), -3.0, 3.0);
        if ((before < 0) != (w < 0)) crossings += 1;
      }
      if (w < 0) escaped += 1;
    }
    record.set("escaped", "weight", at, escaped / static_cast<double>(runs));
    record.set("crossings", "weight", at, crossings / static_cast<double>(runs));
  }
}

}  // namespace

Study double_well() {
  return {
      .id = "E17",
      .name = "double-well",
      .title = "Out of the shallow valley",
      .question =
          "One weight lies in the shallower of two valleys. Does the noise of mini-batches carry it over the "
          "hill into the deeper one?",
      .method =
          "The loss of one weight is f(w) = (w² − 1)² + 0.3·w. Each of 256 examples tells a slope that is "
          "off by its own share of a noise with standard deviation σ; the full batch, which is their mean, "
          "is right. For each batch size 40 runs of 3000 steps start near the bottom of the shallow valley, "
          "at w = 0.95.",
      .source =
          "Keskar et al. 2017, “On Large-Batch Training for Deep Learning”, arXiv:1609.04836; against it as "
          "an account of deep networks: Geiping et al. 2022, “Stochastic Training is Not Necessary for "
          "Generalization”, arXiv:2109.14119",
      .knobs = {{"noise", "Noise of one example’s slope, σ", 4, 0, 20},
                {"lr", "Learning rate", 0.05, 0.001, 0.2, false, Moves::kByFactors},
                {"steps", "Steps", 3000, 10, 10'000, true},
                {"start", "Starting weight", 0.95, -1.5, 1.5},
                {"runs", "Runs for each seed", 40, 5, 200, true}},
      .axis = {.name = "batch",
               .label = "Batch size B, of 256 examples",
               .points = {1, 2, 4, 8, 16, 64, 256},
               .min = 1,
               .max = 256,
               .whole = true,
               .moves = Moves::kByFactors,
               .fast = {1, 2, 16, 256}},
      .arms = {{"weight", "one weight"}},
      .metrics = {{.name = "escaped", .label = "Runs that end in the deep valley", .format = Format::kShare},
                  {.name = "crossings",
                   .label = "How often a run changes sides",
                   .moves = Moves::kByFactors}},
      .checks = {{.name = "two-escape",
                  .statement = "In batches of 2, 70 % of the runs or more end in the deep valley.",
                  .quantity = "Runs that end in the deep valley, B = 2",
                  .format = Format::kShare,
                  .bound = at_least(0.7),
                  .measure = [](const Record& of) { return of.at("escaped", "weight", 2); }},
                 {.name = "full-stays",
                  .statement = "With the full batch not one run gets out.",
                  .quantity = "Runs that end in the deep valley, all 256 examples",
                  .kind = Kind::kExact,
                  .statistic = Statistic::kEvery,
                  .format = Format::kShare,
                  .bound = at_most(0),
                  .measure = [](const Record& of) { return of.at("escaped", "weight", 256); }},
                 {.name = "sixteen-stay",
                  .statement = "In batches of 16 the noise is too small already: 1 % get out at most.",
                  .quantity = "Runs that end in the deep valley, B = 16",
                  .format = Format::kShare,
                  .bound = at_most(0.01),
                  .measure = [](const Record& of) { return of.at("escaped", "weight", 16); }},
                 {.name = "two-beats-one",
                  .statement =
                      "The most noise is not the best: more runs end in the deep valley with B = 2 than with "
                      "B = 1, by 2 points or more.",
                  .quantity = "Runs that end in the deep valley, B = 2 minus B = 1",
                  .format = Format::kPoints,
                  .bound = at_least(0.02),
                  .measure =
                      [](const Record& of) {
                        return of.at("escaped", "weight", 2) - of.at("escaped", "weight", 1);
                      }},
                 {.name = "back-and-forth",
                  .statement =
                      "Noise also carries a run back: with B = 1 it changes sides 4 times as often as with B "
                      "= 2, or more.",
                  .quantity = "Changes of side with B = 1 over B = 2",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(4),
                  .measure =
                      [](const Record& of) {
                        return of.at("crossings", "weight", 1) / of.at("crossings", "weight", 2);
                      }}},
      .seeds = 10,
      .fast_seeds = 10,
      .run = run,
  };
}

}  // namespace bnlab
