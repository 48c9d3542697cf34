// Batch normalization with its stability taken away again.
//
// After each normalization noise moves every unit's mean and scale, differently at every step, so that the next layer's inputs
// shift more than they ever would without batch normalization. Claim (Santurkar et al. 2018, arXiv:1805.11604, section 2.2): the
// network learns nearly as well all the same, and better than one without normalization, so that stable inputs cannot be
// what batch normalization helps by. It is so at learning rates at which networks without it have trouble. At small ones the noise is
// only a burden, with batch normalization and without.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "experiments/median.hpp"

namespace bnlab {

namespace {

constexpr Index kBetweenLooks = 20;  // steps
constexpr Index kWatched = 100;      // examples of the test set, the same at every look

struct NoisyArm {
  std::string_view name;
  bool normalized;
  bool noisy;
};

// The noise stands before each activation: after the normalization where there is one.
NetworkSpec with_noise(const NetworkSpec& plain, const UnitNoise& noise) {
  NetworkSpec noisy{plain.inputs, {}};
  for (const LayerSpec& layer : plain.layers) {
    if (std::holds_alternative<ActivationSpec>(layer)) noisy.layers.emplace_back(UnitNoiseSpec{noise});
    noisy.layers.push_back(layer);
  }
  return noisy;
}

// What goes into the activation of the middle hidden layer, of the watched examples in training mode: mean and standard deviation of each
// unit.
class Watch {
 public:
  Watch(const Network<float>& network, const Dataset& examples)
      : network_(network),
        examples_(examples),
        count_(std::min(kWatched, examples.count)),
        tape_(network, count_) {
    std::vector<std::size_t> activations;
    for (std::size_t i = 0; i < network.layers().size(); ++i)
      if (std::holds_alternative<ActivationSpec>(network.layers()[i].spec)) activations.push_back(i);
    before_activation_ = activations[activations.size() / 2] - 1;
    mean_.assign(static_cast<std::size_t>(network.layers()[before_activation_].out.size()), 0);
    deviation_ = mean_;
  }

  void look() {
    pass();
    for (std::size_t u = 0; u < mean_.size(); ++u) {
      mean_[u] = mean_of(u);
      double squares = 0;
      for (Index b = 0; b < count_; ++b) squares += (value(b, u) - mean_[u]) * (value(b, u) - mean_[u]);
      deviation_[u] = std::sqrt(squares / static_cast<double>(count_));
    }
  }

  // How far each unit's mean has moved since then, in its standard deviations.
  void look_again(std::vector<double>& shifts) {
    pass();
    for (std::size_t u = 0; u < mean_.size(); ++u) {
      const double shift = std::abs(mean_of(u) - mean_[u]) / std::max(deviation_[u], 1e-3);
      if (std::isfinite(shift)) shifts.push_back(shift);
    }
  }

 private:
  void pass() { network_forward(network_, tape_, examples_.x.data(), count_, Mode::kTraining); }
  [[nodiscard]] double value(Index example, std::size_t unit) const {
    return static_cast<double>(
        tape_.records()[before_activation_].y[static_cast<std::size_t>(example) * mean_.size() + unit]);
  }
  [[nodiscard]] double mean_of(std::size_t unit) const {
    double sum = 0;
    for (Index b = 0; b < count_; ++b) sum += value(b, unit);
    return sum / static_cast<double>(count_);
  }

