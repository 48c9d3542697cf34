#include "train/trainer.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <set>

#include "data/toy.hpp"
#include "support/compare.hpp"
#include "support/training_set.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

NetworkSpec small_net(Index outputs = 2) {
  const auto linear = [](Index units) { return LinearSpec{units, true, {}}; };
  return {{2}, {linear(6), BatchNormSpec{}, ActivationSpec{Activation::kRelu}, linear(outputs)}};
}

SgdOptions with_momentum() {
  SgdOptions sgd;
  sgd.momentum = 0.9;
  return sgd;
}

// Example i is (i, −i), of class i mod 2.
TrainingSet<double> numbered(Index count) {
  std::vector<double> x;
  std::vector<std::int32_t> classes;
  std::vector<double> values;
  for (Index i = 0; i < count; ++i) {
    x.push_back(static_cast<double>(i));
    x.push_back(-static_cast<double>(i));
    classes.push_back(static_cast<std::int32_t>(i % 2));
    values.push_back(10 * static_cast<double>(i));
  }
  return training_set_of(count, x, classes, values);
}

TrainingSet<float> circles() {
  const Dataset data = make_toy({Toy::kCircles, 50, 0.1, 2}, 1);
  return training_set_of(data.count, data.x, data.labels, {});
}

template <typename T>
struct State {
  Buffer<T> parameters;
  Buffer<T> buffers;
  std::vector<Index> tracked;
  Index steps;

  explicit State(Trainer<T>& trainer)
      : parameters(trainer.network().parameters()),
        buffers(trainer.network().buffers()),
        tracked(trainer.network().batches_tracked()),
        steps(trainer.steps()) {}
  friend bool operator==(const State& a, const State& b) {
    return a.parameters == b.parameters && a.buffers == b.buffers && a.tracked == b.tracked &&
           a.steps == b.steps;
  }
};

std::vector<double> losses_of(Trainer<float>& trainer, int steps) {
  std::vector<double> losses;
  for (int i = 0; i < steps; ++i) losses.push_back(trainer.step().loss);
  return losses;
}

StepRecord step_on(Trainer<double>& trainer, const std::vector<double>& x, const std::vector<double>& y) {
  return trainer.step_on(trainer.take_batch(x.data(), 4, {nullptr, y.data()}));
}

Trainer<float> circle_trainer(std::uint64_t init_seed = 1, std::uint64_t order_seed = 1) {
  return {small_net(), Loss::kCrossEntropy, with_momentum(), {16, true, LastBatch::kKeep},
          circles(),   init_seed,           order_seed};
}

}  // namespace

TEST_CASE("training learns") {
  Trainer<float> trainer(small_net(), Loss::kCrossEntropy, with_momentum(), {16, true, LastBatch::kDrop},
                         circles(), 1, 1);
  const auto mean_of_epoch = [&] {
    double mean = 0;
    for (const double loss : losses_of(trainer, 3)) mean += loss / 3;
    return mean;
  };
  const double first = mean_of_epoch();
  for (int epoch = 0; epoch < 100; ++epoch) mean_of_epoch();
  CHECK(first > 0.5);
  CHECK(mean_of_epoch() < 0.2);
}

TEST_CASE("the same seeds run the same, and rewinding runs again") {
  Trainer<float> trainer = circle_trainer();
  Trainer<float> twin = circle_trainer();
  const State<float> start(trainer);
  const std::vector<double> losses = losses_of(trainer, 25);
  CHECK(losses_of(twin, 25) == losses);
  CHECK(State(trainer) == State(twin));
  trainer.rewind();
  CHECK(State(trainer) == start);
  CHECK(losses_of(trainer, 25) == losses);
  CHECK(State(trainer) == State(twin));
}

TEST_CASE("one seed changed leaves what the others make") {
  Trainer<float> trainer = circle_trainer(1, 1);
  Trainer<float> other_order = circle_trainer(1, 2);
  Trainer<float> other_init = circle_trainer(2, 1);
  CHECK(other_order.network().parameters() == trainer.network().parameters());
  CHECK(other_init.network().parameters() != trainer.network().parameters());
  bool order_differs = false;
  for (int i = 0; i < 10; ++i) {
    const Trainer<float>::Batch batch = trainer.draw_batch();
    const Trainer<float>::Batch same = other_init.draw_batch();
    const Trainer<float>::Batch other = other_order.draw_batch();
    REQUIRE(batch.count == same.count);
    CHECK(std::equal(batch.x, batch.x + 2 * batch.count, same.x));
    order_differs = order_differs || !std::equal(batch.x, batch.x + 2 * batch.count, other.x);
  }
  CHECK(order_differs);
}

