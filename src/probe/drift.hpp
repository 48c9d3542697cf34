// How a layer's distribution wanders while what lies below it learns.
//
// Of each unit, the 15th, 50th and 85th percentiles over the same examples are noted at every look, as in figure 1 of Ioffe &
// Szegedy 2015 (arXiv:1502.03167). A unit's drift is the standard deviation of its median over all looks, and its spread the
// mean distance of the other two.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/types.hpp"

namespace bnlab {

struct Percentiles {
  double low = 0;     // 15
  double median = 0;  // 50
  double high = 0;    // 85
};

// Between two values in proportion, as NumPy and PyTorch do it. `sorted` is not empty.
inline double percentile_of(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

class Drift {
 public:
  explicit Drift(Index units) : looks_(static_cast<std::size_t>(units)) {}

  // values (B, units), finite.
  template <typename T>
  void look(const T* values, Index batch) {
    const auto units = static_cast<Index>(looks_.size());
    std::vector<double> of_unit(static_cast<std::size_t>(batch));
    for (Index u = 0; u < units; ++u) {
      for (Index i = 0; i < batch; ++i)
        of_unit[static_cast<std::size_t>(i)] = static_cast<double>(values[i * units + u]);
      std::sort(of_unit.begin(), of_unit.end());
      looks_[static_cast<std::size_t>(u)].push_back(
          {percentile_of(of_unit, 0.15), percentile_of(of_unit, 0.5), percentile_of(of_unit, 0.85)});
    }
  }

  // Of one unit, look by look.
  [[nodiscard]] const std::vector<Percentiles>& of(Index unit) const {
    return looks_[static_cast<std::size_t>(unit)];
  }

  // Drift by spread, of the unit in the middle of all. After at least one look.
  [[nodiscard]] double relative() const {
    std::vector<double> ratios;
    for (const std::vector<Percentiles>& looks : looks_) ratios.push_back(relative(looks));
    std::sort(ratios.begin(), ratios.end());
    return percentile_of(ratios, 0.5);
  }

 private:
  static double relative(const std::vector<Percentiles>& looks) {
    const auto count = static_cast<double>(looks.size());
    double mean = 0;
    double spread = 0;
    for (const Percentiles& look : looks) {
      mean += look.median / count;
      spread += (look.high - look.low) / count;
    }
    double variance = 0;
    for (const Percentiles& look : looks) variance += (look.median - mean) * (look.median - mean) / count;
    return std::sqrt(variance) / spread;
  }

  std::vector<std::vector<Percentiles>> looks_;
};

}  // namespace bnlab
