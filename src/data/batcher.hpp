// Which examples make up the next mini-batch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class LastBatch { kKeep, kDrop };

struct BatcherOptions {
  Index size = 32;
  bool reshuffle = true;  // a new order every epoch, or the first epoch's again and again
  LastBatch last = LastBatch::kKeep;
  Index classes_per_batch = 0;  // 0: all classes mixed
};

// Goes through `count` examples epoch by epoch, each exactly once (but for dropped last batches), in a random order.
//
// Batches by class: every epoch puts the classes in random order into groups of classes_per_batch, shuffles each group's
// examples, cuts them into batches, and shuffles the batches. An example left over alone takes another one out of the
// batch before it, if that has more than two.
class Batcher {
 public:
  // `labels`: a class for each example, kept by the caller as long as the batcher. Without them all is mixed.
  Batcher(const BatcherOptions& options, Index count, std::uint64_t seed,
          std::span<const std::int32_t> labels = {})
      : options_(options),
        seed_(seed),
        random_(seed, Stream::kOrder),
        labels_(labels),
        order_(static_cast<std::size_t>(count)),
        order_before_(order_.size()) {
    reserve();
    rewind();
  }

  // Back to the first batch of the first epoch.
  void rewind() {
    random_ = Random(seed_, Stream::kOrder);
    std::iota(order_.begin(), order_.end(), Index{0});
    epoch_ = 0;
    draw_epoch();
  }

  // Other batches from now on, in a new order; the rest of the epoch under way is left out. Before the first batch it is
  // as if the batcher had been made with these options.
  void set_options(const BatcherOptions& options) {
    options_ = options;
    reserve();
    if (epoch_ == 0 && position_ == 0) return rewind();
    if (position_ > 0) ++epoch_;
    draw_epoch();
  }

  // How many examples the next batch has.
  [[nodiscard]] Index next_size() const { return batches_.empty() ? 0 : batches_[position_].size; }

  // The next batch: next_size() indices, valid until the call after.
  const Index* next() {
    const Index* batch = order_.data() + batches_[position_].begin;
    if (++position_ == batches_.size()) {
      ++epoch_;
      position_ = 0;
      if (options_.reshuffle) {
        order_before_ = order_;
        order_.swap(order_before_);  // `batch` stays where it is
        draw_epoch();
      }
    }
    return batch;
  }

  // Epochs finished when the batch last given has been used.
  [[nodiscard]] Index epoch() const { return epoch_; }
  [[nodiscard]] const BatcherOptions& options() const { return options_; }
  [[nodiscard]] Index count() const { return static_cast<Index>(order_.size()); }

 private:
  struct Batch {
    Index begin;
    Index size;
  };

  void draw_epoch() {
    position_ = 0;
    batches_.clear();
    if (!by_class()) {
      random_.shuffle(order_.data(), count());
      cut(0, count());
      return;
    }
    group_by_class();
    const Index classes = static_cast<Index>(class_order_.size());
    Index begin = 0;
    for (Index k = 0; k < classes; k += options_.classes_per_batch) {
      const Index last = std::min(k + options_.classes_per_batch, classes) - 1;
      const Index end = class_end_[static_cast<std::size_t>(class_order_[static_cast<std::size_t>(last)])];
      random_.shuffle(order_.data() + begin, end - begin);
      cut(begin, end);
      begin = end;
    }
    random_.shuffle(batches_.data(), static_cast<Index>(batches_.size()));
  }

  // Puts the examples in order class after class, the classes in random order. class_end_ says where each ends.
  void group_by_class() {
    class_order_ = classes_;
    random_.shuffle(class_order_.data(), static_cast<Index>(class_order_.size()));
    std::fill(class_end_.begin(), class_end_.end(), Index{0});
    for (const std::int32_t label : labels_) ++class_end_[static_cast<std::size_t>(label)];
    Index begin = 0;
    for (const Index k : class_order_) {
      Index& end = class_end_[static_cast<std::size_t>(k)];
      begin += end;
      end = begin - end;  // where the class begins, until its examples have moved it on
    }
    for (std::size_t i = 0; i < labels_.size(); ++i)
      order_[static_cast<std::size_t>(class_end_[static_cast<std::size_t>(labels_[i])]++)] =
          static_cast<Index>(i);
  }

  void cut(Index begin, const Index end) {
    for (const Index start = begin; begin < end; begin += options_.size) {
      const Index left = end - begin;
      if (options_.last == LastBatch::kDrop && left < options_.size && begin > start) return;
      if (by_class() && left == 1 && begin > start && options_.size > 2) {
        --batches_.back().size;
        batches_.push_back({begin - 1, 2});
      } else {
        batches_.push_back({begin, std::min(options_.size, left)});
      }
    }
  }

  [[nodiscard]] bool by_class() const { return options_.classes_per_batch > 0 && !labels_.empty(); }

  // Takes all the memory that drawing an epoch will need.
  void reserve() {
    classes_.clear();
    if (by_class()) {
      class_end_.assign(static_cast<std::size_t>(*std::max_element(labels_.begin(), labels_.end())) + 1, 0);
      for (const std::int32_t label : labels_) ++class_end_[static_cast<std::size_t>(label)];
      for (std::size_t k = 0; k < class_end_.size(); ++k)
        if (class_end_[k] > 0) classes_.push_back(static_cast<Index>(k));
    }
    class_order_.reserve(classes_.size());
    // Each class may leave one batch that is not full.
    batches_.reserve(order_.size() / static_cast<std::size_t>(options_.size) + classes_.size() + 1);
  }

  BatcherOptions options_;
  std::uint64_t seed_;
  Random random_;
  std::span<const std::int32_t> labels_;
  std::vector<Index> order_;
  std::vector<Index> order_before_;
  std::vector<Index> classes_;  // those that have examples
  std::vector<Index> class_order_;
  std::vector<Index> class_end_;
  std::vector<Batch> batches_;
  std::size_t position_ = 0;
  Index epoch_ = 0;
};

// Whether some epoch can have a batch of a single example.
inline bool may_have_batch_of_one(const BatcherOptions& options, Index count,
                                  std::span<const std::int32_t> labels = {}) {
  const bool drop = options.last == LastBatch::kDrop;
  if (std::min(options.size, count) == 1) return true;
  if (options.classes_per_batch == 0 || labels.empty())
    return count % std::min(options.size, count) == 1 && !drop;

  std::vector<Index> counts;
  for (const std::int32_t label : labels) {
    counts.resize(std::max(counts.size(), static_cast<std::size_t>(label) + 1));
    ++counts[static_cast<std::size_t>(label)];
  }
  std::erase(counts, Index{0});
  const Index classes = static_cast<Index>(counts.size());
  const Index in_group = std::min(options.classes_per_batch, classes);
  const Index in_last_group = classes % in_group;  // 0: like the others
  const bool has_single = std::count(counts.begin(), counts.end(), Index{1}) > 0;
  // Only a group of one class can hold one example.
  if (has_single && (in_group == 1 || in_last_group == 1)) return true;
  // In pairs nobody has a third to give away, so that it takes an odd number together.
  if (options.size != 2 || drop) return false;
  const Index odd =
      static_cast<Index>(std::count_if(counts.begin(), counts.end(), [](Index n) { return n % 2 == 1; }));
  const auto may_be_odd = [&](Index group) {
    for (Index k = 1; k <= std::min(odd, group); k += 2)
      if (group - k <= classes - odd) return true;
    return false;
  };
  return may_be_odd(in_group) || may_be_odd(in_last_group);
}

}  // namespace bnlab
