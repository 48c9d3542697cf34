// Random numbers that are the same everywhere.
//
// The standard library's distributions differ between libraries, so the engine has its own: xoshiro256** (Blackman & Vigna
// 2018) seeded through SplitMix64, and distributions made of additions, multiplications and square roots only, which
// IEEE 754 fixes to the last bit. (`std::log` is not fixed; hence core/logarithm.hpp.) One draw per statement: C++ does not order
// two draws in one expression.
//
// Streams with different purposes never share numbers: a new batch order leaves data and initial weights as they were.
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

#include "core/logarithm.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class Stream : std::uint64_t { kData = 1, kInit = 2, kOrder = 3, kDropout = 4 };

class Random {
 public:
  // `part` tells several sequences of one stream apart.
  Random(std::uint64_t seed, Stream stream, std::uint64_t part = 0) {
    // The odd multipliers spread the numbers over all bits, so that (seed, stream, part) do not collide.
    std::uint64_t z =
        seed + static_cast<std::uint64_t>(stream) * 0xD1342543DE82EF95U + part * 0xAF251AF3B0F025B5U;
    for (std::uint64_t& word : state_) word = split_mix(z);
  }

  std::uint64_t next() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  // Uniform on [0, 1), a multiple of 2⁻⁵³.
  double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

  // Uniform on {0, …, bound−1}, bound ≥ 1, without bias: draws from the incomplete last interval of length `bound` are
  // taken again.
  std::uint64_t below(std::uint64_t bound) {
    for (;;) {
      const std::uint64_t bits = next();
      const std::uint64_t remainder = bits % bound;
      if (bits - remainder <= 0 - bound) return remainder;
    }
  }

  // Standard normal, Marsaglia's polar method. Its second value is dropped, so that the state is these four words only.
  double normal() {
    for (;;) {
      const double u = 2 * uniform() - 1;
      const double v = 2 * uniform() - 1;
      const double s = u * u + v * v;
      if (s > 0 && s < 1) return u * std::sqrt(-2 * log_positive(s) / s);
    }
  }

  // Fisher–Yates, in place.
  template <typename V>
  void shuffle(V* values, Index count) {
    for (Index i = count - 1; i > 0; --i) {
      const auto j = static_cast<Index>(below(static_cast<std::uint64_t>(i) + 1));
      std::swap(values[i], values[j]);
    }
  }

 private:
  static std::uint64_t rotate(std::uint64_t x, unsigned k) { return (x << k) | (x >> (64U - k)); }
  static std::uint64_t split_mix(std::uint64_t& z) {
    z += 0x9E3779B97F4A7C15U;
    std::uint64_t r = z;
    r = (r ^ (r >> 30U)) * 0xBF58476D1CE4E5B9U;
    r = (r ^ (r >> 27U)) * 0x94D049BB133111EBU;
    return r ^ (r >> 31U);
  }

  std::uint64_t state_[4] = {};
};

}  // namespace bnlab
