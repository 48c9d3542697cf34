// One neuron that learns, with every number along its way, for explaining what batch normalization does to SGD:
//
//   u = x·w + b      y = γx̂ + β, x̂ being u normalised over the batch; or, without, y = γu + β      L = ½ mean (y − t)²
//
// Batches are the rows in order, from the first again when they are used up. In double. With batch normalization the length
// of w does not change what the neuron computes (but for ε), so that its direction is all that learns: `turn` says how far
// a step moves that, and lr/‖w‖² how far the same gradient of a w of length 1 would.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "core/types.hpp"
#include "nn/batch_norm.hpp"
#include "nn/linear.hpp"

namespace bnlab {

struct NeuronOptions {
  Index inputs = 1;      // n
  Index batch_size = 2;  // B
  Index batches = 1;     // so many lie in x
  bool normalize = true;
  double eps = 1e-5;
  Index steps = 1;
  double lr = 0.1;
  double weight_decay = 0;   // of w, added to its gradient
  bool train_weight = true;  // w and b
  bool train_affine = true;  // γ and β
};

struct NeuronState {
  std::vector<double> weight;  // (n)
  double bias = 0;
  double gamma = 1;
  double beta = 0;
};

// What one batch says of a state.
struct NeuronPass {
  double mean = 0;  // of u in the batch, and its standard deviation, √(σ² + ε)
  double std = 0;
  std::vector<double> u, xhat, y;  // (B); xhat is u where nothing is normalised
  double loss = 0;
  std::vector<double> dweight;  // (n)
  double dbias = 0;
  double dgamma = 0;
  double dbeta = 0;

  // All that a step needs can be represented.
  [[nodiscard]] bool finite() const {
    // An infinite spread would normalise everything to 0, which looks like numbers.
    double sum = std + loss + dbias + dgamma + dbeta;
    for (const double g : dweight) sum += g;
    return std::isfinite(sum);
  }
};

inline double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// x (B, n), target (B).
inline NeuronPass neuron_pass(const NeuronOptions& o, const NeuronState& s, const double* x,
                              const double* target) {
  const Index m = o.batch_size;
  const LinearShape linear{m, o.inputs, 1};
  const ChannelShape channel{m, 1, 1};
  NeuronPass p;
  for (std::vector<double>* values : {&p.u, &p.xhat, &p.y}) values->resize(static_cast<std::size_t>(m));
  p.dweight.resize(s.weight.size());
  linear_forward(linear, x, s.weight.data(), &s.bias, p.u.data());
  double var = 0;
  double rstd = 1;
  batch_norm_statistics<double>(channel, p.u.data(), &p.mean, &var);
  p.std = std::sqrt(var + o.eps);
  const double from = o.normalize ? p.mean : 0;
  if (o.normalize) rstd = 1 / p.std;
  batch_norm_normalize<double>(channel, p.u.data(), &from, &rstd, &s.gamma, &s.beta, p.xhat.data(),
                               p.y.data());
  std::vector<double> dy(p.y);
  for (Index i = 0; i < m; ++i) {
    double& d = dy[static_cast<std::size_t>(i)];
    d -= target[i];
    p.loss += 0.5 * d * d / static_cast<double>(m);
    d /= static_cast<double>(m);
  }
  std::vector<double> du(dy.size());
  const auto backward =
      o.normalize ? batch_norm_backward_training<double> : batch_norm_backward_inference<double>;
  backward(channel, dy.data(), p.xhat.data(), &rstd, &s.gamma, du.data(), &p.dgamma, &p.dbeta);
  linear_backward<double>(linear, x, s.weight.data(), du.data(), nullptr, p.dweight.data(), &p.dbias);
  return p;
}

// States 0 to K; a run that diverges ends at the last state whose numbers are finite.
struct NeuronRun {
  NeuronPass first;            // of the first batch, before any step
  std::vector<double> loss;    // (K+1), of the batch that comes next, as all below that are of states
  std::vector<double> weight;  // (K+1, n)
  std::vector<double> bias, gamma, beta;
  std::vector<double> weight_norm;    // ‖w‖
  std::vector<double> gradient_norm;  // ‖∂w‖, without the decay
  std::vector<double> radial;         // ⟨w, ∂w⟩
  std::vector<double> effective_lr;   // lr/‖w‖²
  std::vector<double> turn;  // (K): ‖w′/‖w′‖ − w/‖w‖‖, for small ones the angle between w and w′
  // Root mean square of the turns over the second half of the steps; and what it tends to where weight decay and the
  // gradients hold the length of w in balance, √(2·lr·weight_decay).
  double turn_rms = 0;
  double turn_in_balance = 0;
  bool diverged = false;
};

// x (batches·B, n), target (batches·B).
inline NeuronRun neuron_run(const NeuronOptions& o, NeuronState s, const double* x, const double* target) {
  NeuronRun run;
  std::vector<double> direction(s.weight.size());
  for (Index step = 0; step <= o.steps; ++step) {
    const Index row = step % o.batches * o.batch_size;
    const NeuronPass p = neuron_pass(o, s, x + row * o.inputs, target + row);
    const double norm = std::sqrt(dot(s.weight, s.weight));
    run.diverged = !p.finite() || !std::isfinite(norm);
    if (run.diverged) break;
    if (step == 0) run.first = p;
    run.weight.insert(run.weight.end(), s.weight.begin(), s.weight.end());
    const std::pair<std::vector<double>*, double> numbers[] = {
        {&run.loss, p.loss},
        {&run.bias, s.bias},
        {&run.gamma, s.gamma},
        {&run.beta, s.beta},
        {&run.weight_norm, norm},
        {&run.gradient_norm, std::sqrt(dot(p.dweight, p.dweight))},
        {&run.radial, dot(s.weight, p.dweight)},
        {&run.effective_lr, o.lr / (norm * norm)}};
    for (const auto& [of_states, number] : numbers) of_states->push_back(number);
    double squares = 0;
    for (std::size_t i = 0; i < direction.size(); ++i) {
      const double now = s.weight[i] / norm;
      squares += (now - direction[i]) * (now - direction[i]);
      direction[i] = now;
    }
    if (step > 0) run.turn.push_back(std::sqrt(squares));
    if (o.train_weight) {
      for (std::size_t i = 0; i < s.weight.size(); ++i)
        s.weight[i] -= o.lr * (p.dweight[i] + o.weight_decay * s.weight[i]);
      s.bias -= o.lr * p.dbias;
    }
    if (o.train_affine) {
      s.gamma -= o.lr * p.dgamma;
      s.beta -= o.lr * p.dbeta;
    }
  }
  double squares = 0;
  const std::size_t from = run.turn.size() / 2;
  for (std::size_t k = from; k < run.turn.size(); ++k) squares += run.turn[k] * run.turn[k];
  if (!run.turn.empty()) run.turn_rms = std::sqrt(squares / static_cast<double>(run.turn.size() - from));
  run.turn_in_balance = std::sqrt(2 * o.lr * o.weight_decay);
  return run;
}

}  // namespace bnlab
