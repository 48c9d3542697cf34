// What follows from the formulas alone, checked to rounding.
//
// In a small network in double precision, without ε unless it is asked for: what becomes of outputs and gradients when the
// weights before a normalization are scaled, mirrored or moved, which directions its gradient leaves out, and which features
// have to do with which. Beside each the same where its condition does not hold.
#include <array>

#include "experiments/catalogue.hpp"
#include "experiments/identity_rig.hpp"
#include "experiments/named_measure.hpp"
#include "experiments/one_feature.hpp"
#include "nn/sync_batch_norm.hpp"

namespace bnlab {

namespace {

using Values = IdentityRig::Values;

constexpr Index kInputs = IdentityRig::kInputs;
constexpr Index kUnits = IdentityRig::kUnits;
constexpr Index kClasses = IdentityRig::kClasses;

Values scaled(Values values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

// W → aW, a > 0 and a < 0, without ε and with it.
void scaling(const Setting& setting, std::uint64_t seed, Record& record) {
  const double a = setting["scale"];
  IdentityRig rig(setting.count("batch"), setting["eps"], false, seed);
  rig.pass();
  const Values output = rig.output();
  const Values xhat = rig.xhat();
  const Values error = rig.input_gradient();
  const Values gradient = rig.weight_gradient();

  // Gradients have no part along the weights of a unit: nothing changes in that direction.
  double radial = 0;
  for (Index unit = 0; unit < kUnits; ++unit) {
    double dot = 0;
    double ww = 0;
    double gg = 0;
    for (Index i = unit; i < kUnits * kUnits; i += kUnits) {
      const double w = rig.weight()[i];
      const double g = gradient[static_cast<std::size_t>(i)];
      dot += w * g;
      ww += w * w;
      gg += g * g;
    }
    radial = std::max(radial, std::abs(dot) / std::sqrt(ww * gg));
  }
  record.set("deviation", "radial", radial);

  rig.scale_weights(a);
  rig.pass();
  record.set("deviation", "scale-output", largest_difference(rig.output(), output));
  record.set("deviation", "scale-error", largest_difference(rig.input_gradient(), error));
  record.set("deviation", "scale-gradient", largest_difference(scaled(rig.weight_gradient(), a), gradient));

  rig.scale_weights(-1);
  rig.pass();
  record.set("deviation", "negative-xhat", largest_difference(scaled(rig.xhat(), -1), xhat));
  record.set("deviation", "negative-output", largest_difference(rig.output(), output));

  IdentityRig with_eps(setting.count("batch"), std::max(setting["eps"], 1e-5), false, seed);
  with_eps.pass();
  const Values before = with_eps.output();
  with_eps.scale_weights(1e-3);
  with_eps.pass();
  record.set("deviation", "eps-output", largest_difference(with_eps.output(), before));
}

// (W, γ) → (−W, −γ), and γ = 0.
void signs_of_gamma(const Setting& setting, std::uint64_t seed, Record& record) {
  IdentityRig rig(setting.count("batch"), setting["eps"], false, seed);
  rig.pass();
  const Values output = rig.output();
  const Values error = rig.input_gradient();
  const Values gradient = rig.weight_gradient();
  Values gamma_gradient = rig.gamma_gradient();
  rig.scale_weights(-1);
  for (Index unit = 0; unit < kUnits; ++unit) rig.gamma()[unit] *= -1;
  rig.pass();
  record.set("deviation", "mirror-output", largest_difference(rig.output(), output));
  record.set("deviation", "mirror-gradient",
             std::max({largest_difference(scaled(rig.weight_gradient(), -1), gradient),
                       largest_difference(scaled(rig.gamma_gradient(), -1), gamma_gradient),
                       largest_difference(rig.input_gradient(), error)}));

  rig.gamma()[0] = 0;
  rig.pass();
  double at_zero = 0;
  const Values weights = rig.weight_gradient();
  for (std::size_t i = 0; i < weights.size(); i += kUnits) at_zero = std::max(at_zero, std::abs(weights[i]));
  record.set("deviation", "zero-weight-gradient", at_zero);
  gamma_gradient = rig.gamma_gradient();
  record.set("deviation", "zero-gamma-gradient", std::abs(gamma_gradient[0]) / largest_size(gamma_gradient));
}

void bias(const Setting& setting, std::uint64_t seed, Record& record) {
  IdentityRig rig(setting.count("batch"), setting["eps"], true, seed);
  rig.pass();
  const Values output = rig.output();
  record.set("deviation", "bias-gradient", largest_size(rig.bias_gradient()));
  for (Index unit = 0; unit < kUnits; ++unit) rig.bias()[unit] += setting["scale"];
  rig.pass();
  record.set("deviation", "bias-output", largest_difference(rig.output(), output));
  for (Index unit = 0; unit < kUnits; ++unit) rig.beta()[unit] += 1;
  rig.pass();
  record.set("deviation", "beta-output", largest_difference(rig.output(), output));
}

// Santurkar et al. 2018, Theorem 4.1: ‖dx‖² = γ²/σ²·(‖dy‖² − (Σdy)²/m − (Σdy·x̂)²/m), feature by feature.
void gradient_size(const Setting& setting, std::uint64_t seed, Record& record) {
  IdentityRig rig(setting.count("batch"), setting["eps"], false, seed);
  rig.pass();
  const TapeRecord<double>& norm = rig.tape().records()[IdentityRig::kNorm];
  const double* const dx = rig.tape().records()[IdentityRig::kLinear].dy;
  const auto m = static_cast<double>(rig.batch());
  double deviation = 0;
  double largest_ratio = 0;
  for (Index c = 0; c < kUnits; ++c) {
    double size = 0;
    double upstream = 0;
    double sum = 0;
    double along = 0;
    for (Index i = c; i < rig.batch() * kUnits; i += kUnits) {
      size += dx[i] * dx[i];
      upstream += norm.dy[i] * norm.dy[i];
      sum += norm.dy[i];
      along += norm.dy[i] * norm.xhat[i];
    }
    const double factor = rig.gamma()[c] * rig.gamma()[c] / norm.var[c];
    const double predicted = factor * (upstream - sum * sum / m - along * along / m);
    deviation = std::max(deviation, std::abs(size / predicted - 1));
    largest_ratio = std::max(largest_ratio, size / (factor * upstream));
  }
  record.set("deviation", "gradient-size", deviation);
  record.set("deviation", "gradient-shrinks", largest_ratio);
}

// A batch in three parts on devices that see different data.
void devices(std::uint64_t seed, Record& record) {
  constexpr Index kChannels = 4;
  constexpr std::array<Index, 3> kParts{10, 6, 16};
  constexpr Index kParty = kParts.size();
  Random random(seed, Stream::kData, 1);
  Values x;
  for (const Index rows : kParts) {
    const double center = 3 * random.normal();
    const Values part = normals(rows * kChannels, random, center, 1 + random.uniform());
    x.insert(x.end(), part.begin(), part.end());
  }
  const auto batch = static_cast<Index>(x.size()) / kChannels;
  const ChannelShape shape{batch, kChannels, 1};
  const Values dy = normals(shape.size(), random);
  Values mean(kChannels);
  Values var(kChannels);
  Values rstd(kChannels);
  Values xhat(x.size());
  Values y(x.size());
  batch_norm_forward_training<double>(shape, x.data(), nullptr, nullptr, 0, mean.data(), var.data(),
                                      rstd.data(), xhat.data(), y.data());
  Values dx(x.size());
  Values dgamma(kChannels);
  Values dbeta(kChannels);
  batch_norm_backward_training<double>(shape, dy.data(), xhat.data(), rstd.data(), nullptr, dx.data(),
                                       dgamma.data(), dbeta.data());

  Values means(kParty * kChannels);
  Values vars(kParty * kChannels);
  Values averaged(kChannels);
  Values sync_dx(x.size());
  Index first = 0;
  for (std::size_t k = 0; k < kParts.size(); ++k) {
    const ChannelShape part{kParts[k], kChannels, 1};
    batch_norm_statistics<double>(part, x.data() + first, means.data() + k * kChannels,
                                  vars.data() + k * kChannels);
    for (std::size_t c = 0; c < kChannels; ++c) averaged[c] += vars[k * kChannels + c] / kParty;
    sync_batch_norm_dx<double>(part, batch, dy.data() + first, xhat.data() + first, rstd.data(), nullptr,
                               dbeta.data(), dgamma.data(), sync_dx.data() + first);
    first += part.size();
  }
  Values merged_mean(kChannels);
  Values merged_var(kChannels);
  merge_statistics<double>(kParty, kChannels, kParts.data(), means.data(), vars.data(), merged_mean.data(),
                           merged_var.data());
  record.set("deviation", "merge",
             std::max({largest_difference(merged_mean, mean), largest_difference(merged_var, var),
                       largest_difference(sync_dx, dx)}));
  record.set("deviation", "averaged-variances", largest_difference(averaged, var));
}

// Inference mode folded into the weights before it.
void folding(const Setting& setting, std::uint64_t seed, Record& record) {
  IdentityRig rig(setting.count("batch"), setting["eps"], true, seed);
  rig.pass();
  network_update_running(rig.network(), rig.tape(), rig.batch());
  network_forward(rig.network(), rig.tape(), rig.x(), rig.batch(), Mode::kInference);
  const Values output = rig.output();

  NetworkSpec spec{{kInputs}, {}};
  for (const LayerPlan& plan : rig.network().layers())
    if (!std::holds_alternative<BatchNormSpec>(plan.spec)) spec.layers.push_back(plan.spec);
  Network<double> folded(spec);
  std::size_t to = 0;
  for (std::size_t i = 0; i < rig.network().layers().size(); ++i) {
    const LayerPlan& from = rig.network().layers()[i];
    if (std::holds_alternative<BatchNormSpec>(from.spec)) continue;
    const LayerPlan& plan = folded.layers()[to++];
    if (plan.weight == kAbsent) continue;
    const Index in = plan.in.size();
    const Index out = plan.out.size();
    std::copy_n(rig.network().parameter(from.weight), in * out, folded.parameter(plan.weight));
    std::copy_n(rig.network().parameter(from.bias), out, folded.parameter(plan.bias));
    if (i + 1 == rig.network().layers().size()) continue;
    const LayerPlan& norm = rig.network().layers()[i + 1];
    batch_norm_fold<double>(in, out, rig.network().parameter(norm.gamma), rig.network().parameter(norm.beta),
                            rig.network().buffer(norm.running_mean), rig.network().buffer(norm.running_var),
                            std::get<BatchNormSpec>(norm.spec).options.eps, folded.parameter(plan.weight),
                            folded.parameter(plan.bias));
  }
  Tape<double> tape(folded, rig.batch());
  network_forward(folded, tape, rig.x(), rig.batch(), Mode::kInference);
  record.set("deviation", "folding",
             largest_difference(output, {tape.output(), tape.output() + rig.batch() * kClasses}));
}

// γ′ = γ/√(σ²+ε) and β′ = β − γ′μ in the place of batch normalization: a layer that only scales and shifts.
void reparametrisation(const Setting& setting, std::uint64_t seed, Record& record) {
  IdentityRig rig(setting.count("batch"), setting["eps"], false, seed);
  rig.pass();
  const Values output = rig.output();
  const Values gradient = rig.weight_gradient();

  NetworkSpec spec{{kInputs}, {}};
  for (const LayerPlan& plan : rig.network().layers()) {
    spec.layers.push_back(plan.spec);
    // Frozen at mean 0 and variance 1, it does nothing but γ′x + β′.
    if (auto* norm = std::get_if<BatchNormSpec>(&spec.layers.back())) {
      norm->frozen = true;
      norm->options.eps = 0;
    }
  }
  Network<double> affine(spec);
  affine.parameters() = rig.network().parameters();
  for (std::size_t i = 0; i < affine.layers().size(); ++i) {
    const LayerPlan& plan = affine.layers()[i];
    if (plan.running_mean == kAbsent) continue;
    const TapeRecord<double>& of = rig.tape().records()[i];
    for (Index c = 0; c < kUnits; ++c) {
      affine.buffer(plan.running_mean)[c] = 0;
      affine.buffer(plan.running_var)[c] = 1;
      affine.parameter(plan.gamma)[c] *= of.rstd[c];
      affine.parameter(plan.beta)[c] -= affine.parameter(plan.gamma)[c] * of.mean[c];
    }
  }
  Tape<double> tape(affine, rig.batch());
  const auto output_of = [&](const double* x) {
    network_forward(affine, tape, x, rig.batch(), Mode::kTraining);
    return Values{tape.output(), tape.output() + rig.batch() * kClasses};
  };
  record.set("deviation", "affine-output", largest_difference(output_of(rig.x()), output));

  Values gradients(affine.parameters().size());
  evaluate_loss(Loss::kCrossEntropy, tape, rig.batch(), kClasses, rig.targets());
  network_backward(affine, tape, rig.x(), rig.batch(), Mode::kTraining, gradients.data());
  const auto from = gradients.begin() + affine.layers()[IdentityRig::kLinear].weight;
  record.set("deviation", "affine-gradient",
             largest_difference({from, from + kUnits * kUnits}, gradient) / largest_size(gradient));

  const IdentityRig other(setting.count("batch"), setting["eps"], false, seed + 1);
  const Values on_other = output_of(other.x());
  network_forward(rig.network(), rig.tape(), other.x(), rig.batch(), Mode::kTraining);
  record.set("deviation", "affine-other-batch", largest_difference(on_other, rig.output()));
}

void run(const Setting& setting, std::uint64_t seed, Record& record) {
  scaling(setting, seed, record);
  signs_of_gamma(setting, seed, record);
  bias(setting, seed, record);
  gradient_size(setting, seed, record);
  devices(seed, record);
  folding(setting, seed, record);
  reparametrisation(setting, seed, record);
}

}  // namespace

Study exact_identities() {
  return {
      .id = "E2",
      .name = "exact-identities",
      .title = "What follows from the formulas alone",
      .question =
          "What becomes of a network's output and gradients when the weights before batch normalization are "
          "scaled, mirrored or moved?",
      .method =
          "A network 20–30–30–5 with batch normalization before tanh and cross-entropy, in double precision, "
          "ε = 0, one batch of 40; γ and β drawn as after some training. The second hidden layer is changed, "
          "and "
          "the largest difference in training mode is measured. Devices have 10, 6 and 16 examples of "
          "different "
          "means.",
      .source =
          "Ioffe & Szegedy 2015, arXiv:1502.03167, section 3.3; Santurkar et al. 2018, “How Does Batch "
          "Normalization Help Optimization?”, arXiv:1805.11604, theorem 4.1",
      .knobs = {{"scale", "Weights times a, or biases plus a", 7, 0.01, 100, false, Moves::kByFactors},
                {"batch", "Batch size", 40, 4, 256, true},
                {"eps", "ε", 0, 0, 0.1}},
      .axis = {},
      .arms = {{"scale-output", "W → aW: output"},
               {"scale-error", "W → aW: gradient passed down"},
               {"scale-gradient", "W → aW: a times the weights' gradient"},
               {"negative-xhat", "W → −aW: −x̂"},
               {"negative-output", "W → −aW: output"},
               {"eps-output", "W → W/1000 with ε = 10⁻⁵: output"},
               {"radial", "Cosine of w and its gradient"},
               {"mirror-output", "(W, γ) → (−W, −γ): output"},
               {"mirror-gradient", "(W, γ) → (−W, −γ): gradients"},
               {"zero-weight-gradient", "γ = 0: the unit's weight gradient"},
               {"zero-gamma-gradient", "γ = 0: γ's gradient beside the largest"},
               {"bias-gradient", "Bias before: its gradient"},
               {"bias-output", "Bias before, plus a: output"},
               {"beta-output", "β plus 1: output"},
               {"gradient-size", "‖dx‖² beside theorem 4.1"},
               {"gradient-shrinks", "‖dx‖² as a part of γ²/σ²·‖dy‖²"},
               {"merge", "Merged statistics and gradients of devices"},
               {"averaged-variances", "Averaged variances of devices"},
               {"folding", "Inference mode folded into W and b"},
               {"affine-output", "γ′x + β′ instead: output"},
               {"affine-gradient", "γ′x + β′ instead: gradient of the weights, relative"},
               {"affine-other-batch", "γ′x + β′ instead: output of another batch"}},
      .metrics = {{"deviation", "Largest difference", Format::kNumber,
                   std::numeric_limits<double>::quiet_NaN(), Moves::kByFactors}},
      .checks =
          {identity("scale-output", "Weights a times as large leave the output as it was.",
                    "Largest difference of outputs", deviation<"scale-output">),
           identity("scale-error", "They leave the gradient passed to the layer below as it was, too.",
                    "Largest difference of gradients of the layer's input", deviation<"scale-error">),
           identity("scale-gradient", "The gradient of the weights themselves is divided by a.",
                    "Largest difference of a times the gradient", deviation<"scale-gradient">),
           identity("negative-flips", "Weights times −a turn x̂ into −x̂.", "Largest difference of −x̂",
                    deviation<"negative-xhat">),
           contrast("negative-changes", "Times a negative number, the output is another.",
                    "Largest difference of outputs", at_least(0.1), deviation<"negative-output">),
           contrast("eps-changes",
                    "With ε = 10⁻⁵, weights a thousandth as large no longer give the same output.",
                    "Largest difference of outputs", at_least(0.1), deviation<"eps-output">),
           identity("radial", "The gradient of a unit's weights is at right angles to them.",
                    "Largest |cosine| of w and ∇w", deviation<"radial">),
           identity("mirror", "Changing the signs of W and γ together is the same network.",
                    "Largest difference of outputs", deviation<"mirror-output">),
           identity("mirror-gradient", "It trains the same, too: all gradients change sign or stay.",
                    "Largest difference of gradients", deviation<"mirror-gradient">),
           identity("zero-gamma-weights", "A unit with γ = 0 passes no gradient to its weights.",
                    "Largest gradient of its weights", deviation<"zero-weight-gradient">),
           contrast("zero-gamma-gradient", "But γ itself has one, and so can leave 0.",
                    "|γ's gradient| beside the largest in the layer", at_least(1e-4),
                    deviation<"zero-gamma-gradient">),
           identity("bias-gradient", "A bias before batch normalization gets no gradient.",
                    "Largest gradient of a bias", deviation<"bias-gradient">),
           identity("bias-output", "Whatever it is, the output is the same.", "Largest difference of outputs",
                    deviation<"bias-output">),
           contrast("beta-moves", "β does what the bias would have done: it moves the output.",
                    "Largest difference of outputs with β plus 1", at_least(0.1), deviation<"beta-output">),
           identity(
               "gradient-size",
               "The gradient that comes through loses its mean and its part along x̂, as theorem 4.1 says.",
               "Largest relative difference of ‖dx‖²", deviation<"gradient-size">),
           {.name = "gradient-shrinks",
            .statement = "So it is never larger than γ/σ times what came from above.",
            .quantity = "Largest ‖dx‖² as a part of γ²/σ²·‖dy‖²",
            .kind = Kind::kExact,
            .statistic = Statistic::kEvery,
            .bound = at_most(1),
            .measure = deviation<"gradient-shrinks">},
           identity("devices-merge",
                    "Statistics and gradients of a batch on three devices merge into those of the whole.",
                    "Largest difference", deviation<"merge">),
           contrast("devices-average", "Averaging the devices' variances instead gives something else.",
                    "Largest difference of variances", at_least(0.1), deviation<"averaged-variances">),
           identity("folding", "In inference mode batch normalization folds into the layer before it.",
                    "Largest difference of outputs", deviation<"folding">),
           identity(
               "affine-same-map",
               "On one batch, γ′ = γ/√(σ² + ε) and β′ = β − γ′μ without normalising give the same output.",
               "Largest difference of outputs", deviation<"affine-output">),
           contrast("affine-other-gradient", "But the weights get another gradient.",
                    "Largest difference of gradients beside the largest gradient", at_least(0.01),
                    deviation<"affine-gradient">),
           contrast("affine-other-batch", "And on the next batch the output is another.",
                    "Largest difference of outputs", at_least(0.01), deviation<"affine-other-batch">)},
      .seeds = 20,
      .fast_seeds = 5,
      .run = run,
  };
}

}  // namespace bnlab
