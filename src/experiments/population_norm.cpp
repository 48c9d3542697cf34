// How much of batch normalization's effect as a regulariser is its noise, and is that noise a decay of γ?
//
// Population normalization takes mean and variance of all training examples, through which gradients flow as through a batch's; only
// the loss is that of a mini-batch. Beside batch normalization in the same mini-batches, all that is missing is the noise
// of their statistics. Luo et al. show that, to first order in 1/B and for a single layer, that noise acts as a decay of γ: so
// population normalization with such a decay should do as well. Here it is tried in three layers, over decays of several
// strengths.
#include <algorithm>
#include <cmath>
#include <vector>

#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

constexpr Index kExamples = 240;
constexpr double kHelpful = 0.2;

// Trains `trainer`, whose tape holds all examples, by the loss of one mini-batch of `batch` at a time. Returns whether all went
// well.
bool train_by_population(Trainer<float>& trainer, const TrainingSet<float>& data, Index batch, double decay,
                         Index steps, std::uint64_t seed) {
  Network<float>& network = trainer.network();
  Tape<float>& tape = trainer.tape();
  BatcherOptions batches;
  batches.size = batch;
  batches.last = LastBatch::kDrop;
  Batcher batcher(batches, data.count, seed);
  Buffer<float> gradients(network.parameters().size());
  const auto outputs = static_cast<std::size_t>(network.outputs());
  std::vector<float> chosen(static_cast<std::size_t>(data.count) * outputs);
  for (Index t = 0; t < steps; ++t) {
    network_forward(network, tape, data.x, data.count, Mode::kTraining);
    if (!statistics_are_finite(network, tape, data.count)) return false;
    evaluate_loss(Loss::kCrossEntropy, tape, data.count, network.outputs(), data.targets);
    // That gradient is of the mean over all examples: of the batch's it is a share, of the others nothing is to stay.
    const Index count = batcher.next_size();
    const float share = static_cast<float>(data.count) / static_cast<float>(count);
    const Index* members = batcher.next();
    std::fill(chosen.begin(), chosen.end(), 0.0F);
    for (Index i = 0; i < count; ++i)
      std::fill_n(chosen.begin() + members[i] * network.outputs(), outputs, share);
    float* gradient = tape.output_gradient();
    for (std::size_t k = 0; k < chosen.size(); ++k) gradient[k] *= chosen[k];
    network_backward(network, tape, data.x, data.count, Mode::kTraining, gradients.data());
    for (const TensorInfo& tensor : network.tensors())
      if (tensor.role == Role::kGamma)
        for (auto k = static_cast<std::size_t>(tensor.offset);
             k < static_cast<std::size_t>(tensor.offset + tensor.size()); ++k)
          gradients[k] += static_cast<float>(decay) * network.parameters()[k];
    if (!all_finite(gradients.data(), static_cast<Index>(gradients.size()))) return false;
    network_update_running(network, tape, data.count);
    sgd_step<float>(trainer.sgd(), t, gradients.data(), nullptr, network);
  }
  return true;
}

double mean_gamma(const Network<float>& network) {
  double sum = 0;
  Index count = 0;
  for (const TensorInfo& tensor : network.tensors()) {
    if (tensor.role != Role::kGamma) continue;
    for (Index k = 0; k < tensor.size(); ++k)
      sum += std::abs(static_cast<double>(network.parameter(tensor.offset)[k]));
    count += tensor.size();
  }
  return sum / static_cast<double>(count);
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  const GlyphExamples data = glyph_examples({.train = kExamples,
                                             .test = 1000,
                                             .label_noise = setting["label_noise"],
                                             .standardize = setting.on("standardize")},
                                            seed);
  const NetworkSpec spec = classifier(kGlyphSide * kGlyphSide, 3, 32, 10, BatchNormSpec{});
  const Index steps = setting.count("steps");
  const Index batch = setting.count("batch");
  Tape<float> tape(Network<float>(spec), kAtOnce);

  Trainer<float> bn = classifier_trainer(spec, setting["lr"], batch, data.train, seed);
  const double accuracy_bn = accuracy_after(bn, steps, data.test);
  const double gamma_bn = mean_gamma(bn.network());
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    record.set("accuracy", "bn", at, accuracy_bn);
    record.set("gamma", "bn", at, gamma_bn);
    Trainer<float> population = classifier_trainer(spec, setting["lr"], kExamples, data.train, seed);
    const bool learned =
        train_by_population(population, data.train, batch, setting.points()[at], steps, seed);
    record.set("accuracy", "population", at,
               learned ? accuracy(population.network(), tape, Mode::kInference, data.test) : kGlyphChance);
    if (learned) record.set("gamma", "population", at, mean_gamma(population.network()));
  }
}

