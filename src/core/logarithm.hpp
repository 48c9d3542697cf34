// A logarithm of sums, products and quotients, so that every platform finds the same bits; nor does it bring the standard
// library's table along.
#pragma once

#include <cmath>

namespace bnlab {

// Natural logarithm of a positive normal number: x = m·2^e with m in [√½, √2), log m = 2·atanh((m−1)/(m+1)) by its
// series (|argument| < 0.172; 12 terms leave less than 1e-17). NaN of NaN.
inline double log_positive(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < 0x1.6a09e667f3bcdp-1) {
    m *= 2;
    --exponent;
  }
  const double t = (m - 1) / (m + 1);
  const double t2 = t * t;
  double series = 0;
  for (int odd = 23; odd >= 1; odd -= 2) series = series * t2 + 1.0 / odd;
  return 2 * t * series + exponent * 0x1.62e42fefa39efp-1;
}

}  // namespace bnlab