TEST_CASE("a batch is examples with their own targets") {
  for (const Loss loss : {Loss::kCrossEntropy, Loss::kMse}) {
    Trainer<double> trainer(small_net(loss == Loss::kMse ? 1 : 2), loss, {}, {4, true, LastBatch::kKeep},
                            numbered(10), 1, 1);
    std::multiset<double> seen;
    for (const Index expected : {4, 4, 2}) {
      CHECK(trainer.next_batch_size() == expected);
      const Trainer<double>::Batch batch = trainer.draw_batch();
      REQUIRE(batch.count == expected);
      for (Index i = 0; i < batch.count; ++i) {
        const double number = batch.x[2 * i];
        seen.insert(number);
        CHECK(batch.x[2 * i + 1] == -number);
        if (loss == Loss::kMse)
          CHECK(batch.targets.values[i] == 10 * number);
        else
          CHECK(batch.targets.classes[i] == static_cast<std::int32_t>(number) % 2);
      }
    }
    CHECK(seen == std::multiset<double>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
}

TEST_CASE("a step reports its number, its epoch and the loss before the update") {
  Trainer<double> trainer(small_net(1), Loss::kMse, {}, {4, true, LastBatch::kKeep}, numbered(10), 1, 1);
  Trainer<double> twin(small_net(1), Loss::kMse, {}, {4, true, LastBatch::kKeep}, numbered(10), 1, 1);
  const std::vector<Index> epochs = {0, 0, 1, 1, 1, 2};
  for (std::size_t k = 0; k < epochs.size(); ++k) {
    const Trainer<double>::Batch batch = twin.draw_batch();
    network_forward(trainer.network(), trainer.tape(), batch.x, batch.count, Mode::kTraining);
    const double loss = evaluate_loss(Loss::kMse, trainer.tape(), batch.count, 1, batch.targets);
    const StepRecord record = trainer.step();
    CHECK(record.step == static_cast<Index>(k) + 1);
    CHECK(record.epoch == epochs[k]);
    CHECK(record.loss == loss);
    CHECK_FALSE(record.diverged);
  }
  CHECK(trainer.steps() == 6);
}

TEST_CASE("a step is forward, backward, running statistics and the optimiser's update") {
  Trainer<double> trainer(small_net(1), Loss::kMse, with_momentum(), {4, true, LastBatch::kKeep}, {}, 1, 1);
  Network<double> network = trainer.network();
  Tape<double> tape(network, 4);
  std::vector<double> gradients(network.parameters().size());
  std::vector<double> velocities(gradients.size(), 0);
  for (std::uint64_t k = 0; k < 3; ++k) {
    const std::vector<double> x = random_values<double>(8, k);
    const std::vector<double> y = random_values<double>(4, k + 10);
    trainer.step_on(trainer.take_batch(x.data(), 4, {nullptr, y.data()}));
    network_forward(network, tape, x.data(), 4, Mode::kTraining);
    mse<double>(4, tape.output(), y.data(), tape.output_gradient());
    network_backward(network, tape, x.data(), 4, Mode::kTraining, gradients.data());
    network_update_running(network, tape, 4);
    sgd_step(with_momentum(), 0, gradients.data(), velocities.data(), network);
    check_same_bits(trainer.network().parameters(), network.parameters(), "parameters");
    check_same_bits(trainer.network().buffers(), network.buffers(), "buffers");
    check_same_bits(trainer.gradients(), gradients, "gradients");
  }
}

TEST_CASE("where a number is not finite nothing is updated, and training can go on") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {nan, std::numeric_limits<double>::infinity(), 1e200}) {
    CAPTURE(bad);
    Trainer<double> trainer(small_net(1), Loss::kMse, with_momentum(), {4, true, LastBatch::kKeep}, {}, 1, 1);
    Trainer<double> twin(small_net(1), Loss::kMse, with_momentum(), {4, true, LastBatch::kKeep}, {}, 1, 1);
    const std::vector<double> y = random_values<double>(4, 1);
    std::vector<double> x = random_values<double>(8, 2);
    for (Trainer<double>* each : {&trainer, &twin}) step_on(*each, x, y);

    const State<double> before(trainer);
    std::vector<double> broken = x;
    broken[3] = bad;
    const StepRecord record = step_on(trainer, broken, y);
    CHECK(record.diverged);
    CHECK(record.step == 1);
    CHECK(State(trainer) == before);

    // The velocity is untouched too: both go on alike.
    for (Trainer<double>* each : {&trainer, &twin}) step_on(*each, x, y);
    CHECK(State(trainer) == State(twin));
  }
  // A loss that is not finite counts as well, where the network itself is.
  Trainer<double> trainer(small_net(1), Loss::kMse, {}, {4, true, LastBatch::kKeep}, {}, 1, 1);
  const State<double> before(trainer);
  const std::vector<double> x = random_values<double>(8, 2);
  const std::vector<double> far = {1e200, 0, 0, 0};
  CHECK(step_on(trainer, x, far).diverged);
  CHECK(State(trainer) == before);
}

TEST_CASE("options can change between steps") {
  Trainer<float> trainer = circle_trainer();
  trainer.step();
  trainer.sgd().lr = 0;
  trainer.sgd().momentum = 0;
  const Buffer<float> parameters = trainer.network().parameters();
  trainer.step();
  CHECK(trainer.network().parameters() == parameters);
  CHECK(trainer.steps() == 2);
}
