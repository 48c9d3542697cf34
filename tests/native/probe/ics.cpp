// Internal covariate shift of a layer's gradient: by hand, against gradients taken one by one, and nothing left behind.
#include "probe/ics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/compare.hpp"
#include "support/rig.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

const ActivationSpec kTanh{Activation::kTanh};
LinearSpec linear(Index units, bool bias) { return {units, bias, {}}; }

BatchGradient<double> gradient_of(Rig& rig, Tape<double>& tape) {
  return {rig.network, tape, Loss::kMse, {rig.x.data(), rig.batch, {nullptr, rig.dy.data()}}};
}

const NetworkSpec kDeep{
    {3},
    {linear(4, false), BatchNormSpec{}, UnitNoiseSpec{}, kTanh, linear(5, true), kTanh, linear(2, true)}};

}  // namespace

TEST_CASE("two weights in a row, by hand") {
  Network<double> network({{1}, {linear(1, false), linear(1, false)}});
  network.parameters() = {2, 3};
  Tape<double> tape(network, 1);
  const double x = 0.5;
  const double target = 1;
  // L = (w₂w₁x − t)²: ∂w₁ = 2·(3 − 1)·3·0.5 = 6 and ∂w₂ = 2·(3 − 1)·2·0.5 = 4. A step of 0.1 makes w₁ = 1.4, and then
  // ∂w₂ = 2·(2.1 − 1)·1.4·0.5 = 1.54.
  BatchGradient<double> gradient(network, tape, Loss::kMse, {&x, 1, {nullptr, &target}});
  const std::vector<Index> layers{0, 1};
  const std::vector<GradientChange> shifts = covariate_shifts(gradient, 0.1, layers);
  CHECK(shifts[0].before == doctest::Approx(6));
  CHECK(shifts[0].distance == 0);
  CHECK(shifts[1].before == doctest::Approx(4));
  CHECK(shifts[1].distance == doctest::Approx(4 - 1.54));
  CHECK(shifts[1].relative() == doctest::Approx((4 - 1.54) / 4));
  CHECK(shifts[1].cosine == doctest::Approx(1));
  // A longer step makes w₁ = −2.8 and turns the slope round: 2·(−4.2 − 1)·(−2.8)·0.5 = 14.56; w₁ = −0.1 gives 0.115.
  CHECK(covariate_shifts(gradient, 0.8, layers)[1].distance == doctest::Approx(14.56 - 4));
  network.parameters() = {0.2, 3};  // ∂w₁ = −2.1, ∂w₂ = −0.14; w₁ = 2.3 makes ∂w₂ = 2·2.45·1.15
  CHECK(covariate_shifts(gradient, 1, layers)[1].cosine == doctest::Approx(-1));
}

TEST_CASE("each layer's shift is that of gradients with the layers before it moved, their γ and β too") {
  Rig rig(kDeep, 6);
  Tape<double> tape(rig.network, rig.batch);
  BatchGradient<double> gradient = gradient_of(rig, tape);
  const double lr = 0.3;
  const Buffer<double> start = rig.network.parameters();
  const std::vector<Index> layers{4, 6};
  const std::vector<GradientChange> shifts = covariate_shifts(gradient, lr, layers);

  const auto gradients_at = [&](const Buffer<double>& parameters) {
    Buffer<double> here = parameters;
    Buffer<double> result;
    gradient.at(here, result);
    return result;
  };
  const Buffer<double> before = gradients_at(start);
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const LayerPlan& plan = rig.network.layers()[size_of(layers[k])];
    Buffer<double> moved = start;
    for (std::size_t i = 0; i < size_of(plan.weight); ++i) moved[i] -= lr * before[i];
    const Buffer<double> after = gradients_at(moved);
    double squares = 0;
    for (Index i = plan.weight; i < plan.weight + plan.in.size() * plan.out.size(); ++i)
      squares += (before[size_of(i)] - after[size_of(i)]) * (before[size_of(i)] - after[size_of(i)]);
    CHECK(shifts[k].distance == doctest::Approx(std::sqrt(squares)).epsilon(1e-12));
    CHECK(shifts[k].distance > 0.01);
  }
}

TEST_CASE("the first layer has none before it, and a step of 0 moves none: no shift, whatever the noise") {
  Rig rig(kDeep, 6);
  Tape<double> tape(rig.network, rig.batch);
  BatchGradient<double> gradient = gradient_of(rig, tape);
  CHECK(covariate_shifts(gradient, 0.5, std::vector<Index>{0})[0].distance == 0);
  const GradientChange still = covariate_shifts(gradient, 0, std::vector<Index>{6})[0];
  CHECK(still.distance == 0);
  CHECK(still.cosine == doctest::Approx(1));
  CHECK(still.before > 0);
}

TEST_CASE("the network is left as it was") {
  Rig rig(kDeep, 6);
  Tape<double> tape(rig.network, rig.batch);
  tape.random() = Random(5, Stream::kDropout);
  const Buffer<double> parameters = rig.network.parameters();
  const Buffer<double> buffers = rig.network.buffers();
  const std::vector<Index> tracked = rig.network.batches_tracked();
  BatchGradient<double> gradient = gradient_of(rig, tape);
  covariate_shifts(gradient, 0.5, std::vector<Index>{4, 6});
  CHECK(rig.network.parameters() == parameters);
  CHECK(rig.network.buffers() == buffers);
  CHECK(rig.network.batches_tracked() == tracked);
  CHECK(tape.random().next() == Random(5, Stream::kDropout).next());
}
