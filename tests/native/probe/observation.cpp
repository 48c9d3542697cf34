// What is read from a model after a step: observation, divergence and score.
#include "probe/observation.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "probe/divergence.hpp"
#include "probe/score.hpp"
#include "support/compare.hpp"
#include "support/training_set.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

LinearSpec linear(Index units) { return {units, true, {}}; }

Trainer<double> trainer_of(std::vector<LayerSpec> layers, Loss loss, Index batch = 4) {
  return {{{2}, std::move(layers)}, loss, {}, {batch, true, LastBatch::kKeep}, {}, 1, 1};
}

StepRecord step(Trainer<double>& trainer, const std::vector<double>& x, const std::vector<double>& y) {
  return trainer.step_on(trainer.take_batch(x.data(), static_cast<Index>(y.size()), {nullptr, y.data()}));
}

const std::vector<double> kX = {1, 2, -1, 0, 3, -2, 0, 1};
const std::vector<double> kY = {1, 0, -1, 2};

}  // namespace

TEST_CASE("histograms count every value of the batch once, in fixed ranges") {
  Trainer<double> trainer =
      trainer_of({linear(6), BatchNormSpec{}, ActivationSpec{Activation::kTanh}, linear(1)}, Loss::kMse);
  step(trainer, kX, kY);
  const Observation seen = observe(trainer, 8, 2);
  const Index units[] = {6, 6, 6, 1};
  for (std::size_t layer = 0; layer < 4; ++layer) {
    std::int32_t outputs = 0;
    std::int32_t xhats = 0;
    std::int32_t gradients = 0;
    for (std::size_t bin = 0; bin < 8; ++bin) {
      outputs += seen.output[layer * 8 + bin];
      xhats += seen.xhat[layer * 8 + bin];
      gradients += seen.gradient[layer * 8 + bin];
    }
    CHECK(outputs == 4 * units[layer]);
    CHECK(gradients == 4 * units[layer]);
    CHECK(xhats == (layer == 1 ? 24 : 0));
  }
  // tanh stays within ±1: bins 2 … 5 of ±2.
  for (const std::size_t bin : {0U, 1U, 6U, 7U}) CHECK(seen.output[2 * 8 + bin] == 0);
  CHECK(seen.output_mean[1] == doctest::Approx(0).epsilon(1e-9));
  CHECK(seen.output_std[1] == doctest::Approx(1).epsilon(1e-3));
}

TEST_CASE("norms are those of the weights and gradients") {
  Trainer<double> trainer = trainer_of({linear(3), ActivationSpec{Activation::kRelu}, linear(1)}, Loss::kMse);
  step(trainer, kX, kY);
  const Observation seen = observe(trainer, 4, 1);
  double squares = 0;
  const TensorInfo& weight = *trainer.network().find("0.weight");
  for (Index i = 0; i < weight.size(); ++i) {
    const double w = trainer.network().parameters()[size_of(weight.offset + i)];
    squares += w * w;
  }
  CHECK(seen.weight_norm[0] == doctest::Approx(std::sqrt(squares)));
  CHECK(seen.effective_lr[0] == doctest::Approx(0.1 / squares));
  CHECK(std::isnan(seen.weight_norm[1]));
  CHECK(std::isnan(seen.dead[0]));
  CHECK(std::isnan(seen.saturated[1]));
  double dy = 0;
  for (Index i = 0; i < 4; ++i) dy += trainer.tape().records()[2].dy[i] * trainer.tape().records()[2].dy[i];
  CHECK(seen.gradient_rms[2] == doctest::Approx(std::sqrt(dy / 4)));
}

