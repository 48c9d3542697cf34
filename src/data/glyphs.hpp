// Digits, drawn: pictures of 12×12 pixels in ten classes, small enough to train on in seconds and not too easy.
//
// Each is a 5×7 bitmap seen through a random similarity and sampled bilinearly: turned by up to 0.2 rad, scaled by 0.9
// to 1.2 and shifted by up to 1.5 pixels each way; then times an amplitude of 0.7 to 1.2, plus normal noise per pixel.
// Paper is 0 and ink 1. Classes take turns.
#pragma once

#include <cmath>
#include <cstdint>

#include "core/random.hpp"
#include "data/circle.hpp"
#include "data/dataset.hpp"

namespace bnlab {

constexpr Index kGlyphSide = 12;

struct GlyphOptions {
  Index count = 256;
  double noise = 0.2;  // standard deviation
};

namespace glyph_detail {

constexpr Index kColumns = 5;
constexpr Index kRows = 7;
constexpr double kCell = 1.22;  // pixels per cell of the bitmap at scale 1

constexpr const char* kFont[10][kRows] = {
    {" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "},
    {"  #  ", " ##  ", "# #  ", "  #  ", "  #  ", "  #  ", "#####"},
    {" ### ", "#   #", "    #", "  ## ", " #   ", "#    ", "#####"},
    {"#### ", "    #", "    #", " ### ", "    #", "    #", "#### "},
    {"   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "},
    {"#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "},
    {"  ## ", " #   ", "#    ", "#### ", "#   #", "#   #", " ### "},
    {"#####", "    #", "   # ", "   # ", "  #  ", "  #  ", "  #  "},
    {" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "},
    {" ### ", "#   #", "#   #", " ####", "    #", "   # ", " ##  "},
};

inline double ink(Index digit, Index row, Index column) {
  const bool inside = row >= 0 && row < kRows && column >= 0 && column < kColumns;
  return inside && kFont[digit][row][column] == '#' ? 1 : 0;
}

// The bitmap at a point between the centres of its cells.
inline double sample(Index digit, double row, double column) {
  const double top = std::floor(row);
  const double left = std::floor(column);
  const double down = row - top;
  const double right = column - left;
  const auto r = static_cast<Index>(top);
  const auto c = static_cast<Index>(left);
  const double above = (1 - right) * ink(digit, r, c) + right * ink(digit, r, c + 1);
  const double below = (1 - right) * ink(digit, r + 1, c) + right * ink(digit, r + 1, c + 1);
  return (1 - down) * above + down * below;
}

inline double between(double from, double to, Random& random) {
  return from + (to - from) * random.uniform();
}

}  // namespace glyph_detail

inline Dataset make_glyphs(const GlyphOptions& options, std::uint64_t seed) {
  namespace detail = glyph_detail;
  Random random(seed, Stream::kData);
  Dataset data;
  data.count = options.count;
  data.inputs = kGlyphSide * kGlyphSide;
  data.classes = 10;
  data.outputs = 10;
  data.x.reserve(static_cast<std::size_t>(data.count * data.inputs));
  constexpr double kCentre = (kGlyphSide - 1) / 2.0;
  for (Index i = 0; i < options.count; ++i) {
    const Index digit = i % 10;
    const Point turn = on_circle(detail::between(-0.2, 0.2, random) * 0x1.45f306dc9c883p-3);  // 1/2π
    const double cell = detail::kCell * detail::between(0.9, 1.2, random);
    const double shift_x = detail::between(-1.5, 1.5, random);
    const double shift_y = detail::between(-1.5, 1.5, random);
    const double amplitude = detail::between(0.7, 1.2, random);
    for (Index row = 0; row < kGlyphSide; ++row) {
      for (Index column = 0; column < kGlyphSide; ++column) {
        const double x = static_cast<double>(column) - kCentre - shift_x;
        const double y = static_cast<double>(row) - kCentre - shift_y;
        const double font_column = (turn.x * x + turn.y * y) / cell + (detail::kColumns - 1) / 2.0;
        const double font_row = (turn.x * y - turn.y * x) / cell + (detail::kRows - 1) / 2.0;
        const double value = amplitude * detail::sample(digit, font_row, font_column);
        data.x.push_back(static_cast<float>(value + options.noise * random.normal()));
      }
    }
    data.labels.push_back(static_cast<std::int32_t>(digit));
  }
  return data;
}

}  // namespace bnlab
