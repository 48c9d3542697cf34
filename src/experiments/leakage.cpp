// A batch tells on its members.
//
// Two classes differ by a small step, −1 or +1, on top of a large offset N(0, σ²) that all examples of a batch share. Seen alone
// an example is unreadable: the offset drowns the step. Batch normalization in training mode subtracts the batch's mean, and the
// offset with it; where each batch holds as many of one class as of the other, what is left is the step. The network
// learns to read what its batch-mates tell, which is not there in inference mode.
#include "engine_float.hpp"
#include "experiments/both_modes.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

constexpr Index kFeatures = 2;
constexpr double kSpread = 0.3;  // of an example around its class, per feature

// Batches from one stream, half of each class.
class Source {
 public:
  Source(const Setting& setting, bool shared, std::uint64_t seed, std::uint64_t part)
      : random_(seed, Stream::kData, part),
        offset_(setting["offset"]),
        count_(2 * setting.count("pairs")),
        shared_(shared) {}

  [[nodiscard]] Index count() const { return count_; }
  [[nodiscard]] const float* x() const { return x_.data(); }
  [[nodiscard]] const std::int32_t* classes() const { return classes_.data(); }

  void draw() {
    x_.clear();
    classes_.clear();
    double offset = 0;
    for (Index i = 0; i < count_; ++i) {
      if (i == 0 || !shared_) offset = offset_ * random_.normal();
      const auto label = static_cast<std::int32_t>(i % 2);
      classes_.push_back(label);
      for (Index j = 0; j < kFeatures; ++j)
        x_.push_back(static_cast<float>(offset + (label == 1 ? 1 : -1) + kSpread * random_.normal()));
    }
  }

 private:
  Random random_;
  double offset_;
  Index count_;
  bool shared_;
  Buffer<float> x_;
  std::vector<std::int32_t> classes_;
};

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  // All networks see the same batches, and are tested on the same other ones.
  constexpr std::uint64_t kTrain = 11;
  constexpr std::uint64_t kTest = 12;
  const Index batch = 2 * setting.count("pairs");
  const auto trained = [&](const std::optional<LayerSpec>& norm, bool shared) {
    Trainer<float> trainer =
        classifier_trainer(classifier(kFeatures, 2, 16, 2, norm), setting["lr"], batch, {}, seed);
    Source source(setting, shared, seed, kTrain);
    for (Index step = 0; step < setting.count("steps"); ++step) {
      source.draw();
      if (trainer.step_on(trainer.take_batch(source.x(), batch, {source.classes(), nullptr})).diverged) break;
    }
    return trainer;
  };
  const auto accuracy_in = [&](Trainer<float>& trainer, bool shared, Mode mode) {
    Source source(setting, shared, seed, kTest);
    double sum = 0;
    const Index batches = setting.count("test_batches");
    for (Index i = 0; i < batches; ++i) {
      source.draw();
      TrainingSet<float> set;
      set.count = batch;
      set.x = source.x();
      set.labels = set.targets.classes = source.classes();
      sum += accuracy(trainer.network(), trainer.tape(), mode, set);
    }
    return sum / static_cast<double>(batches);
  };
  Trainer<float> together = trained(BatchNormSpec{}, true);
  Trainer<float> plain = trained(std::nullopt, true);
  Trainer<float> apart = trained(BatchNormSpec{}, false);
  record.set("accuracy", "training", accuracy_in(together, true, Mode::kTraining));
  record.set("accuracy", "inference", accuracy_in(together, true, Mode::kInference));
  record.set("accuracy", "without", accuracy_in(plain, true, Mode::kInference));
  record.set("accuracy", "own", accuracy_in(apart, false, Mode::kTraining));
}

}  // namespace

Study leakage() {
  return {
      .id = "E25",
      .name = "leakage",
      .title = "What the batch gives away",
      .question =
          "No example says by itself which class it is of. Can a network with batch normalization learn to "
          "read it from the batch?",
      .method =
          "Two classes differ by a step, −1 or +1, on top of a random offset with standard deviation 20 that "
          "the whole batch shares; a batch holds four pairs, one of each class. Small networks train for 800 "
          "steps and are tested on new batches of the same kind. In the last arm every example has an offset "
          "of its own.",
      .source = "Wu & Johnson 2021, “Rethinking ‘Batch’ in BatchNorm”, arXiv:2105.07576, section 6",
      .knobs = {{"offset", "Spread of the offset, σ", 20, 0, 100},
                {"pairs", "Pairs in a batch", 4, 1, 32, true, Moves::kByFactors},
                {"steps", "Steps", 800, 0, 5000, true},
                {"lr", "Learning rate", 0.05, 0.001, 1, false, Moves::kByFactors},
                {"test_batches", "Batches to test with", 100, 10, 1000, true, Moves::kByFactors}},
      .axis = {},
      .arms = {{"training", "batch normalization, training mode"},
               {"inference", "batch normalization, inference mode"},
               {"without", "without normalization"},
               {"own", "training mode, an offset for each example"}},
      .metrics = {{"accuracy", "Accuracy on new batches", Format::kShare, 0.5}},
      .checks = {{.name = "training",
                  .statement = "With batch normalization 95 % are right in training mode, or more.",
                  .quantity = "Accuracy in training mode",
                  .format = Format::kShare,
                  .bound = at_least(0.95),
                  .measure = [](const Record& of) { return of("accuracy", "training"); }},
                 {.name = "inference",
                  .statement = "In inference mode, where mates tell nothing, it is 60 % at most.",
                  .quantity = "Accuracy in inference mode",
                  .format = Format::kShare,
                  .bound = at_most(0.6),
                  .measure = [](const Record& of) { return of("accuracy", "inference"); }},
                 {.name = "without",
                  .statement = "Without normalization it is 60 % at most.",
                  .quantity = "Accuracy without normalization",
                  .format = Format::kShare,
                  .bound = at_most(0.6),
                  .measure = [](const Record& of) { return of("accuracy", "without"); }},
                 {.name = "own",
                  .statement =
                      "Where examples share no offset they have nothing to give away: 65 % at most, in "
                      "training mode too.",
                  .quantity = "Accuracy in training mode, an offset for each example",
                  .format = Format::kShare,
                  .bound = at_most(0.65),
                  .measure = [](const Record& of) { return of("accuracy", "own"); }}},
      .seeds = 10,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
