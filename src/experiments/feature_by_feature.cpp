// Each feature by itself, and all examples alike.
//
// A feature's output depends on no other feature, and γ and β are a pair per feature, the same for every batch. So the cloud of two
// features is stretched along its axes until it is as wide as high, and nothing else: an ellipse that leans goes on leaning,
// its correlation is what it was.
#include "core/random.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/named_measure.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

constexpr Index kFeatures = 6;
constexpr double kLean = 0.8;  // correlation of two neighbours

using Values = std::vector<double>;

// (B, kFeatures): features of different means and spreads; the second of each pair leans on the first.
Values draw(Index batch, Random& random) {
  Values x;
  for (Index i = 0; i < batch; ++i) {
    double before = 0;
    for (Index c = 0; c < kFeatures; ++c) {
      const double own = random.normal();
      const double z = c % 2 == 0 ? own : kLean * before + std::sqrt(1 - kLean * kLean) * own;
      x.push_back(static_cast<double>(c) + (1 + static_cast<double>(c)) * z);
      before = z;
    }
  }
  return x;
}

Values column_of(const Values& values, Index c) {
  Values column;
  for (std::size_t i = static_cast<std::size_t>(c); i < values.size(); i += kFeatures)
    column.push_back(values[i]);
  return column;
}

double correlation(const Values& a, const Values& b) {
  const Moments of_a = moments_of(a);
  const Moments of_b = moments_of(b);
  double covariance = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    covariance += (a[i] - of_a.mean) * (b[i] - of_b.mean) / static_cast<double>(a.size());
  return covariance / (of_a.std * of_b.std);
}

struct Layer {
  Values gamma;
  Values beta;
};

struct Pass {
  Values mean = Values(kFeatures);
  Values var = Values(kFeatures);
  Values rstd = Values(kFeatures);
  Values xhat;
  Values y;
};

Pass forward(const Layer& layer, const Values& x, double eps) {
  Pass pass;
  pass.xhat.resize(x.size());
  pass.y.resize(x.size());
  batch_norm_forward_training<double>({static_cast<Index>(x.size()) / kFeatures, kFeatures, 1}, x.data(),
                                      layer.gamma.data(), layer.beta.data(), eps, pass.mean.data(),
                                      pass.var.data(), pass.rstd.data(), pass.xhat.data(), pass.y.data());
  return pass;
}

Values gamma_gradient(const Pass& pass, const Layer& layer, const Values& dy) {
  Values dgamma(kFeatures);
  Values dbeta(kFeatures);
  batch_norm_backward_training<double>({static_cast<Index>(dy.size()) / kFeatures, kFeatures, 1}, dy.data(),
                                       pass.xhat.data(), pass.rstd.data(), layer.gamma.data(), nullptr,
                                       dgamma.data(), dbeta.data());
  return dgamma;
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const Index batch = setting.count("batch");
  const double eps = setting["eps"];
  Random random(seed, Stream::kData);
  const Values x = draw(batch, random);
  const Values other = draw(batch, random);
  Layer layer;
  Values dy;
  for (Index c = 0; c < kFeatures; ++c) {
    layer.gamma.push_back(1 + 0.3 * random.normal());
    layer.beta.push_back(0.3 * random.normal());
  }
  for (Index i = 0; i < batch * kFeatures; ++i) dy.push_back(random.normal());
  const Pass pass = forward(layer, x, eps);

  // Feature 0 as it is, all others from another batch.
  Values mixed = other;
  for (std::size_t i = 0; i < mixed.size(); i += kFeatures) mixed[i] = x[i];
  const Pass of_mixed = forward(layer, mixed, eps);
  record.set("deviation", "own-statistics",
             largest_difference(column_of(of_mixed.y, 0), column_of(pass.y, 0)));

  // Another γ and β for feature 0, another upstream gradient everywhere else.
  Layer moved = layer;
  moved.gamma[0] += 1;
  moved.beta[0] -= 1;
  const Pass of_moved = forward(moved, x, eps);
  double elsewhere = 0;
  for (Index c = 1; c < kFeatures; ++c)
    elsewhere = std::max(elsewhere, largest_difference(column_of(of_moved.y, c), column_of(pass.y, c)));
  record.set("deviation", "own-pair", elsewhere);
  Values other_dy = dy;
  for (std::size_t i = 0; i < dy.size(); ++i)
    if (i % kFeatures != 0) other_dy[i] = -dy[i];
  record.set("deviation", "own-gradient",
             std::abs(gamma_gradient(pass, layer, other_dy)[0] - gamma_gradient(pass, layer, dy)[0]));

  // γ and β as one finds them in the outputs of two batches: y has the mean β and the slope γ/√(σ²+ε).
  const Pass of_other = forward(layer, other, eps);
  double pairs = 0;
  double statistics = std::numeric_limits<double>::infinity();
  for (Index c = 0; c < kFeatures; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const auto slope = [&](const Pass& of, const Values& from) {
      const Values in = column_of(from, c);
      const Values out = column_of(of.y, c);
      const double lean = correlation(in, out) * moments_of(out).std / moments_of(in).std;
      return lean / of.rstd[i];
    };
    pairs = std::max(
        {pairs, std::abs(slope(pass, x) - slope(of_other, other)),
         std::abs(moments_of(column_of(pass.y, c)).mean - moments_of(column_of(of_other.y, c)).mean)});
    statistics = std::min(statistics, std::max(std::abs(pass.mean[i] - of_other.mean[i]),
                                               std::abs(pass.var[i] - of_other.var[i])));
  }
  record.set("deviation", "shared-pair", pairs);
  record.set("deviation", "statistics", statistics);

  double changed = 0;
  double least = 1;
  double widths = 0;
  for (Index c = 0; c < kFeatures; c += 2) {
    const double before = correlation(column_of(x, c), column_of(x, c + 1));
    const double after = correlation(column_of(pass.xhat, c), column_of(pass.xhat, c + 1));
    changed = std::max(changed, std::abs(after - before));
    least = std::min(least, std::abs(after));
    widths = std::max(
        widths,
        std::abs(moments_of(column_of(pass.xhat, c)).std / moments_of(column_of(pass.xhat, c + 1)).std - 1));
  }
  record.set("deviation", "correlation", changed);
  record.set("deviation", "lean", least);
  record.set("deviation", "widths", widths);
}

}  // namespace

