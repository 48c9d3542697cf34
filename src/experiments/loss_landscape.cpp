// How far ahead a gradient can be trusted.
//
// Claim (Santurkar et al. 2018, arXiv:1805.11604): batch normalization makes the loss smoother, so that along a step the loss
// varies less and the gradient keeps pointing the right way. Here it does once training is under way, at a learning rate at
// which it helps at all. In the first steps the effective β is no smaller; in a deep linear network it is far greater; and β itself
// depends on the scale of weights that the function does not depend on, so range and relative change say more.
#include <algorithm>
#include <utility>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"
#include "experiments/linear_task.hpp"
#include "experiments/median.hpp"
#include "probe/landscape.hpp"

namespace bnlab {

namespace {

constexpr Index kWindow = 50;        // steps that one point sums up
constexpr Index kBetweenLooks = 10;  // steps
constexpr Index kPlaces = 6;         // along each look
constexpr double kNoBound = 1e6;     // what stands for a loss or a gradient that was not finite

// From `low` to `high` times the learning rate.
std::vector<double> step_sizes(double lr, double low, double high) {
  std::vector<double> sizes;
  for (Index i = 0; i < kPlaces; ++i)
    sizes.push_back(lr * (low + (high - low) * static_cast<double>(i) / static_cast<double>(kPlaces - 1)));
  return sizes;
}

// What the looks of one window saw.
struct Window {
  std::vector<double> range;
  std::vector<double> change;
  std::vector<double> relative;
  std::vector<double> smoothness;
};

void look(Trainer<float>& trainer, Tape<float>& tape, const Trainer<float>::Batch& batch,
          const std::vector<double>& sizes, Window& window) {
  BatchGradient<float> gradient(trainer.network(), tape, trainer.loss(), batch);
  const Landscape seen = look_along_gradient<float>(gradient, sizes);
  const auto bounded = [](double value) { return value < kNoBound ? value : kNoBound; };
  window.range.push_back(bounded(seen.range()));
  window.change.push_back(bounded(seen.predictiveness()));
  window.relative.push_back(bounded(seen.relative_predictiveness()));
  window.smoothness.push_back(bounded(seen.smoothness()));
}

// Trains as long as all is finite, and sums up what is seen in the steps from each point on.
void watch(Trainer<float>& trainer, double low, double high, std::string_view arm, const Setting& setting,
           Record& record) {
  Tape<float> tape(trainer.network(), trainer.tape().capacity());
  const std::vector<double> sizes = step_sizes(trainer.lr(), low, high);
  const std::vector<double>& points = setting.points();
  std::vector<Window> windows(points.size());
  const double last = *std::max_element(points.begin(), points.end()) + kWindow;
  bool finite = true;
  for (Index step = 0; finite && static_cast<double>(step) < last; ++step) {
    const Trainer<float>::Batch batch = trainer.draw_batch();
    if (step % kBetweenLooks == 0)
      for (std::size_t i = 0; i < points.size(); ++i)
        if (static_cast<double>(step) >= points[i] && static_cast<double>(step) < points[i] + kWindow)
          look(trainer, tape, batch, sizes, windows[i]);
    finite = !trainer.step_on(batch).diverged;
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    record.set("range", arm, i, median(windows[i].range));
    record.set("change", arm, i, median(windows[i].change));
    record.set("relative", arm, i, median(windows[i].relative));
    record.set("beta", arm, i, median(windows[i].smoothness));
  }
}

void run_relu(const Setting& setting, std::uint64_t seed, Record& record) {
  const auto data = share_glyphs({.standardize = !setting.on("raw")}, seed);
  for (const bool normalized : {false, true}) {
    DeepNetwork network{.depth = setting.count("depth"), .width = setting.count("width")};
    if (normalized) network.norm = BatchNormSpec{};
    Trainer<float> trainer = deep_trainer(network, {.lr = setting["lr"]}, data, seed);
    watch(trainer, 0.5, 4, normalized ? "bn" : "none", setting, record);
  }
}

void run_linear(const Setting& setting, std::uint64_t seed, Record& record) {
  const Index width = setting.count("width");
  const TrainingSet<float> data = linear_task(setting.count("examples"), width, seed);
  for (const bool normalized : {false, true}) {
    Trainer<float> trainer =
        linear_trainer(setting.count("depth"), width, normalized, setting["lr"], data, seed);
    watch(trainer, 0.01, 4, normalized ? "bn" : "none", setting, record);
  }
}
// Two normalised layers, the second of which is the output: scaling either's weights leaves the function as it is.
void run_scaled(const Setting& setting, std::uint64_t seed, Record& record) {
  constexpr Index kExamples = 32;
  constexpr Index kInputs = 6;
  constexpr Index kOutputs = 3;
  BatchNormSpec norm;
  norm.options.affine = false;
  norm.options.eps = 1e-14;  // ε is all that a scale would be seen by
  Network<double> network({{kInputs},
                           {LinearSpec{8, false, {}}, norm, ActivationSpec{Activation::kTanh},
                            LinearSpec{kOutputs, false, {}}, norm}});
  network.initialize(seed);
  const Buffer<double> weights = network.parameters();
  Tape<double> tape(network, kExamples);
  Random random(seed, Stream::kData);
  Buffer<double> x(kExamples * kInputs);
  Buffer<double> targets(kExamples * kOutputs);
  for (double& value : x) value = random.normal();
  for (double& value : targets) value = random.normal();
  BatchGradient<double> gradient(network, tape, Loss::kMse, {x.data(), kExamples, {nullptr, targets.data()}});
  for (std::size_t i = 0; i < setting.points().size(); ++i) {
    const double a = setting.points()[i];
    for (std::size_t k = 0; k < weights.size(); ++k) network.parameters()[k] = a * weights[k];
    // The gradient is 1/a of what it was, so that steps a² times as long lead to a times the same weights.
    const Landscape seen = look_along_gradient<double>(gradient, step_sizes(setting["lr"] * a * a, 0.5, 4));
    record.set("range", "bn", i, seen.range());
    record.set("relative", "bn", i, seen.relative_predictiveness());
    record.set("lipschitz", "bn", i, seen.steepness());
    record.set("beta", "bn", i, seen.smoothness());
  }
}

constexpr double kSettled = 150;  // steps from which on training is under way

// Without normalization by with it.
double factor(const Record& of, std::string_view metric, double from, double to) {
  return of.mean(metric, "none", from, to) / of.mean(metric, "bn", from, to);
}
double late(const Record& of, std::string_view metric) { return factor(of, metric, kSettled, 1e9); }
double early(const Record& of, std::string_view metric) { return factor(of, metric, 0, 0); }
double linear(const Record& of, std::string_view metric) { return 1 / factor(of, metric, kWindow, 1e9); }

// How far the product of a metric and a power of a is from being the same at every point, relatively.
double spread(const Record& of, std::string_view metric, int power) {
  const std::span<const double> values = of.row(metric, "bn");
  double least = std::numeric_limits<double>::infinity();
  double greatest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    double value = values[i];
    for (int k = 0; k < power; ++k) value *= of.setting().points()[i];
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  return greatest / least - 1;
}

constexpr std::string_view kSource =
    "Santurkar et al. 2018, “How Does Batch Normalization Help Optimization?”, arXiv:1805.11604, section 3 "
    "and figure 4";

std::vector<Metric> landscape_metrics() {
  return {{.name = "range",
           .label = "Range of the loss along the gradient, median of the looks",
           .moves = Moves::kByFactors},
          {.name = "change",
           .label = "Greatest change of the gradient along it (predictiveness), median",
           .moves = Moves::kByFactors},
          {.name = "relative",
           .label = "The same by the size of the gradient, median",
           .moves = Moves::kByFactors},
          {.name = "beta", .label = "Effective β-smoothness, median", .moves = Moves::kByFactors}};
}

Axis windows(std::vector<double> points) {
  return {.name = "step",
          .label = "Steps from … on, 50 each",
          .points = std::move(points),
          .min = 0,
          .max = 500,
          .whole = true};
}

}  // namespace

Study loss_landscape() {
  return {
      .id = "E12",
      .name = "loss-landscape",
      .title = "Does batch normalization smooth the loss?",
      .question =
          "Before a step, how much do loss and gradient change along its way? With batch normalization less, "
          "it is said, and that this is why it helps.",
      .method =
          "Networks of 6×32 ReLU units learn standardised glyphs by plain SGD in batches of 64. Every 10 "
          "steps, loss and gradient of the batch that is about to be learned from are computed at six places "
          "along the gradient, from half the step about to be made to four times as far, in training mode.",
      .source = kSource,
      .knobs = {{"lr", "Learning rate", 0.1, 0.01, 3, false, Moves::kByFactors},
                {"depth", "Hidden layers", 6, 1, 20, true},
                {"width", "Units per layer", 32, 4, 64, true},
                {"raw", "Pixels as they come", 0, 0, 1, true}},
      .axis = windows({0, 50, 100, 150, 200}),
      .arms = {{"none", "without"}, {"bn", "batch normalization"}},
      .metrics = landscape_metrics(),
      .checks =
          {{.name = "late-range",
            .statement = "From step 150 on, the loss varies 10 times as much without, or more.",
            .quantity = "Range of the loss without by that with batch normalization, from step 150 on",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(10),
            .measure = [](const Record& of) { return late(of, "range"); }},
           {.name = "late-gradient",
            .statement = "From step 150 on, the gradient changes 4 times as much without, or more.",
            .quantity =
                "Greatest change of the gradient without by that with batch normalization, from step 150 on",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(4),
            .measure = [](const Record& of) { return late(of, "change"); }},
           {.name = "late-beta",
            .statement = "From step 150 on, the effective β is 1.2 times as large without, or more.",
            .quantity = "Effective β-smoothness without by that with batch normalization, from step 150 on",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(1.2),
            .measure = [](const Record& of) { return late(of, "beta"); }},
           {.name = "early-beta",
            .statement = "In the first 50 steps, batch normalization does not make the effective β smaller.",
            .quantity = "Effective β-smoothness without by that with batch normalization, first 50 steps",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(1),
            .measure = [](const Record& of) { return early(of, "beta"); }},
           {.name = "early-range",
            .statement = "Nor does it make the loss vary less in the first 50 steps.",
            .quantity = "Range of the loss without by that with batch normalization, first 50 steps",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(1),
            .measure = [](const Record& of) { return early(of, "range"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_relu,
  };
}

Study loss_landscape_linear() {
  return {
      .id = "E12b",
      .name = "loss-landscape-linear",
      .title = "The loss of a deep linear network",
      .question = "Is the loss smoother with batch normalization in a network without any nonlinearity, too?",
      .method =
          "Twenty linear layers of 10 units learn a linear map of normal inputs by gradient descent on all "
          "300 examples. Looks along the gradient as in the network of ReLU, from 0.01 to 4 times the step.",
      .source = kSource,
      .knobs = {{"lr", "Learning rate", 0.003, 1e-4, 0.1, false, Moves::kByFactors},
                {"depth", "Hidden layers", 20, 2, 40, true},
                {"width", "Units per layer", 10, 2, 32, true},
                {"examples", "Examples, all in each batch", 300, 32, 1000, true, Moves::kLinearly, 100}},
      .axis = windows({0, 50, 100, 150, 200}),
      .arms = {{"none", "without"}, {"bn", "batch normalization"}},
      .metrics = landscape_metrics(),
      .checks =
          {{.name = "beta-larger",
            .statement =
                "From step 50 on, the effective β is 10 times as large with batch normalization, or more.",
            .quantity = "Effective β-smoothness with batch normalization by that without, from step 50 on",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(10),
            .measure = [](const Record& of) { return linear(of, "beta"); }},
           {.name = "range-larger",
            .statement = "And the loss varies 5 times as much, or more.",
            .quantity = "Range of the loss with batch normalization by that without, from step 50 on",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(5),
            .measure = [](const Record& of) { return linear(of, "range"); }},
           {.name = "beta-smaller",
            .statement = "Batch normalization makes the effective β smaller.",
            .quantity = "Effective β-smoothness with batch normalization by that without, from step 50 on",
            .kind = Kind::kOpen,
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_most(1),
            .measure = [](const Record& of) { return linear(of, "beta"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_linear,
  };
}

Study smoothness_and_scale() {
  return {
      .id = "E12c",
      .name = "smoothness-and-scale",
      .title = "Lipschitz or smooth?",
      .question =
          "“β-Lipschitz”, some call a loss whose effective β is small. Is that the same as a small Lipschitz "
          "constant, and does either belong to the function that the network computes?",
      .method =
          "A network of two normalised layers without γ and β computes the same from weights a·W as from W. "
          "Loss and gradient are taken along the gradient at both, with steps a² times as long, which lead "
          "to the same functions again; in double precision, ε = 10⁻¹⁴.",
      .source =
          "Santurkar et al. 2018, arXiv:1805.11604, section 3, for the measures; Nesterov 2004, "
          "“Introductory Lectures on Convex Optimization”, section 1.2.2, for the names",
      .knobs = {{"lr", "Learning rate at a = 1", 0.1, 0.001, 1, false, Moves::kByFactors}},
      .axis = {.name = "scale",
               .label = "Scale a of the weights",
               .points = {0.1, 1, 7},
               .min = 0.01,
               .max = 100,
               .moves = Moves::kByFactors},
      .arms = {{"bn", "batch normalization"}},
      .metrics = {{.name = "range", .label = "Range of the loss"},
                  {.name = "relative", .label = "Greatest change of the gradient by its size"},
                  {.name = "lipschitz", .label = "Effective Lipschitz constant", .moves = Moves::kByFactors},
                  {.name = "beta", .label = "Effective β-smoothness", .moves = Moves::kByFactors}},
      .checks =
          {{.name = "lipschitz-by-a",
            .statement = "The Lipschitz constant of the loss scales as 1/a.",
            .quantity = "Largest relative difference of a·(Lipschitz constant) between scales",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-8),
            .measure = [](const Record& of) { return spread(of, "lipschitz", 1); }},
           {.name = "beta-by-a-squared",
            .statement =
                "β scales as 1/a²: it is the Lipschitz constant of the gradient, which is what smooth means.",
            .quantity = "Largest relative difference of a²·β between scales",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-8),
            .measure = [](const Record& of) { return spread(of, "beta", 2); }},
           {.name = "range-unmoved",
            .statement = "The range of the loss and the relative change of the gradient do not depend on a.",
            .quantity = "Largest relative difference of either between scales",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-8),
            .measure =
                [](const Record& of) { return std::max(spread(of, "range", 0), spread(of, "relative", 0)); }},
           {.name = "beta-is-lipschitz",
            .statement = "β scales as a Lipschitz constant of the loss does.",
            .quantity = "Largest relative difference of a·β between scales",
            .kind = Kind::kOpen,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-8),
            .measure = [](const Record& of) { return spread(of, "beta", 1); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run_scaled,
  };
}

}  // namespace bnlab
