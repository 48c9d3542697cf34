#include "probe/neuron.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "core/random.hpp"
#include "support/compare.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr Index kInputs = 3;
constexpr Index kBatch = 8;

struct Case {
  NeuronOptions options{.inputs = kInputs, .batch_size = kBatch, .batches = 4};
  NeuronState state;
  std::vector<double> x, target;
};

Case random_neuron(std::uint64_t seed, bool normalize) {
  Random random(seed, Stream::kData);
  Case c;
  c.options.normalize = normalize;
  c.options.eps = 1e-12;
  for (Index i = 0; i < kInputs; ++i) c.state.weight.push_back(random.normal());
  c.state.bias = random.normal();
  c.state.gamma = random.normal();
  c.state.beta = random.normal();
  const Index rows = kBatch * c.options.batches;
  for (Index i = 0; i < rows * kInputs; ++i) c.x.push_back(random.normal());
  for (Index i = 0; i < rows; ++i) c.target.push_back(random.normal());
  return c;
}

NeuronPass pass(const Case& c) { return neuron_pass(c.options, c.state, c.x.data(), c.target.data()); }
NeuronRun run(const Case& c) { return neuron_run(c.options, c.state, c.x.data(), c.target.data()); }

// (L(v+h) − L(v−h)) / 2h for a value of the state.
double slope(Case& c, double& value) {
  constexpr double kStep = 1e-6;
  const double kept = value;
  value = kept + kStep;
  const double above = pass(c).loss;
  value = kept - kStep;
  const double below = pass(c).loss;
  value = kept;
  return (above - below) / (2 * kStep);
}

constexpr Tolerance kRounding{1e-12, 1e-12};

}  // namespace

TEST_CASE("the gradients of a neuron are those of its loss") {
  for (const bool normalize : {true, false}) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      CAPTURE(normalize);
      CAPTURE(seed);
      Case c = random_neuron(seed, normalize);
      const NeuronPass p = pass(c);
      for (std::size_t i = 0; i < c.state.weight.size(); ++i)
        CHECK(p.dweight[i] == doctest::Approx(slope(c, c.state.weight[i])).epsilon(1e-6));
      CHECK(std::abs(p.dbias - slope(c, c.state.bias)) < 1e-7);
      CHECK(p.dgamma == doctest::Approx(slope(c, c.state.gamma)).epsilon(1e-6));
      CHECK(p.dbeta == doctest::Approx(slope(c, c.state.beta)).epsilon(1e-6));
    }
  }
}

TEST_CASE("weights a times as long give the same outputs and gradients 1/a as long") {
  const Case c = random_neuron(1, true);
  Case longer = c;
  for (double& w : longer.state.weight) w *= 7;
  const NeuronPass p = pass(c);
  NeuronPass q = pass(longer);
  check_close(q.y, p.y, kRounding, "y");
  for (double& g : q.dweight) g *= 7;
  check_close(q.dweight, p.dweight, kRounding, "dweight");
  CHECK(std::abs(dot(c.state.weight, p.dweight)) < 1e-12);
}

TEST_CASE("a bias before batch normalization does nothing and has no gradient") {
  const Case c = random_neuron(2, true);
  Case moved = c;
  moved.state.bias += 3;
  check_close(pass(moved).y, pass(c).y, kRounding, "y");
  CHECK(std::abs(pass(c).dbias) < 1e-15);
}

TEST_CASE("turning the signs of the weights and of gamma changes no output") {
  const Case c = random_neuron(3, true);
  Case mirrored = c;
  for (double& w : mirrored.state.weight) w = -w;
  mirrored.state.gamma = -mirrored.state.gamma;
  check_close(pass(mirrored).y, pass(c).y, kRounding, "y");
}

TEST_CASE("gamma' and beta' give the same outputs and the same loss, but other gradients for the weights") {
  const Case c = random_neuron(4, true);
  const NeuronPass p = pass(c);
  Case plain = c;
  plain.options.normalize = false;
  plain.state.gamma = c.state.gamma / p.std;
  plain.state.beta = c.state.beta - plain.state.gamma * p.mean;
  const NeuronPass q = pass(plain);
  check_close(q.y, p.y, kRounding, "y");
  CHECK(q.loss == doctest::Approx(p.loss).epsilon(1e-12));
  // Of what pulls along w, nothing is left with batch normalization.
  CHECK(std::abs(dot(c.state.weight, p.dweight)) < 1e-12);
  CHECK(std::abs(dot(c.state.weight, q.dweight)) > 1e-3);
}

