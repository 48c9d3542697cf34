#include "probe/agreement.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("examples that pull alike agree, whatever their size; opposite ones cancel") {
  const double x[] = {1, 2, 3, 6};
  const double alike[] = {1, -1, 0.5, -0.5};
  CHECK(gradient_agreement(x, alike, 2, 2, 2) == doctest::Approx(1));
  const double opposite[] = {3, -3, -1, 1};
  CHECK(gradient_agreement(x, opposite, 2, 2, 2) == doctest::Approx(0));
}

TEST_CASE("by hand: parts (1, 2) and (−3, 0) of two weights") {
  const float x[] = {1, 2, 3, 0};
  const float dy[] = {1, -1};
  // Together |1 − 3| + |2 + 0| = 4, apart 1 + 2 + 3 + 0 = 6.
  CHECK(gradient_agreement(x, dy, 2, 2, 1) == doctest::Approx(4.0 / 6));
}

TEST_CASE("one example agrees with itself; random signs agree as chance has it") {
  const std::vector<double> x = random_values<double>(256 * 20, 1);
  const std::vector<double> dy = random_values<double>(256 * 20, 2);
  CHECK(gradient_agreement(x.data(), dy.data(), 1, 20, 20) == doctest::Approx(1));
  // E|sum of B products| / (B·E|product|) = √(2/π)·√B / (B·2/π) for products of normal numbers.
  const double expected = std::sqrt(2 / 3.14159265) / (2 / 3.14159265) / std::sqrt(256.0);
  CHECK(gradient_agreement(x.data(), dy.data(), 256, 20, 20) == doctest::Approx(expected).epsilon(0.1));
}

TEST_CASE("without a gradient there is nothing to agree on") {
  const double x[] = {1, 2};
  const double dy[] = {0, 0};
  CHECK(std::isnan(gradient_agreement(x, dy, 2, 1, 1)));
}
