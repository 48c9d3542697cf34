// Loss and gradient along the gradient: where both are known by formula, and nothing left behind.
#include "probe/landscape.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/compare.hpp"
#include "support/rig.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("on a parabola every measure is what the formula says") {
  // L = mean (w·x − t)² with x = 1, 2 and t = 0: L = 2.5w², slope 5w, curvature 5. From w = 2: L = 10, slope 10.
  Network<double> network({{1}, {LinearSpec{1, false, {}}}});
  network.parameters() = {2};
  Tape<double> tape(network, 2);
  const std::vector<double> x{1, 2};
  const std::vector<double> targets{0, 0};
  BatchGradient<double> gradient(network, tape, Loss::kMse, {x.data(), 2, {nullptr, targets.data()}});
  const std::vector<double> lrs{0.1, 0.2, 0.5};  // w = 1, 0, −3
  const Landscape seen = look_along_gradient<double>(gradient, lrs);
  CHECK(seen.loss == doctest::Approx(10));
  CHECK(seen.gradient_norm == doctest::Approx(10));
  CHECK(seen.points[0].loss == doctest::Approx(2.5));
  CHECK(seen.range() == doctest::Approx(22.5));
  CHECK(seen.predictiveness() == doctest::Approx(25));
  CHECK(seen.relative_predictiveness() == doctest::Approx(2.5));
  CHECK(seen.smoothness() == doctest::Approx(5));   // the curvature, at any distance
  CHECK(seen.steepness() == doctest::Approx(7.5));  // (10 − 2.5)/1
}

TEST_CASE("steps that lead nowhere finite are infinitely bad") {
  Network<float> network({{1}, {LinearSpec{1, false, {}}, LinearSpec{1, false, {}}}});
  network.parameters() = {1e10F, 1e10F};
  Tape<float> tape(network, 1);
  const float x = 1;
  const float target = 0;
  BatchGradient<float> gradient(network, tape, Loss::kMse, {&x, 1, {nullptr, &target}});
  const std::vector<double> lrs{1};
  const Landscape seen = look_along_gradient<float>(gradient, lrs);
  CHECK(std::isinf(seen.range()));
  CHECK(std::isinf(seen.predictiveness()));
}

TEST_CASE("the network is left as it was, and every step meets the same noise") {
  Rig rig({{3},
           {LinearSpec{4, false, {}}, BatchNormSpec{}, UnitNoiseSpec{}, DropoutSpec{0.3},
            ActivationSpec{Activation::kTanh}, LinearSpec{2, true, {}}}},
          6);
  Tape<double> tape(rig.network, 6);
  const Buffer<double> parameters = rig.network.parameters();
  const Buffer<double> buffers = rig.network.buffers();
  const std::vector<Index> tracked = rig.network.batches_tracked();
  BatchGradient<double> gradient(rig.network, tape, Loss::kMse, {rig.x.data(), 6, {nullptr, rig.dy.data()}});
  const std::vector<double> tiny{1e-9};
  const Landscape seen = look_along_gradient<double>(gradient, tiny);
  CHECK(seen.points[0].loss == doctest::Approx(seen.loss).epsilon(1e-6));
  CHECK(seen.steepness() == doctest::Approx(seen.gradient_norm).epsilon(1e-3));
  CHECK(rig.network.parameters() == parameters);
  CHECK(rig.network.buffers() == buffers);
  CHECK(rig.network.batches_tracked() == tracked);
}
