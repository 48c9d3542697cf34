// A chain of weights, ŷ = x·w_1·w_2·…·w_L, and what one step of gradient descent does to it (Goodfellow, Bengio & Courville 2016,
// “Deep Learning”, section 8.7.1).
//
// Each weight's step goes by a gradient that holds for the others where they are, but all move at once. The first-order prediction
// L − η‖∇‖² leaves out how they act together, which is most of what happens in a long chain. Normalised at its end, the chain no
// longer depends on the size of any weight: their gradients are 0, only γ and β move, and the output is linear in both, so that the
// prediction is exact.
//
//   w = 1, ∂ŷ = 1:   predicted 1 − ηL      to second order 1 − ηL + η²L(L−1)/2      actual (1−η)^L
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "experiments/catalogue.hpp"
#include "nn/network_pass.hpp"

namespace bnlab {

namespace {

constexpr Index kExamples = 8;

// What one step did.
struct Step {
  double start = 0;
  double predicted = 0;
  double actual = 0;
  double weight_gradient = 0;  // the largest of the chain's
};

// The chain, then `head`. The loss is Σc·ŷ, linear in the output, with c = x/Σx², so that a chain alone has the loss w_1·…·w_L.
class Chain {
 public:
  Chain(Index length, double deviation, const std::vector<LayerSpec>& head, std::uint64_t seed)
      : network_(spec_of(length, head)), tape_(network_, kExamples), length_(length) {
    network_.initialize(seed);
    Random random(seed, Stream::kInit);
    for (Index i = 0; i < length; ++i)
      network_.parameters()[static_cast<std::size_t>(i)] = 1 + deviation * random.normal();
    if (network_.layers().back().weight != kAbsent && !head.empty())
      *network_.parameter(network_.layers().back().weight) = 1;
    Random data(seed, Stream::kData);
    double squares = 0;
    for (double& x : x_) {
      x = data.normal();
      squares += x * x;
    }
    for (std::size_t i = 0; i < kExamples; ++i) c_[i] = x_[i] / squares;
  }

  // From the start each time. With `only_last`, the last weight of the chain alone moves.
  Step step(double lr, bool only_last) {
    const Buffer<double> start = network_.parameters();
    Buffer<double> gradient(start.size());
    Step result;
    result.start = loss();
    std::copy_n(c_.data(), kExamples, tape_.output_gradient());
    network_backward(network_, tape_, x_.data(), kExamples, Mode::kTraining, gradient.data());
    result.predicted = result.start;
    for (std::size_t i = 0; i < start.size(); ++i) {
      if (static_cast<Index>(i) < length_)
        result.weight_gradient = std::max(result.weight_gradient, std::abs(gradient[i]));
      if (only_last && static_cast<Index>(i) != length_ - 1) continue;
      result.predicted -= lr * gradient[i] * gradient[i];
      network_.parameters()[i] -= lr * gradient[i];
    }
    result.actual = loss();
    network_.parameters() = start;
    return result;
  }

  // η²/2·gᵀHg of a chain alone: what the second order adds to the prediction, Σ over pairs of g_i·g_j·(the product without both).
  [[nodiscard]] double curvature(double lr) const {
    const Buffer<double>& w = network_.parameters();
    double product = 1;
    for (const double weight : w) product *= weight;
    double sum = 0;
    for (std::size_t i = 0; i < w.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) sum += product / w[i] * (product / w[j]) * (product / w[i] / w[j]);
    return lr * lr * sum;
  }

 private:
  static NetworkSpec spec_of(Index length, const std::vector<LayerSpec>& head) {
    NetworkSpec spec{{1}, std::vector<LayerSpec>(static_cast<std::size_t>(length), LinearSpec{1, false, {}})};
    spec.layers.insert(spec.layers.end(), head.begin(), head.end());
    return spec;
  }
  double loss() {
    network_forward(network_, tape_, x_.data(), kExamples, Mode::kTraining);
    double sum = 0;
    for (std::size_t i = 0; i < kExamples; ++i) sum += c_[i] * tape_.output()[i];
    return sum;
  }

  Network<double> network_;
  Tape<double> tape_;
  Index length_;
  std::array<double, kExamples> x_{};
  std::array<double, kExamples> c_{};
};

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const double lr = setting["lr"];
  BatchNormSpec norm;
  norm.options.eps = 1e-14;
  BatchNormSpec bare = norm;
  bare.options.affine = false;
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    const auto length = static_cast<Index>(setting.points()[i]);
    const auto note = [&](std::string_view arm, Chain chain, bool only_last) {
      const Step step = chain.step(lr, only_last);
      const Step tenth = chain.step(lr / 10, only_last);
      record.set("start", arm, i, step.start);
      record.set("predicted", arm, i, step.predicted);
      record.set("actual", arm, i, step.actual);
      record.set("error", arm, i, std::abs(step.actual - step.predicted));
      record.set("error-tenth", arm, i, std::abs(tenth.actual - tenth.predicted));
      record.set("weight-gradient", arm, i, step.weight_gradient);
    };
    const double deviation = setting["deviation"];
    Chain plain(length, deviation, {}, seed);
    const double second = plain.curvature(lr);
    note("all", std::move(plain), false);
    record.set("second-order", "all", i, record.row("predicted", "all")[i] + second);
    note("one", Chain(length, deviation, {}, seed), true);
    note("bn", Chain(length, deviation, {norm}, seed), false);
    note("bn-next", Chain(length, deviation, {bare, LinearSpec{1, true, {}}}, seed), false);
  }
}