double population(const Record& record, double decay) { return record.at("accuracy", "population", decay); }

double best_of_population(const Record& record) {
  const std::span<const double> accuracies = record.row("accuracy", "population");
  return *std::max_element(accuracies.begin(), accuracies.end());
}

}  // namespace

Study population_norm() {
  return {
      .id = "E21c",
      .name = "population-norm",
      .title = "Is the noise of batch normalization a decay of γ?",
      .question =
          "Normalised by all examples instead of the mini-batch, a network does without the noise of batch "
          "statistics. How much worse does it generalise, and does a decay of γ make up for it?",
      .method =
          "The networks, glyphs and mini-batches of E21, with 16 examples each. Population normalization "
          "takes mean and variance of all 240 training examples at each step, and gradients flow through "
          "them. To it a decay λ of γ is added: λγ to the gradient of γ. For a single linear neuron, 3/(4B) "
          "would imitate the noise.",
      .source =
          "Luo, Wang, Shao & Peng 2019, “Towards Understanding Regularization in Batch Normalization”, "
          "arXiv:1809.00846",
      .knobs = {{"batch", "Batch size B", 16, 4, 240, true, Moves::kByFactors},
                {"label_noise", "Share of wrong labels", 0.2, 0, 0.8},
                {"lr", "Learning rate", 0.1, 0.001, 1, false, Moves::kByFactors},
                {"steps", "Training steps", 600, 50, 1000, true, Moves::kLinearly, 300},
                {"standardize", "Standardised inputs", 1, 0, 1, true}},
      .axis = {"decay",
               "Decay λ of γ",
               {0, 0.05, 0.1, kHelpful, 0.4},
               0,
               1,
               false,
               Moves::kLinearly,
               {0, kHelpful}},
      .arms = {{"bn", "batch normalization, no decay"},
               {"population", "population normalization with decay"}},
      .metrics = {{"accuracy", "Test accuracy, inference mode", Format::kShare, kGlyphChance},
                  {"gamma", "Mean |γ|"}},
      .checks =
          {{.name = "noise",
            .statement = "The noise of batch statistics is worth 4 points or more: that far behind is "
                         "population normalization without decay.",
            .quantity = "Accuracy with batch minus population normalization, no decay",
            .format = Format::kPoints,
            .bound = at_least(0.04),
            .measure = [](const Record& of) { return of.at("accuracy", "bn", 0) - population(of, 0); }},
           {.name = "decay-helps",
            .statement = "To population normalization, a decay of 0.2 is worth 2 points or more.",
            .quantity = "Accuracy with population normalization, decay 0.2 minus none",
            .format = Format::kPoints,
            .bound = at_least(0.02),
            .measure = [](const Record& of) { return population(of, kHelpful) - population(of, 0); }},
           {.name = "as-good",
            .statement = "With the best of these decays, population normalization is at most 2 points "
                         "behind batch normalization.",
            .quantity = "Accuracy with batch normalization minus the best with population normalization",
            .kind = Kind::kOpen,
            .format = Format::kPoints,
            .bound = at_most(0.02),
            .measure = [](const Record& of) { return of.at("accuracy", "bn", 0) - best_of_population(of); }},
           {.name = "other-gamma",
            .statement = "Batch normalization itself does not make γ small: its γ is 3 times or more as "
                         "large as under a decay of 0.2.",
            .quantity = "Mean |γ|, batch normalization / population normalization with decay 0.2",
            .statistic = Statistic::kRatio,
            .format = Format::kTimes,
            .bound = at_least(3),
            .measure =
                [](const Record& of) {
                  return of.at("gamma", "bn", kHelpful) / of.at("gamma", "population", kHelpful);
                }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
