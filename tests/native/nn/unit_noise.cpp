// Noise that moves whole units: its distribution, backward, and its place in a network.
#include "nn/unit_noise.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/compare.hpp"
#include "support/rig.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// Mean and variance of each channel of y = S·x + M where every x is `x`.
struct Moments {
  double mean = 0;
  double variance = 0;
};

std::vector<Moments> moments_of(const ChannelShape& shape, const UnitNoise& noise, double x) {
  Random random(1, Stream::kDropout);
  const std::vector<double> in(size_of(shape.size()), x);
  std::vector<double> factor(in.size());
  std::vector<double> y(in.size());
  unit_noise_forward(shape, noise, random, in.data(), factor.data(), y.data());
  std::vector<Moments> all(size_of(shape.channels));
  const auto m = static_cast<double>(shape.reduction());
  const auto channel_of = [&](std::size_t i) { return i / size_of(shape.spatial) % size_of(shape.channels); };
  for (std::size_t i = 0; i < y.size(); ++i) all[channel_of(i)].mean += y[i] / m;
  for (std::size_t i = 0; i < y.size(); ++i)
    all[channel_of(i)].variance += (y[i] - all[channel_of(i)].mean) * (y[i] - all[channel_of(i)].mean) / m;
  return all;
}

// The noise of a pass is drawn anew each time: for finite differences, from the same state.
struct NoisyRig : Rig {
  using Rig::Rig;
  std::vector<double> forward_again(Mode mode) {
    tape.random() = Random(7, Stream::kDropout);
    return forward(mode);
  }
};

const UnitNoise kNone{.mean = 0, .scale = 1, .jitter = 0};

}  // namespace

TEST_CASE_TEMPLATE("y = S·x + M of draws in the stated order, at every size", T, float, double) {
  const UnitNoise noise{.mean = 0.5, .scale = 1.25, .jitter = 0.125};
  for (const ChannelShape& shape : {ChannelShape{1, 1, 1}, {2, 1, 1}, {3, 5, 1}, {2, 3, 7}}) {
    const std::vector<T> x = random_values<T>(shape.size(), 1);
    std::vector<T> factor(x.size());
    std::vector<T> y(x.size());
    Random random(9, Stream::kDropout);
    unit_noise_forward(shape, noise, random, x.data(), factor.data(), y.data());

    Random again(9, Stream::kDropout);
    std::vector<T> expected(x.size());
    for (Index c = 0; c < shape.channels; ++c) {
      const double m = again.uniform() - 0.5;    // U(−0.5, 0.5)
      const double s = 1 + again.uniform() / 4;  // U(1, 1.25)
      for (Index b = 0; b < shape.batch; ++b) {
        for (Index i = 0; i < shape.spatial; ++i) {
          const std::size_t at = size_of((b * shape.channels + c) * shape.spatial + i);
          const double shift = m + again.uniform() / 4 - 0.125;  // m ± 0.125
          const double z = unit_noise_detail::standard_sum(again);
          expected[at] = static_cast<T>((s + z / 8) * static_cast<double>(x[at]) + shift);
        }
      }
    }
    check_close(y, expected, sizeof(T) == 4 ? Tolerance{1e-6, 1e-6} : Tolerance{1e-15, 1e-14}, "y");
    CHECK(random.next() == again.next());
  }
}

TEST_CASE("each unit gets a mean of its own, within the bounds, that all its values share") {
  const UnitNoise noise{.mean = 0.5, .scale = 1, .jitter = 0.1};
  double least = 0;
  double greatest = 0;
  for (const Moments& unit : moments_of({500, 200, 1}, noise, 0)) {
    CHECK(std::abs(unit.mean) < 0.52);
    // What is left within a unit is U(−0.1, 0.1), of variance 0.1²/3.
    CHECK(unit.variance == doctest::Approx(0.01 / 3).epsilon(0.2));
    least = std::min(least, unit.mean);
    greatest = std::max(greatest, unit.mean);
  }
  CHECK(least < -0.45);
  CHECK(greatest > 0.45);
}

TEST_CASE("each unit gets a scale of its own from 1 up, with noise around it") {
  const UnitNoise noise{.mean = 0, .scale = 1.25, .jitter = 0.1};
  double sum = 0;
  for (const Moments& unit : moments_of({20, 300, 25}, noise, 10)) {  // pictures share theirs too
    CHECK(unit.mean > 9.8);
    CHECK(unit.mean < 12.7);
    CHECK(unit.variance == doctest::Approx(1).epsilon(0.3));
    sum += unit.mean;
  }
  CHECK(sum / 300 == doctest::Approx(11.25).epsilon(0.01));
}

TEST_CASE("that noise has mean 0, variance 1, no skew and tails a little lighter than normal ones") {
  Random random(1, Stream::kDropout);
  constexpr int kCount = 200000;
  double moments[5] = {};
  for (int i = 0; i < kCount; ++i) {
    const double z = unit_noise_detail::standard_sum(random);
    double power = 1;
    for (double& moment : moments) {
      moment += power / kCount;
      power *= z;
    }
  }
  CHECK(std::abs(moments[1]) < 0.01);
  CHECK(moments[2] == doctest::Approx(1).epsilon(0.01));
  CHECK(std::abs(moments[3]) < 0.03);
  CHECK(moments[4] == doctest::Approx(2.7).epsilon(0.02));  // 3 − 1.2/4
}

TEST_CASE("every option draws as often, so that another meets the same numbers") {
  const std::vector<double> x = random_values<double>(12, 1);
  std::vector<double> factor(12);
  std::vector<double> y(12);
  Random none(3, Stream::kDropout);
  unit_noise_forward({4, 3, 1}, kNone, none, x.data(), factor.data(), y.data());
  CHECK(y == x);
  Random some(3, Stream::kDropout);
  unit_noise_forward({4, 3, 1}, UnitNoise{}, some, x.data(), factor.data(), y.data());
  CHECK(y != x);
  CHECK(none.next() == some.next());
}

TEST_CASE("gradients through the noise agree with finite differences, in both modes") {
  for (const NetworkSpec& spec : {NetworkSpec{{3},
                                              {LinearSpec{4, false, {}}, BatchNormSpec{}, UnitNoiseSpec{},
                                               ActivationSpec{Activation::kTanh}, LinearSpec{2, true, {}}}},
                                  NetworkSpec{{2, 4, 3},
                                              {Conv2dSpec{3, 3, 1, 1, true, {}}, UnitNoiseSpec{},
                                               FlattenSpec{}, LinearSpec{2, true, {}}}}}) {
    for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
      NoisyRig rig(spec, 5);
      rig.forward_again(mode);
      const std::vector<double> gradients = rig.backward(mode);
      std::vector<double> parameters(rig.network.parameters().begin(), rig.network.parameters().end());
      check_gradient(
          parameters, gradients,
          [&] {
            std::copy(parameters.begin(), parameters.end(), rig.network.parameters().begin());
            return probe_loss(rig.dy, rig.forward_again(mode));
          },
          "noise");
    }
  }
}

TEST_CASE("in a network: new noise each pass, none in inference, no tensors of its own") {
  Rig rig({{3}, {LinearSpec{4, true, {}}, UnitNoiseSpec{}}}, 6);
  CHECK(rig.network.tensors().size() == 2);
  const std::vector<double> first = rig.forward(Mode::kTraining);
  CHECK(rig.forward(Mode::kTraining) != first);
  const std::vector<double> inference = rig.forward(Mode::kInference);
  CHECK(inference == std::vector<double>(rig.tape.records()[0].y, rig.tape.records()[0].y + 24));
}
