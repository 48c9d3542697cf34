// A neuron that learns, with every number along its way.
#include "probe/neuron.hpp"

#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

constexpr double kMostSteps = 5000;
// What parameters may be at first: far enough from the largest double for a step to be described.
constexpr NumberRule kAnyParameter{.min = -1e6, .max = 1e6, .fallback = 0.0};

constexpr Choice kNormWords[] = {{"none", 0}, {"batch", 1}};
constexpr Choices<bool> kNorms(kNormWords);

Status run_neuron(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  NeuronOptions o;
  const TensorView<double> x = in.tensor<double>("x", {-1, -1}, "one row per example");
  const Index rows = x.shape[0];
  o.inputs = x.shape[1];
  const TensorView<double> target = in.tensor<double>("target", {rows}, "one value per example");
  const TensorView<double> weight = in.tensor<double>("weight", {o.inputs}, "one value per input");
  NeuronState s;
  s.bias = in.number("bias", kAnyParameter);
  s.gamma = in.number("gamma", {.min = -1e6, .max = 1e6, .fallback = 1});
  s.beta = in.number("beta", kAnyParameter);
  o.normalize = in.choice<bool>("norm", kNorms, true);
  o.eps = in.number("eps", {.min = kMinEps, .max = kMaxEps, .fallback = o.eps});
  o.batch_size = in.integer("batch_size", {.min = 1,
                                           .max = static_cast<double>(std::max<Index>(rows, 1)),
                                           .fallback = static_cast<double>(std::max<Index>(rows, 1))});
  o.batches = rows / std::max<Index>(o.batch_size, 1);
  if (o.normalize && in.ok() && o.batch_size == 1)
    in.fail({"batch_size", "more than one example, which batch normalization needs", "1", ""});
  o.steps = in.integer("steps", {.min = 0, .max = kMostSteps, .fallback = 1});
  o.lr = in.number("lr", {.min = 0, .max = 1e6});
  o.weight_decay = in.number("weight_decay", {.min = 0, .max = 1e6, .fallback = 0});
  o.train_weight = in.boolean("train_weight", true);
  o.train_affine = in.boolean("train_affine", true);
  const double states = static_cast<double>(o.steps) + 1;
  in.will_need("steps", 4.0 * sizeof(double) * states * (static_cast<double>(o.inputs) + 9));
  if (Status status = in.finish(); !status.ok()) return status;
  s.weight.assign(weight.data, weight.data + o.inputs);
  if (dot(s.weight, s.weight) == 0)
    return Error{"weight", "at least one value that is not 0, so that it has a direction", "zeros", ""};

  const NeuronRun run = neuron_run(o, s, x.data, target.data);
  if (run.loss.empty()) return Error{"x", "values whose loss and gradient are finite", "ones too large", ""};
  const NeuronPass& first = run.first;
  out.add("mean", first.mean);
  out.add("std", first.std);
  out.add("dbias", first.dbias);
  out.add("dgamma", first.dgamma);
  out.add("dbeta", first.dbeta);
  out.add("turn_rms", run.turn_rms);
  out.add("turn_in_balance", run.turn_in_balance);
  out.add("diverged", run.diverged);
  for (const auto& [name, values] : {std::pair{"u", &first.u}, {"xhat", &first.xhat}, {"y", &first.y}})
    out.add(name, {o.batch_size}, values->data());
  out.add("dweight", {o.inputs}, first.dweight.data());
  const auto count = static_cast<Index>(run.loss.size());
  out.add("weight", {count, o.inputs}, run.weight.data());
  for (const auto& [name, values] : {std::pair{"loss", &run.loss},
                                     {"bias", &run.bias},
                                     {"gamma", &run.gamma},
                                     {"beta", &run.beta},
                                     {"weight_norm", &run.weight_norm},
                                     {"gradient_norm", &run.gradient_norm},
                                     {"radial", &run.radial},
                                     {"effective_lr", &run.effective_lr}})
    out.add(name, {count}, values->data());
  out.add("turn", {count - 1}, run.turn.data());
  return {};
}

constexpr Operation kOperations[] = {{"neuron_run", run_neuron}};

}  // namespace

std::span<const Operation> neuron_operations() { return kOperations; }

}  // namespace bnlab
