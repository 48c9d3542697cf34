// Lengths and turns of weights.
#include "probe/turn.hpp"

#include <doctest/doctest.h>

#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE_TEMPLATE("by hand: lengths do not count, opposite directions are 2 apart", T, float, double) {
  const T a[] = {3, 4};
  const T along[] = {6, 8};
  const T across[] = {-8, 6};
  const T back[] = {-3, -4};
  CHECK(squared_norm(a, 2) == 25);
  CHECK(turn_between(a, along, 2) == doctest::Approx(0));
  CHECK(turn_between(a, across, 2) == doctest::Approx(std::sqrt(2.0)));
  CHECK(turn_between(a, back, 2) == doctest::Approx(2));
}

TEST_CASE("small turns are exact, which 1 − cos would not be") {
  for (const double angle : {1e-2, 1e-5, 1e-9}) {
    const double a[] = {1, 0};
    const double b[] = {7 * std::cos(angle), 7 * std::sin(angle)};
    CHECK(turn_between(a, b, 2) == doctest::Approx(2 * std::sin(angle / 2)).epsilon(1e-6));
  }
}

TEST_CASE("steps at right angles to w, decay along it: the turn settles at √(2ηλ)") {
  // Gradients of a scale-invariant w: random directions of size 1/‖w‖, at right angles to w.
  constexpr Index kSize = 500;
  constexpr double kLr = 0.2;
  constexpr double kDecay = 0.02;
  std::vector<double> w = random_values<double>(kSize, 1);
  double turned = 0;
  for (std::uint64_t step = 0; step < 1500; ++step) {
    std::vector<double> g = random_values<double>(kSize, 2 + step);
    double along = 0;
    const double ww = squared_norm(w.data(), kSize);
    for (std::size_t i = 0; i < g.size(); ++i) along += g[i] * w[i] / ww;
    for (std::size_t i = 0; i < g.size(); ++i) g[i] = (g[i] - along * w[i]) / std::sqrt(ww);
    const std::vector<double> before = w;
    for (std::size_t i = 0; i < w.size(); ++i) w[i] -= kLr * (g[i] + kDecay * w[i]);
    if (step >= 1000) turned += turn_between(before.data(), w.data(), kSize) / 500;
  }
  CHECK(turned == doctest::Approx(equilibrium_turn(kLr, kDecay)).epsilon(0.02));
}
