#include "probe/rank.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("rows along one direction: cosine 1 and rank 1, however long") {
  const double rows[] = {1, 2, 3, 6, 0.5, 1};
  const Similarity s = similarity(rows, 3, 2);
  CHECK(s.cosine == doctest::Approx(1));
  CHECK(s.rank == doctest::Approx(1));
}

TEST_CASE("orthogonal rows of one length: cosine 0, and as many directions as rows") {
  const float rows[] = {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, -2, 0};
  const Similarity s = similarity(rows, 3, 4);
  CHECK(s.cosine == 0);
  CHECK(s.rank == doctest::Approx(3));
}

TEST_CASE("by hand") {
  // Lengths 1 and √2, product 1; sums of squares 1 + 2, and 1 + 4 + 2·1.
  const double rows[] = {1, 0, 1, 1};
  const Similarity s = similarity(rows, 2, 2);
  CHECK(s.cosine == doctest::Approx(1 / std::sqrt(2.0)));
  CHECK(s.rank == doctest::Approx(9.0 / 7));
}

TEST_CASE("opposite rows span one direction") {
  const double rows[] = {1, -1, -1, 1};
  const Similarity s = similarity(rows, 2, 2);
  CHECK(s.cosine == doctest::Approx(-1));
  CHECK(s.rank == doctest::Approx(1));
}

TEST_CASE("scale does not matter, even where squares would overflow or vanish") {
  std::vector<double> rows = random_values<double>(5 * 3, 1);
  const Similarity s = similarity(rows.data(), 5, 3);
  for (const double factor : {1e200, 1e-200}) {
    std::vector<double> scaled = rows;
    for (double& value : scaled) value *= factor;
    const Similarity t = similarity(scaled.data(), 5, 3);
    CHECK(t.cosine == doctest::Approx(s.cosine));
    CHECK(t.rank == doctest::Approx(s.rank));
  }
  CHECK(s.rank <= 3 + 1e-12);
}

TEST_CASE("rows of zeros are left out of the cosine; nothing but zeros has no direction") {
  const double one_zero[] = {1, 0, 0, 0, 1, 0};
  CHECK(similarity(one_zero, 3, 2).cosine == doctest::Approx(1));
  const double zeros[] = {0, 0, 0, 0};
  CHECK(std::isnan(similarity(zeros, 2, 2).cosine));
  CHECK(std::isnan(similarity(zeros, 2, 2).rank));
  const double alone[] = {3, 4};
  CHECK(std::isnan(similarity(alone, 1, 2).cosine));
  CHECK(similarity(alone, 1, 2).rank == doctest::Approx(1));
}
