// What the studies of arithmetic have in common: one feature of a batch, normalised in double, and the moments of numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "nn/batch_norm.hpp"

namespace bnlab {

struct NormalizedFeature {
  double mean = 0;
  double var = 0;  // biased
  std::vector<double> xhat;
  std::vector<double> y;
};

// Batch normalization in training mode of the values of one feature.
inline NormalizedFeature normalize_feature(const std::vector<double>& x, double eps, double gamma = 1,
                                           double beta = 0) {
  NormalizedFeature of{0, 0, std::vector<double>(x.size()), std::vector<double>(x.size())};
  double rstd = 0;
  batch_norm_forward_training<double>({static_cast<Index>(x.size()), 1, 1}, x.data(), &gamma, &beta, eps,
                                      &of.mean, &of.var, &rstd, of.xhat.data(), of.y.data());
  return of;
}

// Mean and spread of numbers, and the two that say how far their shape is from a bell: skewness E[z³] and excess kurtosis
// E[z⁴] − 3 of z = (x−mean)/std. Both are 0 for a normal distribution, and NaN where all numbers are the same.
struct Moments {
  double mean = 0;
  double std = 0;
  double skewness = 0;
  double excess_kurtosis = 0;
};

inline Moments moments_of(const std::vector<double>& x) {
  const auto count = static_cast<double>(x.size());
  Moments of;
  for (const double value : x) of.mean += value / count;
  double second = 0;
  double third = 0;
  double fourth = 0;
  for (const double value : x) {
    const double d = value - of.mean;
    second += d * d / count;
    third += d * d * d / count;
    fourth += d * d * d * d / count;
  }
  of.std = std::sqrt(second);
  of.skewness = third / (second * of.std);
  of.excess_kurtosis = fourth / (second * second) - 3;
  return of;
}

inline double largest_size(const std::vector<double>& x) {
  double largest = 0;
  for (const double value : x) largest = std::max(largest, std::abs(value));
  return largest;
}

inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace bnlab
