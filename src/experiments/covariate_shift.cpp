// Internal covariate shift, measured: how much the step of the layers before it turns a layer's gradient.
//
// Claim (Ioffe & Szegedy 2015, arXiv:1502.03167): batch normalization helps because it reduces how much a layer's inputs shift
// while the layers before it learn. Measured on gradients (Santurkar et al. 2018, arXiv:1805.11604, definition 2.1), a deep linear
// network has hardly any shift without it and a great deal with it, and learns faster all the same. In networks of ReLU it
// depends on the learning rate and on how far training has come, so nothing is asserted there.
#include <array>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "experiments/linear_task.hpp"
#include "experiments/median.hpp"
#include "probe/ics.hpp"

namespace bnlab {

namespace {

constexpr Index kBetweenLooks = 10;     // steps
constexpr double kDivergedLoss = 1000;  // what a run that diverged counts as: far above what any starts with

// The relative shift and its cosine at the middle layer, one of each look.
struct Shifts {
  std::vector<double> relative;
  std::vector<double> cosine;
};

// Trains, and before every tenth step looks at the batch it is about to go by.
class Watch {
 public:
  explicit Watch(Trainer<float>& trainer)
      : trainer_(trainer), tape_(trainer.network(), trainer.tape().capacity()) {
    const std::vector<std::size_t> hidden = hidden_linear_layers(trainer.network());
    layer_[0] = static_cast<Index>(hidden[hidden.size() / 2]);
  }

  // Until `steps` are done. Returns whether all was finite.
  bool train_until(Index steps, Shifts& seen) {
    for (; steps_ < steps; ++steps_) {
      const Trainer<float>::Batch batch = trainer_.draw_batch();
      if (steps_ % kBetweenLooks == 0) look(batch, seen);
      const StepRecord step = trainer_.step_on(batch);
      if (step.diverged) return false;
      loss_ = step.loss;
    }
    return true;
  }
  [[nodiscard]] double loss() const { return loss_; }

 private:
  void look(const Trainer<float>::Batch& batch, Shifts& seen) {
    BatchGradient<float> gradient(trainer_.network(), tape_, trainer_.loss(), batch);
    const GradientChange shift = covariate_shifts<float>(gradient, trainer_.lr(), layer_)[0];
    if (!std::isfinite(shift.relative())) return;
    seen.relative.push_back(shift.relative());
    seen.cosine.push_back(shift.cosine);
  }

  Trainer<float>& trainer_;
  Tape<float> tape_;
  std::array<Index, 1> layer_{};
  Index steps_ = 0;
  double loss_ = 0;
};

void run_linear(const Setting& setting, std::uint64_t seed, Record& record) {
  const Index width = setting.count("width");
  const TrainingSet<float> data = linear_task(setting.count("examples"), width, seed);
  for (const bool normalized : {false, true}) {
    const std::string_view arm = normalized ? "bn" : "none";
    for (std::size_t i = 0; i < setting.points().size(); ++i) {
      Trainer<float> trainer =
          linear_trainer(setting.count("depth"), width, normalized, setting.points()[i], data, seed);
      Watch watch(trainer);
      Shifts seen;
      const bool finite = watch.train_until(setting.count("steps"), seen);
      record.set("shift", arm, i, median(seen.relative));
      record.set("cosine", arm, i, median(seen.cosine));
      record.set("loss", arm, i, finite ? watch.loss() : kDivergedLoss);
    }
  }
}

// Training in thirds: the first is "early", the last "late".
void run_relu(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.standardize = !setting.on("raw")}, seed);
  const Index third = setting.count("steps") / 3;
  for (const bool normalized : {false, true}) {
    DeepNetwork network{.depth = setting.count("depth"), .width = setting.count("width")};
    if (normalized) network.norm = BatchNormSpec{};
    const std::string_view arm = normalized ? "bn" : "none";
    for (std::size_t i = 0; i < setting.points().size(); ++i) {
      Trainer<float> trainer = deep_trainer(network, {.lr = setting.points()[i]}, data, seed);
      Watch watch(trainer);
      Shifts early;
      Shifts between;
      Shifts late;
      const bool finite = watch.train_until(third, early) && watch.train_until(2 * third, between) &&
                          watch.train_until(3 * third, late);
      record.set("early", arm, i, median(early.relative));
      record.set("late", arm, i, median(late.relative));
      record.set("accuracy", arm, i,
                 finite ? glyph_accuracy(trainer.network(), trainer.tape(), Mode::kInference, data->test)
                        : kGlyphChance);
    }
  }
}

