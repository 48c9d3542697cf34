#include "data.hpp"
#include "typed_model.hpp"
#include "workbench.hpp"

namespace bnlab {

Result<std::unique_ptr<Model>> make_model(Arguments& in, std::shared_ptr<const Split> data) {
  const Experiment experiment = read_experiment(in, std::move(data));
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

// The data whose handle is the argument `data`, if there is one.
std::shared_ptr<const Split> find_own_data(Workbench& workbench, Arguments& in) {
  return in.has("data") ? find_data(workbench, in) : nullptr;
}

Status create(Workbench& workbench, Arguments& in, Reply& out) {
  std::shared_ptr<const Split> data = find_own_data(workbench, in);
  if (!in.ok()) return in.finish();
  Result<std::unique_ptr<Model>> model = make_model(in, std::move(data));
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

Status set_data(Workbench& workbench, Arguments& in, Reply& /*out*/) {
  Model* model = find_model(workbench, in);
  const std::shared_ptr<const Split> data = find_own_data(workbench, in);
  return in.ok() ? model->set_data(in, data) : in.finish();
}

Status rewind(Workbench& workbench, Arguments& in, Reply& /*out*/) {
  Model* model = find_model(workbench, in);
  if (Status status = in.finish(); !status.ok()) return status;
  model->rewind();
  return {};
}

// An operation that a model's method is.
template <Status (Model::*kBody)(Arguments&, Reply&)>
Status on_model(Workbench& workbench, Arguments& in, Reply& out) {
  Model* model = find_model(workbench, in);
  return in.ok() ? (model->*kBody)(in, out) : in.finish();
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
    {"model_step", on_model<&Model::step>},
    {"model_evaluate", on_model<&Model::evaluate>},
    {"model_score", on_model<&Model::score>},
    {"model_batch", on_model<&Model::batch>},
    {"model_record", on_model<&Model::record>},
    {"model_observe", on_model<&Model::observe>},
    {"model_statistics", on_model<&Model::statistics>},
    {"model_recalibrate", on_model<&Model::recalibrate>},
    {"model_rewind", rewind},
    {"model_set_data", set_data},
    {"model_set_optimizer", on_model<&Model::set_optimizer>},
    {"model_set_batch", on_model<&Model::set_batch>},
    {"model_set_layers", on_model<&Model::set_layers>},
};

}  // namespace

std::span<const Operation> model_operations() { return kOperations; }

}  // namespace bnlab
