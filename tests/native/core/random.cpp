#include "core/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "support/compare.hpp"
#include "support/golden.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("every stream gives the recorded numbers, bit for bit") {
  const Golden golden("random.txt");
  constexpr struct {
    const char* name;
    Stream stream;
  } kStreams[] = {{"data", Stream::kData},
                  {"init", Stream::kInit},
                  {"order", Stream::kOrder},
                  {"dropout", Stream::kDropout}};
  for (const std::uint64_t seed : {1ULL, 4294967295ULL}) {
    for (const auto& [name, stream] : kStreams) {
      const std::string prefix = std::to_string(seed) + "/" + name + "/";
      CAPTURE(prefix);

      Random raw(seed, stream);
      for (const std::uint64_t word : golden.values<std::uint64_t>(prefix + "words"))
        CHECK(raw.next() == word);
      Random part(seed, stream, 3);
      for (const std::uint64_t word : golden.values<std::uint64_t>(prefix + "words_of_part_3"))
        CHECK(part.next() == word);

      Random uniform(seed, stream);
      for (const double value : golden.values<double>(prefix + "uniform")) CHECK(uniform.uniform() == value);

      Random normal(seed, stream);
      for (const double value : golden.values<double>(prefix + "normal")) CHECK(normal.normal() == value);

      const auto permutation = golden.values<std::int32_t>(prefix + "permutation");
      std::vector<std::int32_t> order(permutation.size());
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int32_t>(i);
      Random(seed, stream).shuffle(order.data(), static_cast<Index>(order.size()));
      CHECK(order == permutation);
    }
  }
}

TEST_CASE("streams and seeds do not share numbers") {
  std::set<std::uint64_t> seen;
  std::size_t drawn = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (const Stream stream : {Stream::kData, Stream::kInit, Stream::kOrder}) {
      Random random(seed, stream);
      for (int i = 0; i < 100; ++i) {
        seen.insert(random.next());
        ++drawn;
      }
    }
  }
  CHECK(seen.size() == drawn);
}

TEST_CASE("uniform numbers fill [0, 1) evenly") {
  Random random(3, Stream::kInit);
  constexpr int kCount = 100000;
  double sum = 0;
  double squares = 0;
  int low = 0;
  for (int i = 0; i < kCount; ++i) {
    const double u = random.uniform();
    REQUIRE(u >= 0);
    REQUIRE(u < 1);
    sum += u;
    squares += u * u;
    if (u < 0.1) ++low;
  }
  // Five standard errors: √(1/12), √(4/45) and √(0.1·0.9) over √n.
  CHECK(std::abs(sum / kCount - 0.5) < 0.0046);
  CHECK(std::abs(squares / kCount - 1.0 / 3) < 0.0048);
  CHECK(std::abs(low / double{kCount} - 0.1) < 0.0048);
}

TEST_CASE("normal numbers have the moments and the tails of the normal distribution") {
  Random random(4, Stream::kData);
  constexpr int kCount = 100000;
  double moment[5] = {};
  int beyond_two = 0;
  for (int i = 0; i < kCount; ++i) {
    const double z = random.normal();
    double power = 1;
    for (double& m : moment) {
      m += power / kCount;
      power *= z;
    }
    if (std::abs(z) > 2) ++beyond_two;
  }
  // Five standard errors: of z, z², z³, z⁴ they are √1, √2, √15, √96 over √n.
  CHECK(std::abs(moment[1]) < 0.016);
  CHECK(std::abs(moment[2] - 1) < 0.023);
  CHECK(std::abs(moment[3]) < 0.062);
  CHECK(std::abs(moment[4] - 3) < 0.155);
  CHECK(std::abs(beyond_two / double{kCount} - 0.0455) < 0.0033);
}

TEST_CASE("below() stays below, reaches every value and favours none") {
  Random random(5, Stream::kOrder);
  for (int i = 0; i < 10; ++i) CHECK(random.below(1) == 0);

  constexpr std::uint64_t kBound = 7;
  int count[kBound] = {};
  for (int i = 0; i < 70000; ++i) ++count[random.below(kBound)];
  // Five standard deviations of a count: 5·√(70000·6/49).
  for (const int n : count) CHECK(std::abs(n - 10000) < 463);

  // Just over half of all words: every second draw falls into the incomplete interval and is drawn again. Taken modulo
  // the bound without that, the lower half would come up twice as often.
  constexpr std::uint64_t kHuge = (std::uint64_t{1} << 63U) + 1;
  int lower = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t value = random.below(kHuge);
    REQUIRE(value < kHuge);
    if (value < kHuge / 2) ++lower;
  }
  CHECK(std::abs(lower - 5000) < 250);
}

TEST_CASE("shuffle puts every value everywhere equally often") {
  constexpr int kValues = 5;
  constexpr int kRounds = 20000;
  Random random(6, Stream::kOrder);
  int where[kValues][kValues] = {};
  for (int round = 0; round < kRounds; ++round) {
    int values[kValues] = {0, 1, 2, 3, 4};
    random.shuffle(values, kValues);
    for (int i = 0; i < kValues; ++i) ++where[values[i]][i];
    std::sort(values, values + kValues);
    for (int i = 0; i < kValues; ++i) REQUIRE(values[i] == i);
  }
  // Five standard deviations: 5·√(20000·0.2·0.8).
  for (const auto& row : where)
    for (const int n : row) CHECK(std::abs(n - kRounds / kValues) < 283);

  int one[1] = {9};
  random.shuffle(one, 1);
  random.shuffle(one, 0);
  CHECK(one[0] == 9);
}
