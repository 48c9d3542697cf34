#include "core/lanes.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

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
  compare(
      "where_positive", [](const auto& x, const auto& y) { return where_positive(x, y); },
      [](T x, T y) { return x > T(0) ? y : T(0); });
  compare(
      "zero_where_negative", [](const auto& x, const auto&) { return zero_where_negative(x); },
      [](T x, T) { return x < T(0) ? T(0) : x; });

  // Every platform rounds a root correctly, and so must every lane.
  for (T& value : a) value = std::abs(value);
  compare(
      "sqrt", [](const auto& x, const auto&) { return sqrt(x); }, [](T x, T) { return std::sqrt(x); });
}

TEST_CASE_TEMPLATE("special values keep their meaning in every lane", T, float, double) {
  constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  for (Index place = 0; place < 19; ++place) {
    std::vector<T> x(19, T(1));
    std::vector<T> gated(x.size());
    std::vector<T> rectified(x.size());
    std::vector<T> root(x.size());
    const auto run = [&](T value) {
      x[size_of(place)] = value;
      for_each_column_group<T>(19, [&]<typename L>(Index c) {
        where_positive(L::load(x.data() + c), L::broadcast(T(5))).store(gated.data() + c);
        zero_where_negative(L::load(x.data() + c)).store(rectified.data() + c);
        sqrt(L::load(x.data() + c)).store(root.data() + c);
      });
    };
    run(kNaN);
    CHECK(gated[size_of(place)] == T(0));
    CHECK(std::isnan(rectified[size_of(place)]));
    CHECK(std::isnan(root[size_of(place)]));
    run(T(0));
    CHECK(gated[size_of(place)] == T(0));
    CHECK(rectified[size_of(place)] == T(0));
    CHECK(root[size_of(place)] == T(0));
    run(kInfinity);
    CHECK(gated[size_of(place)] == T(5));
    CHECK(rectified[size_of(place)] == kInfinity);
    CHECK(root[size_of(place)] == kInfinity);
    run(-kInfinity);
    CHECK(gated[size_of(place)] == T(0));
    CHECK(rectified[size_of(place)] == T(0));
  }
}

TEST_CASE_TEMPLATE("one value that is not finite is found anywhere", T, float, double) {
  constexpr T kHuge = std::numeric_limits<T>::max();
  for (const Index size : {0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 33}) {
    std::vector<T> x(size_of(size), -kHuge);
    CHECK(all_finite(x.data(), size));
    for (Index place = 0; place < size; ++place) {
      for (const T bad : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity(),
                          -std::numeric_limits<T>::infinity()}) {
        x[size_of(place)] = bad;
        CHECK_FALSE(all_finite(x.data(), size));
      }
      x[size_of(place)] = T(0);
    }
  }
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
