#include "data/regression.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr Curve kCurves[] = {Curve::kSine, Curve::kStep, Curve::kBump};

}  // namespace

TEST_CASE("a regression set has one feature, one value and no classes") {
  for (const Curve curve : kCurves) {
    const Dataset data = make_regression({curve, 50, 0.1}, 1);
    CHECK(data.count == 50);
    CHECK(data.inputs == 1);
    CHECK(data.classes == 0);
    CHECK(data.outputs == 1);
    CHECK(data.x.size() == 50);
    CHECK(data.values.size() == 50);
    CHECK(data.labels.empty());
    CHECK(data.values == make_regression({curve, 50, 0.1}, 1).values);
    CHECK(data.values != make_regression({curve, 50, 0.1}, 2).values);
  }
}

TEST_CASE("without noise every point lies on its curve") {
  constexpr double kPi = 3.14159265358979323846;
  for (const Curve curve : kCurves) {
    const Dataset data = make_regression({curve, 1000, 0}, 3);
    double low = 1;
    double high = -1;
    for (std::size_t i = 0; i < 1000; ++i) {
      const double x = static_cast<double>(data.x[i]);
      const double y = static_cast<double>(data.values[i]);
      low = std::min(low, x);
      high = std::max(high, x);
      if (curve == Curve::kSine) CHECK(std::abs(y - std::sin(2 * kPi * x)) < 1e-6);
      if (curve == Curve::kStep) CHECK(y == (x < 0 ? -1 : 1));
      if (curve == Curve::kBump) CHECK(std::abs(y - std::exp(-25 * x * x)) < 0.04);
    }
    CHECK(low >= -1);
    CHECK(low < -0.99);
    CHECK(high < 1);
    CHECK(high > 0.99);
  }
  CHECK(regression_curve(Curve::kBump, 0) == 1);
  CHECK(regression_curve(Curve::kStep, 0) == 1);
}

TEST_CASE("noise reaches the value only, and is of the stated size") {
  const Dataset clean = make_regression({Curve::kSine, 20000, 0}, 4);
  const Dataset noisy = make_regression({Curve::kSine, 20000, 0.5}, 4);
  CHECK(noisy.x == clean.x);
  double square = 0;
  for (std::size_t i = 0; i < 20000; ++i) {
    const double noise = static_cast<double>(noisy.values[i]) - static_cast<double>(clean.values[i]);
    square += noise * noise / 20000;
  }
  // Five standard errors of a variance.
  CHECK(std::abs(square / 0.25 - 1) < 5 * std::sqrt(2.0 / 20000));
}

TEST_CASE("the first points of each curve, written down") {
  // As they came out once; every platform has to draw the same bits.
  const struct {
    Curve curve;
    std::vector<double> points;
  } rows[] = {
      {Curve::kSine, {-0.0598059744, -0.805562437, -0.0316130184, -0.420408756, 0.919107556, -0.114571914}},
      {Curve::kStep, {-0.0598059744, -0.805562437, -0.0316130184, -1.05341792, -1.02057028, -0.91724503}},
      {Curve::kBump, {-0.0598059744, -0.805562437, -0.0316130184, 0.861498237, -0.0204287302, 1.05811787}}};
  for (const auto& [curve, points] : rows) {
    const Dataset data = make_regression({curve, 3, 0.1}, 7);
    std::vector<float> actual = data.x;
    actual.insert(actual.end(), data.values.begin(), data.values.end());
    check_same_bits(actual, std::vector<float>(points.begin(), points.end()),
                    "curve " + std::to_string(static_cast<int>(curve)));
  }
}
