// Four numbers, normalised by hand.
//
//   x = 2, 4, 6, 8      μ = 5      σ² = 5      x̂ = (x−5)/√5 = ∓1.34164, ∓0.44721      y = 2x̂ + ½
//
// Rounding x̂ to two decimals before it is multiplied gives −0.40 and 1.40 for the middle two; to two decimals they are −0.39
// and 1.39. A variance with 1/(m−1), the one that is stored for inference, would give x̂ = ∓1.16190, ∓0.38730.
#include "experiments/catalogue.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

constexpr double kX[] = {2, 4, 6, 8};
constexpr double kGamma = 2;
constexpr double kBeta = 0.5;
constexpr const char* kKnobs[] = {"x1", "x2", "x3", "x4"};

double rounded(double value) { return std::floor(100 * value + 0.5) / 100; }

void run(const Setting& setting, std::uint64_t /*seed*/, Record& record) {
  std::vector<double> x;
  for (const char* knob : kKnobs) x.push_back(setting[knob]);
  const double gamma = setting["gamma"];
  const double beta = setting["beta"];
  const NormalizedFeature of = normalize_feature(x, setting["eps"], gamma, beta);
  const auto count = static_cast<double>(x.size());
  const double unbiased = std::sqrt(of.var * count / (count - 1) + setting["eps"]);
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    const auto i = static_cast<std::size_t>(setting.points()[at]) - 1;
    const auto put = [&](std::string_view arm, double xhat, double y) {
      record.set("x", arm, at, x[i]);
      record.set("xhat", arm, at, xhat);
      record.set("y", arm, at, y);
    };
    put("bn", of.xhat[i], of.y[i]);
    put("rounded", rounded(of.xhat[i]), gamma * rounded(of.xhat[i]) + beta);
    const double other = unbiased > 0 ? (x[i] - of.mean) / unbiased : 0;
    put("unbiased", other, gamma * other + beta);
  }
}

// What is said of these four numbers is not said of others.
bool is_the_example(const Record& of) {
  const Setting& setting = of.setting();
  bool same = setting["gamma"] == kGamma && setting["beta"] == kBeta && setting["eps"] <= 1e-4;
  for (int i = 0; i < 4; ++i) same = same && setting[kKnobs[i]] == kX[i];
  return same;
}

// The largest distance of a metric from scale·(x−5) + shift.
double distance(const Record& of, std::string_view metric, std::string_view arm, double scale, double shift) {
  if (!is_the_example(of)) return std::numeric_limits<double>::quiet_NaN();
  double largest = 0;
  for (int i = 0; i < 4; ++i) {
    const double away = std::abs(of.at(metric, arm, i + 1) - (scale * (kX[i] - 5) + shift));
    if (!(away <= largest)) largest = away;
  }
  return largest;
}

}  // namespace

Study worked_example() {
  return {
      .id = "E1",
      .name = "worked-example",
      .title = "Four numbers, normalised by hand",
      .question =
          "What does batch normalization make of x = 2, 4, 6, 8 with γ = 2 and β = ½, and does it agree with "
          "what tutorials print?",
      .method =
          "One feature of a batch of four, in double precision, once as batch normalization does it, once "
          "with "
          "x̂ rounded to two decimals before it is multiplied by γ, and once with the variance divided by "
          "m − 1.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, algorithm 1; the numbers are a "
          "tutorial's",
      .knobs = {{"x1", "First value", 2, -100, 100},
                {"x2", "Second value", 4, -100, 100},
                {"x3", "Third value", 6, -100, 100},
                {"x4", "Fourth value", 8, -100, 100},
                {"gamma", "γ", 2, -10, 10},
                {"beta", "β", 0.5, -10, 10},
                {"eps", "ε", 1e-5, 0, 10}},
      .axis = {"value", "Value of the batch", {1, 2, 3, 4}, 1, 4, true, Moves::kLinearly, {}},
      .arms = {{"bn", "batch normalization"},
               {"rounded", "x̂ rounded to two decimals first"},
               {"unbiased", "variance divided by m − 1"}},
      .metrics = {{"x", "x"}, {"xhat", "x̂, normalised"}, {"y", "y = γx̂ + β"}},
      .checks =
          {{.name = "normalized",
            .statement = "2, 4, 6, 8 become ∓1.34164 and ∓0.44721.",
            .quantity = "Largest distance of x̂ from (x − 5)/√5",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-4),
            .measure = [](const Record& of) { return distance(of, "xhat", "bn", 1 / std::sqrt(5.0), 0); }},
           {.name = "output",
            .statement = "With γ = 2 and β = ½ the layer gives −2.1833, −0.3944, 1.3944 and 3.1833.",
            .quantity = "Largest distance of y from 2(x − 5)/√5 + ½",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-4),
            .measure =
                [](const Record& of) { return distance(of, "y", "bn", kGamma / std::sqrt(5.0), kBeta); }},
           {.name = "rounding-slip",
            .statement = "The −0.40 and 1.40 that are sometimes printed come of rounding x̂ first; they are "
                         "off by more "
                         "than half a hundredth, and −0.39 and 1.39 are right.",
            .quantity = "Distance of the middle two y from those with x̂ rounded first",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = within(0.005, 0.006),
            .measure =
                [](const Record& of) {
                  if (!is_the_example(of)) return std::numeric_limits<double>::quiet_NaN();
                  return std::min(of.at("y", "bn", 2) - of.at("y", "rounded", 2),
                                  of.at("y", "rounded", 3) - of.at("y", "bn", 3));
                }},
           {.name = "unbiased",
            .statement = "Divided by m − 1 instead of m, the variance would make them ∓1.16190 and ∓0.38730: "
                         "that is not "
                         "what normalises.",
            .quantity = "Largest distance of that x̂ from (x − 5)/√(20/3)",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-4),
            .measure =
                [](const Record& of) {
                  return distance(of, "xhat", "unbiased", 1 / std::sqrt(20.0 / 3), 0);
                }},
           {.name = "changes-output",
            .statement =
                "The layer's output is not its input: each of the four numbers moves by more than 4.",
            .quantity = "Least distance of y from x",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_least(4),
            .measure =
                [](const Record& of) {
                  double least = std::numeric_limits<double>::infinity();
                  for (std::size_t i = 0; i < of.row("x", "bn").size(); ++i)
                    least = std::min(least, std::abs(of.row("y", "bn")[i] - of.row("x", "bn")[i]));
                  return least;
                }}},
      .seeds = 1,
      .fast_seeds = 1,
      .run = run,
  };
}

}  // namespace bnlab
