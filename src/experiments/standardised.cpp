// What is standardised, and what is not.
//
// In training mode the m values x̂ of a feature have mean 0 and standard deviation σ/√(σ²+ε), σ being that of the batch; y has β
// and |γ| times that. By running statistics, or for a feature whose σ is not large beside √ε, neither is near 0 and 1. No
// |x̂| is above √(m−1), which one value apart from all others, equal ones, reaches; so two values become −s and +s whatever they were.
#include "core/random.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

constexpr double kPopulationMean = 3;
constexpr double kFarAway = 1000;

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const double gamma = setting["gamma"];
  const double beta = setting["beta"];
  const double sigma = setting["sigma"];
  const double eps = setting["eps"];
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    const auto m = static_cast<Index>(setting.points()[at]);
    Random random(seed, Stream::kData, static_cast<std::uint64_t>(m));
    std::vector<double> z;
    for (Index i = 0; i < m; ++i) z.push_back(random.normal());
    const auto batch = [&](double deviation) {
      std::vector<double> x;
      for (const double value : z) x.push_back(kPopulationMean + deviation * value);
      return x;
    };
    const auto put = [&](std::string_view arm, const std::vector<double>& values, double predicted) {
      const Moments of = moments_of(values);
      record.set("mean", arm, at, of.mean);
      record.set("std", arm, at, of.std);
      record.set("predicted", arm, at, predicted);
      record.set("largest", arm, at, largest_size(values));
    };
    const auto shrunk = [&](const NormalizedFeature& of) { return std::sqrt(of.var / (of.var + eps)); };

    const std::vector<double> x = batch(sigma);
    const NormalizedFeature usual = normalize_feature(x, eps, gamma, beta);
    put("xhat", usual.xhat, shrunk(usual));
    put("y", usual.y, std::abs(gamma) * shrunk(usual));

    // As after a long training on batches like this one: the running statistics are the population's.
    std::vector<double> by_running(x.size());
    const double rstd = 1 / std::sqrt(sigma * sigma + eps);
    batch_norm_normalize<double>({m, 1, 1}, x.data(), &kPopulationMean, &rstd, nullptr, nullptr, nullptr,
                                 by_running.data());
    put("inference", by_running, 1);

    const NormalizedFeature small = normalize_feature(batch(setting["small"]), eps);
    put("small", small.xhat, shrunk(small));

    std::vector<double> apart(z.size(), kPopulationMean);
    apart[0] += kFarAway;
    const NormalizedFeature outlier = normalize_feature(apart, eps);
    put("outlier", outlier.xhat, shrunk(outlier));
  }
}

// The largest of a quantity over all batch sizes from `least` on.
template <typename Of>
double largest_over(const Record& record, double least, Of&& of) {
  double largest = std::numeric_limits<double>::quiet_NaN();
  for (const double m : record.setting().points()) {
    if (m < least) continue;
    const double value = of(m);
    if (!(value <= largest)) largest = value;
  }
  return largest;
}

double spread_error(const Record& of, std::string_view arm) {
  return largest_over(of, 2,
                      [&](double m) { return std::abs(of.at("std", arm, m) - of.at("predicted", arm, m)); });
}

}  // namespace

