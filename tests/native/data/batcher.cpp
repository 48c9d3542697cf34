#include "data/batcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

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

namespace {

// `counts` examples of each class, the classes taking turns as long as they have some.
std::vector<std::int32_t> labels_of(std::vector<Index> counts) {
  std::vector<std::int32_t> labels;
  for (bool some = true; some;) {
    some = false;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      if (counts[k]-- <= 0) continue;
      labels.push_back(static_cast<std::int32_t>(k));
      some = true;
    }
  }
  return labels;
}

// One epoch's batches.
std::vector<Batch> epoch_of(Batcher& batcher) {
  std::vector<Batch> batches;
  for (const Index epoch = batcher.epoch(); batcher.epoch() == epoch;) batches.push_back(take(batcher));
  return batches;
}

std::set<std::int32_t> classes_in(const Batch& batch, const std::vector<std::int32_t>& labels) {
  std::set<std::int32_t> classes;
  for (const Index i : batch) classes.insert(labels[static_cast<std::size_t>(i)]);
  return classes;
}

BatcherOptions by_class(Index size, Index classes, LastBatch last = LastBatch::kKeep) {
  return {size, true, last, classes};
}

}  // namespace

TEST_CASE("batches by class hold so many classes, and every example once") {
  const std::vector<std::int32_t> labels = labels_of({20, 3, 11, 0, 7, 16});
  const Index count = 57;
  for (const Index classes : {1, 2, 3, 4, 5, 9}) {
    for (const Index size : {1, 2, 3, 4, 8, 100}) {
      Batcher batcher(by_class(size, classes), count, 1, labels);
      for (int epoch = 0; epoch < 4; ++epoch) {
        const std::vector<Batch> batches = epoch_of(batcher);
        for (const Batch& batch : batches) {
          CHECK(static_cast<Index>(batch.size()) <= size);
          const std::set<std::int32_t> found = classes_in(batch, labels);
          CHECK(static_cast<Index>(found.size()) <= classes);
        }
        CHECK(static_cast<Index>(joined(batches).size()) == count);
        CHECK(are_distinct(joined(batches), count));
      }
    }
  }
}

TEST_CASE("each class meets the same others for an epoch, and others in the next") {
  const std::vector<std::int32_t> labels = labels_of({40, 40, 40, 40, 40, 40});
  Batcher batcher(by_class(20, 2), 240, 1, labels);
  std::set<std::set<std::set<std::int32_t>>> partitions;
  for (int epoch = 0; epoch < 10; ++epoch) {
    std::set<std::set<std::int32_t>> partition;
    for (const Batch& batch : epoch_of(batcher)) partition.insert(classes_in(batch, labels));
    CHECK(partition.size() == 3);
    partitions.insert(partition);
  }
  CHECK(partitions.size() > 3);
}

TEST_CASE("batches of one class come in random order") {
  const std::vector<std::int32_t> labels = labels_of({40, 40});
  Batcher batcher(by_class(10, 1), 80, 1, labels);
  int changes = 0;
  for (int epoch = 0; epoch < 50; ++epoch) {
    const std::vector<Batch> batches = epoch_of(batcher);
    for (std::size_t i = 1; i < batches.size(); ++i)
      changes += classes_in(batches[i], labels) != classes_in(batches[i - 1], labels) ? 1 : 0;
  }
  // Of 7 neighbours 4 differ on average; class after class, 1 would.
  CHECK(changes / 50.0 > 3.5);
  CHECK(changes / 50.0 < 4.5);
}

TEST_CASE("of batches by class, partial ones are left out where a group has full ones") {
  const std::vector<std::int32_t> labels = labels_of({10, 3, 8});
  Batcher batcher(by_class(4, 1, LastBatch::kDrop), 21, 1, labels);
  for (int epoch = 0; epoch < 5; ++epoch) {
    std::vector<std::size_t> sizes;
    for (const Batch& batch : epoch_of(batcher)) sizes.push_back(batch.size());
    std::sort(sizes.begin(), sizes.end());
    CHECK(sizes == std::vector<std::size_t>{3, 4, 4, 4, 4});
  }
}

