// One model in training: network, tape, loss, optimiser, data and batch order, advanced one mini-batch at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "data/batcher.hpp"
#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "train/sgd.hpp"

namespace bnlab {

// What the loss compares a batch of predictions with: classes (B) for cross_entropy, values (B, outputs) for the others.
template <typename T>
struct Targets {
  const std::int32_t* classes = nullptr;
  const T* values = nullptr;
};

// Examples with their targets, in the trainer's scalar. x (count, inputs); of classes and values the loss's one is filled.
template <typename T>
struct TrainingSet {
  Index count = 0;
  Buffer<T> x;
  std::vector<std::int32_t> classes;
  Buffer<T> values;
};

struct StepRecord {
  Index step = 0;         // updates done, this one included
  Index epoch = 0;        // epochs finished
  double loss = 0;        // of the batch, in training mode, before the update
  bool diverged = false;  // a loss or batch statistic was not finite; then nothing was updated
};

// The loss of the prediction on the tape; its gradient goes to tape.output_gradient().
template <typename T>
double evaluate_loss(Loss loss, Tape<T>& tape, Index batch, Index outputs, const Targets<T>& targets) {
  switch (loss) {
    case Loss::kCrossEntropy:
      return cross_entropy(batch, outputs, tape.output(), targets.classes, tape.output_gradient());
    case Loss::kBceWithLogits:
      return bce_with_logits(batch * outputs, tape.output(), targets.values, tape.output_gradient());
    case Loss::kMse:
      return mse(batch * outputs, tape.output(), targets.values, tape.output_gradient());
  }
  return 0;
}

template <typename T>
class Trainer {
 public:
  struct Batch {
    const T* x;
    Index count;
    Targets<T> targets;
  };

  // `data` may be empty (count 0): then only step_on works. batch.size bounds the batches of step_on too.
  Trainer(const NetworkSpec& spec, Loss loss, const SgdOptions& sgd, const BatcherOptions& batch,
          TrainingSet<T> data, std::uint64_t init_seed, std::uint64_t order_seed)
      : network_(spec),
        tape_(network_, batch.size),
        loss_(loss),
        sgd_(sgd),
        data_(std::move(data)),
        batcher_(batch, data_.count, order_seed),
        init_seed_(init_seed),
        order_seed_(order_seed),
        batch_x_(static_cast<std::size_t>(batch.size * spec.inputs)),
        batch_classes_(static_cast<std::size_t>(batch.size)),
        batch_values_(static_cast<std::size_t>(batch.size * network_.outputs())) {
    gradients_.assign(network_.parameters().size(), T(0));
    velocities_.assign(network_.parameters().size(), T(0));
    rewind();
  }

  // The initial weights, statistics and batch order again.
  void rewind() {
    Random random(init_seed_, Stream::kInit);
    network_.initialize(random);
    std::fill(gradients_.begin(), gradients_.end(), T(0));
    std::fill(velocities_.begin(), velocities_.end(), T(0));
    batcher_.rewind();
    step_ = 0;
  }

  // Trains on other examples from now on, from the start of their batch order. Weights stay.
  void set_data(TrainingSet<T> data) {
    data_ = std::move(data);
    batcher_ = Batcher(batcher_.options(), data_.count, order_seed_);
  }

  [[nodiscard]] Index next_batch_size() const { return batcher_.next_size(); }

  // One update on the next batch of the own data. The batch must have two examples where the network needs them.
  StepRecord step() {
    const Batch batch = draw_batch();
    return step_on(batch.x, batch.count, batch.targets);
  }

  // One update on a given batch of at most tape().capacity() examples.
  StepRecord step_on(const T* x, Index batch, const Targets<T>& targets) {
    StepRecord record{step_, batcher_.epoch(), 0, false};
    network_forward(network_, tape_, x, batch, Mode::kTraining);
    record.loss = evaluate_loss(loss_, tape_, batch, network_.outputs(), targets);
    record.diverged = !std::isfinite(record.loss) || !statistics_are_finite(network_, tape_);
    if (record.diverged) return record;
    network_update_running(network_, tape_, batch);
    network_backward(network_, tape_, x, batch, Mode::kTraining, gradients_.data());
    sgd_step(sgd_, gradients_.data(), velocities_.data(), network_);
    record.step = ++step_;
    return record;
  }

  // The next batch of the own data, valid until the next call.
  Batch draw_batch() {
    const Index count = batcher_.next_size();
    const Index* members = batcher_.next();
    const Index inputs = network_.inputs();
    const Index outputs = network_.outputs();
    gather(members, count, inputs, data_.x.data(), batch_x_.data());
    if (loss_ == Loss::kCrossEntropy) {
      const std::int32_t* from = data_.classes.data();
      std::int32_t* to = batch_classes_.data();
      for (Index i = 0; i < count; ++i) to[i] = from[members[i]];
    } else {
      gather(members, count, outputs, data_.values.data(), batch_values_.data());
    }
    return {batch_x_.data(), count, {batch_classes_.data(), batch_values_.data()}};
  }

  [[nodiscard]] Network<T>& network() { return network_; }
  [[nodiscard]] const Network<T>& network() const { return network_; }
  [[nodiscard]] Tape<T>& tape() { return tape_; }
  [[nodiscard]] const Buffer<T>& gradients() const { return gradients_; }
  [[nodiscard]] const TrainingSet<T>& data() const { return data_; }
  // Whoever draws batches for another purpose than a step puts the order back as it was.
  [[nodiscard]] Batcher& batcher() { return batcher_; }
  [[nodiscard]] Loss loss() const { return loss_; }
  [[nodiscard]] SgdOptions& sgd() { return sgd_; }
  [[nodiscard]] Index steps() const { return step_; }

 private:
  // Row by row in registers: a call of memcpy costs more than the two or three values of a toy's row.
  static void gather(const Index* members, Index count, Index width, const T* from, T* to) {
    for (Index i = 0; i < count; ++i, to += width) {
      const T* row = from + members[i] * width;
      for_each_column_group<T>(width, [=]<typename L>(Index c) { L::load(row + c).store(to + c); });
    }
  }

  Network<T> network_;
  Tape<T> tape_;
  Loss loss_;
  SgdOptions sgd_;
  TrainingSet<T> data_;
  Batcher batcher_;
  std::uint64_t init_seed_;
  std::uint64_t order_seed_;
  Buffer<T> batch_x_;
  std::vector<std::int32_t> batch_classes_;
  Buffer<T> batch_values_;
  Buffer<T> gradients_;
  Buffer<T> velocities_;
  Index step_ = 0;
};

}  // namespace bnlab
