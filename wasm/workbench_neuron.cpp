// A neuron that learns, with every number along its way.
#include "probe/neuron.hpp"

#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

constexpr double kMostSteps = 5000;
// What parameters and rates may be: far enough from the largest double for a step to be described.
constexpr double kMost = 1e6;

constexpr Choice kNormWords[] = {{"none", 0}, {"batch", 1}};
constexpr Choices<bool> kNorms(kNormWords);

Status run_neuron(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  NeuronOptions o;
  const TensorView<double> x = in.tensor<double>("x", {-1, -1}, "one row per example");
  const Index rows = x.shape[0];
  o.inputs = x.shape[1];
  const TensorView<double> target = in.tensor<double>("target", {rows}, "one value per example");
  const TensorView<double> weight = in.tensor<double>("weight", {o.inputs}, "one value per input");
  const auto number = [&in](const char* name, double min, double max, double fallback) {
    return in.number(name, {.min = min, .max = max, .fallback = fallback});
  };
  const auto count = [&in](const char* name, double min, double max, double fallback) {
    return in.integer(name, {.min = min, .max = max, .fallback = fallback});
  };
  NeuronState s;
  s.bias = number("bias", -kMost, kMost, s.bias);
  s.gamma = number("gamma", -kMost, kMost, s.gamma);
  s.beta = number("beta", -kMost, kMost, s.beta);
  o.normalize = in.choice<bool>("norm", kNorms, true);
  o.eps = number("eps", kMinEps, kMaxEps, o.eps);
  const auto most = static_cast<double>(std::max<Index>(rows, 1));
  o.batch_size = count("batch_size", 1, most, most);
  o.batches = rows / std::max<Index>(o.batch_size, 1);
  if (o.normalize && in.ok() && o.batch_size == 1)
    in.fail({"batch_size", "more than one example, which batch normalization needs", "1", ""});
  o.steps = count("steps", 0, kMostSteps, 1);
  o.lr = in.number("lr", {.min = 0, .max = kMost});
  o.weight_decay = number("weight_decay", 0, kMost, 0);
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
  const std::pair<const char*, double> numbers[] = {{"mean", first.mean},
                                                    {"std", first.std},
                                                    {"dbias", first.dbias},
                                                    {"dgamma", first.dgamma},
                                                    {"dbeta", first.dbeta},
                                                    {"turn_rms", run.turn_rms},
                                                    {"turn_in_balance", run.turn_in_balance}};
  for (const auto& [name, value] : numbers) out.add(name, value);
  out.add("diverged", run.diverged);
  const std::pair<const char*, const std::vector<double>*> vectors[] = {{"u", &first.u},
                                                                        {"xhat", &first.xhat},
                                                                        {"y", &first.y},
                                                                        {"dweight", &first.dweight},
                                                                        {"loss", &run.loss},
                                                                        {"bias", &run.bias},
                                                                        {"gamma", &run.gamma},
                                                                        {"beta", &run.beta},
                                                                        {"weight_norm", &run.weight_norm},
                                                                        {"gradient_norm", &run.gradient_norm},
                                                                        {"radial", &run.radial},
                                                                        {"effective_lr", &run.effective_lr},
                                                                        {"turn", &run.turn}};
  for (const auto& [name, values] : vectors)
    out.add(name, {static_cast<Index>(values->size())}, values->data());
  out.add("weight", {static_cast<Index>(run.loss.size()), o.inputs}, run.weight.data());
  return {};
}

constexpr Operation kOperations[] = {{"neuron_run", run_neuron}};

}  // namespace

std::span<const Operation> neuron_operations() { return kOperations; }

}  // namespace bnlab
