// How large is the variance of a batch?
//
// The mean of m independent numbers goes along with them, so their squared distances from it are too small: E[σ_B²] = (1−1/m)·σ²,
// whatever their distribution. Divided by m−1 instead of m they are right on average, which is what running statistics store. The
// mean itself is off by σ/√m.
#include "core/logarithm.hpp"
#include "core/random.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

// Numbers of mean 0 and variance 1.
double draw(std::string_view distribution, Random& random) {
  if (distribution == "normal") return random.normal();
  return -log_positive(1 - random.uniform()) - 1;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const Index batches = setting.count("batches");
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    const auto m = static_cast<Index>(setting.points()[at]);
    for (const Arm& arm : setting.study().arms) {
      Random random(seed, Stream::kData, static_cast<std::uint64_t>(m));
      // Each batch is a feature of its own.
      std::vector<double> x;
      for (Index i = 0; i < m * batches; ++i) x.push_back(draw(arm.name, random));
      std::vector<double> mean(static_cast<std::size_t>(batches));
      std::vector<double> var(mean.size());
      batch_norm_statistics<double>({m, batches, 1}, x.data(), mean.data(), var.data());
      record.set("variance", arm.name, at, moments_of(var).mean);
      record.set("unbiased", arm.name, at,
                 moments_of(var).mean * static_cast<double>(m) / static_cast<double>(m - 1));
      record.set("mean-noise", arm.name, at, moments_of(mean).std * std::sqrt(static_cast<double>(m)));
    }
  }
}

// The mean over all points and both distributions.
double overall(const Record& of, std::string_view metric) {
  return (of.mean(metric, "normal") + of.mean(metric, "exponential")) / 2;
}

}  // namespace

Study batch_variance() {
  return {
      .id = "E34",
      .name = "batch-variance",
      .title = "How large is the variance of a batch?",
      .question =
          "The batch's variance stands in for that of all data. Is it right on average, and how far off is "
          "the "
          "batch's mean?",
      .method =
          "2000 batches of m independent numbers with mean 0 and variance 1, normal and exponential, for "
          "each m; "
          "averages over the batches, in double precision.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, algorithm 2: the unbiased "
          "variance m/(m − 1)·E[σ_B²]",
      .knobs = {{"batches", "Batches", 2000, 10, 20000, true}},
      .axis = {"batch", "Values m in the batch", {2, 4, 8, 32}, 2, 256, true, Moves::kByFactors, {}},
      .arms = {{"normal", "normal numbers"}, {"exponential", "exponential numbers"}},
      .metrics = {{"variance", "Average variance of a batch, in σ²"},
                  {"unbiased", "The same times m/(m − 1)"},
                  {"mean-noise", "Spread of the batches' means, times √m"}},
      .checks = {{.name = "two-values",
                  .statement = "Batches of two have half the variance on average.",
                  .quantity = "Average variance at m = 2, in σ²",
                  .bound = within(0.47, 0.53),
                  .measure = [](const Record& of) { return of.at("variance", "normal", 2); }},
                 {.name = "one-minus-one-over-m",
                  .statement = "The average variance is 1 − 1/m, for both distributions.",
                  .quantity = "Average variance in parts of 1 − 1/m, over all m and both distributions",
                  .bound = within(0.97, 1.03),
                  .measure = [](const Record& of) { return overall(of, "unbiased"); }},
                 {.name = "large-batch",
                  .statement = "In batches of 32 little is missing: 3 %.",
                  .quantity = "Average variance at m = 32, in σ²",
                  .bound = within(0.95, 0.99),
                  .measure = [](const Record& of) { return of.at("variance", "normal", 32); }},
                 {.name = "mean-noise",
                  .statement = "The batch's mean is off by σ/√m.",
                  .quantity = "Spread of the batches' means times √m, over all m and both distributions",
                  .bound = within(0.97, 1.03),
                  .measure = [](const Record& of) { return overall(of, "mean-noise"); }}},
      .seeds = 10,
      .fast_seeds = 10,
      .run = run,
  };
}

}  // namespace bnlab
