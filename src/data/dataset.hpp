// Examples to train on and to test with.
#pragma once

#include <cstdint>
#include <vector>

#include "core/types.hpp"

namespace bnlab {

// x is (count, inputs), row-major. With classes, labels has one per example; where values are to be predicted, classes is
// 0 and values is (count, outputs).
struct Dataset {
  Index count = 0;
  Index inputs = 0;
  Index classes = 0;
  Index outputs = 0;  // classes, or how many values
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  std::vector<float> values;
};

struct Split {
  Dataset train;
  Dataset test;
  Index constant_features = 0;  // that standardising found the same throughout the training set, and made 0
};

}  // namespace bnlab
