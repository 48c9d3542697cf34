// Can SGD undo the normalisation through γ and β?
//
// One batch normalization alone is to give back its input, numbers x with mean μ and standard deviation σ: γ = σ and β = μ would
// undo it. SGD finds them. What they cannot bring back is the batch's own mean and spread: the error that is left in training
// mode, of values z standard deviations from the mean, is about σ²·(1 + z²/2)/B.
#include <cmath>

#include "core/random.hpp"
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/one_feature.hpp"

namespace bnlab {

namespace {

constexpr Index kNumbers = 256;

// Root mean square of output minus input, in units of σ.
class Residual {
 public:
  void add(const float* y, const float* x, Index count) {
    for (Index i = 0; i < count; ++i) {
      const double d = static_cast<double>(y[i]) - static_cast<double>(x[i]);
      squares_ += d * d;
    }
    count_ += static_cast<double>(count);
  }
  [[nodiscard]] double in(double sigma) const { return std::sqrt(squares_ / count_) / sigma; }

 private:
  double squares_ = 0;
  double count_ = 0;
};

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  Random random(seed, Stream::kData);
  std::vector<float> x;
  for (Index i = 0; i < kNumbers; ++i)
    x.push_back(static_cast<float>(setting["mean"] + setting["sigma"] * random.normal()));
  const Moments data = moments_of({x.begin(), x.end()});
  TrainingSet<float> set;
  set.count = kNumbers;
  set.x = set.targets.values = x.data();

  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    SgdOptions sgd;
    sgd.lr = setting["lr"];
    BatcherOptions batches;
    batches.size = static_cast<Index>(setting.points()[at]);
    batches.last = LastBatch::kDrop;
    Trainer<float> trainer({{1}, {BatchNormSpec{}}}, Loss::kMse, sgd, batches, set, seed, seed);
    const LayerPlan& norm = trainer.network().layers()[0];
    for (Index step = 0; step < setting.count("steps"); ++step)
      if (trainer.step().diverged) break;

    record.set("scale", "data", at, data.std);
    record.set("center", "data", at, data.mean);
    record.set("scale", "learned", at, static_cast<double>(*trainer.network().parameter(norm.gamma)));
    record.set("center", "learned", at, static_cast<double>(*trainer.network().parameter(norm.beta)));

    const Network<float>& network = trainer.network();
    Tape<float> tape(network, kNumbers);
    Residual training;
    for (Index seen = 0; seen < 4 * kNumbers; seen += batches.size) {
      const Trainer<float>::Batch batch = trainer.draw_batch();
      network_forward(network, tape, batch.x, batch.count, Mode::kTraining);
      training.add(tape.output(), batch.x, batch.count);
    }
    Residual inference;
    network_forward(network, tape, x.data(), kNumbers, Mode::kInference);
    inference.add(tape.output(), x.data(), kNumbers);
    record.set("training", "learned", at, training.in(data.std));
    record.set("inference", "learned", at, inference.in(data.std));
  }
}

}  // namespace

Study denormalise() {
  return {
      .id = "E15",
      .name = "denormalise",
      .title = "Undoing the normalisation",
      .question = "Can SGD undo the normalisation by learning γ and β?",
      .method =
          "256 numbers with mean 5 and standard deviation 3 go through one batch normalization and nothing "
          "else, "
          "which is to give them back (mean squared error). SGD trains γ and β, from 1 and 0, for 200 steps.",
      .source =
          "Ioffe & Szegedy 2015, “Batch Normalization”, arXiv:1502.03167, section 3: “by setting γ and β, "
          "we could recover the original activations”",
      .knobs = {{"mean", "Mean of the numbers", 5, -20, 20},
                {"sigma", "Standard deviation of the numbers", 3, 0.1, 20, false, Moves::kByFactors},
                {"lr", "Learning rate", 0.05, 0.001, 0.9, false, Moves::kByFactors},
                {"steps", "Training steps", 200, 0, 2000, true}},
      .axis = {"batch", "Batch size", {4, 16, 64, 256}, 2, 256, true, Moves::kByFactors, {}},
      .arms = {{"learned", "learned: γ and β"}, {"data", "the numbers: σ and μ"}},
      .metrics = {{"scale", "γ, or σ"},
                  {"center", "β, or μ"},
                  {"training", "Error left in training mode, in σ"},
                  {"inference", "Error left in inference mode, in σ"}},
      .checks = {{.name = "scale-recovered",
                  .statement = "γ finds the numbers' standard deviation to within 0.2.",
                  .quantity = "|γ − σ| at a batch size of 64",
                  .bound = at_most(0.2),
                  .measure =
                      [](const Record& of) {
                        return std::abs(of.at("scale", "learned", 64) - of.at("scale", "data", 64));
                      }},
                 {.name = "center-recovered",
                  .statement = "β finds their mean to within 0.2.",
                  .quantity = "|β − μ| at a batch size of 64",
                  .bound = at_most(0.2),
                  .measure =
                      [](const Record& of) {
                        return std::abs(of.at("center", "learned", 64) - of.at("center", "data", 64));
                      }},
                 {.name = "full-batch",
                  .statement = "When the batch is all there is, nothing of the normalisation is left.",
                  .quantity = "Error left in training mode, in σ, at a batch size of 256",
                  .statistic = Statistic::kEvery,
                  .bound = at_most(1e-3),
                  .measure = [](const Record& of) { return of.at("training", "learned", 256); }},
                 {.name = "inference-restored",
                  .statement = "In inference mode the numbers come back to a tenth of their spread.",
                  .quantity = "Error left in inference mode, in σ, at a batch size of 64",
                  .bound = at_most(0.1),
                  .measure = [](const Record& of) { return of.at("inference", "learned", 64); }},
                 {.name = "noise-remains",
                  .statement =
                      "In training mode the batch's own mean and spread remain: an error of σ/10 or more.",
                  .quantity = "Error left in training mode, in σ, at a batch size of 64",
                  .bound = at_least(0.1),
                  .measure = [](const Record& of) { return of.at("training", "learned", 64); }},
                 {.name = "noise-small-batch",
                  .statement =
                      "In batches of four the normalisation cannot be undone: an error of σ/3 or more.",
                  .quantity = "Error left in training mode, in σ, at a batch size of 4",
                  .bound = at_least(1.0 / 3),
                  .measure = [](const Record& of) { return of.at("training", "learned", 4); }}},
      .seeds = 20,
      .fast_seeds = 10,
      .run = run,
  };
}

}  // namespace bnlab
