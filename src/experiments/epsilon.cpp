// What ε is for, and what it costs.
//
//   x̂ = (x−μ)/√(σ²+ε)
//
// A feature that is the same for all examples has σ = 0: without ε, x̂ would be 0/0. With it x̂ = 0 and the gradient, less its mean,
// is multiplied by γ/√ε, 316 at ε = 10⁻⁵. A feature whose σ is small beside √ε comes out smaller than standardised.
#include "core/random.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

constexpr Index kExamples = 256;

// dx of a feature whose upstream gradient is dy, with γ = 1.
std::vector<double> gradient(const NormalizedFeature& of, double eps, const std::vector<double>& dy) {
  std::vector<double> dx(dy.size());
  const double rstd = 1 / std::sqrt(of.var + eps);
  double dgamma = 0;
  double dbeta = 0;
  batch_norm_backward_training<double>({kExamples, 1, 1}, dy.data(), of.xhat.data(), &rstd, nullptr,
                                       dx.data(), &dgamma, &dbeta);
  return dx;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  Random random(seed, Stream::kData);
  std::vector<double> z;
  std::vector<double> dy;
  for (Index i = 0; i < kExamples; ++i) {
    z.push_back(random.normal());
    dy.push_back(random.normal());
  }
  const double spread_of_dy = moments_of(dy).std;
  for (const Arm& arm : setting.study().arms) {
    const double eps = arm.name == "none" ? 0 : setting[arm.name];
    for (std::size_t at = 0; at < setting.points().size(); ++at) {
      std::vector<double> x = z;
      for (double& value : x) value = setting["mean"] + setting.points()[at] * value;
      const NormalizedFeature small = normalize_feature(x, eps);
      record.set("std", arm.name, at, moments_of(small.xhat).std);
      record.set("gain", arm.name, at, moments_of(gradient(small, eps, dy)).std / spread_of_dy);

      const NormalizedFeature constant =
          normalize_feature(std::vector<double>(z.size(), setting["mean"]), eps);
      double finite = 0;
      for (const double value : constant.xhat) finite += std::isfinite(value) ? 1.0 / kExamples : 0;
      record.set("finite", arm.name, at, finite);
      if (eps > 0)
        record.set("constant-gain", arm.name, at, moments_of(gradient(constant, eps, dy)).std / spread_of_dy);
    }
  }
}

}  // namespace

Study epsilon() {
  return {
      .id = "E32b",
      .name = "epsilon",
      .title = "What ε is for, and what it costs",
      .question =
          "ε keeps the division from failing where a feature does not vary. Does it do anything else?",
      .method =
          "A feature of 256 normal numbers with standard deviation σ, and one that is the same throughout, "
          "normalised in double precision with ε = 10⁻⁵ (PyTorch's), 10⁻³ (Keras's) and none.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, algorithm 1: “ε is a constant "
          "added to the mini-batch variance for numerical stability”",
      .knobs = {{"pytorch", "Small ε", 1e-5, 1e-12, 1, false, Moves::kByFactors},
                {"keras", "Large ε", 1e-3, 1e-12, 1, false, Moves::kByFactors},
                {"mean", "Mean of the numbers", 3, -100, 100}},
      .axis = {"sigma",
               "Standard deviation σ of the feature",
               {1e-4, 1e-3, 1e-2, 0.1, 1},
               1e-8,
               1e3,
               false,
               Moves::kByFactors,
               {}},
      .arms = {{"pytorch", "small ε"}, {"keras", "large ε"}, {"none", "no ε"}},
      .metrics = {{"std", "Standard deviation of x̂"},
                  {"gain", "Gradient passed down, in parts of what came", Format::kNumber,
                   std::numeric_limits<double>::quiet_NaN(), Moves::kByFactors},
                  {"finite", "Share of x̂ that are numbers, constant feature", Format::kShare},
                  {"constant-gain", "Gradient passed down, constant feature", Format::kNumber,
                   std::numeric_limits<double>::quiet_NaN(), Moves::kByFactors}},
      .checks = {{.name = "guards",
                  .statement = "With ε a feature that does not vary gives numbers.",
                  .quantity = "Share of x̂ that are numbers, constant feature, least of both ε",
                  .kind = Kind::kExact,
                  .statistic = Statistic::kEvery,
                  .format = Format::kShare,
                  .bound = at_least(1),
                  .measure =
                      [](const Record& of) {
                        return std::min(of.mean("finite", "pytorch"), of.mean("finite", "keras"));
                      }},
                 {.name = "needed",
                  .statement = "Without ε it gives none.",
                  .quantity = "Share of x̂ that are numbers, constant feature, no ε",
                  .kind = Kind::kExact,
                  .statistic = Statistic::kEvery,
                  .format = Format::kShare,
                  .bound = at_most(0),
                  .measure = [](const Record& of) { return of.mean("finite", "none"); }},
                 {.name = "usual-kept",
                  .statement = "A feature with σ = 1 hardly notices: it keeps 99.9 % of its spread.",
                  .quantity = "Standard deviation of x̂ at σ = 1, least of both ε",
                  .statistic = Statistic::kEvery,
                  .bound = at_least(0.999),
                  .measure =
                      [](const Record& of) {
                        return std::min(of.at("std", "pytorch", 1), of.at("std", "keras", 1));
                      }},
                 {.name = "small-shrunk",
                  .statement = "A feature with σ = 0.001 comes out at about 0.3 with ε = 10⁻⁵, not at 1.",
                  .quantity = "Standard deviation of x̂ at σ = 0.001, small ε",
                  .statistic = Statistic::kEvery,
                  .bound = within(0.2, 0.4),
                  .measure = [](const Record& of) { return of.at("std", "pytorch", 1e-3); }},
                 {.name = "large-eps-shrinks",
                  .statement = "With ε = 10⁻³ next to nothing is left of it.",
                  .quantity = "Standard deviation of x̂ at σ = 0.001, large ε",
                  .statistic = Statistic::kEvery,
                  .bound = at_most(0.05),
                  .measure = [](const Record& of) { return of.at("std", "keras", 1e-3); }},
                 {.name = "constant-amplified",
                  .statement = "A constant feature multiplies its gradient by 1/√ε: 316 at ε = 10⁻⁵.",
                  .quantity = "Gradient passed down times √ε, constant feature, small ε",
                  .kind = Kind::kExact,
                  .statistic = Statistic::kEvery,
                  .bound = within(1 - 1e-9, 1 + 1e-9),
                  .measure =
                      [](const Record& of) {
                        return of.mean("constant-gain", "pytorch") * std::sqrt(of.setting()["pytorch"]);
                      }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
