// One model in training: network, tape, loss, optimiser, data and batch order, advanced one mini-batch at a time.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "data/batcher.hpp"
#include "nn/loss.hpp"
#include "nn/network_pass.hpp"
#include "train/sgd.hpp"

namespace bnlab {

// What the loss compares a batch of predictions with: classes (B) for cross_entropy, values (B, outputs) for the others.
template <typename T>
struct Targets {
  const std::int32_t* classes = nullptr;
  const T* values = nullptr;
};

// Examples with their targets, in the trainer's scalar, kept alive by `owners`. x (count, inputs); of the targets the loss's
// are there; labels (count) wherever there are classes.
template <typename T>
struct TrainingSet {
  Index count = 0;
  const T* x = nullptr;
  Targets<T> targets;
  const std::int32_t* labels = nullptr;
  std::array<std::shared_ptr<const void>, 3> owners;

  [[nodiscard]] std::span<const std::int32_t> label_span() const {
    return {labels, labels == nullptr ? 0 : static_cast<std::size_t>(count)};
  }
};

struct StepRecord {
  Index step = 0;         // updates done, this one included
  Index epoch = 0;        // epochs finished
  double loss = 0;        // of the batch, in training mode, before the update
  bool diverged = false;  // something was not finite; then nothing was updated
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
        batcher_(batch, data_.count, order_seed, data_.label_span()),
        init_seed_(init_seed),
        order_seed_(order_seed) {
    make_room();
    gradients_.assign(network_.parameters().size(), T(0));
    velocities_.assign(network_.parameters().size(), T(0));
    rewind();
  }

  // The initial weights, statistics and batch order again.
  void rewind() {
    network_.initialize(init_seed_);
    tape_.random() = Random(order_seed_, Stream::kDropout);
    std::fill(gradients_.begin(), gradients_.end(), T(0));
    std::fill(velocities_.begin(), velocities_.end(), T(0));
    batcher_.rewind();
    step_ = 0;
    last_count_ = 0;
  }

  // Trains on other examples from now on, from the start of their batch order. Weights stay.
  void set_data(TrainingSet<T> data) {
    data_ = std::move(data);
    batcher_ = Batcher(batcher_.options(), data_.count, order_seed_, data_.label_span());
    last_count_ = 0;
  }

  // Other batches from now on; the rest of the epoch under way is left out.
  void set_batch(const BatcherOptions& options) {
    batcher_.set_options(options);
    if (options.size == tape_.capacity()) return;
    Random random = tape_.random();
    tape_ = Tape<T>(network_, options.size);
    tape_.random() = random;
    make_room();
    last_count_ = 0;
  }

  // Other options of the same layers.
  void set_layers(const NetworkSpec& spec) {
    network_.set_options(spec);
    // What a layer needs of a tape may have changed, ghost batches for instance.
    Random random = tape_.random();
    tape_ = Tape<T>(network_, tape_.capacity());
    tape_.random() = random;
    last_count_ = 0;
  }

  [[nodiscard]] Index next_batch_size() const { return batcher_.next_size(); }

  // One update on the next batch of the own data. The batch must have two examples where the network needs them.
  StepRecord step() { return step_on(draw_batch()); }

  // One update on a batch that lies in this trainer: draw_batch's or take_batch's.
  StepRecord step_on(const Batch& batch) {
    StepRecord record{step_, batcher_.epoch(), 0, true};
    last_count_ = batch.count;
    network_forward(network_, tape_, batch.x, batch.count, Mode::kTraining);
    record.loss = evaluate_loss(loss_, tape_, batch.count, network_.outputs(), batch.targets);
    if (!std::isfinite(record.loss) || !statistics_are_finite(network_, tape_, batch.count)) return record;
    network_backward(network_, tape_, batch.x, batch.count, Mode::kTraining, gradients_.data());
    const auto parameters = static_cast<Index>(gradients_.size());
    if (!all_finite(gradients_.data(), parameters)) return record;
    record.diverged = false;
    if (sgd_.clip > 0) clip_gradients(sgd_.clip, parameters, gradients_.data());
    network_update_running(network_, tape_, batch.count);
    sgd_step(sgd_, step_, gradients_.data(), velocities_.data(), network_);
    record.step = ++step_;
    return record;
  }

  // The next batch of the own data, valid until the next call.
  Batch draw_batch() {
    const Index count = batcher_.next_size();
    const Index* members = batcher_.next();
    std::copy_n(members, count, members_.data());
    gather(members, count, network_.inputs(), data_.x, batch_x_.data());
    if (loss_ == Loss::kCrossEntropy) {
      const std::int32_t* from = data_.targets.classes;
      std::int32_t* to = batch_classes_.data();
      for (Index i = 0; i < count; ++i) to[i] = from[members[i]];
    } else {
      gather(members, count, network_.outputs(), data_.targets.values, batch_values_.data());
    }
    return batch(count);
  }

  // A batch from outside, copied; at most tape().capacity() examples.
  Batch take_batch(const T* x, Index count, const Targets<T>& targets) {
    std::fill_n(members_.data(), count, kAbsent);
    std::copy_n(x, count * network_.inputs(), batch_x_.data());
    if (loss_ == Loss::kCrossEntropy)
      std::copy_n(targets.classes, count, batch_classes_.data());
    else
      std::copy_n(targets.values, count * network_.outputs(), batch_values_.data());
    return batch(count);
  }

  // The batch of the last step; count 0 where there was none. Its members are indices into the own data, kAbsent for
  // examples from outside.
  [[nodiscard]] Batch last_batch() const { return batch(last_count_); }
  [[nodiscard]] const Index* last_members() const { return members_.data(); }

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
  // The learning rate of the next step.
  [[nodiscard]] double lr() const { return sgd_.lr * schedule_factor(sgd_.schedule, step_); }

 private:
  // Row by row in registers: a call of memcpy costs more than the two or three values of a toy's row.
  static void gather(const Index* members, Index count, Index width, const T* from, T* to) {
    for (Index i = 0; i < count; ++i, to += width) {
      const T* row = from + members[i] * width;
      for_each_column_group<T>(width, [=]<typename L>(Index c) { L::load(row + c).store(to + c); });
    }
  }

  [[nodiscard]] Batch batch(Index count) const {
    return {batch_x_.data(), count, {batch_classes_.data(), batch_values_.data()}};
  }

  // For batches of the tape's capacity.
  void make_room() {
    const Index examples = tape_.capacity();
    members_.assign(static_cast<std::size_t>(examples), kAbsent);
    batch_x_.assign(static_cast<std::size_t>(examples * network_.inputs()), T(0));
    batch_classes_.assign(static_cast<std::size_t>(examples), 0);
    batch_values_.assign(static_cast<std::size_t>(examples * network_.outputs()), T(0));
  }

  Network<T> network_;
  Tape<T> tape_;
  Loss loss_;
  SgdOptions sgd_;
  TrainingSet<T> data_;
  Batcher batcher_;
  std::uint64_t init_seed_;
  std::uint64_t order_seed_;
  std::vector<Index> members_;
  Buffer<T> batch_x_;
  std::vector<std::int32_t> batch_classes_;
  Buffer<T> batch_values_;
  Buffer<T> gradients_;
  Buffer<T> velocities_;
  Index step_ = 0;
  Index last_count_ = 0;  // examples of the batch of the last step, which is still there
};

}  // namespace bnlab