  const Network<float>& network_;
  const Dataset& examples_;
  Index count_;
  Tape<float> tape_;
  std::size_t before_activation_ = 0;
  std::vector<double> mean_;
  std::vector<double> deviation_;
};

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.standardize = !setting.on("raw")}, seed);
  const UnitNoise noise{
      .mean = setting["mean-noise"], .scale = setting["scale-noise"], .jitter = setting["jitter"]};
  for (const NoisyArm& arm : {NoisyArm{"none", false, false}, NoisyArm{"noisy-none", false, true},
                              NoisyArm{"bn", true, false}, NoisyArm{"noisy-bn", true, true}}) {
    DeepNetwork network{.depth = setting.count("depth"), .width = setting.count("width")};
    if (arm.normalized) network.norm = BatchNormSpec{};
    NetworkSpec spec = deep_network(network);
    if (arm.noisy) spec = with_noise(spec, noise);
    for (std::size_t i = 0; i < setting.points().size(); ++i) {
      SgdOptions sgd;
      sgd.lr = setting.points()[i];
      Trainer<float> trainer(spec, Loss::kCrossEntropy, sgd,
                             {.size = setting.count("batch"), .last = LastBatch::kDrop},
                             examples_of(data, data->train), seed, seed);
      Watch watch(trainer.network(), data->test);
      std::vector<double> shifts;
      bool finite = true;
      for (Index step = 0; finite && step < setting.count("steps"); ++step) {
        const bool looks = step % kBetweenLooks == 0;
        if (looks) watch.look();
        finite = !trainer.step().diverged;
        if (looks && finite) watch.look_again(shifts);
      }
      record.set("shift", arm.name, i, median(shifts));
      record.set("accuracy", arm.name, i,
                 finite ? glyph_accuracy(trainer.network(), trainer.tape(), Mode::kInference, data->test)
                        : kGlyphChance);
    }
  }
}

// One arm's accuracy minus another's at one learning rate.
double ahead(const Record& of, std::string_view arm, std::string_view other, double lr) {
  return of.at("accuracy", arm, lr) - of.at("accuracy", other, lr);
}
double cost(const Record& of, double low, double high) {
  return of.mean("accuracy", "bn", low, high) - of.mean("accuracy", "noisy-bn", low, high);
}
double shift_ratio(const Record& of, std::string_view arm, std::string_view other) {
  return of.mean("shift", arm) / of.mean("shift", other);
}

}  // namespace

