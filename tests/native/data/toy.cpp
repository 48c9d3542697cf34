#include "data/toy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

constexpr Toy kKinds[] = {Toy::kBlobs, Toy::kCircles, Toy::kXor, Toy::kSpirals, Toy::kMoons};
constexpr double kPi = 3.14159265358979323846;
constexpr double kRounding = 1e-7;  // of the points' floats, at most

Dataset noiseless(Toy kind, Index classes = 2) { return make_toy({kind, 400, 0, classes}, 1); }

}  // namespace

TEST_CASE("classes take turns, so that any number is balanced") {
  for (const Toy kind : kKinds) {
    for (const Index classes : {2, 3, 4}) {
      if (classes > 2 && kind != Toy::kSpirals) continue;
      for (const Index count : {2, 3, 5, 256, 1001}) {
        const Dataset data = make_toy({kind, count, 0.1, classes}, 1);
        CHECK(data.count == count);
        CHECK(data.inputs == 2);
        CHECK(data.classes == classes);
        CHECK(data.outputs == classes);
        CHECK(static_cast<Index>(data.x.size()) == 2 * count);
        REQUIRE(static_cast<Index>(data.labels.size()) == count);
        for (Index i = 0; i < count; ++i) CHECK(data.labels[size_of(i)] == i % classes);
      }
    }
  }
}

TEST_CASE("the first class can be rarer or more frequent, and is spread evenly") {
  for (const double share : {0.1, 0.25, 0.5, 0.9}) {
    for (const Index classes : {2, 3}) {
      const Dataset data = make_toy({Toy::kSpirals, 200, 0.1, classes, share}, 1);
      std::vector<double> counts(size_of(classes));
      for (Index i = 0; i < 200; ++i) {
        ++counts[size_of(data.labels[size_of(i)])];
        CHECK(std::abs(counts[0] - share * static_cast<double>(i + 1)) <= 1);
      }
      CHECK(counts[0] == share * 200);
      for (Index k = 1; k < classes; ++k)
        CHECK(std::abs(counts[size_of(k)] - (200 - counts[0]) / static_cast<double>(classes - 1)) < 1);
    }
  }
  // However small the share, both classes are there.
  for (const double share : {0.0, 1.0}) {
    const Dataset data = make_toy({Toy::kMoons, 10, 0.1, 2, share}, 1);
    CHECK(std::count(data.labels.begin(), data.labels.end(), 0) == (share == 0 ? 1 : 9));
  }
}

TEST_CASE("a seed draws the same points again, another one others") {
  for (const Toy kind : kKinds) {
    const ToyOptions options{kind, 50, 0.1, 2};
    CHECK(make_toy(options, 1).x == make_toy(options, 1).x);
    CHECK(make_toy(options, 1).x != make_toy(options, 2).x);
  }
}

TEST_CASE("the first points, written down") {
  // As they came out once; every platform has to draw the same bits.
  const struct {
    Toy kind;
    Index classes;
    std::vector<double> points;
  } rows[] = {
      {Toy::kBlobs,
       2,
       {-0.60518334986206224, -0.57217770558726355, 0.57942973614187876, 0.59278930705950328,
        -0.63189821582736849, -0.46476061239460265}},
      {Toy::kCircles,
       2,
       {-0.44637848133071051, 0.042736705674675399, 0.91511341575974814, 0.34562928735760434,
        -0.040664342610083115, 0.47056695696323375}},
      {Toy::kXor,
       2,
       {-0.65341796686885911, -0.63197630573483143, -0.6205702638581212, 0.59278930705950328,
        -0.58937084242719362, -0.5261306316845773}},
      {Toy::kSpirals,
       2,
       {-0.56729961428881992, 0.06572726491374313, -0.16246931310151058, -0.060719863646353484,
        -0.033408729351954533, 0.41445294108601671}},
      {Toy::kSpirals,
       3,
       {-0.56729961428881992, 0.06572726491374313, -0.13786008964652596, 0.088922903124209182,
        0.32760212716618725, -0.058284489264044878}},
      {Toy::kMoons,
       2,
       {-0.33775454560468771, 0.48993711435971932, -0.35922293502579911, 0.04226043192066526,
        0.1227792751082022, 0.42462336864449274}},
  };
  for (const auto& [kind, classes, points] : rows)
    check_same_bits(make_toy({kind, 3, 0.1, classes}, 7).x, std::vector<float>(points.begin(), points.end()),
                    "set " + std::to_string(static_cast<int>(kind)));
}

TEST_CASE("without noise every point lies on its figure") {
  const auto each = [](const Dataset& data, auto&& check) {
    for (std::size_t i = 0; i < size_of(data.count); ++i)
      check(data.labels[i], static_cast<double>(data.x[2 * i]), static_cast<double>(data.x[2 * i + 1]));
  };
  each(noiseless(Toy::kBlobs), [](int label, double x, double y) {
    CHECK(std::abs(x - (label == 0 ? -0.6 : 0.6)) < kRounding);
    CHECK(y == x);
  });
  each(noiseless(Toy::kCircles), [](int label, double x, double y) {
    CHECK(std::abs(std::hypot(x, y) - (label == 0 ? 0.4 : 1.0)) < kRounding);
  });
  each(noiseless(Toy::kXor), [](int label, double x, double y) {
    CHECK(std::abs(std::abs(x) - 0.6) < kRounding);
    CHECK(y == (label == 0 ? x : -x));
  });
  for (const Index classes : {2, 3, 4}) {
    each(noiseless(Toy::kSpirals, classes), [&](int label, double x, double y) {
      const double radius = std::hypot(x, y);
      const double along = (radius - 0.1) / 0.9;
      const double angle = 2 * kPi * (along + static_cast<double>(label) / static_cast<double>(classes));
      CHECK(along >= -kRounding);
      CHECK(along < 1 + kRounding);
      // Rounding the radius turns the angle it stands for.
      CHECK(std::abs(radius * std::cos(angle) - x) < 10 * kRounding);
      CHECK(std::abs(radius * std::sin(angle) - y) < 10 * kRounding);
    });
  }
  each(noiseless(Toy::kMoons), [](int label, double x, double y) {
    const double side = label == 0 ? 1 : -1;
    CHECK(std::abs(std::hypot(side * x + 0.35, side * y + 0.175) - 0.7) < 2 * kRounding);
    CHECK(side * y + 0.175 >= -kRounding);
  });
}

TEST_CASE("noise is normal, of the stated size, and its own in both coordinates") {
  const Dataset data = make_toy({Toy::kBlobs, 20000, 0.25, 2}, 3);
  double square[2] = {};
  double product = 0;
  for (std::size_t i = 0; i < 20000; ++i) {
    const double center = data.labels[i] == 0 ? -0.6 : 0.6;
    const double dx = static_cast<double>(data.x[2 * i]) - center;
    const double dy = static_cast<double>(data.x[2 * i + 1]) - center;
    square[0] += dx * dx / 20000;
    square[1] += dy * dy / 20000;
    product += dx * dy / 20000;
  }
  // Five standard errors: of a variance √(2/n)·σ², of a covariance σ²/√n.
  CHECK(std::abs(square[0] / 0.0625 - 1) < 0.05);
  CHECK(std::abs(square[1] / 0.0625 - 1) < 0.05);
  CHECK(std::abs(product / 0.0625) < 0.036);
}
