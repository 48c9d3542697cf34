// Arrays to test with.
#pragma once

#include <cstdint>
#include <vector>

#include "core/random.hpp"

namespace bnlab::test {

// Normal numbers, the same for each seed, and for float those for double, rounded.
template <typename T>
std::vector<T> random_values(Index count, std::uint64_t seed, double mean = 0, double std = 1) {
  Random random(seed, Stream::kData);
  std::vector<T> values;
  for (Index i = 0; i < count; ++i) {
    const double normal = random.normal();
    values.push_back(static_cast<T>(mean + std * normal));
  }
  return values;
}

// Column c of a row-major matrix.
template <typename T>
std::vector<T> column(const std::vector<T>& matrix, Index columns, Index c) {
  std::vector<T> values;
  for (std::size_t i = static_cast<std::size_t>(c); i < matrix.size(); i += static_cast<std::size_t>(columns))
    values.push_back(matrix[i]);
  return values;
}

inline std::size_t size_of(Index count) { return static_cast<std::size_t>(count); }

}  // namespace bnlab::test
