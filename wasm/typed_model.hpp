// A model in float or double: the trainer, driven by name.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine_float.hpp"
#include "experiment.hpp"
#include "model.hpp"
#include "probe/calibration.hpp"
#include "probe/divergence.hpp"
#include "probe/observation.hpp"
#include "probe/score.hpp"
#include "training_data.hpp"
#include "vocabulary.hpp"

namespace bnlab {

// Most bytes the activations of one evaluation may take.
constexpr double kMaxEvaluationBytes = 256e6;
// Examples that inference mode looks at together: as many as stay in a processor's cache.
constexpr Index kScoredAtOnce = 256;
// The most batches a model can be told it has seen: more than it ever will, and far from what Index can count.
constexpr Index kMaxBatchesTracked = 1'000'000'000;

enum class Scored { kTrain, kTest, kBatch };
inline constexpr Choice kScoredWords[] = {{"train", static_cast<int>(Scored::kTrain)},
                                          {"test", static_cast<int>(Scored::kTest)},
                                          {"batch", static_cast<int>(Scored::kBatch)}};
inline constexpr Choices<Scored> kScored(kScoredWords);

enum class Statistics { kOwn, kLastBatch };
inline constexpr Choice kStatisticsWords[] = {{"own", static_cast<int>(Statistics::kOwn)},
                                              {"last_batch", static_cast<int>(Statistics::kLastBatch)}};
inline constexpr Choices<Statistics> kStatistics(kStatisticsWords);

enum class Recorded { kOutput, kGradient, kXhat, kMean, kVar };
inline constexpr Choice kRecordedWords[] = {{"output", static_cast<int>(Recorded::kOutput)},
                                            {"gradient", static_cast<int>(Recorded::kGradient)},
                                            {"xhat", static_cast<int>(Recorded::kXhat)},
                                            {"mean", static_cast<int>(Recorded::kMean)},
                                            {"var", static_cast<int>(Recorded::kVar)}};
inline constexpr Choices<Recorded> kRecorded(kRecordedWords);
inline const char* word_of(Recorded what) { return kRecordedWords[static_cast<int>(what)].word; }

inline const char* word_of(DivergedWhat what) {
  constexpr const char* kWords[] = {"nothing", "statistics", "output", "loss", "gradient"};
  return kWords[static_cast<int>(what)];
}

// Inputs seen as scale·x + shift.
struct Move {
  double scale = 1;
  double shift = 0;
};
inline Move read_move(Arguments& in) {
  return {in.number("scale", {.min = -1e6, .max = 1e6, .fallback = 1}),
          in.number("shift", {.min = -1e6, .max = 1e6, .fallback = 0})};
}

template <typename T>
class TypedModel final : public Model {
 public:
  explicit TypedModel(const Experiment& e)
      : split_(e.data),
        trainer_(e.network, e.loss, e.sgd, e.batch, own(Set::kTrain, e.loss, e.outputs), e.init_seed,
                 e.order_seed) {
    test_ = own(Set::kTest, e.loss, e.outputs);
  }

  void names(Reply& out) const override {
    std::string all;
    for (const TensorInfo& tensor : trainer_.network().tensors()) all += tensor.name + "\n";
    out.add("names", all);
  }

  Status get(const std::string& name, Reply& out) override {
    const TensorInfo* tensor = network().find(name);
    if (tensor == nullptr) return unknown(name, false);
    if (tensor->role == Role::kBatchesTracked) {
      const auto tracked =
          static_cast<std::int32_t>(network().batches_tracked()[static_cast<std::size_t>(tensor->layer)]);
      out.add("value", {}, &tracked);
      return {};
    }
    add_tensor(*tensor,
               is_parameter(tensor->role) ? network().parameters().data() : network().buffers().data(), out);
    return {};
  }

