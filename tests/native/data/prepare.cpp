#include "data/prepare.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "data/toy.hpp"
#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// Examples whose first feature is their number; `classes` take turns, the last of them absent from the second half.
Dataset numbered(Index count, Index classes, Index inputs = 2) {
  Dataset data;
  data.count = count;
  data.inputs = inputs;
  data.classes = classes;
  data.outputs = classes > 0 ? classes : 2;
  for (Index i = 0; i < count; ++i) {
    for (Index j = 0; j < inputs; ++j) data.x.push_back(static_cast<float>(j == 0 ? i : 100 * j + i % 3));
    if (classes > 0)
      data.labels.push_back(static_cast<std::int32_t>(i % (2 * i < count ? classes : classes - 1)));
    else
      data.values.insert(data.values.end(), {static_cast<float>(10 * i), static_cast<float>(-i)});
  }
  return data;
}

std::vector<Index> numbers(const Dataset& data) {
  std::vector<Index> all;
  for (std::size_t i = 0; i < data.x.size(); i += size_of(data.inputs))
    all.push_back(static_cast<Index>(data.x[i]));
  return all;
}

Index of_class(const Dataset& data, std::int32_t label) {
  return static_cast<Index>(std::count(data.labels.begin(), data.labels.end(), label));
}

PreparationOptions holding_out(double share) {
  PreparationOptions options;
  options.test = share;
  return options;
}

}  // namespace

TEST_CASE("with nothing to do, examples stay as they are") {
  const Dataset data = make_toy({}, 1);
  const Split split = prepare(data, {}, 1);
  CHECK(split.train.x == data.x);
  CHECK(split.train.labels == data.labels);
  CHECK(split.train.count == data.count);
  CHECK(split.test.count == 0);
  CHECK(split.test.x.empty());
  CHECK(split.test.inputs == 2);
  CHECK(split.test.outputs == 2);
  CHECK(split.constant_features == 0);
}

TEST_CASE("each example is in one of the two sets, with its own label, in the order it came in") {
  for (const Index count : {4, 5, 31, 200}) {
    for (const double share : {0.1, 0.25, 0.5}) {
      const Dataset all = numbered(count, 3);
      const Split split = prepare(all, holding_out(share), 1);
      CHECK(split.test.count == std::floor(share * static_cast<double>(count) + 0.5));
      CHECK(split.train.count + split.test.count == count);
      std::vector<Index> seen;
      for (const Dataset* part : {&split.train, &split.test}) {
        const std::vector<Index> members = numbers(*part);
        REQUIRE(static_cast<Index>(members.size()) == part->count);
        CHECK(std::is_sorted(members.begin(), members.end()));
        for (std::size_t i = 0; i < members.size(); ++i)
          CHECK(part->labels[i] == all.labels[size_of(members[i])]);
        seen.insert(seen.end(), members.begin(), members.end());
      }
      std::sort(seen.begin(), seen.end());
      CHECK(seen == numbers(all));
    }
  }
}

TEST_CASE("the test set has its share of each class, to within one") {
  const Dataset all = numbered(300, 4);
  for (const double share : {0.05, 0.2, 0.5, 0.9}) {
    const Split split = prepare(all, holding_out(share), 7);
    for (std::int32_t label = 0; label < 4; ++label)
      CHECK(std::abs(static_cast<double>(of_class(split.test, label)) -
                     share * static_cast<double>(of_class(all, label))) <= 1);
  }
}

TEST_CASE("values to predict go with their examples") {
  const Split split = prepare(numbered(50, 0), holding_out(0.3), 2);
  CHECK(split.test.count == 15);
  for (const Dataset* part : {&split.train, &split.test}) {
    CHECK(part->labels.empty());
    const std::vector<Index> members = numbers(*part);
    REQUIRE(part->values.size() == 2 * members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      CHECK(part->values[2 * i] == static_cast<float>(10 * members[i]));
      CHECK(part->values[2 * i + 1] == static_cast<float>(-members[i]));
    }
  }
}

TEST_CASE("the seed says which examples are held out") {
  const auto held_out = [](std::uint64_t seed) {
    return numbers(prepare(numbered(100, 2), holding_out(0.2), seed).test);
  };
  CHECK(held_out(1) == held_out(1));
  CHECK(held_out(1) != held_out(2));
  // As it came out once; every platform has to choose the same.
  CHECK(numbers(prepare(numbered(20, 2), holding_out(0.25), 1).test) == std::vector<Index>{3, 6, 9, 10, 16});
}