// That of batch normalization by that of none.
double factor(const Record& of, std::string_view metric, double lr) {
  return of.at(metric, "bn", lr) / of.at(metric, "none", lr);
}

double largest_lr(const Record& of) {
  return *std::max_element(of.setting().points().begin(), of.setting().points().end());
}

// Without normalisation: that at the smallest learning rate by that at the largest; NaN where there is but one.
double slow_by_fast(const Record& of, std::string_view metric) {
  const double smallest = *std::min_element(of.setting().points().begin(), of.setting().points().end());
  const double largest = largest_lr(of);
  if (smallest == largest) return std::numeric_limits<double>::quiet_NaN();
  return of.at(metric, "none", smallest) / of.at(metric, "none", largest);
}

constexpr std::string_view kSource =
    "Santurkar et al. 2018, “How Does Batch Normalization Help Optimization?”, arXiv:1805.11604, section 2.2 "
    "and figure 3; the claim in Ioffe & Szegedy 2015, arXiv:1502.03167";

Study linear_study(std::string_view id, std::string_view name, std::string_view title,
                   std::string_view method, double depth, double width, double steps,
                   std::vector<double> lrs) {
  return {
      .id = id,
      .name = name,
      .title = title,
      .question =
          "Batch normalization is said to reduce internal covariate shift: how much the layers before it, "
          "while they learn, change what a layer should do. Does it, where it can be measured without doubt?",
      .method = method,
      .source = kSource,
      .knobs = {{"depth", "Hidden layers", depth, 2, 40, true},
                {"width", "Units per layer", width, 2, 32, true},
                {"examples", "Examples, all in each batch", 300, 32, 1000, true, Moves::kLinearly, 100},
                {"steps", "Training steps", steps, 10, 600, true}},
      .axis = {.name = "lr",
               .label = "Learning rate",
               .points = std::move(lrs),
               .min = 1e-4,
               .max = 1,
               .moves = Moves::kByFactors},
      .arms = {{"none", "without"}, {"bn", "batch normalization"}},
      .metrics = {{.name = "shift",
                   .label = "Relative shift ‖G − G′‖/‖G‖ of the middle layer, median over training",
                   .moves = Moves::kByFactors},
                  {.name = "cosine", .label = "Cosine of G and G′, median over training"},
                  {.name = "loss", .label = "Loss of the last step", .moves = Moves::kByFactors}},
      .checks =
          {{.name = "hardly-any-without",
            .statement =
                "Without normalization there is hardly any shift at the largest learning rate: 0.15 or less.",
            .quantity = "Relative shift without, at the largest learning rate",
            .statistic = Statistic::kRatio,
            .bound = at_most(0.15),
            .measure = [](const Record& of) { return of.at("shift", "none", largest_lr(of)); }},
           {.name = "same-direction-without",
            .statement = "And the gradient keeps its direction: the cosine is 0.95 or more.",
            .quantity = "Cosine of G and G′ without, at the largest learning rate",
            .bound = at_least(0.95),
            .measure = [](const Record& of) { return of.at("cosine", "none", largest_lr(of)); }},
           {.name = "bn-more",
            .statement = "With batch normalization the shift is 5 times as large, or more.",
            .quantity =
                "Relative shift with batch normalization by that without, at the largest learning rate",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(5),
            .measure = [](const Record& of) { return factor(of, "shift", largest_lr(of)); }},
           {.name = "bn-less",
            .statement = "With batch normalization the shift is smaller.",
            .quantity =
                "Relative shift with batch normalization by that without, at the largest learning rate",
            .kind = Kind::kOpen,
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(1),
            .measure = [](const Record& of) { return factor(of, "shift", largest_lr(of)); }},
           {.name = "bn-lower-loss",
            .statement = "All the same it learns faster: its loss ends at 0.8 times that without, or less.",
            .quantity = "Loss of the last step with batch normalization by that without, at the largest "
                        "learning rate",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(0.8),
            .measure = [](const Record& of) { return factor(of, "loss", largest_lr(of)); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_linear,
  };
}

}  // namespace

Study covariate_shift() {
  Study study = linear_study(
      "E11", "covariate-shift", "Does batch normalization reduce internal covariate shift?",
      "Ten linear layers of 16 units without any nonlinearity learn a linear map of normal inputs by "
      "gradient descent on all 300 examples. Every 10 steps, the gradient of the middle layer’s weights is "
      "taken as the step is about to use it (G), and again after the layers before it have made their step "
      "(G′). A run that diverges counts as a loss of 1000.",
      10, 16, 200, {0.005, 0.05});
  study.checks.push_back(
      {.name = "small-lr-less",
       .statement =
           "Without normalization, the smallest learning rate has at most half the shift of the largest.",
       .quantity = "Relative shift without, at the smallest learning rate by that at the largest",
       .statistic = Statistic::kRatio,
       .format = Format::kTimes,
       .bound = at_most(0.5),
       .measure = [](const Record& of) { return slow_by_fast(of, "shift"); }});
  study.checks.push_back(
      {.name = "small-lr-slow",
       .statement = "But the smallest learning rate is slow: its loss ends 1.3 times as high, or higher.",
       .quantity = "Loss of the last step without, at the smallest learning rate by that at the largest",
       .statistic = Statistic::kRatio,
       .format = Format::kTimes,
       .bound = at_least(1.3),
       .measure = [](const Record& of) { return slow_by_fast(of, "loss"); }});
  return study;
}

Study covariate_shift_deep() {
  return linear_study("E11b", "covariate-shift-deep",
                      "Internal covariate shift in twice as many linear layers",
                      "As in the network of ten, with twenty linear layers of 10 units, 300 steps, and a "
                      "learning rate small enough for all seeds to learn without normalization.",
                      20, 10, 300, {0.002});
}

Study covariate_shift_relu() {
  return {
      .id = "E11c",
      .name = "covariate-shift-relu",
      .title = "Internal covariate shift in a network of ReLU: you decide",
      .question = "In networks that people train, is the shift smaller with batch normalization or larger?",
      .method =
          "Networks of 8×64 ReLU units learn standardised glyphs by plain SGD in 300 batches of 64. Every 10 "
          "steps the shift of the middle layer’s gradient is measured as in the linear network. “Early” is "
          "the first third of training, “late” the last. A run that diverges counts as guessing.",
      .source = kSource,
      .knobs = {{"depth", "Hidden layers", 8, 2, 20, true, Moves::kLinearly, 6},
                {"width", "Units per layer", 64, 4, 64, true, Moves::kLinearly, 32},
                {"steps", "Training steps", 300, 30, 600, true, Moves::kLinearly, 150},
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = {.name = "lr",
               .label = "Learning rate",
               .points = {0.05, 0.2},
               .min = 1e-4,
               .max = 3,
               .moves = Moves::kByFactors},
      .arms = {{"none", "without"}, {"bn", "batch normalization"}},
      .metrics = {{.name = "early", .label = "Relative shift ‖G − G′‖/‖G‖, early in training"},
                  {.name = "late", .label = "Relative shift, late in training"},
                  {.name = "accuracy",
                   .label = "Test accuracy, inference mode",
                   .format = Format::kShare,
                   .chance = kGlyphChance}},
      .checks =
          {{.name = "early-slow-more",
            .statement = "Early, at a learning rate of 0.05, the shift is larger with batch normalization.",
            .quantity = "Relative shift with batch normalization by that without, early, learning rate 0.05",
            .kind = Kind::kOpen,
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1),
            .measure = [](const Record& of) { return factor(of, "early", 0.05); }},
           {.name = "late-slow-less",
            .statement = "Late, at a learning rate of 0.05, it is smaller.",
            .quantity = "Relative shift with batch normalization by that without, late, learning rate 0.05",
            .kind = Kind::kOpen,
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(1),
            .measure = [](const Record& of) { return factor(of, "late", 0.05); }},
           {.name = "early-fast-less",
            .statement = "Early, at a learning rate of 0.2, it is smaller.",
            .quantity = "Relative shift with batch normalization by that without, early, learning rate 0.2",
            .kind = Kind::kOpen,
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(1),
            .measure = [](const Record& of) { return factor(of, "early", 0.2); }},
           {.name = "late-fast-less",
            .statement = "Late, at a learning rate of 0.2, it is smaller.",
            .quantity = "Relative shift with batch normalization by that without, late, learning rate 0.2",
            .kind = Kind::kOpen,
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(1),
            .measure = [](const Record& of) { return factor(of, "late", 0.2); }}},
      .seeds = 8,
      .fast_seeds = 5,
      .run = run_relu,
  };
}

}  // namespace bnlab