  Status set(const std::string& name, Arguments& in) override {
    const TensorInfo* tensor = network().find(name);
    if (tensor == nullptr) return unknown(name, false);
    if (tensor->role == Role::kBatchesTracked) {
      const TensorView<std::int32_t> value = in.tensor<std::int32_t>("value", {}, "the number of batches");
      if (value.data != nullptr && value.size() != 1)
        in.fail({"value", "one number of batches", "a tensor of shape " + to_text(value.shape), ""});
      else if (value.data != nullptr && (value.data[0] < 0 || value.data[0] > kMaxBatchesTracked))
        in.fail({"value", "a number of batches, 0 or more, at most " + std::to_string(kMaxBatchesTracked),
                 std::to_string(value.data[0]), ""});
      if (Status status = in.finish(); !status.ok()) return status;
      network().batches_tracked()[static_cast<std::size_t>(tensor->layer)] = value.data[0];
      return {};
    }
    const TensorView<T> value = in.tensor<T>("value", tensor->shape, "the shape of " + name);
    if (tensor->role == Role::kRunningVar) check_spread(in, *tensor, value);
    if (Status status = in.finish(); !status.ok()) return status;
    network().write(*tensor, value.data,
                    is_parameter(tensor->role) ? network().parameters().data() : network().buffers().data());
    return {};
  }

  Status gradient(const std::string& name, Reply& out) override {
    const TensorInfo* tensor = network().find(name);
    if (tensor == nullptr || !is_parameter(tensor->role)) return unknown(name, true);
    add_tensor(*tensor, trainer_.gradients().data(), out);
    return {};
  }

  Status train(Index steps, Reply& out) override {
    if (Status status = has_data(); !status.ok()) return status;
    std::vector<double> losses;
    losses.reserve(static_cast<std::size_t>(steps));
    StepRecord record;
    for (Index i = 0; i < steps && !record.diverged; ++i) {
      record = trainer_.step();
      losses.push_back(record.loss);
    }
    out.add("losses", {static_cast<Index>(losses.size())}, losses.data());
    add_step(record, out);
    out.add("epoch", static_cast<double>(record.epoch));
    return {};
  }

  Status step(Arguments& in, Reply& out) override {
    const Examples examples = read_examples(in, Presence::kRequired);
    const Index capacity = trainer_.tape().capacity();
    if (examples.count > capacity)
      in.fail({"x", "at most " + std::to_string(capacity) + " examples, the experiment's batch.size",
               std::to_string(examples.count), ""});
    check_two(in, Mode::kTraining, examples.count);
    if (Status status = in.finish(); !status.ok()) return status;
    const StepRecord record =
        trainer_.step_on(trainer_.take_batch(examples.x, examples.count, examples.targets));
    out.add("loss", record.loss);
    add_step(record, out);
    return {};
  }

  Status evaluate(Arguments& in, Reply& out) override {
    const Mode mode = in.choice<Mode>("mode", kModes, std::nullopt);
    const Examples examples = read_examples(in, Presence::kOptional);
    const bool met =
        in.choice<Statistics>("statistics", kStatistics, Statistics::kOwn) == Statistics::kLastBatch;
    if (met && mode == Mode::kInference)
      in.fail({"statistics", "'own' in inference mode, which uses running statistics", "'last_batch'", ""});
    if (met && trainer_.last_batch().count == 0)
      in.fail({"statistics", "'own' before the first step", "'last_batch'", "There was no batch yet."});
    if (!met) check_two(in, mode, examples.count);
    const double bytes = Tape<T>::bytes_needed(network(), examples.count);
    if (bytes > kMaxEvaluationBytes)
      in.fail({"x", "a batch whose activations fit into " + to_text(kMaxEvaluationBytes) + " bytes",
               to_text(bytes), "Evaluate fewer examples at a time."});
    in.will_need("x", bytes);
    if (Status status = in.finish(); !status.ok()) return status;
    Tape<T>& tape = room_for(examples.count);
    network_forward(network(), tape, examples.x, examples.count, mode, met ? &trainer_.tape() : nullptr);
    out.add("output", {examples.count, network().outputs()}, tape.output());
    if (examples.targets.classes != nullptr || examples.targets.values != nullptr)
      out.add("loss",
              evaluate_loss(trainer_.loss(), tape, examples.count, network().outputs(), examples.targets));
    return {};
  }

