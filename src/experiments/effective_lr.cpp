// Weights before batch normalization a times as large, with a learning rate a² times as large, train the same network.
//
// The output does not change under W → aW, and the gradient is divided by a; so is each relative step, twice over. A learning
// rate of such weights means nothing by itself: what counts is η/‖w‖² (van Laarhoven 2017, arXiv:1706.05350).
#include "core/lanes.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/deep_network.hpp"

namespace bnlab {

namespace {

constexpr Index kBatch = 50;

struct Arm {
  std::string_view name;
  double scale;   // of the hidden layers' initial weights
  double faster;  // their learning rate, in times the others'
};

double norm(const double* values, Index size) {
  double squares = 0;
  for (Index i = 0; i < size; ++i) squares += values[i] * values[i];
  return std::sqrt(squares);
}

void train_arm(const Setting& setting, const Arm& arm, const TrainingSet<double>& data, std::uint64_t seed,
               Record& record) {
  DeepNetwork shape;
  shape.depth = 2;
  BatchNormSpec batch_norm;
  batch_norm.options.eps = setting["eps"];
  shape.norm = batch_norm;
  SgdOptions sgd;
  sgd.lr = setting["lr"];
  BatcherOptions batches;
  batches.size = kBatch;
  batches.last = LastBatch::kDrop;
  Trainer<double> trainer(deep_network(shape), Loss::kCrossEntropy, sgd, batches, data, seed, seed);
  Network<double>& network = trainer.network();
  Tape<double>& tape = trainer.tape();
  const std::vector<std::size_t> hidden = hidden_linear_layers(network);
  const auto weights_of = [&](std::size_t layer) {
    const LayerPlan& plan = network.layers()[layer];
    return std::pair{plan.weight, plan.in.size() * plan.out.size()};
  };
  for (const std::size_t layer : hidden) {
    const auto [weight, size] = weights_of(layer);
    for (Index i = 0; i < size; ++i) network.parameter(weight)[i] *= arm.scale;
  }

  const std::vector<double>& points = setting.points();
  const auto steps = static_cast<Index>(*std::max_element(points.begin(), points.end()));
  Buffer<double> gradients(network.parameters().size());
  for (Index step = 1; step <= steps; ++step) {
    const Trainer<double>::Batch batch = trainer.draw_batch();
    network_forward(network, tape, batch.x, batch.count, Mode::kTraining);
    const double loss =
        evaluate_loss(Loss::kCrossEntropy, tape, batch.count, network.outputs(), batch.targets);
    network_backward(network, tape, batch.x, batch.count, Mode::kTraining, gradients.data());
    if (!std::isfinite(loss) || !all_finite(gradients.data(), static_cast<Index>(gradients.size()))) return;
    double turned = 0;
    for (const std::size_t layer : hidden) {
      const auto [weight, size] = weights_of(layer);
      for (Index i = 0; i < size; ++i) gradients[static_cast<std::size_t>(weight + i)] *= arm.faster;
      turned += sgd.lr * norm(gradients.data() + weight, size) / norm(network.parameter(weight), size) /
                static_cast<double>(hidden.size());
    }
    for (std::size_t at = 0; at < points.size(); ++at) {
      if (static_cast<Index>(points[at]) != step) continue;
      record.set("loss", arm.name, at, loss);
      record.set("turn", arm.name, at, turned);
    }
    sgd_update<double>(sgd, sgd.lr, 0, static_cast<Index>(gradients.size()), gradients.data(), nullptr,
                       network.parameters().data());
  }
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const Split glyphs =
      draw_glyphs({.train = 1000, .test = 0, .standardize = setting.on("standardize")}, seed);
  const std::vector<double> x(glyphs.train.x.begin(), glyphs.train.x.end());
  TrainingSet<double> data;
  data.count = glyphs.train.count;
  data.x = x.data();
  data.labels = data.targets.classes = glyphs.train.labels.data();
  const double a = setting["scale"];
  for (const Arm& arm :
       {Arm{"usual", 1, 1}, Arm{"compensated", a, a * a}, Arm{"larger", a, 1}, Arm{"smaller", 1 / a, 1}})
    train_arm(setting, arm, data, seed, record);
}

// The largest of a quantity over all steps.
template <typename Of>
double largest_over_steps(const Record& record, Of&& of) {
  double largest = 0;
  for (const double step : record.setting().points()) {
    const double value = of(step);
    if (!(value <= largest)) largest = value;
  }
  return largest;
}

double last(const Record& of, std::string_view metric, std::string_view arm) {
  const std::vector<double>& points = of.setting().points();
  return of.at(metric, arm, *std::max_element(points.begin(), points.end()));
}

}  // namespace

Study effective_lr() {
  return {
      .id = "E6",
      .name = "effective-lr",
      .title = "Ten times the weights, a hundred times the learning rate",
      .question =
          "If scaling the weights before batch normalization leaves the output as it was, what does it do to "
          "training?",
      .method =
          "A network of 2×32 ReLU units with batch normalization (ε = 10⁻¹²) learns glyphs for 100 steps in "
          "batches of 50 with a learning rate of 0.1, in double precision. The hidden layers' weights start "
          "as "
          "drawn, 10 times as large with 100 times their learning rate, 10 times as large, and a tenth as "
          "large.",
      .source =
          "van Laarhoven 2017, “L2 Regularization versus Batch and Weight Normalization”, "
          "arXiv:1706.05350; Hoffer, Banner, Golan & Soudry 2018, “Norm matters”, arXiv:1803.01814",
      .knobs = {{"scale", "Weights times a", 10, 1, 100, false, Moves::kByFactors},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"eps", "ε", 1e-12, 1e-15, 0.1, false, Moves::kByFactors},
                {"standardize", "Standardised pixels", 1, 0, 1, true}},
      .axis = {"step",
               "Step",
               {1, 2, 5, 10, 20, 40, 60, 80, 100},
               1,
               400,
               true,
               Moves::kLinearly,
               {1, 5, 20, 60}},
      .arms = {{"usual", "as drawn"},
               {"compensated", "W times a, learning rate times a²"},
               {"larger", "W times a"},
               {"smaller", "W divided by a"}},
      .metrics = {{"loss", "Training loss"},
                  {"turn", "Relative step of the weights, η‖∇w‖/‖w‖", Format::kNumber,
                   std::numeric_limits<double>::quiet_NaN(), Moves::kByFactors}},
      .checks =
          {{.name = "same-training",
            .statement =
                "Weights a times as large, with a² times the learning rate, train the very same network.",
            .quantity = "Largest difference of losses",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-9),
            .measure =
                [](const Record& of) {
                  return largest_over_steps(of, [&](double step) {
                    return std::abs(of.at("loss", "compensated", step) - of.at("loss", "usual", step));
                  });
                }},
           {.name = "same-start",
            .statement = "Before the first step the scale of the weights makes no difference.",
            .quantity = "Largest difference of losses at step 1",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-9),
            .measure =
                [](const Record& of) {
                  const double loss = of.at("loss", "usual", 1);
                  return std::max(std::abs(of.at("loss", "larger", 1) - loss),
                                  std::abs(of.at("loss", "smaller", 1) - loss));
                }},
           {.name = "step-by-square",
            .statement = "At the same learning rate the first relative step is divided by a².",
            .quantity = "Relative distance of the first steps' ratio from a²",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1e-9),
            .measure =
                [](const Record& of) {
                  const double a = of.setting()["scale"];
                  const double turn = of.at("turn", "usual", 1);
                  return std::max(std::abs(turn / of.at("turn", "larger", 1) / (a * a) - 1),
                                  std::abs(of.at("turn", "smaller", 1) / turn / (a * a) - 1));
                }},
           {.name = "larger-slower",
            .statement = "So the scale of the weights does matter for training: with ten times the weights "
                         "and the same "
                         "learning rate the loss is higher by 0.3 or more at the end.",
            .quantity = "Last loss with W times a minus as drawn",
            .bound = at_least(0.3),
            .measure =
                [](const Record& of) { return last(of, "loss", "larger") - last(of, "loss", "usual"); }},
           {.name = "finds-its-step",
            .statement = "Weights that start too small do no harm: the first steps lengthen them, and the "
                         "relative step "
                         "shrinks to a fifth or less by itself.",
            .quantity = "Last relative step with W divided by a, in parts of the first",
            .bound = at_most(0.2),
            .measure =
                [](const Record& of) { return last(of, "turn", "smaller") / of.at("turn", "smaller", 1); }}},
      .seeds = 8,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
