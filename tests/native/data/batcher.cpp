#include "data/batcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace bnlab;

namespace {

using Batch = std::vector<Index>;

Batch take(Batcher& batcher) {
  const Index size = batcher.next_size();
  const Index* members = batcher.next();
  return {members, members + size};
}

std::vector<Batch> take(Batcher& batcher, int batches) {
  std::vector<Batch> all;
  for (int i = 0; i < batches; ++i) all.push_back(take(batcher));
  return all;
}

Batch joined(const std::vector<Batch>& batches) {
  Batch all;
  for (const Batch& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
  return all;
}

// Whether these are different numbers below `count`.
bool are_distinct(Batch members, Index count) {
  std::sort(members.begin(), members.end());
  return std::adjacent_find(members.begin(), members.end()) == members.end() && members.front() >= 0 &&
         members.back() < count;
}

}  // namespace

TEST_CASE("every epoch visits every example once, the last batch with what is left") {
  Batcher batcher({4, true, LastBatch::kKeep}, 10, 1);
  CHECK(batcher.count() == 10);
  for (int epoch = 0; epoch < 5; ++epoch) {
    const std::vector<Batch> batches = take(batcher, 3);
    CHECK(batches[0].size() == 4);
    CHECK(batches[1].size() == 4);
    CHECK(batches[2].size() == 2);
    CHECK(are_distinct(joined(batches), 10));
    CHECK(batcher.epoch() == epoch + 1);
  }
}

TEST_CASE("a last batch that is too small can be left out") {
  Batcher batcher({4, true, LastBatch::kDrop}, 10, 1);
  for (int epoch = 0; epoch < 5; ++epoch) {
    const std::vector<Batch> batches = take(batcher, 2);
    CHECK(joined(batches).size() == 8);
    CHECK(are_distinct(joined(batches), 10));
    CHECK(batcher.epoch() == epoch + 1);
  }
}

TEST_CASE("what divides evenly is neither dropped nor split") {
  for (const LastBatch last : {LastBatch::kKeep, LastBatch::kDrop}) {
    Batcher batcher({5, true, last}, 10, 1);
    CHECK(are_distinct(joined(take(batcher, 2)), 10));
    CHECK(batcher.epoch() == 1);
    CHECK(are_distinct(joined(take(batcher, 2)), 10));
    CHECK(batcher.epoch() == 2);
  }
}

TEST_CASE("a batch larger than the data is all the data") {
  for (const LastBatch last : {LastBatch::kKeep, LastBatch::kDrop}) {
    Batcher batcher({32, true, last}, 7, 1);
    for (int epoch = 0; epoch < 3; ++epoch) {
      const Batch batch = take(batcher);
      CHECK(batch.size() == 7);
      CHECK(are_distinct(batch, 7));
      CHECK(batcher.epoch() == epoch + 1);
    }
  }
}

TEST_CASE("one example at a time, and one example in all") {
  Batcher single({1, true, LastBatch::kKeep}, 5, 1);
  CHECK(are_distinct(joined(take(single, 5)), 5));
  Batcher only({1, true, LastBatch::kKeep}, 1, 1);
  CHECK(take(only, 3) == std::vector<Batch>{{0}, {0}, {0}});
}

TEST_CASE("an epoch is counted when its last batch has been given") {
  Batcher batcher({4, true, LastBatch::kKeep}, 10, 1);
  const std::vector<Index> expected = {0, 0, 1, 1, 1, 2};
  for (const Index epoch : expected) {
    take(batcher);
    CHECK(batcher.epoch() == epoch);
  }
}

TEST_CASE("the order is new every epoch, or always the first") {
  Batcher fresh({10, true, LastBatch::kKeep}, 10, 1);
  Batcher fixed({10, false, LastBatch::kKeep}, 10, 1);
  const std::vector<Batch> orders = take(fresh, 3);
  CHECK(orders[1] != orders[0]);
  CHECK(orders[2] != orders[1]);
  CHECK(take(fixed, 3) == std::vector<Batch>(3, orders[0]));
  // The first epoch is shuffled already.
  CHECK_FALSE(std::is_sorted(orders[0].begin(), orders[0].end()));
}

TEST_CASE("the seed makes the order, and rewinding brings it back") {
  const BatcherOptions options{3, true, LastBatch::kKeep};
  Batcher batcher(options, 20, 1);
  const std::vector<Batch> run = take(batcher, 30);
  Batcher same(options, 20, 1);
  CHECK(take(same, 30) == run);
  Batcher other(options, 20, 2);
  CHECK(take(other, 30) != run);
  batcher.rewind();
  CHECK(batcher.epoch() == 0);
  CHECK(take(batcher, 30) == run);
}

TEST_CASE("a fixed order stays fixed after rewinding") {
  Batcher batcher({4, false, LastBatch::kKeep}, 9, 3);
  const std::vector<Batch> first = take(batcher, 3);
  take(batcher, 4);
  batcher.rewind();
  CHECK(take(batcher, 3) == first);
  CHECK(take(batcher, 3) == first);
}

TEST_CASE("the first order is the order stream's") {
  Batcher batcher({8, true, LastBatch::kKeep}, 8, 5);
  Batch expected = {0, 1, 2, 3, 4, 5, 6, 7};
  Random random(5, Stream::kOrder);
  random.shuffle(expected.data(), 8);
  CHECK(take(batcher) == expected);
  random.shuffle(expected.data(), 8);
  CHECK(take(batcher) == expected);
}
