// Two-dimensional toy sets for classification, centred on the origin and about two units across.
//
//   blobs     two round clouds                          circles   a disc's rim inside a ring
//   xor       four clouds, opposite corners alike       spirals   2–4 arms winding outwards
//   moons     two interleaved half circles
//
// Classes take turns, example by example, so that every count is balanced to within one; or the first class comes as
// often as `first_class` says, spread evenly, and the others take turns in between. `noise` is the standard deviation
// of normal noise added to both coordinates.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "core/random.hpp"
#include "data/circle.hpp"
#include "data/dataset.hpp"

namespace bnlab {

enum class Toy { kBlobs, kCircles, kXor, kSpirals, kMoons };

struct ToyOptions {
  Toy kind = Toy::kCircles;
  Index count = 256;
  double noise = 0.1;
  Index classes = 2;  // arms of the spirals; the other sets have two
  std::optional<double> first_class = std::nullopt;
};

namespace toy_detail {

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

// The class of example i; `firsts` of all examples are of the first.
inline std::int32_t imbalanced_label(const ToyOptions& options, Index classes, Index i, std::int64_t firsts) {
  const auto firsts_before = [&](Index examples) { return examples * firsts / options.count; };
  if (firsts_before(i + 1) > firsts_before(i)) return 0;
  return static_cast<std::int32_t>(1 + (i - firsts_before(i)) % (classes - 1));
}

}  // namespace toy_detail

inline Dataset make_toy(const ToyOptions& options, std::uint64_t seed) {
  Random random(seed, Stream::kData);
  Dataset data;
  data.count = options.count;
  data.inputs = 2;
  data.classes = options.kind == Toy::kSpirals ? options.classes : 2;
  data.outputs = data.classes;
  const double share = options.first_class.value_or(0) * static_cast<double>(options.count);
  const std::int64_t firsts =
      std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(share + 0.5)), 1, options.count - 1);
  for (Index i = 0; i < options.count; ++i) {
    const std::int32_t label = options.first_class
                                   ? toy_detail::imbalanced_label(options, data.classes, i, firsts)
                                   : static_cast<std::int32_t>(i % data.classes);
    const Point p = toy_detail::draw(options, label, random);
    const double noise_x = options.noise * random.normal();
    const double noise_y = options.noise * random.normal();
    data.x.push_back(static_cast<float>(p.x + noise_x));
    data.x.push_back(static_cast<float>(p.y + noise_y));
    data.labels.push_back(label);
  }
  return data;
}

}  // namespace bnlab