TEST_CASE("units that are never above 0 are dead, values at a limit saturated") {
  Trainer<double> trainer = trainer_of({linear(4), ActivationSpec{Activation::kRelu}, linear(1)}, Loss::kMse);
  auto& parameters = trainer.network().parameters();
  const TensorInfo& bias = *trainer.network().find("0.bias");
  parameters[size_of(bias.offset)] = -100;
  parameters[size_of(bias.offset + 2)] = -100;
  parameters[size_of(bias.offset + 1)] = 100;
  parameters[size_of(bias.offset + 3)] = 100;
  step(trainer, kX, kY);
  CHECK(observe(trainer, 4, 1).dead[1] == 0.5);

  for (const Activation kind : {Activation::kSigmoid, Activation::kTanh}) {
    Trainer<double> steep = trainer_of({linear(4), ActivationSpec{kind}, linear(1)}, Loss::kMse);
    for (Index i = 0; i < 4; ++i) {
      steep.network().parameters()[size_of(bias.offset + i)] = i < 3 ? (i == 0 ? -100 : 100) : 0;
      for (Index k = 0; k < 2; ++k) steep.network().parameters()[size_of(k * 4 + i)] = 0;
    }
    step(steep, kX, kY);
    CHECK(observe(steep, 4, 1).saturated[1] == 0.75);
  }
}

TEST_CASE("before the first step there are weights but no signals") {
  Trainer<double> trainer = trainer_of({linear(3), ActivationSpec{}, linear(1)}, Loss::kMse);
  const Observation seen = observe(trainer, 4, 1);
  CHECK(seen.weight_norm[0] > 0);
  CHECK(std::isnan(seen.output_mean[0]));
  for (const std::int32_t count : seen.output) CHECK(count == 0);
}

TEST_CASE("divergence: the first value that is not finite, as the step computes") {
  SUBCASE("an output") {
    Trainer<double> trainer = trainer_of({linear(3), ActivationSpec{}, linear(1)}, Loss::kMse);
    std::vector<double> x = kX;
    x[5] = std::numeric_limits<double>::infinity();
    const StepRecord record = step(trainer, x, kY);
    REQUIRE(record.diverged);
    const Divergence found = find_divergence(trainer, record.loss);
    CHECK(found.what == DivergedWhat::kOutput);
    CHECK(found.layer == 0);
    CHECK(found.example == 2);
    CHECK(found.unit == 0);
    CHECK_FALSE(std::isfinite(found.value));
  }
  SUBCASE("statistics") {
    Trainer<double> trainer = trainer_of({BatchNormSpec{}, linear(1)}, Loss::kMse);
    std::vector<double> x = kX;
    x[1] = 1e200;
    const StepRecord record = step(trainer, x, kY);
    REQUIRE(record.diverged);
    const Divergence found = find_divergence(trainer, record.loss);
    CHECK(found.what == DivergedWhat::kStatistics);
    CHECK(found.layer == 0);
    CHECK(found.unit == 1);
    CHECK(found.example == kAbsent);
  }
  SUBCASE("statistics of a ghost batch: the channel, whichever group") {
    BatchNormSpec ghost;
    ghost.ghost = 2;
    Trainer<double> trainer = trainer_of({ghost, linear(1)}, Loss::kMse);
    std::vector<double> x = kX;
    x[5] = 1e200;  // the third example's, in the second group
    const StepRecord record = step(trainer, x, kY);
    REQUIRE(record.diverged);
    const Divergence found = find_divergence(trainer, record.loss);
    CHECK(found.what == DivergedWhat::kStatistics);
    CHECK(found.unit == 1);
  }
  SUBCASE("the loss") {
    Trainer<double> trainer = trainer_of({linear(1)}, Loss::kMse);
    const StepRecord record = step(trainer, kX, {1e200, 0, 0, 0});
    REQUIRE(record.diverged);
    const Divergence found = find_divergence(trainer, record.loss);
    CHECK(found.what == DivergedWhat::kLoss);
    CHECK(found.layer == kAbsent);
  }
  SUBCASE("a gradient: nothing is updated") {
    Trainer<double> trainer = trainer_of({linear(3), linear(3), linear(1)}, Loss::kMse);
    for (double& w : trainer.network().parameters()) w = 0;
    trainer.network().parameters()[size_of(trainer.network().find("1.weight")->offset)] = 1e200;
    trainer.network().parameters()[size_of(trainer.network().find("2.weight")->offset)] = 1e200;
    const Buffer<double> before = trainer.network().parameters();
    const StepRecord record = step(trainer, kX, kY);
    REQUIRE(record.diverged);
    const Divergence found = find_divergence(trainer, record.loss);
    CHECK(found.what == DivergedWhat::kGradient);
    CHECK(found.layer == 0);
    CHECK(trainer.network().parameters() == before);
    CHECK(trainer.steps() == 0);
  }
}