Study standardised() {
  return {
      .id = "E1b",
      .name = "standardised",
      .title = "What is standardised, and what is not",
      .question = "Does batch normalization give a layer's values mean 0 and standard deviation 1?",
      .method =
          "One feature of a batch of m normal numbers, mean 3 and standard deviation 2, in double precision: "
          "x̂ "
          "in training mode, y with γ = 2 and β = ½, x̂ by the population's statistics as in inference mode, "
          "x̂ "
          "of the same numbers with a standard deviation of 0.001, and x̂ of equal numbers with one apart.",
      .source = "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3",
      .knobs = {{"sigma", "Standard deviation of the numbers", 2, 0.1, 100, false, Moves::kByFactors},
                {"small", "That of the small feature", 1e-3, 1e-6, 1, false, Moves::kByFactors},
                {"gamma", "γ", 2, -10, 10},
                {"beta", "β", 0.5, -10, 10},
                {"eps", "ε", 1e-5, 1e-12, 1, false, Moves::kByFactors}},
      .axis =
          {"batch", "Values m in the batch", {2, 4, 8, 32, 128, 512}, 2, 4096, true, Moves::kByFactors, {}},
      .arms = {{"xhat", "x̂ in training mode"},
               {"y", "y = γx̂ + β"},
               {"inference", "x̂ in inference mode"},
               {"small", "x̂ of a small feature"},
               {"outlier", "x̂ with one value apart"}},
      .metrics = {{"mean", "Mean over the batch"},
                  {"std", "Standard deviation over the batch"},
                  {"predicted", "Standard deviation by the formula"},
                  {"largest", "Largest absolute value"}},
      .checks =
          {{.name = "mean-zero",
            .statement = "In training mode the mean of x̂ over the batch is 0, at every batch size.",
            .quantity = "Largest |mean of x̂|",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-10),
            .measure =
                [](const Record& of) {
                  return largest_over(of, 2, [&](double m) { return std::abs(of.at("mean", "xhat", m)); });
                }},
           {.name = "spread-formula",
            .statement = "The standard deviation of x̂ is σ/√(σ² + ε), of usual features, of tiny ones and of "
                         "outliers.",
            .quantity = "Largest distance of the standard deviation from σ/√(σ² + ε)",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-10),
            .measure =
                [](const Record& of) {
                  return std::max(
                      {spread_error(of, "xhat"), spread_error(of, "small"), spread_error(of, "outlier")});
                }},
           {.name = "spread-one",
            .statement = "For a feature whose σ is large beside √ε that is 1, to a thousandth.",
            .quantity = "Largest distance of the standard deviation of x̂ from 1, batches of 8 and more",
            .kind = Kind::kRobust,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-3),
            .measure =
                [](const Record& of) {
                  return largest_over(of, 8, [&](double m) { return std::abs(of.at("std", "xhat", m) - 1); });
                }},
           {.name = "output-has-gamma-beta",
            .statement = "The layer's output y has mean β and γ's spread instead, not 0 and 1.",
            .quantity =
                "Largest distance of y's mean from β and of its standard deviation from |γ|σ/√(σ² + ε)",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-10),
            .measure =
                [](const Record& of) {
                  return std::max(spread_error(of, "y"), largest_over(of, 2, [&](double m) {
                                    return std::abs(of.at("mean", "y", m) - of.setting()["beta"]);
                                  }));
                }},
           {.name = "inference-differs",
            .statement =
                "In inference mode a batch of eight or fewer is off 0 by a tenth of a standard deviation or "
                "more.",
            .quantity = "|mean of x̂ in inference mode|, averaged over batches of at most 8",
            .bound = at_least(0.1),
            .measure =
                [](const Record& of) {
                  double sum = 0;
                  double count = 0;
                  for (const double m : of.setting().points()) {
                    if (m > 8) continue;
                    sum += std::abs(of.at("mean", "inference", m));
                    ++count;
                  }
                  return sum / count;
                }},
           {.name = "small-feature",
            .statement = "A feature with a standard deviation of 0.001 comes out below one half, not at 1.",
            .quantity = "Largest standard deviation of x̂ of the small feature, batches of 32 and more",
            .kind = Kind::kRobust,
            .statistic = Statistic::kEvery,
            .bound = at_most(0.5),
            .measure =
                [](const Record& of) {
                  return largest_over(of, 32, [&](double m) { return of.at("std", "small", m); });
                }},
           {.name = "range",
            .statement = "No x̂ is ever larger than √(m − 1).",
            .quantity = "Largest |x̂|/√(m − 1)",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1 + 1e-10),
            .measure =
                [](const Record& of) {
                  return largest_over(of, 2, [&](double m) {
                    return std::max({of.at("largest", "xhat", m), of.at("largest", "small", m),
                                     of.at("largest", "outlier", m)}) /
                           std::sqrt(m - 1);
                  });
                }},
           {.name = "range-reached",
            .statement = "One value apart from equal ones becomes √(m − 1), however far it is.",
            .quantity = "Largest distance of the outlier's |x̂|/√(m − 1) from 1",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-7),  // what ε takes of it
            .measure =
                [](const Record& of) {
                  return largest_over(of, 2, [&](double m) {
                    return std::abs(of.at("largest", "outlier", m) / std::sqrt(m - 1) - 1);
                  });
                }},
           {.name = "pairs",
            .statement = "Two values always become −s and +s, with s = σ/√(σ² + ε).",
            .quantity = "Distance of |x̂| from σ/√(σ² + ε) at m = 2",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-10),
            .measure =
                [](const Record& of) {
                  return std::abs(of.at("largest", "xhat", 2) - of.at("predicted", "xhat", 2));
                }}},
      .seeds = 20,
      .fast_seeds = 20,
      .run = run,
  };
}

}  // namespace bnlab