Study noisy_norm() {
  return {
      .id = "E10",
      .name = "noisy-norm",
      .title = "Batch normalization without steady inputs",
      .question =
          "If batch normalization helps by keeping each layer’s inputs steady, noise after it that makes "
          "them shift should undo what it does. Does it?",
      .method =
          "Networks of 8×32 ReLU units learn standardised glyphs by plain SGD in 300 batches of 64. With "
          "noise, each unit’s input to its ReLU is, in training, multiplied by a number from U(1, 1.25) and "
          "moved by one from U(−0.5, 0.5), drawn anew for each unit at each step, with some more for each "
          "example. The shift of a unit is how far its mean over 100 pictures, always the same, moves in one "
          "step, in its standard deviations; in the middle layer, median. A run that diverges counts as "
          "guessing.",
      .source =
          "Santurkar et al. 2018, “How Does Batch Normalization Help Optimization?”, arXiv:1805.11604, "
          "section 2.2; the other view: Awais, Bin Iqbal & Bae 2020, “Revisiting Internal Covariate Shift "
          "for Batch Normalization”, IEEE Transactions on Neural Networks and Learning Systems 32(11), "
          "5082–5092",
      .knobs = {{"depth", "Hidden layers", 8, 1, 20, true, Moves::kLinearly, 7},
                {"width", "Units per layer", 32, 4, 64, true},
                {"steps", "Training steps", 300, 10, 600, true},
                {"batch", "Batch size", 64, 8, 128, true, Moves::kLinearly, 32},
                {"mean-noise", "Noise: largest move of a unit’s mean", 0.5, 0, 4},
                {"scale-noise", "Noise: largest factor of a unit’s scale", 1.25, 1, 4},
                {"jitter", "Noise: of each example", 0.1, 0, 1},
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = {.name = "lr",
               .label = "Learning rate",
               .points = {0.1, 0.5, 1},
               .min = 1e-3,
               .max = 10,
               .moves = Moves::kByFactors},
      .arms = {{"none", "without"},
               {"noisy-none", "without, noise"},
               {"bn", "batch normalization"},
               {"noisy-bn", "batch normalization, noise"}},
      .metrics = {{.name = "accuracy",
                   .label = "Test accuracy, inference mode",
                   .format = Format::kShare,
                   .chance = kGlyphChance},
                  {.name = "shift",
                   .label = "Shift of a unit’s mean per step, in standard deviations",
                   .moves = Moves::kByFactors}},
      .checks =
          {{.name = "high-lr-ahead",
            .statement = "At a learning rate of 1, the noisy network with batch normalization is 40 points "
                         "or more ahead of the plain one without noise.",
            .quantity = "Accuracy of noisy batch normalization minus that without either, learning rate 1",
            .format = Format::kPoints,
            .bound = at_least(0.4),
            .measure = [](const Record& of) { return ahead(of, "noisy-bn", "none", 1); }},
           {.name = "low-lr-behind",
            .statement = "At a learning rate of 0.1 it is behind the plain one.",
            .quantity = "Accuracy of noisy batch normalization minus that without either, learning rate 0.1",
            .format = Format::kPoints,
            .bound = at_most(0),
            .measure = [](const Record& of) { return ahead(of, "noisy-bn", "none", 0.1); }},
           {.name = "near-bn",
            .statement =
                "At learning rates from 0.5 on, noise takes no more than 20 points from batch normalization.",
            .quantity = "Accuracy of batch normalization minus noisy, learning rates from 0.5 on",
            .format = Format::kPoints,
            .bound = at_most(0.2),
            .measure = [](const Record& of) { return cost(of, 0.5, 1e9); }},
           {.name = "noise-costs",
            .statement = "But it takes 5 points or more: steady inputs are worth something.",
            .quantity = "Accuracy of batch normalization minus noisy, learning rates from 0.5 on",
            .format = Format::kPoints,
            .bound = at_least(0.05),
            .measure = [](const Record& of) { return cost(of, 0.5, 1e9); }},
           {.name = "noise-shifts",
            .statement =
                "The noise makes units shift 20 times as much as batch normalization alone, or more.",
            .quantity = "Shift with noise by that without it, batch normalization",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(20),
            .measure = [](const Record& of) { return shift_ratio(of, "noisy-bn", "bn"); }},
           {.name = "noisier-than-plain",
            .statement = "And 1.5 times as much as in the plain network, or more.",
            .quantity = "Shift of noisy batch normalization by that without either",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1.5),
            .measure = [](const Record& of) { return shift_ratio(of, "noisy-bn", "none"); }},
           {.name = "bn-steady",
            .statement = "With batch normalization a unit’s mean is β, and moves by 0.02 standard deviations "
                         "per step or less.",
            .quantity = "Shift with batch normalization, mean over the learning rates",
            .bound = at_most(0.02),
            .measure = [](const Record& of) { return of.mean("shift", "bn"); }},
           {.name = "plain-shifts",
            .statement = "Without it, a step of all weights moves it 5 times as far, or farther.",
            .quantity = "Shift without batch normalization by that with it",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(5),
            .measure = [](const Record& of) { return shift_ratio(of, "none", "bn"); }},
           {.name = "plain-stopped",
            .statement = "The same noise stops the network without batch normalization at a learning rate of "
                         "0.5: it gets 30 % right or less.",
            .quantity = "Accuracy with noise, without batch normalization, learning rate 0.5",
            .format = Format::kShare,
            .bound = at_most(0.3),
            .measure = [](const Record& of) { return of.at("accuracy", "noisy-none", 0.5); }},
           {.name = "plain-cost",
            .statement = "There it takes 15 points or more from what the network reaches without noise.",
            .quantity = "Accuracy without batch normalization minus that with noise, learning rate 0.5",
            .format = Format::kPoints,
            .bound = at_least(0.15),
            .measure = [](const Record& of) { return ahead(of, "none", "noisy-none", 0.5); }},
           {.name = "plain-goes-on",
            .statement =
                "At a learning rate of 0.1 the same noise does not stop it: it gets 40 % right or more.",
            .quantity = "Accuracy with noise, without batch normalization, learning rate 0.1",
            .format = Format::kShare,
            .bound = at_least(0.4),
            .measure = [](const Record& of) { return of.at("accuracy", "noisy-none", 0.1); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
