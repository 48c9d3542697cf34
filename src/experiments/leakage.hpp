// A batch tells on its members.
//
// Two classes differ by a small step, −1 or +1, on top of a large offset N(0, σ²) that all examples of a batch share. Seen alone
// an example is unreadable: the offset drowns the step. Batch normalization in training mode subtracts the batch's mean, and the
// offset with it; where each batch holds as many of one class as of the other, what is left is the step. The network
// learns to read what its batch-mates tell, which is not there in inference mode (Wu & Johnson 2021, arXiv:2105.07576,
// section 6).
//
// Claim: at least 0.95 right in training mode, at most 0.6 in inference mode, and at most 0.6 without normalization.
#pragma once

#include "experiments/both_modes.hpp"

namespace bnlab {

struct LeakageOptions {
  double offset = 20;  // σ
  bool shared = true;  // one offset for a whole batch; or each example has its own
  Index batch = 8;     // even: half of each class
  Index steps = 800;
  double lr = 0.05;
  Index test_batches = 100;
};

// Accuracies on new batches of the same kind.
struct LeakageResult {
  double training = 0;
  double inference = 0;
  double without = 0;  // the network without normalization, which has one mode only
};

namespace leakage_detail {

constexpr Index kFeatures = 2;
constexpr double kSpread = 0.3;  // of an example around its class, per feature

struct Batch {
  Buffer<float> x;
  std::vector<std::int32_t> classes;
};

inline void draw(const LeakageOptions& options, Random& random, Batch& batch) {
  batch.x.clear();
  batch.classes.clear();
  double offset = 0;
  for (Index i = 0; i < options.batch; ++i) {
    if (i == 0 || !options.shared) offset = options.offset * random.normal();
    const auto label = static_cast<std::int32_t>(i % 2);
    batch.classes.push_back(label);
    for (Index j = 0; j < kFeatures; ++j)
      batch.x.push_back(static_cast<float>(offset + (label == 1 ? 1 : -1) + kSpread * random.normal()));
  }
}

}  // namespace leakage_detail

inline LeakageResult leakage(const LeakageOptions& options, std::uint64_t seed) {
  namespace detail = leakage_detail;
  // Both networks see the same batches, and are tested on the same other ones.
  constexpr std::uint64_t kTrain = 11;
  constexpr std::uint64_t kTest = 12;
  const auto trained = [&](const std::optional<LayerSpec>& norm) {
    Trainer<float> trainer = classifier_trainer(classifier(detail::kFeatures, 2, 16, 2, norm), options.lr,
                                                options.batch, {}, seed);
    Random random(seed, Stream::kData, kTrain);
    detail::Batch batch;
    for (Index step = 0; step < options.steps; ++step) {
      detail::draw(options, random, batch);
      if (trainer.step_on(trainer.take_batch(batch.x.data(), options.batch, {batch.classes.data(), nullptr}))
              .diverged)
        break;
    }
    return trainer;
  };
  const auto accuracy_in = [&](Trainer<float>& trainer, Mode mode) {
    Random random(seed, Stream::kData, kTest);
    detail::Batch batch;
    double sum = 0;
    for (Index i = 0; i < options.test_batches; ++i) {
      detail::draw(options, random, batch);
      TrainingSet<float> set;
      set.count = options.batch;
      set.x = batch.x.data();
      set.labels = set.targets.classes = batch.classes.data();
      sum += accuracy(trainer.network(), trainer.tape(), mode, set);
    }
    return sum / static_cast<double>(options.test_batches);
  };
  Trainer<float> normalized = trained(BatchNormSpec{});
  Trainer<float> plain = trained(std::nullopt);
  return {accuracy_in(normalized, Mode::kTraining), accuracy_in(normalized, Mode::kInference),
          accuracy_in(plain, Mode::kInference)};
}

}  // namespace bnlab