  Status score(Arguments& in, Reply& out) override {
    const Mode mode = in.choice<Mode>("mode", kModes, std::nullopt);
    const Scored which = in.choice<Scored>("set", kScored, std::nullopt);
    const Index limit = in.integer("limit", {.min = 1, .max = 1e9, .fallback = 1e9});
    const Move move = read_move(in);
    will_need_room(in, "set", mode == Mode::kTraining ? trainer_.tape().capacity() : kScoredAtOnce);
    if (Status status = in.finish(); !status.ok()) return status;
    TrainingSet<T> set = which == Scored::kTest ? test_ : trainer_.data();
    std::vector<std::int32_t> labels;
    if (which == Scored::kBatch) {
      const auto batch = trainer_.last_batch();
      set.labels = labels_of(batch, labels);
      set.count = batch.count;
      set.x = batch.x;
      set.targets = batch.targets;
    }
    if (set.count == 0)
      return Error{"set", "a set with examples",
                   which == Scored::kBatch ? "'batch' before the first step" : "an empty set",
                   which == Scored::kTest ? "data.test says which share of the examples is held out." : ""};
    const Index count = std::min(set.count, limit);
    const Index batch = std::min(trainer_.tape().capacity(), count);
    if (batch == 1 && network().needs_two_examples(mode))
      return single_value_error("mode", "training mode on batches of one example");
    Tape<T>& tape = room_for(mode == Mode::kTraining ? batch : std::min<Index>(count, kScoredAtOnce));
    std::vector<T> moved(move.scale == 1 && move.shift == 0
                             ? 0
                             : static_cast<std::size_t>(tape.capacity() * network().inputs()));
    const Score s = bnlab::score(network(), tape, trainer_.loss(), mode, count, set.x, set.targets,
                                 set.labels, classes(), move.scale, move.shift, moved.data());
    out.add("loss", s.loss);
    out.add("accuracy", s.accuracy);
    out.add("count", static_cast<double>(s.count));
    if (set.labels != nullptr) out.add("confusion", {classes(), classes()}, s.confusion.data());
    return {};
  }

  Status batch(Arguments& in, Reply& out) override {
    if (Status status = in.finish(); !status.ok()) return status;
    if (Status status = has_stepped(); !status.ok()) return status;
    const auto batch = trainer_.last_batch();
    const std::vector<std::int32_t> members(trainer_.last_members(), trainer_.last_members() + batch.count);
    out.add("members", {batch.count}, members.data());
    out.add("x", {batch.count, network().inputs()}, batch.x);
    if (trainer_.loss() == Loss::kCrossEntropy)
      out.add("y", {batch.count}, batch.targets.classes);
    else
      out.add("y", {batch.count, network().outputs()}, batch.targets.values);
    return {};
  }

  Status record(Arguments& in, Reply& out) override {
    const Index layer = read_layer_index(in);
    const Recorded what = in.choice<Recorded>("what", kRecorded, std::nullopt);
    if (Status status = in.finish(); !status.ok()) return status;
    if (Status status = has_stepped(); !status.ok()) return status;
    const LayerPlan& plan = network().layers()[static_cast<std::size_t>(layer)];
    const TapeRecord<T>& tape = trainer_.tape().records()[static_cast<std::size_t>(layer)];
    const Index batch = trainer_.last_batch().count;
    std::vector<Index> shape{batch, plan.out.size()};
    if (plan.out.spatial() > 1) shape = {batch, plan.out.channels, plan.out.height, plan.out.width};
    const T* values = what == Recorded::kOutput ? tape.y : what == Recorded::kGradient ? tape.dy : tape.xhat;
    if (what == Recorded::kMean || what == Recorded::kVar) {
      const bool taken = statistics_count(plan, batch) > 0;
      values = !taken ? nullptr : what == Recorded::kMean ? tape.mean : tape.var;
      shape = {plan.out.channels};
    }
    if (values == nullptr)
      return Error{"what", "something this layer has: 'output' or 'gradient'",
                   "'" + std::string(word_of(what)) + "'", "It does not normalise by the batch."};
    out.add("value", shape, values);
    return {};
  }

  Status observe(Arguments& in, Reply& out) override {
    const Index bins = in.integer("bins", {.min = 2, .max = 1000, .fallback = 40});
    const double range = in.number("range", {.min = 1e-6, .max = 1e6, .fallback = 4});
    if (Status status = in.finish(); !status.ok()) return status;
    const Observation seen = bnlab::observe(trainer_, bins, range);
    const auto layers = static_cast<Index>(network().layers().size());
    out.add("output", {layers, bins}, seen.output.data());
    out.add("xhat", {layers, bins}, seen.xhat.data());
    out.add("gradient", {layers, bins}, seen.gradient.data());
    out.add("output_mean", {layers}, seen.output_mean.data());
    out.add("output_std", {layers}, seen.output_std.data());
    out.add("gradient_rms", {layers}, seen.gradient_rms.data());
    out.add("dead", {layers}, seen.dead.data());
    out.add("saturated", {layers}, seen.saturated.data());
    out.add("weight_norm", {layers}, seen.weight_norm.data());
    out.add("weight_gradient_norm", {layers}, seen.weight_gradient_norm.data());
    out.add("effective_lr", {layers}, seen.effective_lr.data());
    out.add("lr", trainer_.lr());
    return {};
  }

