#include <optional>

#include "engine_float.hpp"
#include "experiment.hpp"
#include "model.hpp"
#include "probe/calibration.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

// Most bytes the activations of one evaluation may take.
constexpr double kMaxEvaluationBytes = 256e6;

template <typename T>
TrainingSet<T> training_set(const Experiment& experiment) {
  const Dataset& data = experiment.data;
  TrainingSet<T> set;
  set.count = data.count;
  for (const double value : data.x) set.x.push_back(static_cast<T>(value));
  if (experiment.loss == Loss::kCrossEntropy) {
    set.classes = data.labels;
    return set;
  }
  // One output says how likely class 1 is; several are one-hot.
  for (const std::int32_t label : data.labels)
    for (Index k = 0; k < experiment.outputs; ++k)
      set.values.push_back(experiment.outputs == 1 ? static_cast<T>(label) : T(label == k ? 1 : 0));
  return set;
}

template <typename T>
class TypedModel final : public Model {
 public:
  explicit TypedModel(const Experiment& e)
      : trainer_(e.network, e.loss, e.sgd, e.batch, training_set<T>(e), e.init_seed, e.order_seed) {}

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
      else if (value.data != nullptr && value.data[0] < 0)
        in.fail({"value", "a number of batches, 0 or more", std::to_string(value.data[0]), ""});
      if (Status status = in.finish(); !status.ok()) return status;
      network().batches_tracked()[static_cast<std::size_t>(tensor->layer)] = value.data[0];
      return {};
    }
    const TensorView<T> value = in.tensor<T>("value", tensor->shape, "the shape of " + name);
    for (Index i = 0; tensor->role == Role::kRunningVar && value.data != nullptr && i < value.size(); ++i)
      if (value.data[i] < T(0))
        in.fail(
            {"value", "variances, which are not negative", to_text(static_cast<double>(value.data[i])), ""});
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
    if (trainer_.data().count == 0)
      return Error{"model", "a model with data of its own", "one whose experiment says data: 'given'",
                   "Use model_step with batches, or model_set_data."};
    if (const std::optional<Error> error = too_small_a_batch()) return *error;
    std::vector<double> losses;
    losses.reserve(static_cast<std::size_t>(steps));
    StepRecord record;
    for (Index i = 0; i < steps && !record.diverged; ++i) {
      record = trainer_.step();
      losses.push_back(record.loss);
    }
    out.add("losses", {static_cast<Index>(losses.size())}, losses.data());
    out.add("step", static_cast<double>(record.step));
    out.add("epoch", static_cast<double>(record.epoch));
    out.add("diverged", record.diverged);
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
    const StepRecord record = trainer_.step_on(examples.x, examples.count, examples.targets);
    out.add("loss", record.loss);
    out.add("step", static_cast<double>(record.step));
    out.add("diverged", record.diverged);
    return {};
  }

  Status evaluate(Arguments& in, Reply& out) override {
    const Mode mode = in.choice<Mode>("mode", kModes, std::nullopt);
    const Examples examples = read_examples(in, Presence::kOptional);
    check_two(in, mode, examples.count);
    const double bytes = Tape<T>::bytes_needed(network(), examples.count);
    if (bytes > kMaxEvaluationBytes)
      in.fail({"x", "a batch whose activations fit into " + to_text(kMaxEvaluationBytes) + " bytes",
               to_text(bytes), "Evaluate fewer examples at a time."});
    in.will_need("x", bytes);
    if (Status status = in.finish(); !status.ok()) return status;
    Tape<T> tape(network(), examples.count);
    network_forward(network(), tape, examples.x, examples.count, mode);
    out.add("output", {examples.count, network().outputs()}, tape.output());
    if (examples.targets.classes != nullptr || examples.targets.values != nullptr)
      out.add("loss",
              evaluate_loss(trainer_.loss(), tape, examples.count, network().outputs(), examples.targets));
    return {};
  }

  Status recalibrate(Index batches) override {
    if (trainer_.data().count == 0)
      return Error{"model", "a model with data of its own", "one whose experiment says data: 'given'", ""};
    if (const std::optional<Error> error = too_small_a_batch()) return *error;
    const Batcher order = trainer_.batcher();
    const bool finite =
        bnlab::recalibrate(network(), trainer_.tape(), batches, [this] { return trainer_.draw_batch(); });
    trainer_.batcher() = order;
    if (finite) return {};
    return Error{"model", "finite batch statistics", "statistics that are not", "The model has diverged."};
  }

  Status set_data(Arguments& in, Reply& /*out*/) override {
    const Examples examples = read_examples(in, Presence::kRequired);
    if (Status status = in.finish(); !status.ok()) return status;
    TrainingSet<T> data;
    data.count = examples.count;
    data.x.assign(examples.x, examples.x + examples.count * network().inputs());
    if (const std::int32_t* classes = examples.targets.classes)
      data.classes.assign(classes, classes + examples.count);
    if (const T* values = examples.targets.values)
      data.values.assign(values, values + examples.count * network().outputs());
    trainer_.set_data(std::move(data));
    return {};
  }

  Status set_optimizer(Arguments& in, Reply& /*out*/) override {
    SgdOptions next = read_sgd_options(in, "optimizer.", 0.1);
    next.decay_gamma = in.boolean("optimizer.decay_gamma", true);
    next.decay_beta = in.boolean("optimizer.decay_beta", true);
    next.decay_bias = in.boolean("optimizer.decay_bias", true);
    if (Status status = in.finish(); !status.ok()) return status;
    trainer_.sgd() = next;
    return {};
  }

  void rewind() override { trainer_.rewind(); }

 private:
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

  // What is wrong where the own data come in a batch of one and the network cannot take it.
  std::optional<Error> too_small_a_batch() {
    if (!network().needs_two_examples(Mode::kTraining)) return std::nullopt;
    return batch_of_one(trainer_.batcher().options(), trainer_.data().count);
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

  Trainer<T> trainer_;
};

}  // namespace

