// Four ways to a variance in single precision.
//
//   one pass                  E[x²] − E[x]²: two large numbers whose difference is small, and may come out below 0
//   Welford 1962              mean and Σ(x−μ)² brought up to date value by value
//   two passes                Σ(x−μ)²/m with the mean as rounded
//   two passes, corrected     [Σd² − (Σd)²/m]/m, d = x−μ: what is left of the mean's rounding taken out (Chan, Golub & LeVeque 1983);
//                             what this engine does
//
// The true variance is about 1. It is compared with that of the same floats in double.
#include "core/random.hpp"
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

using Floats = std::vector<float>;

float one_pass(const Floats& x) {
  const auto m = static_cast<float>(x.size());
  float sum = 0;
  float squares = 0;
  for (const float value : x) {
    sum += value;
    squares += value * value;
  }
  return squares / m - (sum / m) * (sum / m);
}

float welford(const Floats& x) {
  float mean = 0;
  float squares = 0;
  float count = 0;
  for (const float value : x) {
    count += 1;
    const float before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
  }
  return squares / count;
}

float two_passes(const Floats& x) {
  const auto m = static_cast<float>(x.size());
  float sum = 0;
  for (const float value : x) sum += value;
  const float mean = sum / m;
  float squares = 0;
  for (const float value : x) squares += (value - mean) * (value - mean);
  return squares / m;
}

float corrected(const Floats& x) {
  float mean = 0;
  float var = 0;
  batch_norm_statistics<float>({static_cast<Index>(x.size()), 1, 1}, x.data(), &mean, &var);
  return var;
}

struct Way {
  std::string_view arm;
  float (*variance)(const Floats&);
};
constexpr Way kWays[] = {
    {"one-pass", one_pass}, {"welford", welford}, {"two-pass", two_passes}, {"corrected", corrected}};

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const Index batches = setting.count("batches");
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    Random random(seed, Stream::kData);
    std::vector<Floats> all;
    std::vector<double> exact;
    for (Index k = 0; k < batches; ++k) {
      Floats x;
      for (Index i = 0; i < setting.count("values"); ++i)
        x.push_back(static_cast<float>(setting.points()[at] + random.normal()));
      const Moments of = moments_of({x.begin(), x.end()});
      exact.push_back(of.std * of.std);
      all.push_back(std::move(x));
    }
    for (const Way& way : kWays) {
      double worst = 0;
      double negative = 0;
      for (std::size_t k = 0; k < all.size(); ++k) {
        const auto var = static_cast<double>(way.variance(all[k]));
        // Few floats far from 0 may all be the same.
        if (exact[k] > 0) worst = std::max(worst, std::abs(var - exact[k]) / exact[k]);
        if (var < 0) negative += 1 / static_cast<double>(batches);
      }
      record.set("error", way.arm, at, worst);
      record.set("negative", way.arm, at, negative);
    }
  }
}

}  // namespace

Study variance_formulas() {
  return {
      .id = "E32",
      .name = "variance-formulas",
      .title = "Four ways to a variance in single precision",
      .question = "A batch far from 0 has the same variance as one near it. Do the formulas for it know?",
      .method =
          "20 batches of 256 normal numbers with standard deviation 1 and a growing mean, in single "
          "precision. "
          "The largest relative error of the variance, beside that of the same numbers in double precision.",
      .source =
          "Chan, Golub & LeVeque 1983, “Algorithms for Computing the Sample Variance”, The American "
          "Statistician 37(3), 242–247",
      .knobs = {{"values", "Values in a batch", 256, 2, 4096, true},
                {"batches", "Batches", 20, 1, 200, true}},
      .axis = {"mean", "Mean of the numbers", {1, 1e2, 1e3, 1e4, 1e6}, 1, 1e7, false, Moves::kByFactors, {}},
      .arms = {{"one-pass", "E[x²] − E[x]²"},
               {"welford", "Welford"},
               {"two-pass", "two passes"},
               {"corrected", "two passes, corrected"}},
      .metrics = {{"error", "Largest relative error of the variance", Format::kNumber,
                   std::numeric_limits<double>::quiet_NaN(), Moves::kByFactors},
                  {"negative", "Share of variances below 0", Format::kShare}},
      .checks = {{.name = "one-pass-wrong",
                  .statement =
                      "At a mean of 10 000, E[x²] − E[x]² is wrong by more than ten times the variance.",
                  .quantity = "Largest relative error of one pass at a mean of 10 000",
                  .statistic = Statistic::kEvery,
                  .bound = at_least(10),
                  .measure = [](const Record& of) { return of.at("error", "one-pass", 1e4); }},
                 {.name = "one-pass-negative",
                  .statement = "A fifth of its variances or more are below 0 there, which have no root.",
                  .quantity = "Share of variances below 0, one pass at a mean of 10 000",
                  .format = Format::kShare,
                  .bound = at_least(0.2),
                  .measure = [](const Record& of) { return of.at("negative", "one-pass", 1e4); }},
                 {.name = "one-pass-near-zero",
                  .statement = "Near 0 it is as good as any.",
                  .quantity = "Largest relative error of one pass at a mean of 1",
                  .statistic = Statistic::kEvery,
                  .bound = at_most(1e-5),
                  .measure = [](const Record& of) { return of.at("error", "one-pass", 1); }},
                 {.name = "welford-loses",
                  .statement =
                      "At a mean of 10 000, Welford's is five or more times as far off as two passes.",
                  .quantity = "Error of Welford's in parts of that of two passes, mean 10 000",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(5),
                  .measure =
                      [](const Record& of) {
                        return of.at("error", "welford", 1e4) / of.at("error", "two-pass", 1e4);
                      }},
                 {.name = "corrected",
                  .statement = "Corrected, two passes keep six digits at every mean.",
                  .quantity = "Largest relative error of two passes, corrected",
                  .statistic = Statistic::kEvery,
                  .bound = at_most(1e-6),
                  .measure =
                      [](const Record& of) {
                        const auto row = of.row("error", "corrected");
                        return *std::max_element(row.begin(), row.end());
                      }}},
      .seeds = 10,
      .fast_seeds = 10,
      .run = run,
  };
}

}  // namespace bnlab