Study feature_by_feature() {
  return {
      .id = "E2b",
      .name = "feature-by-feature",
      .title = "Each feature by itself, and all batches alike",
      .question =
          "What has one feature to do with the others, and do γ and β change from batch to batch? Does batch "
          "normalization turn an ellipse of points into a circle?",
      .method =
          "Six features of 64 examples, in double precision without ε, of different means and spreads; the "
          "second, "
          "fourth and sixth have a correlation of 0.8 with the one before. Features, γ, β and gradients are "
          "changed one at a time.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3: “we will normalize "
          "each scalar feature independently”, algorithm 1",
      .knobs = {{"batch", "Batch size", 64, 4, 1024, true}, {"eps", "ε", 0, 0, 10}},
      .axis = {},
      .arms = {{"own-statistics", "A feature, all others replaced"},
               {"own-pair", "The others, one feature's γ and β changed"},
               {"own-gradient", "γ's gradient, other features' gradients changed"},
               {"shared-pair", "γ and β found in two batches"},
               {"statistics", "μ and σ² of the two batches"},
               {"correlation", "Correlation of two features"},
               {"lean", "What it is afterwards, at least"},
               {"widths", "Ratio of their spreads afterwards, from 1"}},
      .metrics = {{"deviation", "Largest difference", Format::kNumber,
                   std::numeric_limits<double>::quiet_NaN(), Moves::kByFactors}},
      .checks = {identity("own-statistics", "A feature's output does not depend on any other feature.",
                          "Largest difference of the output, all others replaced",
                          deviation<"own-statistics">),
                 identity("own-pair",
                          "Each feature has a γ and a β of its own: changing one pair moves no other "
                          "feature.",
                          "Largest difference of the others' outputs", deviation<"own-pair">),
                 identity("own-gradient", "γ's gradient comes from its own feature alone.",
                          "Difference of γ's gradient", deviation<"own-gradient">),
                 identity("shared-pair", "γ and β are the same for every batch.",
                          "Largest difference of γ and β as found in two batches", deviation<"shared-pair">),
                 contrast("statistics-differ", "It is μ and σ² that differ from batch to batch.",
                          "Least difference of μ or σ²", at_least(1e-4), deviation<"statistics">),
                 identity("correlation", "The correlation of two features stays what it was.",
                          "Largest difference of correlations", deviation<"correlation">),
                 identity("widths", "Along its axes the ellipse becomes as wide as it is high.",
                          "Largest distance of the ratio of spreads from 1", deviation<"widths">),
                 contrast("still-leans", "But it goes on leaning: no circle comes of it.",
                          "Least |correlation| of x̂", at_least(0.3), deviation<"lean">)},
      .seeds = 20,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