TEST_CASE("a step is the rule of SGD, on the batch whose turn it is") {
  Case c = random_neuron(5, true);
  c.options.steps = 6;
  c.options.weight_decay = 0.01;
  const NeuronRun r = run(c);
  CHECK(r.loss.size() == 7);
  CHECK(r.turn.size() == 6);
  NeuronState s = c.state;
  for (std::size_t k = 0; k < 7; ++k) {
    CAPTURE(k);
    const Index row = static_cast<Index>(k % 4) * kBatch;
    const NeuronPass p = neuron_pass(c.options, s, c.x.data() + row * kInputs, c.target.data() + row);
    CHECK(r.loss[k] == p.loss);
    CHECK(r.gamma[k] == s.gamma);
    CHECK(r.weight_norm[k] == std::sqrt(dot(s.weight, s.weight)));
    CHECK(r.effective_lr[k] == doctest::Approx(c.options.lr / dot(s.weight, s.weight)));
    for (std::size_t i = 0; i < s.weight.size(); ++i) {
      CHECK(r.weight[k * 3 + i] == s.weight[i]);
      s.weight[i] -= c.options.lr * (p.dweight[i] + 0.01 * s.weight[i]);
    }
    s.bias -= c.options.lr * p.dbias;
    s.gamma -= c.options.lr * p.dgamma;
    s.beta -= c.options.lr * p.dbeta;
  }
}

TEST_CASE("without decay each step makes scale-free weights longer, by Pythagoras") {
  Case c = random_neuron(6, true);
  c.options.steps = 20;
  const NeuronRun r = run(c);
  for (std::size_t k = 0; k + 1 < r.weight_norm.size(); ++k) {
    const double step = c.options.lr * r.gradient_norm[k];
    CHECK(r.weight_norm[k + 1] == doctest::Approx(std::hypot(r.weight_norm[k], step)).epsilon(1e-9));
  }
}

TEST_CASE("with decay the direction comes to turn by the square root of 2 lr wd a step, however long w was") {
  for (const double length : {0.3, 3.0}) {
    Case c = random_neuron(9, true);
    c.options.batches = 4;
    c.options.steps = 2000;
    c.options.lr = 0.3;
    c.options.weight_decay = 0.01;
    const double norm = std::sqrt(dot(c.state.weight, c.state.weight));
    for (double& w : c.state.weight) w *= length / norm;
    const NeuronRun r = run(c);
    CHECK(r.turn_in_balance == doctest::Approx(std::sqrt(2 * 0.3 * 0.01)));
    CHECK(r.turn_rms == doctest::Approx(r.turn_in_balance).epsilon(0.05));
  }
}

TEST_CASE("what is not trained stays as it is") {
  Case c = random_neuron(7, true);
  c.options.steps = 5;
  c.options.train_weight = false;
  const NeuronRun affine = run(c);
  CHECK(affine.weight_norm.back() == affine.weight_norm.front());
  CHECK(affine.turn.back() == 0);
  CHECK(affine.gamma.back() != affine.gamma.front());
  c.options.train_weight = true;
  c.options.train_affine = false;
  const NeuronRun weight = run(c);
  CHECK(weight.turn.back() > 0);
  CHECK(weight.gamma.back() == weight.gamma.front());
}

TEST_CASE("a run that diverges ends where numbers were last finite") {
  Case c = random_neuron(8, false);
  c.options.steps = 2000;
  c.options.lr = 100;
  const NeuronRun r = run(c);
  CHECK(r.diverged);
  CHECK(r.loss.size() > 1);
  CHECK(r.loss.size() < 2000);
  CHECK(r.turn.size() == r.loss.size() - 1);
  for (const double loss : r.loss) CHECK(std::isfinite(loss));
  for (const double w : r.weight) CHECK(std::isfinite(w));
}

TEST_CASE("values too far apart for their variance are no run at all") {
  Case c = random_neuron(10, true);
  c.x[0] = 1e200;
  const NeuronRun r = run(c);
  CHECK(r.diverged);
  CHECK(r.loss.empty());
}
