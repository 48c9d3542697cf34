// Networks with dropout, as the studies of dropout before batch normalization use them.
#pragma once

#include <optional>

#include "experiments/both_modes.hpp"

namespace bnlab {

// Linear, normalization where one is given, ReLU and dropout for each hidden layer: so that all layers but the first normalise
// what dropout has thinned out. With p = 0 it lets all pass, in a network of the same layers.
inline NetworkSpec dropout_classifier(Index depth, Index units, double p,
                                      const std::optional<LayerSpec>& norm) {
  NetworkSpec spec{{kGlyphSide * kGlyphSide}, {}};
  for (Index i = 0; i < depth; ++i) {
    spec.layers.emplace_back(LinearSpec{units, !norm.has_value(), {}});
    if (norm.has_value()) spec.layers.push_back(*norm);
    spec.layers.emplace_back(ActivationSpec{});
    spec.layers.emplace_back(DropoutSpec{p});
  }
  spec.layers.emplace_back(LinearSpec{10, true, {}});
  return spec;
}

}  // namespace bnlab