Result<std::unique_ptr<Model>> make_model(Arguments& in) {
  const Experiment experiment = read_experiment(in);
  if (Status status = in.finish(); !status.ok()) return status.error();
  std::unique_ptr<Model> model;
  if (experiment.double_precision)
    model = std::make_unique<TypedModel<double>>(experiment);
  else
    model = std::make_unique<TypedModel<float>>(experiment);
  return model;
}

namespace {

// The model whose handle is the argument `model`; null, with the error noted, where there is none.
Model* find_model(Workbench& workbench, Arguments& in) {
  const Index handle = in.integer("model", {.min = 1, .max = 2e9});
  const auto found = workbench.models().find(handle);
  if (found != workbench.models().end()) return found->second.get();
  in.fail({"model", "the handle of a model that exists", std::to_string(handle), "It may have been freed."});
  return nullptr;
}

// For operations that take a model and a tensor's name.
Status on_named(Workbench& workbench, Arguments& in, Reply& out,
                Status (Model::*body)(const std::string&, Reply&)) {
  Model* model = find_model(workbench, in);
  const std::string name = in.text("name");
  if (Status status = in.finish(); !status.ok()) return status;
  return (model->*body)(name, out);
}

// For operations that read their further arguments themselves.
Status on_model(Workbench& workbench, Arguments& in, Reply& out, Status (Model::*body)(Arguments&, Reply&)) {
  Model* model = find_model(workbench, in);
  return in.ok() ? (model->*body)(in, out) : in.finish();
}

Status create(Workbench& workbench, Arguments& in, Reply& out) {
  Result<std::unique_ptr<Model>> model = make_model(in);
  if (!model.ok()) return model.error();
  out.add("model", static_cast<double>(workbench.adopt(std::move(model.value()))));
  return {};
}

Status release(Workbench& workbench, Arguments& in, Reply& /*out*/) {
  const Model* model = find_model(workbench, in);
  if (Status status = in.finish(); !status.ok()) return status;
  std::erase_if(workbench.models(), [&](const auto& entry) { return entry.second.get() == model; });
  return {};
}

Status names(Workbench& workbench, Arguments& in, Reply& out) {
  const Model* model = find_model(workbench, in);
  if (Status status = in.finish(); !status.ok()) return status;
  model->names(out);
  return {};
}

Status set(Workbench& workbench, Arguments& in, Reply& /*out*/) {
  Model* model = find_model(workbench, in);
  const std::string name = in.text("name");
  return in.ok() ? model->set(name, in) : in.finish();
}

Status train(Workbench& workbench, Arguments& in, Reply& out) {
  Model* model = find_model(workbench, in);
  const Index steps = in.integer("steps", {.min = 1, .max = 1e6});
  in.will_need("steps", 2.0 * sizeof(double) * static_cast<double>(steps));
  if (Status status = in.finish(); !status.ok()) return status;
  return model->train(steps, out);
}

Status recalibrate_model(Workbench& workbench, Arguments& in, Reply& /*out*/) {
  Model* model = find_model(workbench, in);
  const Index batches = in.integer("batches", {.min = 1, .max = 1e5});
  if (Status status = in.finish(); !status.ok()) return status;
  return model->recalibrate(batches);
}

Status rewind(Workbench& workbench, Arguments& in, Reply& /*out*/) {
  Model* model = find_model(workbench, in);
  if (Status status = in.finish(); !status.ok()) return status;
  model->rewind();
  return {};
}

constexpr Operation kOperations[] = {
    {"model_create", create},
    {"model_free", release},
    {"model_names", names},
    {"model_get", [](Workbench& w, Arguments& in, Reply& out) { return on_named(w, in, out, &Model::get); }},
    {"model_gradient",
     [](Workbench& w, Arguments& in, Reply& out) { return on_named(w, in, out, &Model::gradient); }},
    {"model_set", set},
    {"model_train", train},
    {"model_step",
     [](Workbench& w, Arguments& in, Reply& out) { return on_model(w, in, out, &Model::step); }},
    {"model_evaluate",
     [](Workbench& w, Arguments& in, Reply& out) { return on_model(w, in, out, &Model::evaluate); }},
    {"model_recalibrate", recalibrate_model},
    {"model_rewind", rewind},
    {"model_set_data",
     [](Workbench& w, Arguments& in, Reply& out) { return on_model(w, in, out, &Model::set_data); }},
    {"model_set_optimizer",
     [](Workbench& w, Arguments& in, Reply& out) { return on_model(w, in, out, &Model::set_optimizer); }},
};

}  // namespace

std::span<const Operation> model_operations() { return kOperations; }

}  // namespace bnlab