  Status statistics(Arguments& in, Reply& out) override {
    const Index layer = read_layer_index(in);
    const Index batches = in.integer("batches", {.min = 1, .max = 1e5, .fallback = 20});
    will_need_room(in, "batches", trainer_.tape().capacity());
    if (Status status = in.finish(); !status.ok()) return status;
    const LayerPlan& plan = network().layers()[static_cast<std::size_t>(layer)];
    if (plan.running_mean == kAbsent)
      return Error{"layer", "a layer with running statistics", "layer " + std::to_string(layer), ""};
    if (Status status = has_stepped(); !status.ok()) return status;
    if (Status status = has_data(); !status.ok()) return status;
    const Index channels = plan.out.channels;
    const Buffer<T> before = network().buffers();
    const TapeRecord<T>& tape = trainer_.tape().records()[static_cast<std::size_t>(layer)];
    const bool taken = statistics_count(plan, trainer_.last_batch().count) > 0;
    const Status recalibrated = recalibrate_on(batches, {});
    const Buffer<T> after = network().buffers();
    network().buffers() = before;
    if (!recalibrated.ok()) return recalibrated;
    const auto add = [&](const char* name, const T* values) { out.add(name, {channels}, values); };
    add("batch_mean", taken ? tape.mean : before.data() + plan.running_mean);
    add("batch_var", taken ? tape.var : before.data() + plan.running_var);
    add("running_mean", before.data() + plan.running_mean);
    add("running_var", before.data() + plan.running_var);
    add("recalibrated_mean", after.data() + plan.running_mean);
    add("recalibrated_var", after.data() + plan.running_var);
    return {};
  }

  Status recalibrate(Arguments& in, Reply& /*out*/) override {
    const Index batches = in.integer("batches", {.min = 1, .max = 1e5});
    const Move move = read_move(in);
    will_need_room(in, "batches", trainer_.tape().capacity());
    if (Status status = in.finish(); !status.ok()) return status;
    return recalibrate_on(batches, move);
  }

  Status set_data(Arguments& in, const std::shared_ptr<const Split>& data) override {
    if (data != nullptr) {
      if (const std::optional<Error> error =
              mismatch(data->train, network().inputs(), network().outputs(), trainer_.loss()))
        in.fail({"data", "examples that suit this model",
                 "ones that ask for " + error->expected + ", where it has " + error->actual, error->hint});
      in.will_need("data", training_set_bytes(*data, trainer_.loss(), network().outputs(), sizeof(T)));
      if (Status status = in.finish(); !status.ok()) return status;
      split_ = data;
      trainer_.set_data(own(Set::kTrain, trainer_.loss(), network().outputs()));
      test_ = own(Set::kTest, trainer_.loss(), network().outputs());
      return {};
    }
    const Examples examples = read_examples(in, Presence::kRequired);
    if (Status status = in.finish(); !status.ok()) return status;
    TrainingSet<T> set;
    set.count = examples.count;
    const auto copy = [&set](auto from, Index count, int owner) {
      using V = std::remove_cv_t<std::remove_pointer_t<decltype(from)>>;
      const auto values = std::make_shared<std::vector<V>>(from, from + count);
      set.owners[owner] = values;
      return static_cast<const V*>(values->data());
    };
    set.x = copy(examples.x, examples.count * network().inputs(), 0);
    if (const std::int32_t* classes = examples.targets.classes)
      set.labels = set.targets.classes = copy(classes, examples.count, 1);
    if (const T* values = examples.targets.values)
      set.targets.values = copy(values, examples.count * network().outputs(), 2);
    split_ = nullptr;
    test_ = {};
    trainer_.set_data(std::move(set));
    return {};
  }

  Status set_optimizer(Arguments& in, Reply& /*out*/) override {
    const SgdOptions next = read_optimizer(in, "optimizer.");
    if (Status status = in.finish(); !status.ok()) return status;
    trainer_.sgd() = next;
    return {};
  }

