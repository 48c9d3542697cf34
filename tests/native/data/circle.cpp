#include "data/circle.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

using namespace bnlab;

namespace {

constexpr double kPi = 3.14159265358979323846;

}  // namespace

TEST_CASE("the circle is the library's, to the last bits") {
  for (double turns = -3; turns < 3; turns += 0.00317) {
    const Point p = on_circle(turns);
    CHECK(std::abs(p.x - std::cos(2 * kPi * turns)) < 4e-15);
    CHECK(std::abs(p.y - std::sin(2 * kPi * turns)) < 4e-15);
  }
  for (const double quarter : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const Point p = on_circle(quarter);
    CHECK(std::abs(p.x * p.y) == 0);
    CHECK(std::abs(p.x + p.y) == 1);
  }
}
