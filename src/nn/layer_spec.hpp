// What a network is made of: one description per kind of layer.
#pragma once

#include <variant>
#include <vector>

#include "core/types.hpp"
#include "nn/activation.hpp"
#include "nn/batch_norm.hpp"
#include "nn/batch_renorm.hpp"
#include "nn/conv2d.hpp"
#include "nn/init.hpp"
#include "nn/lp_norm.hpp"
#include "nn/pool2d.hpp"
#include "nn/unit_noise.hpp"

namespace bnlab {

struct LinearSpec {
  Index units = 0;
  bool bias = true;
  InitOptions init;
};

struct Conv2dSpec {
  Index units = 0;
  Index kernel = 3;
  Index stride = 1;
  Index padding = 1;
  bool bias = true;
  InitOptions init;
};

struct Pool2dSpec {
  Pool kind = Pool::kMax;
  Index size = 2;
  Index stride = 2;
};

// (C, H, W) to one row. Nothing moves, but linear layers ask for it, as PyTorch's do.
struct FlattenSpec {};

struct BatchNormSpec {
  BatchNormOptions options;
  double initial_gamma = 1;
  bool frozen = false;  // training normalises by the running statistics too, and leaves them as they are
  Index ghost = 0;      // statistics over groups of so many examples; 0: over the batch
};

struct BatchRenormSpec {
  BatchNormOptions options;
  double initial_gamma = 1;
  RenormSchedule schedule;
};

struct LpNormSpec {
  BatchNormOptions options;
  double initial_gamma = 1;
  Spread spread = Spread::kL2;
};

// Layer norm (one group, γ and β per feature), group norm and instance norm (a group per channel; γ and β per channel).
struct GroupNormSpec {
  Index groups = 1;
  bool per_feature = false;
  bool affine = true;
  double eps = 1e-5;
  double initial_gamma = 1;
};

struct ActivationSpec {
  Activation kind = Activation::kRelu;
  double slope = 0.01;  // of leaky_relu
};

struct DropoutSpec {
  double p = 0.5;
};

// Skip connection: y = x + the output of layer `from`, −1 being the network's input.
struct AddSpec {
  Index from = -1;
};

struct UnitNoiseSpec {
  UnitNoise noise;
};

using LayerSpec =
    std::variant<LinearSpec, Conv2dSpec, Pool2dSpec, FlattenSpec, BatchNormSpec, BatchRenormSpec, LpNormSpec,
                 GroupNormSpec, ActivationSpec, DropoutSpec, AddSpec, UnitNoiseSpec>;

// (channels, height, width) of one example; a row of features is (C, 1, 1).
struct ExampleShape {
  Index channels = 0;
  Index height = 1;
  Index width = 1;

  [[nodiscard]] Index spatial() const { return height * width; }
  [[nodiscard]] Index size() const { return channels * height * width; }
  friend bool operator==(const ExampleShape&, const ExampleShape&) = default;
};

struct NetworkSpec {
  ExampleShape inputs;
  std::vector<LayerSpec> layers;
};

enum class Mode { kTraining, kInference };

inline ConvShape conv_shape(const Conv2dSpec& spec, const ExampleShape& in, Index batch) {
  return {batch, in.channels, in.height, in.width, spec.units, spec.kernel, spec.stride, spec.padding};
}
inline PoolShape pool_shape(const Pool2dSpec& spec, const ExampleShape& in, Index batch) {
  return {batch, in.channels, in.height, in.width, spec.size, spec.stride};
}

// Calls body(spec) with whichever kind the layer is.
template <typename Body, std::size_t I = 0>
void with_spec(const LayerSpec& layer, Body&& body) {
  if constexpr (I < std::variant_size_v<LayerSpec>) {
    if (const auto* spec = std::get_if<I>(&layer))
      body(*spec);
    else
      with_spec<Body, I + 1>(layer, std::forward<Body>(body));
  }
}

// The kinds that normalise by statistics of the batch in training and by running ones in inference.
template <typename Spec>
constexpr bool kTakesBatchStatistics =
    std::is_same_v<Spec, BatchNormSpec> || std::is_same_v<Spec, BatchRenormSpec> ||
    std::is_same_v<Spec, LpNormSpec>;

// Their common options; null for the other kinds.
inline const BatchNormOptions* batch_statistics_options(const LayerSpec& layer) {
  const BatchNormOptions* options = nullptr;
  with_spec(layer, [&]<typename Spec>(const Spec& spec) {
    if constexpr (kTakesBatchStatistics<Spec>) options = &spec.options;
  });
  return options;
}

}  // namespace bnlab
