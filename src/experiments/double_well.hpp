// A weight between two minima, and whether the noise of mini-batches carries it from the shallow one into the deep one.
//
//   f(w) = (w² − 1)² + 0.3·w,        fᵢ(w) = f(w) + σ·ξᵢ·w   for N = 256 examples, Σξᵢ = 0, Σξᵢ² = N
//
// so that a batch of B examples, drawn independently, has the slope f′(w) + σ·mean(ξ): right on average, and off by σ/√B. The
// full batch has no noise. The shallow minimum is near w = 0.96, the hill between the minima near 0.08, the deep one near −1.04.
// Claim: with steps small enough for the full batch to stay where it is, small batches cross over. It is a picture of one
// weight: whether it explains deep networks is contested (Keskar et al. 2017, arXiv:1609.04836; Geiping et al. 2022,
// arXiv:2109.14119).
#pragma once

#include <algorithm>
#include <vector>

#include "core/random.hpp"
#include "core/types.hpp"

namespace bnlab {

struct DoubleWellOptions {
  Index batch_size = 1;  // as many as there are examples, or more: the full batch
  double start = 0.95;
  double lr = 0.05;
  double noise = 4;  // σ, of one example's slope
  Index steps = 3000;
  Index runs = 40;
};

struct DoubleWell {
  double escaped = 0;    // share of the runs that end in the deep minimum, w < 0
  double crossings = 0;  // how often a run changes sides, on average
};

constexpr Index kWellExamples = 256;

inline double double_well_slope(double w) { return 4 * w * (w * w - 1) + 0.3; }

inline DoubleWell run_double_well(const DoubleWellOptions& options, std::uint64_t seed) {
  std::vector<double> xi(static_cast<std::size_t>(kWellExamples));
  Random data(seed, Stream::kData);
  double mean = 0;
  for (double& value : xi) {
    value = data.normal();
    mean += value / static_cast<double>(kWellExamples);
  }
  double variance = 0;
  for (const double value : xi)
    variance += (value - mean) * (value - mean) / static_cast<double>(kWellExamples);
  for (double& value : xi) value = (value - mean) / std::sqrt(variance);

  const bool full = options.batch_size >= kWellExamples;
  Random order(seed, Stream::kOrder);
  DoubleWell result;
  for (Index run = 0; run < options.runs; ++run) {
    double w = options.start;
    for (Index step = 0; step < options.steps; ++step) {
      double sum = 0;
      for (Index i = 0; !full && i < options.batch_size; ++i)
        sum += xi[static_cast<std::size_t>(order.below(kWellExamples))];
      const double slope =
          double_well_slope(w) + options.noise * sum / static_cast<double>(options.batch_size);
      const double before = w;
      // A wall on either side: beyond it f grows so steeply that a step would be thrown ever farther.
      w = std::clamp(w - options.lr * slope, -3.0, 3.0);
      if ((before < 0) != (w < 0)) result.crossings += 1;
    }
    if (w < 0) result.escaped += 1;
  }
  result.escaped /= static_cast<double>(options.runs);
  result.crossings /= static_cast<double>(options.runs);
  return result;
}

}  // namespace bnlab
