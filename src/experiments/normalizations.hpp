// The normalisations that studies of batches compare, by the names of their arms.
#pragma once

#include <optional>
#include <string_view>

#include "nn/layer_spec.hpp"

namespace bnlab {

struct Normalizations {
  double running_momentum = 0.1;
  Index groups = 8;       // of group normalization
  RenormSchedule renorm;  // of Batch Renorm
};

// "bn", "renorm", "gn" or "ln"; any other arm has none. A batch of a single example is let pass, to show what comes of it.
inline std::optional<LayerSpec> normalization(std::string_view arm, const Normalizations& choice) {
  BatchNormOptions options;
  options.running_momentum = choice.running_momentum;
  options.single_value = SingleValue::kShow;
  if (arm == "bn") return BatchNormSpec{.options = options};
  if (arm == "renorm") return BatchRenormSpec{.options = options, .schedule = choice.renorm};
  if (arm == "gn") return GroupNormSpec{.groups = choice.groups};
  if (arm == "ln") return GroupNormSpec{.groups = 1, .per_feature = true};
  return std::nullopt;
}

// Small batches are noisier and come in greater numbers: the average must and may be longer.
inline double running_momentum_for(Index batch) { return batch > 4 ? 0.1 : 0.02; }

// Plain batch norm for the first tenth of training, full correction from four tenths on. Bounds: Ioffe 2017, section 4.
inline RenormSchedule renorm_schedule(Index steps) { return {{3, 5}, steps / 10, steps * 3 / 10}; }

}  // namespace bnlab
