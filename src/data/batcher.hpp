// Which examples make up the next mini-batch.
#pragma once

#include <numeric>
#include <vector>

#include "core/random.hpp"
#include "core/types.hpp"

namespace bnlab {

enum class LastBatch { kKeep, kDrop };

struct BatcherOptions {
  Index size = 32;
  bool reshuffle = true;  // a new order every epoch, or the first epoch's again and again
  LastBatch last = LastBatch::kKeep;
};

// Goes through `count` examples epoch by epoch, each exactly once (but for a dropped last batch), in a random order.
class Batcher {
 public:
  Batcher(const BatcherOptions& options, Index count, std::uint64_t seed)
      : options_(options),
        seed_(seed),
        random_(seed, Stream::kOrder),
        order_(static_cast<std::size_t>(count)) {
    rewind();
  }

  // Back to the first batch of the first epoch.
  void rewind() {
    random_ = Random(seed_, Stream::kOrder);
    std::iota(order_.begin(), order_.end(), Index{0});
    random_.shuffle(order_.data(), count());
    position_ = 0;
    epoch_ = 0;
  }

  // How many examples the next batch has.
  [[nodiscard]] Index next_size() const {
    return std::min(options_.size, epoch_is_over() ? count() : count() - position_);
  }

  // The next batch: next_size() indices, valid until the call after.
  const Index* next() {
    if (epoch_is_over()) {
      if (options_.reshuffle) random_.shuffle(order_.data(), count());
      position_ = 0;
      ++epoch_;
    }
    const Index* batch = order_.data() + position_;
    position_ += next_size();
    return batch;
  }

  // Epochs finished when the batch last given has been used.
  [[nodiscard]] Index epoch() const { return epoch_ + (epoch_is_over() ? 1 : 0); }
  [[nodiscard]] const BatcherOptions& options() const { return options_; }
  [[nodiscard]] Index count() const { return static_cast<Index>(order_.size()); }

 private:
  [[nodiscard]] bool epoch_is_over() const {
    const Index left = count() - position_;
    return left == 0 || (options_.last == LastBatch::kDrop && left < options_.size && position_ > 0);
  }

  BatcherOptions options_;
  std::uint64_t seed_;
  Random random_;
  std::vector<Index> order_;
  Index position_ = 0;
  Index epoch_ = 0;
};

}  // namespace bnlab
