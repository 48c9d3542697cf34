// One feature, one value to predict: y = f(x) + noise, x uniform on [−1, 1).
//
//   sine   two waves of amplitude 1      step   −1 left of 0, 1 from there on
//   bump   a bell curve of height 1 around 0, flat beside it
#pragma once

#include <cstdint>

#include "core/random.hpp"
#include "data/circle.hpp"
#include "data/dataset.hpp"

namespace bnlab {

enum class Curve { kSine, kStep, kBump };

struct RegressionOptions {
  Curve curve = Curve::kSine;
  Index count = 256;
  double noise = 0.1;  // standard deviation
};

inline double regression_curve(Curve curve, double x) {
  switch (curve) {
    case Curve::kSine:
      return on_circle(x).y;
    case Curve::kStep:
      return x < 0 ? -1 : 1;
    case Curve::kBump: {
      // (1 + 25x²/8)⁻⁸, close to exp(−25x²) and made of products and a quotient.
      double bell = 1 / (1 + 25.0 / 8 * x * x);
      bell *= bell;
      bell *= bell;
      return bell * bell;
    }
  }
  return 0;
}

inline Dataset make_regression(const RegressionOptions& options, std::uint64_t seed) {
  Random random(seed, Stream::kData);
  Dataset data;
  data.count = options.count;
  data.inputs = 1;
  data.outputs = 1;
  for (Index i = 0; i < options.count; ++i) {
    const double x = 2 * random.uniform() - 1;
    const double noise = options.noise * random.normal();
    data.x.push_back(static_cast<float>(x));
    data.values.push_back(static_cast<float>(regression_curve(options.curve, x) + noise));
  }
  return data;
}

}  // namespace bnlab
