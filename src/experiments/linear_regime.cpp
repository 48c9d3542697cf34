// How straight is an activation where its input lies?
//
// R² of the best line through (z, f(sz)) with z normal: 1 is a line. A sigmoid of standardised values (s = 1) is nearly one, which
// is why the authors gave batch normalization a γ: with γ = 4 it bends. ReLU bends at 0 at any scale, and needs none.
#include "core/random.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/one_feature.hpp"
#include "nn/activation.hpp"

namespace bnlab {

namespace {

Activation activation(std::string_view arm) {
  if (arm == "sigmoid") return Activation::kSigmoid;
  return arm == "tanh" ? Activation::kTanh : Activation::kRelu;
}

double share_explained(const std::vector<double>& x, const std::vector<double>& y) {
  const Moments of_x = moments_of(x);
  const Moments of_y = moments_of(y);
  double covariance = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    covariance += (x[i] - of_x.mean) * (y[i] - of_y.mean) / static_cast<double>(x.size());
  const double correlation = covariance / (of_x.std * of_y.std);
  return correlation * correlation;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  Random random(seed, Stream::kData);
  std::vector<double> z;
  for (Index i = 0; i < setting.count("count"); ++i) z.push_back(setting["shift"] + random.normal());
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    std::vector<double> scaled = z;
    for (double& value : scaled) value *= setting.points()[at];
    std::vector<double> y(z.size());
    for (const Arm& arm : setting.study().arms) {
      activation_forward<double>(activation(arm.name), static_cast<Index>(z.size()), scaled.data(), y.data());
      record.set("r2", arm.name, at, share_explained(z, y));
    }
  }
}

}  // namespace

Study linear_regime() {
  return {
      .id = "E34b",
      .name = "linear-regime",
      .title = "How straight is an activation where its input lies?",
      .question =
          "Standardised values lie where a sigmoid is nearly straight. Does batch normalization need γ and β "
          "to "
          "keep a network from being linear?",
      .method =
          "10 000 normal numbers times s, as γ would scale them, go through the activation; R² is the share "
          "of its "
          "output's variance that the best straight line explains.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3: “normalizing the "
          "inputs of a sigmoid would constrain them to the linear regime of the nonlinearity”",
      .knobs = {{"count", "Numbers", 10000, 100, 100000, true}, {"shift", "Their mean, as β/γ", 0, -3, 3}},
      .axis =
          {"gamma", "Scale s of the numbers", {0.25, 0.5, 1, 2, 4}, 0.01, 20, false, Moves::kByFactors, {}},
      .arms = {{"sigmoid", "sigmoid"}, {"tanh", "tanh"}, {"relu", "ReLU"}},
      .metrics = {{"r2", "R² of the best straight line", Format::kShare}},
      .checks = {{.name = "sigmoid-straight",
                  .statement = "Of standardised values, a straight line explains 97 % or more of a sigmoid.",
                  .quantity = "R² of a sigmoid at scale 1",
                  .format = Format::kShare,
                  .bound = at_least(0.97),
                  .measure = [](const Record& of) { return of.at("r2", "sigmoid", 1); }},
                 {.name = "gamma-bends",
                  .statement = "With γ = 4 the sigmoid bends: a line explains less than 87 %.",
                  .quantity = "R² of a sigmoid at scale 4",
                  .format = Format::kShare,
                  .bound = at_most(0.87),
                  .measure = [](const Record& of) { return of.at("r2", "sigmoid", 4); }},
                 {.name = "relu-bent",
                  .statement = "ReLU is bent at every scale: a line explains less than 80 %.",
                  .quantity = "Largest R² of ReLU",
                  .format = Format::kShare,
                  .bound = at_most(0.8),
                  .measure =
                      [](const Record& of) {
                        const auto row = of.row("r2", "relu");
                        return *std::max_element(row.begin(), row.end());
                      }}},
      .seeds = 10,
      .fast_seeds = 10,
      .run = run,
  };
}

}  // namespace bnlab