double largest(const Record& of, std::string_view metric, std::string_view arm) {
  const std::span<const double> all = of.row(metric, arm);
  return *std::max_element(all.begin(), all.end());
}

// How far prediction and outcome are from their formulas for weights of 1; NaN where they are not.
double off_by_hand(const Record& of) {
  if (of.setting()["deviation"] != 0) return std::numeric_limits<double>::quiet_NaN();
  const double lr = of.setting()["lr"];
  double worst = 0;
  for (const double length : of.setting().points()) {
    double actual = 1;
    for (Index k = 0; k < static_cast<Index>(length); ++k) actual *= 1 - lr;
    worst = std::max({worst, std::abs(of.at("predicted", "all", length) - (1 - lr * length)),
                      std::abs(of.at("second-order", "all", length) -
                               (1 - lr * length + lr * lr * length * (length - 1) / 2)),
                      std::abs(of.at("actual", "all", length) - actual)});
  }
  return worst;
}

}  // namespace

Study goodfellow_chain() {
  return {
      .id = "E30",
      .name = "goodfellow-chain",
      .title = "One step of many weights at once",
      .question =
          "A gradient says what happens if one weight moves and the others stay. What happens when all of "
          "them move?",
      .method =
          "A chain of L weights without anything between them, all 1, makes one step of gradient descent on "
          "a loss that is linear in the output and starts at 1. The first-order prediction L − η‖∇‖² is "
          "compared with what the step did; so for a step of the last weight alone, with batch normalization "
          "at the end of the chain, and with batch normalization without γ and β before one more linear "
          "layer. In double precision, ε = 10⁻¹⁴.",
      .source = "Goodfellow, Bengio & Courville 2016, “Deep Learning”, section 8.7.1",
      .knobs = {{"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"deviation", "Standard deviation of the weights around 1", 0, 0, 0.5}},
      .axis = {.name = "length",
               .label = "Weights in the chain",
               .points = {1, 2, 5, 10, 20},
               .min = 1,
               .max = 50,
               .whole = true},
      .arms = {{"all", "all weights move"},
               {"one", "the last weight moves"},
               {"bn", "batch normalization at the end"},
               {"bn-next", "the same without γ and β, and a linear layer"}},
      .metrics = {{.name = "start", .label = "Loss before the step"},
                  {.name = "predicted", .label = "First-order prediction"},
                  {.name = "second-order", .label = "Second-order prediction"},
                  {.name = "actual", .label = "Loss after the step"},
                  {.name = "error", .label = "First-order prediction, error"},
                  {.name = "error-tenth", .label = "Error at a tenth of the learning rate"},
                  {.name = "weight-gradient", .label = "Largest gradient of a weight of the chain"}},
      .checks =
          {{.name = "as-by-hand",
            .statement = "Predicted are 1 − ηL and, to second order, η²L(L−1)/2 more; the step gives "
                         "(1−η)^L. With ten weights and η = 0.1: 0, 0.45 and 0.349.",
            .quantity = "Largest difference from these formulas",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-12),
            .measure = off_by_hand},
           {.name = "first-order-wrong",
            .statement = "With ten weights, the first-order prediction is off by 0.3 or more.",
            .quantity = "Error of the first-order prediction, ten weights",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_least(0.3),
            .measure = [](const Record& of) { return of.at("error", "all", 10); }},
           {.name = "second-order-better",
            .statement = "How pairs of weights act together accounts for half of that error, or more.",
            .quantity = "Error of the second-order prediction by that of the first-order one, ten weights",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .format = Format::kTimes,
            .bound = at_most(0.5),
            .measure =
                [](const Record& of) {
                  return std::abs(of.at("actual", "all", 10) - of.at("second-order", "all", 10)) /
                         of.at("error", "all", 10);
                }},
           {.name = "remainder-quadratic",
            .statement = "At a tenth of the learning rate the error is 50 to 100 times smaller: it goes with "
                         "η², as the remainder of a first-order Taylor series does.",
            .quantity = "Error by that at a tenth of the learning rate, ten weights",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .format = Format::kTimes,
            .bound = within(50, 100),
            .measure =
                [](const Record& of) { return of.at("error", "all", 10) / of.at("error-tenth", "all", 10); }},
           {.name = "one-at-a-time",
            .statement = "If one weight moves alone, the prediction is exact, however long the chain.",
            .quantity = "Largest error of the prediction, the last weight moving",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-12),
            .measure = [](const Record& of) { return largest(of, "error", "one"); }},
           {.name = "bn-weights-still",
            .statement = "Under batch normalization the weights of the chain have no gradient.",
            .quantity = "Largest gradient of a weight of the chain",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-7),
            .measure = [](const Record& of) { return largest(of, "weight-gradient", "bn"); }},
           {.name = "bn-exact",
            .statement = "And the prediction is exact with all parameters moving, however long the chain.",
            .quantity = "Largest error of the prediction, with batch normalization",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-9),
            .measure = [](const Record& of) { return largest(of, "error", "bn"); }},
           {.name = "bn-learns",
            .statement = "γ and β do learn: the loss falls.",
            .quantity = "Loss before the step minus after, with batch normalization, ten weights",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_least(1e-4),
            .measure = [](const Record& of) { return of.at("start", "bn", 10) - of.at("actual", "bn", 10); }},
           {.name = "no-affine-exact",
            .statement =
                "Without γ and β the next layer’s weight takes their part, and the prediction is as exact.",
            .quantity = "Largest error of the prediction, with batch normalization before a linear layer",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-9),
            .measure = [](const Record& of) { return largest(of, "error", "bn-next"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
