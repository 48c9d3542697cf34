// Two-dimensional toy sets for classification, centred on the origin and about two units across.
//
//   blobs     two round clouds                          circles   a disc's rim inside a ring
//   xor       four clouds, opposite corners alike       spirals   2–4 arms winding outwards
//   moons     two interleaved half circles
//
// Classes take turns, example by example, so that every count is balanced to within one. `noise` is the standard
// deviation of normal noise added to both coordinates. Angles come from a table-free sine made of sums and products, so
// that every platform draws the same points.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class Toy { kBlobs, kCircles, kXor, kSpirals, kMoons };

struct ToyOptions {
  Toy kind = Toy::kCircles;
  Index count = 256;
  double noise = 0.1;
  Index classes = 2;  // arms of the spirals; the other sets have two
};

// x is (count, inputs), row-major; labels has one class per example.
struct Dataset {
  Index count = 0;
  Index inputs = 0;
  Index classes = 0;
  std::vector<double> x;
  std::vector<std::int32_t> labels;
};

namespace toy_detail {

struct Point {
  double x;
  double y;
};

// (cos, sin) of 2π·turns for turns in [0, 2): reduced to an eighth of a turn, then Taylor series (error below 1e-16).
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

// A point of class `label` without noise.
inline Point draw(const ToyOptions& options, std::int32_t label, Random& random) {
  switch (options.kind) {
    case Toy::kBlobs: {
      const double side = label == 0 ? -0.6 : 0.6;
      return {side, side};
    }
    case Toy::kCircles: {
      const Point p = on_circle(random.uniform());
      const double radius = label == 0 ? 0.4 : 1;
      return {radius * p.x, radius * p.y};
    }
    case Toy::kXor: {
      const double side = random.uniform() < 0.5 ? -0.6 : 0.6;
      return {side, label == 0 ? side : -side};
    }
    case Toy::kSpirals: {
      const double along = random.uniform();
      const Point p = on_circle(along + static_cast<double>(label) / static_cast<double>(options.classes));
      const double radius = 0.1 + 0.9 * along;
      return {radius * p.x, radius * p.y};
    }
    case Toy::kMoons: {
      const Point p = on_circle(random.uniform() / 2);
      return label == 0 ? Point{0.7 * p.x - 0.35, 0.7 * p.y - 0.175}
                        : Point{0.35 - 0.7 * p.x, 0.175 - 0.7 * p.y};
    }
  }
  return {0, 0};
}

}  // namespace toy_detail

inline Dataset make_toy(const ToyOptions& options, std::uint64_t seed) {
  Random random(seed, Stream::kData);
  Dataset data;
  data.count = options.count;
  data.inputs = 2;
  data.classes = options.kind == Toy::kSpirals ? options.classes : 2;
  for (Index i = 0; i < options.count; ++i) {
    const auto label = static_cast<std::int32_t>(i % data.classes);
    const toy_detail::Point p = toy_detail::draw(options, label, random);
    const double noise_x = options.noise * random.normal();
    const double noise_y = options.noise * random.normal();
    data.x.push_back(p.x + noise_x);
    data.x.push_back(p.y + noise_y);
    data.labels.push_back(label);
  }
  return data;
}

}  // namespace bnlab
