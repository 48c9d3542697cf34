// Normalising moves and scales a distribution; its shape stays.
//
// x̂ = (x−μ)/√(σ²+ε) is the same straight line for all values of a feature, so skewness and excess kurtosis are those of x to the
// last digit: two humps stay two humps. Mean and variance are all that is fixed.
#include "core/logarithm.hpp"
#include "core/random.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

double draw(std::string_view distribution, Random& random) {
  if (distribution == "uniform") return random.uniform();
  if (distribution == "exponential") return -log_positive(1 - random.uniform());
  const double z = random.normal();
  if (distribution == "normal") return z;
  return 0.4 * z + (random.below(2) == 0 ? -2 : 2);
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  std::uint64_t part = 0;
  for (const Arm& arm : setting.study().arms) {
    Random random(seed, Stream::kData, part++);
    std::vector<double> x;
    for (Index i = 0; i < setting.count("batch"); ++i)
      x.push_back(setting["mean"] + setting["scale"] * draw(arm.name, random));
    const NormalizedFeature of = normalize_feature(x, setting["eps"]);
    const Moments before = moments_of(x);
    const Moments after = moments_of(of.xhat);
    record.set("mean", arm.name, after.mean);
    record.set("std", arm.name, after.std);
    record.set("skewness-before", arm.name, before.skewness);
    record.set("skewness", arm.name, after.skewness);
    record.set("kurtosis-before", arm.name, before.excess_kurtosis);
    record.set("kurtosis", arm.name, after.excess_kurtosis);
  }
}

// The largest over all distributions.
template <typename Of>
double largest_over_arms(const Record& record, Of&& of) {
  double largest = 0;
  for (const Arm& arm : record.setting().study().arms) {
    const double value = of(arm.name);
    if (!(value <= largest)) largest = value;
  }
  return largest;
}

}  // namespace

Study shape_kept() {
  return {
      .id = "E36b",
      .name = "shape-kept",
      .title = "Does batch normalization make bell curves?",
      .question =
          "Pictures show batch normalization turning any histogram into a bell curve. What becomes of a "
          "distribution's "
          "shape?",
      .method =
          "1000 numbers from each of four distributions (normal, uniform, exponential, two humps) go through "
          "batch "
          "normalization in double precision; skewness and excess kurtosis before and after.",
      .source = "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3",
      .knobs = {{"batch", "Numbers", 1000, 10, 10000, true},
                {"mean", "Their mean is moved by", 5, -100, 100},
                {"scale", "They are scaled by", 3, 0.01, 100, false, Moves::kByFactors},
                {"eps", "ε", 1e-5, 1e-12, 10, false, Moves::kByFactors}},
      .axis = {},
      .arms = {{"normal", "normal"},
               {"uniform", "uniform"},
               {"exponential", "exponential"},
               {"humps", "two humps"}},
      .metrics = {{"mean", "Mean of x̂"},
                  {"std", "Standard deviation of x̂"},
                  {"skewness-before", "Skewness of x"},
                  {"skewness", "Skewness of x̂"},
                  {"kurtosis-before", "Excess kurtosis of x"},
                  {"kurtosis", "Excess kurtosis of x̂"}},
      .checks =
          {{.name = "skewness-kept",
            .statement = "Skewness stays what it was.",
            .quantity = "Largest difference of skewness, over all distributions",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-10),
            .measure =
                [](const Record& of) {
                  return largest_over_arms(of, [&](std::string_view arm) {
                    return std::abs(of("skewness", arm) - of("skewness-before", arm));
                  });
                }},
           {.name = "kurtosis-kept",
            .statement = "Excess kurtosis stays what it was.",
            .quantity = "Largest difference of excess kurtosis, over all distributions",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-10),
            .measure =
                [](const Record& of) {
                  return largest_over_arms(of, [&](std::string_view arm) {
                    return std::abs(of("kurtosis", arm) - of("kurtosis-before", arm));
                  });
                }},
           {.name = "humps-stay",
            .statement = "Two humps stay two humps: an excess kurtosis below −1.",
            .quantity = "Excess kurtosis of x̂, two humps",
            .statistic = Statistic::kEvery,
            .bound = at_most(-1),
            .measure = [](const Record& of) { return of("kurtosis", "humps"); }},
           {.name = "skew-stays",
            .statement = "What leans to one side goes on leaning: the exponential has a skewness above 1.",
            .quantity = "Skewness of x̂, exponential",
            .statistic = Statistic::kEvery,
            .bound = at_least(1),
            .measure = [](const Record& of) { return of("skewness", "exponential"); }},
           {.name = "bell-curve",
            .statement =
                "Whatever went in, a bell curve comes out: skewness and excess kurtosis within 0.2 of 0.",
            .quantity = "Largest |skewness| or |excess kurtosis| of x̂, over all distributions",
            .kind = Kind::kOpen,
            .bound = at_most(0.2),
            .measure =
                [](const Record& of) {
                  return largest_over_arms(of, [&](std::string_view arm) {
                    return std::max(std::abs(of("skewness", arm)), std::abs(of("kurtosis", arm)));
                  });
                }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