  Status set_batch(Arguments& in, Reply& /*out*/) override {
    const BatcherOptions next = read_batch(in, "batch.");
    if (in.ok() && trainer_.data().count > 0 && network().needs_two_examples(Mode::kTraining))
      if (const std::optional<Error> error =
              batch_of_one(next, trainer_.data().count, trainer_.data().label_span()))
        in.fail({error->argument.substr(std::string("experiment.").size()), error->expected, error->actual,
                 error->hint});
    in.will_need("batch.size", bytes_of_batch(next.size) + Tape<T>::bytes_needed(network(), next.size));
    if (Status status = in.finish(); !status.ok()) return status;
    trainer_.set_batch(next);
    return {};
  }

  Status set_layers(Arguments& in, Reply& /*out*/) override {
    const NetworkSpec next = read_network_options(in, "layers", network().input_shape());
    if (in.ok() && !network().same_tensors(next))
      in.fail({"layers", "the layers the model was made with, with other options", "other layers",
               "Their kinds, sizes and tensors stay; build another model for others."});
    if (in.ok() && trainer_.data().count > 0 && NetworkPlan(next).needs_two_examples(Mode::kTraining))
      if (const std::optional<Error> error =
              batch_of_one(trainer_.batcher().options(), trainer_.data().count, trainer_.data().label_span()))
        in.fail({"layers", error->expected, error->actual, error->hint});
    if (in.ok()) in.will_need("layers", Tape<T>::bytes_needed(NetworkPlan(next), trainer_.tape().capacity()));
    if (Status status = in.finish(); !status.ok()) return status;
    trainer_.set_layers(next);
    scratch_.reset();  // ghost batches, for instance, need other places
    return {};
  }

  void rewind() override { trainer_.rewind(); }

 private:
  enum class Set { kTrain, kTest };

  struct Examples {
    const T* x = nullptr;
    Index count = 0;
    Targets<T> targets;
  };

  [[nodiscard]] Network<T>& network() { return trainer_.network(); }

  Examples read_examples(Arguments& in, Presence targets) {
    Examples examples;
    const TensorView<T> x = in.tensor<T>("x", {-1, network().inputs()}, "one row per example");
    examples.x = x.data;
    examples.count = x.shape[0];
    if (!in.ok() || (targets == Presence::kOptional && !in.has("y"))) return examples;
    if (trainer_.loss() == Loss::kCrossEntropy) {
      examples.targets.classes = read_classes(in, "y", examples.count, network().outputs()).data;
      return examples;
    }
    const TensorView<T> values = in.tensor<T>("y", {examples.count, network().outputs()}, "like the output");
    if (trainer_.loss() == Loss::kBceWithLogits) check_probabilities(in, "y", values);
    examples.targets.values = values.data;
    return examples;
  }

  // The own examples of one set, none where there are none.
  TrainingSet<T> own(Set which, Loss loss, Index outputs) {
    if (split_ == nullptr) return {};
    const Dataset& set = which == Set::kTrain ? split_->train : split_->test;
    return set.count == 0 ? TrainingSet<T>{} : training_set<T>(split_, set, loss, outputs);
  }

  // A tape for evaluating so many examples, kept for the next time.
  Tape<T>& room_for(Index examples) {
    if (!scratch_ || scratch_->capacity() != examples) scratch_.emplace(network(), examples);
    scratch_->random() = Random(0, Stream::kDropout);
    return *scratch_;
  }

  // So many examples with what the loss compares them with.
  double bytes_of_batch(Index examples) {
    return static_cast<double>(examples) * static_cast<double>(network().inputs() + network().outputs()) *
           sizeof(T);
  }

  // Says before finish() that `name` will ask for such a tape, and for examples to run through it.
  void will_need_room(Arguments& in, const char* name, Index examples) {
    in.will_need(name, bytes_of_batch(examples));
    if (!scratch_ || scratch_->capacity() != examples)
      in.will_need(name, Tape<T>::bytes_needed(network(), examples));
  }

  [[nodiscard]] Index classes() { return split_ != nullptr ? split_->train.classes : network().outputs(); }

  // The classes of a batch of own examples, wherever they are; null where there are none.
  const std::int32_t* labels_of(const typename Trainer<T>::Batch& batch, std::vector<std::int32_t>& storage) {
    if (trainer_.loss() == Loss::kCrossEntropy) return batch.targets.classes;
    const std::int32_t* labels = trainer_.data().labels;
    if (labels == nullptr || batch.count == 0 || trainer_.last_members()[0] == kAbsent) return nullptr;
    for (Index i = 0; i < batch.count; ++i) storage.push_back(labels[trainer_.last_members()[i]]);
    return storage.data();
  }

