#include "core/lanes.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE_TEMPLATE("every column belongs to exactly one group", T, float, double) {
  for (Index columns = 0; columns <= 70; ++columns) {
    std::vector<int> visits(size_of(columns), 0);
    for_each_column_group<T>(columns, [&]<typename L>(Index c) {
      for (Index i = 0; i < L::kWidth; ++i) ++visits.at(size_of(c + i));
    });
    CHECK(visits == std::vector<int>(size_of(columns), 1));
  }
}

// Whatever its width, a group computes in each lane what a scalar would.
TEST_CASE_TEMPLATE("lanes compute like scalars", T, float, double) {
  constexpr Index kColumns = 33;
  std::vector<T> a = random_values<T>(kColumns, 1);
  std::vector<T> b = random_values<T>(kColumns, 2, 3);
  std::vector<T> got(a.size());
  std::vector<T> expected(a.size());
  const auto compare = [&](const char* what, auto&& lanes, auto&& scalar) {
    for_each_column_group<T>(kColumns, [&]<typename L>(Index c) {
      const L left = L::load(a.data() + c);
      const L right = L::load(b.data() + c);
      lanes(left, right).store(got.data() + c);
    });
    for (std::size_t c = 0; c < a.size(); ++c) expected[c] = scalar(a[c], b[c]);
    check_same_bits(got, expected, what);
  };
  compare(
      "+", [](const auto& x, const auto& y) { return x + y; }, [](T x, T y) { return x + y; });
  compare(
      "-", [](const auto& x, const auto& y) { return x - y; }, [](T x, T y) { return x - y; });
  compare(
      "*", [](const auto& x, const auto& y) { return x * y; }, [](T x, T y) { return x * y; });
  compare(
      "/", [](const auto& x, const auto& y) { return x / y; }, [](T x, T y) { return x / y; });
}

TEST_CASE_TEMPLATE("an array that is not there reads as its default", T, float, double) {
  const std::vector<T> given = random_values<T>(33, 3);
  for (const T* from : {static_cast<const T*>(nullptr), given.data()}) {
    std::vector<T> got(given.size());
    for_each_column_group<T>(33,
                             [&]<typename L>(Index c) { L::load_or(from, c, T(7)).store(got.data() + c); });
    CHECK(got == (from == nullptr ? std::vector<T>(given.size(), T(7)) : given));
  }
}
