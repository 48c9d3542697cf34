// Numbers as text that reads back as the same number, for messages and definitions.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

namespace bnlab {

inline std::string to_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value < 0) return "-" + to_text(-value);
  // Whole numbers to the last digit; of the others nine digits, which name any float32 and any setting a person types:
  // digits · 10^(exponent − 8). Not printf, which brings 8 kB of code for long double along.
  if (value == std::floor(value) && value < 1e15) return std::to_string(static_cast<std::int64_t>(value));
  int exponent = 8;
  for (; value >= 1e9; ++exponent) value /= 10;
  for (; value < 1e8; --exponent) value *= 10;
  auto digits = static_cast<std::int64_t>(std::round(value));
  if (digits == 1000000000) {
    digits /= 10;
    ++exponent;
  }
  std::string text = std::to_string(digits);
  text.erase(text.find_last_not_of('0') + 1);
  if (exponent < -5 || exponent > 15) {
    if (text.size() > 1) text.insert(1, ".");
    return text + "e" + std::to_string(exponent);
  }
  if (exponent < 0) return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + text;
  const auto before_point = static_cast<std::size_t>(exponent) + 1;
  if (text.size() <= before_point) return text + std::string(before_point - text.size(), '0');
  return text.insert(before_point, ".");
}

}  // namespace bnlab
