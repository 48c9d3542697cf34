// A prepared data set as a trainer wants it, and whether the two go together.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/status.hpp"
#include "data/dataset.hpp"
#include "train/trainer.hpp"
#include "vocabulary.hpp"

namespace bnlab {

// The examples of `set`, which lies in `owner`. float networks read x where it lies; others get a copy.
template <typename T>
TrainingSet<T> training_set(const std::shared_ptr<const Split>& owner, const Dataset& set, Loss loss,
                            Index outputs) {
  TrainingSet<T> result;
  result.count = set.count;
  result.owners[0] = owner;
  if constexpr (std::is_same_v<T, float>) {
    result.x = set.x.data();
  } else {
    const auto x = std::make_shared<std::vector<T>>(set.x.begin(), set.x.end());
    result.x = x->data();
    result.owners[1] = std::shared_ptr<const void>(x);
  }
  if (set.classes > 0) result.labels = set.labels.data();
  if (loss == Loss::kCrossEntropy) {
    result.targets.classes = result.labels;
    return result;
  }
  const auto values = std::make_shared<std::vector<T>>();
  if (set.classes == 0) {
    values->assign(set.values.begin(), set.values.end());
  } else {
    // One output says how likely class 1 is; several are one-hot.
    values->reserve(static_cast<std::size_t>(set.count * outputs));
    for (const std::int32_t label : set.labels)
      for (Index k = 0; k < outputs; ++k)
        values->push_back(outputs == 1 ? static_cast<T>(label) : T(label == k ? 1 : 0));
  }
  result.targets.values = values->data();
  result.owners[2] = values;
  return result;
}

// What both sets of `data` take of memory besides that, for a network of so many outputs in scalars of so many bytes.
inline double training_set_bytes(const Split& data, Loss loss, Index outputs, std::size_t scalar) {
  double values = 0;
  if (scalar != sizeof(float)) values += static_cast<double>(data.train.inputs);
  if (loss != Loss::kCrossEntropy) values += static_cast<double>(outputs);
  return static_cast<double>(data.train.count + data.test.count) * values * static_cast<double>(scalar);
}

// What is wrong with training a network of so many inputs and outputs on `set`, if anything.
inline std::optional<Error> mismatch(const Dataset& set, Index inputs, Index outputs, Loss loss) {
  if (inputs != set.inputs)
    return Error{"experiment.model.inputs", std::to_string(set.inputs) + ", the features of this data",
                 std::to_string(inputs), ""};
  if (set.classes == 0) {
    if (loss != Loss::kMse)
      return Error{"experiment.loss", "'mse', because this data has values to predict and no classes",
                   loss == Loss::kCrossEntropy ? "'cross_entropy'" : "'bce_with_logits'", ""};
    if (outputs != set.outputs)
      return Error{"experiment.model.layers",
                   "a last layer with one output per value, " + std::to_string(set.outputs),
                   std::to_string(outputs), ""};
    return std::nullopt;
  }
  const bool one_for_two = loss != Loss::kCrossEntropy && outputs == 1 && set.classes == 2;
  if (outputs == set.classes || one_for_two) return std::nullopt;
  return Error{"experiment.model.layers",
               "a last layer with one output per class, " + std::to_string(set.classes),
               std::to_string(outputs),
               loss == Loss::kCrossEntropy ? "" : "For two classes one output will do as well."};
}

// What is wrong with training on so many examples in such batches where each needs two examples, if anything.
inline std::optional<Error> batch_of_one(const BatcherOptions& batch, Index count,
                                         std::span<const std::int32_t> labels) {
  if (!may_have_batch_of_one(batch, count, labels)) return std::nullopt;
  if (std::min(batch.size, count) == 1)
    return single_value_error("experiment.batch.size", "batches of one example");
  return Error{"experiment.batch.last", "'drop', because batch normalization needs two examples to train on",
               std::to_string(count) + " examples in batches of " + std::to_string(batch.size) +
                   ", which can leave one over",
               ""};
}

}  // namespace bnlab
