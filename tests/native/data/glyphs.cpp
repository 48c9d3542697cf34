#include "data/glyphs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// The picture of example i.
std::vector<double> picture(const Dataset& data, Index i) {
  const auto first = data.x.begin() + i * data.inputs;
  return {first, first + data.inputs};
}

// Centre of the ink.
Point centre(const std::vector<double>& pixels) {
  double sum = 0;
  Point at = {0, 0};
  for (std::size_t k = 0; k < pixels.size(); ++k) {
    sum += pixels[k];
    const std::size_t row = k / 12;
    at.x += pixels[k] * static_cast<double>(k % 12);
    at.y += pixels[k] * static_cast<double>(row);
  }
  return {at.x / sum, at.y / sum};
}

}  // namespace

TEST_CASE("glyphs are ten classes that take turns, 144 pixels each") {
  for (const Index count : {2, 10, 37}) {
    const Dataset data = make_glyphs({count, 0.2}, 1);
    CHECK(data.count == count);
    CHECK(data.inputs == 144);
    CHECK(data.classes == 10);
    CHECK(data.outputs == 10);
    CHECK(static_cast<Index>(data.x.size()) == 144 * count);
    REQUIRE(static_cast<Index>(data.labels.size()) == count);
    for (Index i = 0; i < count; ++i) CHECK(data.labels[size_of(i)] == i % 10);
  }
}

TEST_CASE("a seed draws the same glyphs again, another one others") {
  CHECK(make_glyphs({20, 0.2}, 1).x == make_glyphs({20, 0.2}, 1).x);
  CHECK(make_glyphs({20, 0.2}, 1).x != make_glyphs({20, 0.2}, 2).x);
}

TEST_CASE("pixels of the first glyphs, written down") {
  // As they came out once; every platform has to draw the same bits.
  const Dataset data = make_glyphs({3, 0.2}, 7);
  const std::vector<double> expected = {-0.113154091, 0.201261342, -0.343061298, -0.192585573,
                                        0.0674728453, 0.961667597, 0.554933965,  0.103023715};
  std::vector<float> actual;
  for (std::size_t k = 0; k < data.x.size(); k += 61) actual.push_back(data.x[k]);
  check_same_bits(actual, std::vector<float>(expected.begin(), expected.end()), "glyphs");
}

TEST_CASE("without noise the ink is between paper and amplitude, and within the picture") {
  const Dataset data = make_glyphs({2000, 0}, 3);
  double brightest = 0;
  double faintest = 2;
  for (Index i = 0; i < data.count; ++i) {
    const std::vector<double> pixels = picture(data, i);
    const double most = *std::max_element(pixels.begin(), pixels.end());
    CHECK(*std::min_element(pixels.begin(), pixels.end()) == 0);
    brightest = std::max(brightest, most);
    faintest = std::min(faintest, most);
  }
  CHECK(brightest <= 1.2F);
  CHECK(brightest > 1.1);
  CHECK(faintest < 0.75);
  CHECK(faintest > 0.5);
}

TEST_CASE("glyphs are shifted by up to a pixel and a half") {
  const Dataset data = make_glyphs({5000, 0}, 4);
  double low = 12;
  double high = 0;
  double mean = 0;
  // Of the 0, which is symmetric: its centre is where it was shifted to.
  for (Index i = 0; i < data.count; i += 10) {
    const Point at = centre(picture(data, i));
    low = std::min(low, std::min(at.x, at.y));
    high = std::max(high, std::max(at.x, at.y));
    mean += (at.x + at.y) / 2 / 500;
  }
  CHECK(std::abs(low - 4) < 0.2);
  CHECK(std::abs(high - 7) < 0.2);
  // Five standard errors of 1000 draws from U(±1.5).
  CHECK(std::abs(mean - 5.5) < 5 * 0.866 / std::sqrt(1000.0));
}

TEST_CASE("turned back and moved back, a glyph is the font's") {
  // At the centre of a cell the bitmap is itself.
  for (Index digit = 0; digit < 10; ++digit)
    for (Index row = -1; row <= 7; ++row)
      for (Index column = -1; column <= 5; ++column)
        CHECK(glyph_detail::sample(digit, static_cast<double>(row), static_cast<double>(column)) ==
              glyph_detail::ink(digit, row, column));
  // Half way between a cell with ink and one without, half the ink; the top of the 7 is a full row.
  CHECK(glyph_detail::sample(7, 0, 1.5) == 1);
  CHECK(glyph_detail::sample(7, -0.5, 2) == 0.5);
  CHECK(glyph_detail::sample(7, -0.5, 4.5) == 0.25);
  CHECK(glyph_detail::sample(7, 0.25, 2) == 0.75);
}

TEST_CASE("the digits differ from one another by more than their noise") {
  double nearest = 1e9;
  for (Index a = 0; a < 10; ++a)
    for (Index b = 0; b < a; ++b) {
      double different = 0;
      for (Index row = 0; row < 7; ++row)
        for (Index column = 0; column < 5; ++column)
          different += std::abs(glyph_detail::ink(a, row, column) - glyph_detail::ink(b, row, column));
      nearest = std::min(nearest, different);
    }
  CHECK(nearest >= 4);
}

TEST_CASE("pixel noise is normal and of the stated size") {
  const Dataset with = make_glyphs({300, 0.3}, 5);
  // Corners no glyph reaches: there is nothing but noise.
  double square = 0;
  double mean = 0;
  Index n = 0;
  for (Index i = 1; i < 300; i += 10) {
    for (const std::size_t corner : {std::size_t{0}, std::size_t{11}}) {
      const double value = picture(with, i)[corner];
      mean += value;
      square += value * value;
      ++n;
    }
  }
  mean /= static_cast<double>(n);
  square /= static_cast<double>(n);
  CHECK(std::abs(mean) < 5 * 0.3 / std::sqrt(static_cast<double>(n)));
  CHECK(std::abs(square / 0.09 - 1) < 5 * std::sqrt(2.0 / static_cast<double>(n)));
}
