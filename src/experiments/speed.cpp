// How many steps it takes, each at its best learning rate.
//
// Claim: batch normalization needs fewer steps to the same training loss (Ioffe & Szegedy 2015, arXiv:1502.03167, section
// 4.2.2), and the more so the deeper the network. At the small rate that suits a plain network it does not.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

// Steps until the loss, averaged over the last ten batches, is below `target`; `limit` where it never is.
Index steps_to(const DeepNetwork& network, double lr, double target, Index limit,
               const std::shared_ptr<const Split>& data, std::uint64_t seed) {
  constexpr std::size_t kWindow = 10;
  Trainer<float> trainer = deep_trainer(network, {.lr = lr}, data, seed);
  std::vector<double> losses;
  double sum = 0;
  while (trainer.steps() < limit) {
    const StepRecord step = trainer.step();
    if (step.diverged) return limit;
    losses.push_back(step.loss);
    sum += step.loss;
    if (losses.size() > kWindow) sum -= losses[losses.size() - 1 - kWindow];
    if (losses.size() >= kWindow && sum < target * kWindow) return trainer.steps();
  }
  return limit;
}

// The first of these suits a plain network.
constexpr double kRates[] = {0.1, 0.3, 1, 3};

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.standardize = !setting.on("raw")}, seed);
  const Index limit = setting.count("limit");
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    const auto measure = [&](std::string_view arm, const std::optional<LayerSpec>& norm) {
      const DeepNetwork network{
          .depth = static_cast<Index>(setting.points()[i]), .width = setting.count("width"), .norm = norm};
      Index best = limit;
      for (const double lr : kRates) {
        // Longer than the best so far none needs to be trained.
        const Index steps = steps_to(network, lr, setting["loss"], best, data, seed);
        if (lr == kRates[0]) record.set("small", arm, i, static_cast<double>(steps));
        if (steps < best) record.set("rate", arm, i, lr);
        best = std::min(best, steps);
      }
      record.set("best", arm, i, static_cast<double>(best));
    };
    measure("none", std::nullopt);
    measure("bn", BatchNormSpec{});
  }
}

// Over the depths from `low` to `high`.
double ratio(const Record& of, std::string_view metric, double low, double high) {
  return of.mean(metric, "none", low, high) / of.mean(metric, "bn", low, high);
}

std::vector<Knob> knobs(bool raw) {
  return {{"width", "Units per layer", 64, 4, 128, true},
          {"loss", "Training loss to reach", 0.5, 0.05, 2},
          {"limit", "Training steps at most", 400, 10, 1000, true},
          {"raw", "Pixels as they come", raw ? 1.0 : 0.0, 0, 1, true}};
}

Axis depths() {
  return {.name = "depth",
          .label = "Hidden layers",
          .points = {2, 6, 12},
          .min = 1,
          .max = 20,
          .whole = true,
          .fast = {2, 6}};
}

std::vector<Arm> arms() { return {{"none", "without"}, {"bn", "batch normalization"}}; }

std::vector<Metric> metrics() {
  return {{"best", "Steps at the best learning rate"},
          {.name = "rate", .label = "Best learning rate", .moves = Moves::kByFactors},
          {"small", "Steps at a learning rate of 0.1"}};
}

constexpr std::string_view kSource =
    "Ioffe & Szegedy 2015, “Batch Normalization: Accelerating Deep Network Training by Reducing Internal "
    "Covariate Shift”, arXiv:1502.03167, section 4.2.2";

}  // namespace

Study speed() {
  return {
      .id = "E35",
      .name = "speed",
      .title = "How much faster is training?",
      .question =
          "Given the learning rate that suits each best, how many steps does it take with batch "
          "normalization, "
          "and how many without?",
      .method =
          "ReLU networks of 64 units per layer learn standardised glyphs by plain SGD in batches of 64, at "
          "learning rates of 0.1, 0.3, 1 and 3. Counted are the steps until the training loss, averaged over "
          "ten batches, is below 0.5, at the rate that takes the fewest; what never gets there counts as "
          "400.",
      .source = kSource,
      .knobs = knobs(false),
      .axis = depths(),
      .arms = arms(),
      .metrics = metrics(),
      .checks = {{.name = "deep-faster",
                  .statement = "From six layers on, batch normalization is 1.5 times as fast or more, each "
                               "at its best rate.",
                  .quantity =
                      "Steps without batch normalization by steps with it, best rates, 6 layers and more",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(1.5),
                  .measure = [](const Record& of) { return ratio(of, "best", 6, 20); }},
                 {.name = "shallow-gains-less",
                  .statement = "In two layers it is faster too, but by less than twice.",
                  .quantity = "Steps without batch normalization by steps with it, best rates, 2 layers",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = within(1, 2),
                  .measure = [](const Record& of) { return ratio(of, "best", 2, 2); }},
                 {.name = "higher-rate",
                  .statement = "At six layers its best learning rate is at least twice as high.",
                  .quantity = "Best learning rate with batch normalization by that without, 6 layers",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_least(2),
                  .measure = [](const Record& of) { return 1 / ratio(of, "rate", 6, 6); }},
                 {.name = "small-rate-no-gain",
                  .statement = "At a learning rate of 0.1, two to six layers are no faster with it.",
                  .quantity =
                      "Steps without batch normalization by steps with it, learning rate 0.1, up to 6 layers",
                  .statistic = Statistic::kRatio,
                  .format = Format::kTimes,
                  .bound = at_most(1),
                  .measure = [](const Record& of) { return ratio(of, "small", 0, 6); }}},
      .seeds = 6,
      .fast_seeds = 5,
      .run = run,
  };
}

Study speed_raw() {
  return {
      .id = "E35b",
      .name = "speed-raw",
      .title = "How much faster on raw pixels?",
      .question =
          "The same race on pixels as they come. Does batch normalization gain more where inputs are not "
          "standardised?",
      .method = "As the race on standardised glyphs, on raw pixels.",
      .source = kSource,
      .knobs = knobs(true),
      .axis = depths(),
      .arms = arms(),
      .metrics = metrics(),
      .checks =
          {{.name = "faster",
            .statement =
                "On raw pixels batch normalization is at least twice as fast at any depth, each at its best "
                "rate.",
            .quantity = "Steps without batch normalization by steps with it, best rates, least of all depths",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(2),
            .measure =
                [](const Record& of) {
                  double least = std::numeric_limits<double>::quiet_NaN();
                  for (const double depth : of.setting().points())
                    least = std::fmin(least, ratio(of, "best", depth, depth));
                  return least;
                }},
           {.name = "small-rate-gain",
            .statement =
                "There it is faster even at a learning rate of 0.1: it makes up for inputs that are not "
                "standardised.",
            .quantity =
                "Steps without batch normalization by steps with it, learning rate 0.1, up to 6 layers",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1.1),
            .measure = [](const Record& of) { return ratio(of, "small", 0, 6); }}},
      .seeds = 6,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
