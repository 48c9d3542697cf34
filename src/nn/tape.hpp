// What one pass through a network leaves behind for its backward and for whoever looks: each layer's output, the gradient
// there, and what the layer's own backward needs. All of it lies in one arena, taken once.
#pragma once

#include <cstdint>
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
  T* mask = nullptr;               // dropout and unit noise, what x is multiplied by: (B, out)
  T* workspace = nullptr;          // convolution: one unrolled example
  std::int32_t* argmax = nullptr;  // max pooling: (B, out)
};

template <typename T>
class Tape {
 public:
  using Record = TapeRecord<T>;

  Tape(const NetworkPlan& network, Index capacity)
      : capacity_(capacity), random_(0, Stream::kDropout), records_(network.layers().size()) {
    const Sizes sizes = lay_out(network, capacity, nullptr, nullptr, records_);
    arena_.assign(static_cast<std::size_t>(sizes.values), T(0));
    indices_.assign(static_cast<std::size_t>(sizes.indices), 0);
    lay_out(network, capacity, arena_.data(), indices_.data(), records_);
  }
  // Records point into the arena, which moves along but is not copied.
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;
  Tape(Tape&&) noexcept = default;
  Tape& operator=(Tape&&) noexcept = default;
  ~Tape() = default;

  // Bytes a tape would take, to refuse what does not fit before trying.
  static double bytes_needed(const NetworkPlan& network, Index capacity) {
    std::vector<Record> records(network.layers().size());
    const Sizes sizes = lay_out(network, capacity, nullptr, nullptr, records);
    return static_cast<double>(sizes.values) * sizeof(T) +
           static_cast<double>(sizes.indices) * sizeof(std::int32_t);
  }

  [[nodiscard]] Index capacity() const { return capacity_; }
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] const T* output() const { return records_.back().y; }
  // Backward starts from what stands here.
  [[nodiscard]] T* output_gradient() { return records_.back().dy; }
  // Draws what training passes leave to chance: masks of dropout, unit noise.
  [[nodiscard]] Random& random() { return random_; }

 private:
  // More than Index can count, where it is asked whether so much would fit.
  struct Sizes {
    std::int64_t values = 0;
    std::int64_t indices = 0;
  };

  // Gives every record its places in the arenas; without arenas it counts only.
  static Sizes lay_out(const NetworkPlan& network, Index capacity, T* values, std::int32_t* indices,
                       std::vector<Record>& records) {
    Sizes used;
    const auto take = [&](std::int64_t count) {
      T* taken = values == nullptr ? nullptr : values + used.values;
      used.values += padded(count);
      return taken;
    };
    for (std::size_t i = 0; i < records.size(); ++i) {
      const LayerPlan& plan = network.layers()[i];
      Record& record = records[i];
      const std::int64_t outputs = std::int64_t{capacity} * plan.out.size();
      record.y = take(outputs);
      record.dy = take(outputs);
      if (plan.feeds_skip) record.dskip = take(outputs);
      with_spec(plan.spec, [&]<typename Spec>(const Spec& spec) {
        if constexpr (kTakesBatchStatistics<Spec>) {
          const std::int64_t groups = std::max<Index>(statistics_count(plan, capacity), 1);
          record.xhat = take(outputs);
          record.mean = take(groups * plan.out.channels);
          record.var = take(groups * plan.out.channels);
          record.rstd = take(groups * plan.out.channels);
          record.sums = take(4 * plan.out.channels);
        }
        if constexpr (std::is_same_v<Spec, BatchRenormSpec>) record.correction = take(3 * plan.out.channels);
        if constexpr (std::is_same_v<Spec, GroupNormSpec>) {
          record.xhat = take(outputs);
          record.mean = take(std::int64_t{capacity} * spec.groups);
          record.rstd = take(std::int64_t{capacity} * spec.groups);
          record.sums = take(2 * plan.out.size());
        }
        if constexpr (std::is_same_v<Spec, DropoutSpec> || std::is_same_v<Spec, UnitNoiseSpec>)
          record.mask = take(outputs);
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
  static std::int64_t padded(std::int64_t count) {
    constexpr std::int64_t kLine = 64 / sizeof(T);
    return (count + kLine - 1) / kLine * kLine;
  }

  Index capacity_;
  Random random_;
  Buffer<T> arena_;
  std::vector<std::int32_t> indices_;
  std::vector<Record> records_;
};

}  // namespace bnlab
