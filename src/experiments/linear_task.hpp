// Deep linear networks: layers without any nonlinearity that learn a linear map. What they can say is what one layer could say,
// but how they learn it is as involved as in other deep networks, and nothing else confuses the picture.
#pragma once

#include <cmath>
#include <memory>

#include "experiments/deep_network.hpp"

namespace bnlab {

// Normal inputs, and targets that a linear map of the same width makes of them.
inline TrainingSet<float> linear_task(Index count, Index width, std::uint64_t seed) {
  struct Examples {
    std::vector<float> x;
    std::vector<float> targets;
  };
  const auto examples = std::make_shared<Examples>();
  Random random(seed, Stream::kData);
  Matrix<float> map(width, width);
  for (float& value : map.reshaped())
    value = static_cast<float>(random.normal() / std::sqrt(static_cast<double>(width)));
  examples->x.resize(static_cast<std::size_t>(count * width));
  for (float& value : examples->x) value = static_cast<float>(random.normal());
  examples->targets.resize(examples->x.size());
  MatrixMap<float>(examples->targets.data(), count, width).noalias() =
      ConstMatrixMap<float>(examples->x.data(), count, width).lazyProduct(map);
  TrainingSet<float> set;
  set.count = count;
  set.x = examples->x.data();
  set.targets.values = examples->targets.data();
  set.owners[0] = examples;
  return set;
}

// `depth` hidden layers of as many units as there are inputs and targets, trained by gradient descent on all of `data` at once.
inline Trainer<float> linear_trainer(Index depth, Index width, bool normalized, double lr,
                                     const TrainingSet<float>& data, std::uint64_t seed) {
  DeepNetwork network{
      .inputs = width, .depth = depth, .width = width, .classes = width, .activation = Activation::kIdentity};
  if (normalized) network.norm = BatchNormSpec{};
  SgdOptions sgd;
  sgd.lr = lr;
  return {deep_network(network), Loss::kMse, sgd, {.size = data.count}, data, seed, seed};
}

}  // namespace bnlab