TEST_CASE("a score is the mean over all examples, whatever the batches") {
  const std::vector<double> x = random_values<double>(22, 1);
  const std::vector<std::int32_t> classes = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1};
  Network<double> network({{2}, {linear(5), ActivationSpec{Activation::kTanh}, linear(3)}});
  network.initialize(1);
  Tape<double> whole(network, 11);
  const Targets<double> targets{classes.data(), nullptr};
  const Score all = score<double>(network, whole, Loss::kCrossEntropy, Mode::kInference, 11, x.data(),
                                  targets, classes.data(), 3, 1, 0, nullptr);
  network_forward(network, whole, x.data(), 11, Mode::kInference);
  CHECK(all.loss == doctest::Approx(cross_entropy<double>(11, 3, whole.output(), classes.data(),
                                                          whole.output_gradient())));
  int right = 0;
  for (Index i = 0; i < 11; ++i)
    if (predicted_class(Loss::kCrossEntropy, whole.output() + 3 * i, 3) == classes[size_of(i)]) ++right;
  CHECK(all.accuracy == doctest::Approx(right / 11.0));
  int counted = 0;
  int diagonal = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    counted += all.confusion[i];
    if (i % 4 == 0) diagonal += all.confusion[i];
  }
  CHECK(counted == 11);
  CHECK(diagonal == right);
  Tape<double> small(network, 4);
  const Score parts = score<double>(network, small, Loss::kCrossEntropy, Mode::kInference, 11, x.data(),
                                    targets, classes.data(), 3, 1, 0, nullptr);
  CHECK(parts.loss == doctest::Approx(all.loss));
  CHECK(parts.accuracy == all.accuracy);
  CHECK(parts.count == 11);
}

TEST_CASE("training mode scores batch by batch, without a single example left over") {
  const std::vector<double> x = random_values<double>(18, 1);
  const std::vector<double> y = random_values<double>(9, 2);
  Network<double> network({{2}, {linear(3), BatchNormSpec{}, linear(1)}});
  network.initialize(1);
  Tape<double> tape(network, 4);
  const Score training = score<double>(network, tape, Loss::kMse, Mode::kTraining, 9, x.data(),
                                       {nullptr, y.data()}, nullptr, 0, 1, 0, nullptr);
  CHECK(training.count == 8);
  CHECK(std::isnan(training.accuracy));
  double loss = 0;
  for (const Index first : {0, 4}) {
    network_forward(network, tape, x.data() + 2 * first, 4, Mode::kTraining);
    loss += mse<double>(4, tape.output(), y.data() + first, tape.output_gradient()) / 2;
  }
  CHECK(training.loss == doctest::Approx(loss));
  CHECK(score<double>(network, tape, Loss::kMse, Mode::kInference, 9, x.data(), {nullptr, y.data()}, nullptr,
                      0, 1, 0, nullptr)
            .count == 9);
}

TEST_CASE("inputs can be moved on the way, and one output says which of two classes") {
  const std::vector<double> x = {1, 2, 3, 4};
  const std::vector<double> y = {0, 1};
  Network<double> network({{2}, {linear(1)}});
  network.initialize(1);
  Tape<double> tape(network, 2);
  std::vector<double> room(4);
  const std::vector<double> moved = {3, 5, 7, 9};
  const auto loss_of = [&](const std::vector<double>& from, double scale, double shift) {
    return score<double>(network, tape, Loss::kMse, Mode::kInference, 2, from.data(), {nullptr, y.data()},
                         nullptr, 0, scale, shift, room.data())
        .loss;
  };
  CHECK(loss_of(x, 2, 1) == doctest::Approx(loss_of(moved, 1, 0)));
  const double logit[] = {0.3};
  CHECK(predicted_class(Loss::kBceWithLogits, logit, 1) == 1);
  CHECK(predicted_class(Loss::kMse, logit, 1) == 0);
}