TEST_CASE("an example left over alone gets company") {
  const std::vector<std::int32_t> labels = labels_of({9, 17});
  Batcher batcher(by_class(8, 1), 26, 1, labels);
  for (int epoch = 0; epoch < 5; ++epoch) {
    std::vector<std::size_t> sizes;
    for (const Batch& batch : epoch_of(batcher)) sizes.push_back(batch.size());
    std::sort(sizes.begin(), sizes.end());
    CHECK(sizes == std::vector<std::size_t>{2, 2, 7, 7, 8});
  }
}

TEST_CASE(
    "batches by class follow from the seed, come back on rewinding, and can stay those of the first epoch") {
  const std::vector<std::int32_t> labels = labels_of({15, 9, 12, 4});
  Batcher batcher(by_class(5, 2), 40, 1, labels);
  const std::vector<Batch> run = take(batcher, 30);
  Batcher other(by_class(5, 2), 40, 2, labels);
  CHECK(take(other, 30) != run);
  batcher.rewind();
  CHECK(take(batcher, 30) == run);
  Batcher fixed({5, false, LastBatch::kKeep, 2}, 40, 1, labels);
  const std::vector<Batch> first = epoch_of(fixed);
  CHECK(epoch_of(fixed) == first);
  CHECK(std::equal(first.begin(), first.end(), run.begin()));
}

TEST_CASE("without labels there is nothing to tell batches apart by") {
  Batcher mixed({4, true, LastBatch::kKeep}, 10, 1);
  Batcher unlabelled(by_class(4, 2), 10, 1);
  CHECK(take(unlabelled, 9) == take(mixed, 9));
}

TEST_CASE("options set before the first batch are as good as given at first") {
  const std::vector<std::int32_t> labels = labels_of({10, 10});
  for (const BatcherOptions options : {by_class(3, 1), by_class(7, 0)}) {
    Batcher batcher({4, true, LastBatch::kKeep}, 20, 1, labels);
    batcher.set_options(options);
    Batcher made(options, 20, 1, labels);
    CHECK(take(batcher, 20) == take(made, 20));
    batcher.rewind();
    made.rewind();
    CHECK(take(batcher, 20) == take(made, 20));
  }
}

TEST_CASE("options set later leave out the rest of the epoch") {
  const std::vector<std::int32_t> labels = labels_of({10, 10});
  Batcher batcher({4, true, LastBatch::kKeep}, 20, 1, labels);
  take(batcher, 2);
  batcher.set_options(by_class(6, 1));
  CHECK(batcher.epoch() == 1);
  CHECK(batcher.options().size == 6);
  const std::vector<Batch> batches = epoch_of(batcher);
  CHECK(batches.size() == 4);
  CHECK(are_distinct(joined(batches), 20));
  for (const Batch& batch : batches) CHECK(classes_in(batch, labels).size() == 1);
  // Between two epochs there is nothing to leave out.
  CHECK(batcher.epoch() == 2);
  batcher.set_options({20, false, LastBatch::kKeep});
  CHECK(batcher.epoch() == 2);
  const Batch order = take(batcher);
  CHECK(are_distinct(order, 20));
  CHECK(take(batcher) == order);
}

TEST_CASE("whether a batch of one can come is known beforehand") {
  const std::vector<std::vector<Index>> sets = {{4, 4},       {5, 4},    {5, 5},          {1, 6},      {7},
                                                {3, 3, 3, 3}, {2, 4, 5}, {1, 8, 8, 8, 8}, {2, 2, 0, 1}};
  for (const std::vector<Index>& counts : sets) {
    const std::vector<std::int32_t> labels = labels_of(counts);
    const Index count = static_cast<Index>(labels.size());
    for (const Index classes : {0, 1, 2, 3, 4}) {
      for (const Index size : {1, 2, 3, 4, 6, 50}) {
        for (const LastBatch last : {LastBatch::kKeep, LastBatch::kDrop}) {
          Batcher batcher(by_class(size, classes, last), count, 1, labels);
          bool found = false;
          for (int epoch = 0; epoch < 60; ++epoch)
            for (const Batch& batch : epoch_of(batcher)) found = found || batch.size() == 1;
          CAPTURE(counts.size());
          CAPTURE(counts[0]);
          CAPTURE(classes);
          CAPTURE(size);
          CHECK(may_have_batch_of_one(batcher.options(), count, labels) == found);
        }
      }
    }
  }
}
