// Moments and range of a sample.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/types.hpp"

namespace bnlab {

// Skewness and excess kurtosis (0 for a normal distribution) are those of the sample itself, with 1/m, and NaN where the
// variance is 0.
struct Description {
  double mean = 0;
  double std = 0;  // √ of the biased variance
  double min = 0;
  double max = 0;
  double abs_max = 0;
  double skewness = 0;
  double excess_kurtosis = 0;
};

// `count` ≥ 1 values, `stride` apart.
inline Description describe(const double* x, Index count, Index stride) {
  const auto m = static_cast<double>(count);
  Description d;
  d.min = d.max = x[0];
  for (Index i = 0; i < count; ++i) {
    const double value = x[i * stride];
    d.mean += value / m;
    d.min = std::min(d.min, value);
    d.max = std::max(d.max, value);
  }
  if (d.min == d.max) d.mean = d.min;  // a rounded mean would give a constant a shape
  d.abs_max = std::max(std::abs(d.min), std::abs(d.max));
  double second = 0;
  double third = 0;
  double fourth = 0;
  for (Index i = 0; i < count; ++i) {
    const double centered = x[i * stride] - d.mean;
    const double square = centered * centered;
    second += square / m;
    third += square * centered / m;
    fourth += square * square / m;
  }
  d.std = std::sqrt(second);
  d.skewness = third / (second * d.std);
  d.excess_kurtosis = fourth / (second * second) - 3;
  return d;
}

}  // namespace bnlab
