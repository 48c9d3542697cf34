// What weight decay does to weights before batch normalization.
//
// Their length does not change what the network computes, so decay cannot make it smaller in any way that matters. It sets how far each
// step turns the weights: without it they only grow and turn less and less; with it the turn settles at √(2ηλ).
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "probe/turn.hpp"

namespace bnlab {

namespace {

struct Decay {
  std::string_view arm;
  double lr;
  double weight_decay;
  bool of_gamma_beta;
};

double mean_gamma(const Network<float>& network) {
  double sum = 0;
  double count = 0;
  for (const TensorInfo& tensor : network.tensors())
    for (Index i = 0; tensor.role == Role::kGamma && i < tensor.size(); ++i) {
      sum += std::abs(static_cast<double>(network.parameter(tensor.offset)[i]));
      ++count;
    }
  return sum / count;
}

void train_arm(const Setting& setting, const Decay& decay, const std::shared_ptr<const Split>& data,
               std::uint64_t seed, Record& record) {
  DeepNetwork shape;
  shape.depth = 3;
  shape.norm = BatchNormSpec{};
  Trainer<float> trainer = deep_trainer(shape, {decay.lr, 64, 0}, data, seed);
  trainer.sgd().weight_decay = decay.weight_decay;
  trainer.sgd().decay_gamma = trainer.sgd().decay_beta = decay.of_gamma_beta;
  trainer.sgd().decay_bias = false;
  const Network<float>& network = trainer.network();
  const LayerPlan& middle = network.layers()[hidden_linear_layers(network)[1]];
  const float* const weights = network.parameter(middle.weight);
  const Index size = middle.in.size() * middle.out.size();

  const double at_first = squared_norm(weights, size);
  double stepped = 0;  // Σ η²‖∇w‖²
  double rises = 0;
  Index steps = 0;
  std::vector<float> before;
  for (const std::size_t at : ascending(setting.points())) {
    double turned = 0;
    double since = 0;
    for (; steps < static_cast<Index>(setting.points()[at]); ++steps) {
      before.assign(weights, weights + size);
      if (trainer.step().diverged) return;
      const double turn = turn_between(before.data(), weights, size);
      turned += turn * turn;
      ++since;
      stepped += decay.lr * decay.lr * squared_norm(trainer.gradients().data() + middle.weight, size);
      if (squared_norm(weights, size) > squared_norm(before.data(), size)) ++rises;
    }
    record.set("norm", decay.arm, at, std::sqrt(squared_norm(weights, size)));
    if (since > 0) record.set("turn", decay.arm, at, std::sqrt(turned / since));
    record.set("gamma", decay.arm, at, mean_gamma(network));
    record.set("accuracy", decay.arm, at,
               glyph_accuracy(network, trainer.tape(), Mode::kInference, data->test));
    if (steps == 0) continue;
    record.set("growth", decay.arm, at, (squared_norm(weights, size) - at_first) / stepped);
    record.set("rises", decay.arm, at, rises / static_cast<double>(steps));
  }
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data =
      share_glyphs({.train = 1500, .test = 600, .standardize = setting.on("standardize")}, seed);
  const double lr = setting["lr"];
  const double decay = setting["decay"];
  const double faster = setting["faster"];
  for (const Decay& arm :
       {Decay{"none", lr, 0, false}, Decay{"decay", lr, decay, false},
        Decay{"same-product", lr * faster, decay / faster, false}, Decay{"all", lr, decay, true}})
    train_arm(setting, arm, data, seed, record);
}

double last_point(const Record& of) {
  const std::vector<double>& points = of.setting().points();
  return *std::max_element(points.begin(), points.end());
}

double last(const Record& of, std::string_view metric, std::string_view arm) {
  return of.at(metric, arm, last_point(of));
}

// The turn per step in parts of √(2ηλ), over the last part of training.
double balance(const Record& of, std::string_view arm) {
  return last(of, "turn", arm) / equilibrium_turn(of.setting()["lr"], of.setting()["decay"]);
}

}  // namespace

Study weight_norm() {
  return {
      .id = "E27",
      .name = "weight-norm",
      .title = "Weight decay as a learning rate",
      .question =
          "The length of weights before batch normalization does not change the network. What, then, does "
          "weight "
          "decay do?",
      .method =
          "A network of 3×32 ReLU units with batch normalization learns glyphs for 1000 steps in batches of "
          "64 with "
          "a learning rate of 0.3: without decay, with a decay of 0.01 of the weights, with 3 times the "
          "rate and a "
          "third of the decay, and with γ and β decaying, too. The second hidden layer's weights are "
          "watched.",
      .source =
          "van Laarhoven 2017, arXiv:1706.05350; Hoffer et al. 2018, “Norm matters”, arXiv:1803.01814; "
          "Wan et al. 2021, “Spherical Motion Dynamics”, arXiv:2006.08419",
      .knobs = {{"lr", "Learning rate η", 0.3, 0.01, 3, false, Moves::kByFactors},
                {"decay", "Weight decay λ", 0.01, 1e-5, 0.1, false, Moves::kByFactors},
                {"faster", "Learning rate of the third, in times the first", 3, 0.1, 10, false,
                 Moves::kByFactors},
                {"standardize", "Standardised pixels", 1, 0, 1, true}},
      .axis = {"step",
               "Step",
               {0, 100, 200, 300, 450, 600, 800, 1000},
               0,
               3000,
               true,
               Moves::kLinearly,
               {0, 600, 900}},
      .arms = {{"none", "no decay"},
               {"decay", "decay"},
               {"same-product", "faster, with less decay"},
               {"all", "decay of γ and β, too"}},
      .metrics = {{"norm", "‖w‖ of the second hidden layer"},
                  {"turn", "Turn per step since the last point"},
                  {"gamma", "Mean |γ|"},
                  {"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance},
                  {"growth", "Growth of ‖w‖² in parts of Σ η²‖∇w‖²"},
                  {"rises", "Share of steps in which ‖w‖ grew", Format::kShare}},
      .checks =
          {{.name = "no-decay-grows",
            .statement = "Without decay the weights grow in every step.",
            .quantity = "Share of steps in which ‖w‖ grew, no decay",
            .statistic = Statistic::kEvery,
            .format = Format::kShare,
            .bound = at_least(0.99),
            .measure = [](const Record& of) { return last(of, "rises", "none"); }},
           {.name = "growth-by-squares",
            .statement = "By Pythagoras: ‖w‖² grows by the squares of the steps.",
            .quantity = "Growth of ‖w‖² in parts of Σ η²‖∇w‖², no decay",
            .statistic = Statistic::kEvery,
            .bound = within(0.99, 1.01),
            .measure = [](const Record& of) { return last(of, "growth", "none"); }},
           {.name = "decay-shrinks",
            .statement = "With decay they end at less than half the length.",
            .quantity = "‖w‖ with decay in parts of that without",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(0.5),
            .measure = [](const Record& of) { return last(of, "norm", "decay") / last(of, "norm", "none"); }},
           {.name = "balance",
            .statement = "And then turn by √(2ηλ) per step, to a tenth.",
            .quantity = "Turn per step in parts of √(2ηλ), with decay",
            .bound = within(0.9, 1.1),
            .measure = [](const Record& of) { return balance(of, "decay"); }},
           {.name = "balance-same-product",
            .statement = "With another learning rate and decay of the same product they end at another "
                         "length, but turn as "
                         "much.",
            .quantity = "Turn per step in parts of √(2ηλ), faster with less decay",
            .bound = within(0.9, 1.1),
            .measure = [](const Record& of) { return balance(of, "same-product"); }},
           {.name = "other-length",
            .statement = "That length is half as long again or more.",
            .quantity = "‖w‖ faster with less decay, in parts of that with decay",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1.5),
            .measure =
                [](const Record& of) {
                  return last(of, "norm", "same-product") / last(of, "norm", "decay");
                }},
           {.name = "turn-without-decay",
            .statement = "So decay has the weights turn five times as fast or more as they would without.",
            .quantity = "Turn per step with decay in parts of that without",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(5),
            .measure = [](const Record& of) { return last(of, "turn", "decay") / last(of, "turn", "none"); }},
           {.name = "no-capacity-lost",
            .statement = "The network does not become a smaller one: decay costs less than 3 points.",
            .quantity = "Accuracy with decay minus without",
            .format = Format::kPoints,
            .bound = at_least(-0.03),
            .measure =
                [](const Record& of) {
                  return last(of, "accuracy", "decay") - last(of, "accuracy", "none");
                }},
           {.name = "gamma-decays",
            .statement = "Decay of γ and β, too, makes γ half as large or less.",
            .quantity = "Mean |γ| when it decays in parts of that when it does not",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(0.5),
            .measure =
                [](const Record& of) { return last(of, "gamma", "all") / last(of, "gamma", "decay"); }},
           {.name = "gamma-decay-harmless",
            .statement = "And costs less than 5 points here.",
            .quantity = "Accuracy with decay of γ and β minus without",
            .kind = Kind::kOpen,
            .format = Format::kPoints,
            .bound = at_least(-0.05),
            .measure =
                [](const Record& of) {
                  return last(of, "accuracy", "all") - last(of, "accuracy", "decay");
                }}},
      .seeds = 8,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
