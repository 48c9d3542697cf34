// A sine and a cosine made of sums and products, so that every platform draws the same points.
#pragma once

#include <cmath>

namespace bnlab {

struct Point {
  double x;
  double y;
};

// (cos, sin) of 2π·turns: reduced to an eighth of a turn, then Taylor series (error below 1e-16).
inline Point on_circle(double turns) {
  const double quarters = 4 * (turns - std::floor(turns));
  const double nearest = std::floor(quarters + 0.5);
  const double a = (quarters - nearest) * 0x1.921fb54442d18p+0;  // π/2
  const double a2 = a * a;
  double c = 1;
  double s = 1;
  for (int k = 9; k >= 1; --k) {
    c = 1 - c * a2 / ((2 * k - 1) * (2 * k));
    s = 1 - s * a2 / ((2 * k) * (2 * k + 1));
  }
  s *= a;
  switch (static_cast<int>(nearest) & 3) {
    case 0:
      return {c, s};
    case 1:
      return {-s, c};
    case 2:
      return {-c, -s};
    default:
      return {s, -c};
  }
}

}  // namespace bnlab
