// What one pass through a network leaves behind for its backward and for whoever looks: each layer's output, the gradient
// there, and what the layer's own backward needs. All of it lies in one arena, taken once.
#pragma once

#include <vector>

#include "core/random.hpp"
#include "core/types.hpp"
#include "nn/network.hpp"

namespace bnlab {

// B is the tape's capacity in examples; a pass may have fewer. out is the size of the layer's output, C its channels.
// Null where the layer has none.
template <typename T>
struct TapeRecord {
  T* y = nullptr;      // (B, out)
  T* dy = nullptr;     // (B, out): gradient of the loss with respect to y
  T* dskip = nullptr;  // (B, out): the part of dy that comes through skip connections
  T* xhat = nullptr;   // normalisations: (B, out)
  T* mean =
      nullptr;  // statistics the layer normalised by, biased variance; (groups, C), or (B, groups) in group norm
  T* var = nullptr;  // the spread itself in batch renorm and lp norm
  T* rstd = nullptr;
  T* correction = nullptr;  // batch renorm: center, r and d, (3, C)
  T* sums =
      nullptr;  // where backward puts dγ and dβ of a layer without γ and β; behind them ghost batches' scratch (2, C)
  T* mask = nullptr;               // dropout: (B, out)
  T* workspace = nullptr;          // convolution: one unrolled example
  std::int32_t* argmax = nullptr;  // max pooling: (B, out)
};

template <typename T>
class Tape {
 public:
  using Record = TapeRecord<T>;

  Tape(const Network<T>& network, Index capacity)
      : capacity_(capacity), random_(0, Stream::kDropout), records_(network.layers().size()) {
    const Sizes sizes = lay_out(network, nullptr, nullptr);
    arena_.assign(static_cast<std::size_t>(sizes.values), T(0));
    indices_.assign(static_cast<std::size_t>(sizes.indices), 0);
    lay_out(network, arena_.data(), indices_.data());
  }
  // Records point into the arena, which moves along but is not copied.
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;
  Tape(Tape&&) noexcept = default;
  Tape& operator=(Tape&&) noexcept = default;
  ~Tape() = default;

  // Bytes a tape would take, to refuse what does not fit before trying.
  static double bytes_needed(const Network<T>& network, Index capacity) {
    double values = 0;
    for (const LayerPlan& plan : network.layers()) {
      double buffers = 2;
      if (plan.feeds_skip) ++buffers;
      if (batch_statistics_options(plan.spec) != nullptr ||
          std::holds_alternative<GroupNormSpec>(plan.spec) ||
          std::holds_alternative<DropoutSpec>(plan.spec) || std::holds_alternative<Pool2dSpec>(plan.spec))
        ++buffers;
      values += buffers * static_cast<double>(capacity) * static_cast<double>(plan.out.size());
    }
    return values * sizeof(T);
  }

  [[nodiscard]] Index capacity() const { return capacity_; }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] const T* output() const { return records_.back().y; }
  // Backward starts from what stands here.
  [[nodiscard]] T* output_gradient() { return records_.back().dy; }
  // Draws the masks of dropout.
  [[nodiscard]] Random& random() { return random_; }

 private:
  struct Sizes {
    Index values = 0;
    Index indices = 0;
  };

  // Gives every record its places in the arenas; without arenas it counts only.
  Sizes lay_out(const Network<T>& network, T* values, std::int32_t* indices) {
    Sizes used;
    const auto take = [&](Index count) {
      T* taken = values == nullptr ? nullptr : values + used.values;
      used.values += padded(count);
      return taken;
    };
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const LayerPlan& plan = network.layers()[i];
      Record& record = records_[i];
      const Index outputs = capacity_ * plan.out.size();
      record.y = take(outputs);
      record.dy = take(outputs);
      if (plan.feeds_skip) record.dskip = take(outputs);
      with_spec(plan.spec, [&]<typename Spec>(const Spec& spec) {
        if constexpr (kTakesBatchStatistics<Spec>) {
          const Index groups = std::max<Index>(statistics_count(plan, capacity_), 1);
          record.xhat = take(outputs);
          record.mean = take(groups * plan.out.channels);
          record.var = take(groups * plan.out.channels);
          record.rstd = take(groups * plan.out.channels);
          record.sums = take(4 * plan.out.channels);
        }
        if constexpr (std::is_same_v<Spec, BatchRenormSpec>) record.correction = take(3 * plan.out.channels);
        if constexpr (std::is_same_v<Spec, GroupNormSpec>) {
          record.xhat = take(outputs);
          record.mean = take(capacity_ * spec.groups);
          record.rstd = take(capacity_ * spec.groups);
          record.sums = take(2 * plan.out.size());
        }
        if constexpr (std::is_same_v<Spec, DropoutSpec>) record.mask = take(outputs);
        if constexpr (std::is_same_v<Spec, Conv2dSpec>)
          record.workspace = take(conv2d_workspace(conv_shape(spec, plan.in, 1)));
        if constexpr (std::is_same_v<Spec, Pool2dSpec>) {
          record.argmax = indices == nullptr ? nullptr : indices + used.indices;
          used.indices += outputs;
        }
      });
    }
    return used;
  }

  // Every buffer starts as well aligned as the arena.
  static Index padded(Index count) {
    constexpr Index kLine = 64 / sizeof(T);
    return (count + kLine - 1) / kLine * kLine;
  }

  Index capacity_;
  Random random_;
  Buffer<T> arena_;
  std::vector<std::int32_t> indices_;
  std::vector<Record> records_;
};

}  // namespace bnlab