TEST_CASE("so many training labels are wrong, and no test label is") {
  for (const Index classes : {2, 3, 10}) {
    PreparationOptions options = holding_out(0.2);
    const Split clean = prepare(numbered(500, classes), options, 3);
    options.label_noise = 0.3;
    const Split noisy = prepare(numbered(500, classes), options, 3);
    CHECK(noisy.test.labels == clean.test.labels);
    CHECK(noisy.train.x == clean.train.x);
    std::vector<Index> became(size_of(classes));
    Index wrong = 0;
    for (std::size_t i = 0; i < clean.train.labels.size(); ++i) {
      CHECK(noisy.train.labels[i] >= 0);
      CHECK(noisy.train.labels[i] < classes);
      if (noisy.train.labels[i] == clean.train.labels[i]) continue;
      ++wrong;
      ++became[size_of(noisy.train.labels[i])];
    }
    CHECK(wrong == 120);
    CHECK(std::count(became.begin(), became.end(), 0) == 0);
  }
}

TEST_CASE("scale and shift, then stretch, reach both sets") {
  PreparationOptions options = holding_out(0.25);
  options.scale = 3;
  options.shift = -1;
  options.stretch = 2;
  const Dataset all = numbered(40, 2, 3);
  const Split plain = prepare(all, holding_out(0.25), 1);
  const Split moved = prepare(all, options, 1);
  const auto check = [](const Dataset& before, const Dataset& after) {
    for (std::size_t i = 0; i < before.x.size(); i += 3) {
      CHECK(after.x[i] == 2 * (3 * before.x[i] - 1));
      CHECK(after.x[i + 1] == (3 * before.x[i + 1] - 1) / 2);
      CHECK(after.x[i + 2] == 3 * before.x[i + 2] - 1);
    }
  };
  check(plain.train, moved.train);
  check(plain.test, moved.test);
}

TEST_CASE("standardised features have mean 0 and standard deviation 1 on the training set") {
  PreparationOptions options = holding_out(0.2);
  options.scale = 50;
  options.shift = 1000;
  const Split before = prepare(make_toy({Toy::kMoons, 500, 0.1, 2}, 1), options, 1);
  options.standardize = true;
  const Split after = prepare(make_toy({Toy::kMoons, 500, 0.1, 2}, 1), options, 1);
  CHECK(after.constant_features == 0);
  for (Index j = 0; j < 2; ++j) {
    const std::vector<float> raw = column(before.train.x, 2, j);
    const double n = static_cast<double>(raw.size());
    double mean = 0;
    double var = 0;
    for (const float x : raw) mean += static_cast<double>(x) / n;
    for (const float x : raw) var += (static_cast<double>(x) - mean) * (static_cast<double>(x) - mean) / n;
    const auto expected = [&](const std::vector<float>& x) {
      std::vector<double> z;
      for (const float value : x) z.push_back((static_cast<double>(value) - mean) / std::sqrt(var));
      return z;
    };
    check_close(column(after.train.x, 2, j), expected(raw), {1e-6, 1e-6}, "train");
    // By the training set's statistics, not its own.
    check_close(column(after.test.x, 2, j), expected(column(before.test.x, 2, j)), {1e-6, 1e-6}, "test");
  }
}

TEST_CASE("a feature that is constant on the training set becomes 0 everywhere, and is counted") {
  Dataset all = numbered(20, 2, 4);
  for (std::size_t i = 0; i < 20; ++i) {
    all.x[4 * i + 1] = 0.1F;
    all.x[4 * i + 3] = 1e30F;
  }
  PreparationOptions options = holding_out(0.25);
  options.standardize = true;
  const Split split = prepare(all, options, 1);
  CHECK(split.constant_features == 2);
  for (const Dataset* part : {&split.train, &split.test}) {
    for (std::size_t i = 0; i < part->x.size(); i += 4) {
      CHECK(part->x[i + 1] == 0);
      CHECK(part->x[i + 3] == 0);
      CHECK(part->x[i + 2] != 0);
    }
  }
  // Where the test set alone varies, there is nothing to scale it by.
  const std::vector<Index> held_out = numbers(prepare(all, holding_out(0.25), 1).test);
  all.x[4 * size_of(held_out[0]) + 1] = 5;
  const Split varying = prepare(all, options, 1);
  CHECK(varying.constant_features == 2);
  CHECK(varying.test.x[1] == 0);
}