  Status recalibrate_on(Index batches, const Move& move) {
    if (Status status = has_data(); !status.ok()) return status;
    const Batcher order = trainer_.batcher();
    Tape<T>& tape = room_for(trainer_.tape().capacity());
    std::vector<T> x;
    const bool finite = bnlab::recalibrate(network(), tape, batches, [&] {
      const Index count = trainer_.next_batch_size();
      const Index* members = trainer_.batcher().next();
      x.resize(static_cast<std::size_t>(count * network().inputs()));
      for (Index i = 0; i < count; ++i)
        for (Index k = 0; k < network().inputs(); ++k)
          x[static_cast<std::size_t>(i * network().inputs() + k)] = static_cast<T>(
              move.scale * static_cast<double>(trainer_.data().x[members[i] * network().inputs() + k]) +
              move.shift);
      return typename Trainer<T>::Batch{x.data(), count, {}};
    });
    trainer_.batcher() = order;
    if (finite) return {};
    return Error{"model", "finite batch statistics", "statistics that are not", "The model has diverged."};
  }

  // A running spread is what inference divides by: batch renorm by itself, the others with ε.
  void check_spread(Arguments& in, const TensorInfo& tensor, const TensorView<T>& value) {
    const LayerSpec& layer = network().layers()[static_cast<std::size_t>(tensor.layer)].spec;
    const bool alone = std::holds_alternative<BatchRenormSpec>(layer);
    for (Index i = 0; value.data != nullptr && i < value.size(); ++i)
      if (alone ? value.data[i] <= T(0) : value.data[i] < T(0))
        in.fail({"value",
                 alone ? "standard deviations, which are above 0"
                       : "variances or spreads, which are not negative",
                 to_text(static_cast<double>(value.data[i])) + " at [" + std::to_string(i) + "]", ""});
  }

  // What is wrong with training on the own data, if anything.
  Status has_data() {
    const TrainingSet<T>& data = trainer_.data();
    if (data.count == 0)
      return Error{"model", "a model with data of its own", "one whose experiment says data: 'given'",
                   "Use model_step with batches, or model_set_data."};
    if (!network().needs_two_examples(Mode::kTraining)) return {};
    if (const std::optional<Error> error =
            batch_of_one(trainer_.batcher().options(), data.count, data.label_span()))
      return *error;
    return {};
  }

  Status has_stepped() {
    if (trainer_.last_batch().count > 0) return {};
    return Error{"model", "a model after a step", "one before its first", ""};
  }

  Index read_layer_index(Arguments& in) {
    return in.integer("layer", {.min = 0, .max = static_cast<double>(network().layers().size()) - 1});
  }

  void add_step(const StepRecord& record, Reply& out) {
    out.add("step", static_cast<double>(record.step));
    out.add("diverged", record.diverged);
    if (!record.diverged) return;
    const Divergence d = find_divergence(trainer_, record.loss);
    out.add("diverged_what", std::string(word_of(d.what)));
    if (d.layer != kAbsent) out.add("diverged_layer", static_cast<double>(d.layer));
    if (d.example != kAbsent) out.add("diverged_example", static_cast<double>(d.example));
    if (d.unit != kAbsent) out.add("diverged_unit", static_cast<double>(d.unit));
    out.add("diverged_value", d.value);
  }

  void check_two(Arguments& in, Mode mode, Index examples) {
    if (examples == 1 && network().needs_two_examples(mode))
      in.fail(single_value_error("x", "a batch of one example"));
  }

  void add_tensor(const TensorInfo& tensor, const T* flat, Reply& out) {
    std::vector<T> values(static_cast<std::size_t>(tensor.size()));
    network().read(tensor, flat, values.data());
    out.add("value", tensor.shape, values.data());
  }

  Error unknown(const std::string& name, bool parameters_only) {
    std::string names;
    for (const TensorInfo& tensor : network().tensors())
      if (!parameters_only || is_parameter(tensor.role)) names += (names.empty() ? "" : ", ") + tensor.name;
    return {"name", "one of " + names, "'" + name + "'", ""};
  }

  std::shared_ptr<const Split> split_;  // the data of the experiment, if it has any
  Trainer<T> trainer_;
  TrainingSet<T> test_;
  std::optional<Tape<T>> scratch_;
};

}  // namespace bnlab
