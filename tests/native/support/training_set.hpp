// Examples for a trainer, which keeps them alive.
#pragma once

#include <memory>
#include <vector>

#include "train/trainer.hpp"

namespace bnlab::test {

// x (count, inputs); classes or values may be empty.
template <typename T>
TrainingSet<T> training_set_of(Index count, const std::vector<T>& x, const std::vector<std::int32_t>& classes,
                               const std::vector<T>& values) {
  const auto owned_x = std::make_shared<std::vector<T>>(x);
  const auto owned_classes = std::make_shared<std::vector<std::int32_t>>(classes);
  const auto owned_values = std::make_shared<std::vector<T>>(values);
  TrainingSet<T> set;
  set.count = count;
  set.x = owned_x->data();
  set.targets.classes = set.labels = classes.empty() ? nullptr : owned_classes->data();
  set.targets.values = owned_values->data();
  set.owners[0] = owned_x;
  set.owners[1] = owned_classes;
  set.owners[2] = owned_values;
  return set;
}

}  // namespace bnlab::test
