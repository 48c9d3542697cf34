// How many seeds an experiment's claim is tested with.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <vector>

namespace bnlab::test {

// 1, 2, …, `few`; with BNLAB_FULL in the environment, which `npm run test:full` sets, up to 10.
inline std::vector<std::uint64_t> seeds(std::uint64_t few = 3) {
  constexpr std::uint64_t kMany = 10;
  const std::uint64_t last = std::getenv("BNLAB_FULL") != nullptr ? kMany : few;
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= last; ++seed) all.push_back(seed);
  return all;
}

template <typename Of>
double mean_over(const std::vector<std::uint64_t>& seeds, Of&& of) {
  double sum = 0;
  for (const std::uint64_t seed : seeds) sum += of(seed);
  return sum / static_cast<double>(seeds.size());
}

}  // namespace bnlab::test
