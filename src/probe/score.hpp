// Loss and accuracy over a set of examples, in either mode, without changing anything.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "train/trainer.hpp"

namespace bnlab {

struct Score {
  double loss = 0;
  double accuracy = std::numeric_limits<double>::quiet_NaN();  // where there are classes
  Index count = 0;
  std::vector<std::int32_t> confusion;  // (classes, classes): rows are classes, columns predictions
};

// Which class a row of outputs says: the largest, or, with one output, whether class 1 is the likelier: above 0 as a logit,
// above ½ where it is fitted to 0 and 1. NaN says class 0.
template <typename T>
std::int32_t predicted_class(Loss loss, const T* outputs, Index count) {
  if (count == 1) return outputs[0] > (loss == Loss::kMse ? T(0.5) : T(0)) ? 1 : 0;
  std::int32_t best = 0;
  for (Index k = 1; k < count; ++k)
    if (outputs[k] > outputs[best]) best = static_cast<std::int32_t>(k);
  return best;
}

// Takes the examples in batches of at most the tape's capacity, in order; where two are needed, a batch of one at the end is
// left out. `labels` has a class per example, or is null where values are predicted. x becomes scale·x + shift. `x_scaled`
// holds a batch of inputs; it is used only where scale or shift change anything.
template <typename T>
Score score(const Network<T>& network, Tape<T>& tape, Loss loss, Mode mode, Index count, const T* x,
            const Targets<T>& targets, const std::int32_t* labels, Index classes, double scale, double shift,
            T* x_scaled) {
  Score result;
  const Index inputs = network.inputs();
  const Index outputs = network.outputs();
  const bool moved = scale != 1 || shift != 0;
  Index right = 0;
  if (labels != nullptr) result.confusion.assign(static_cast<std::size_t>(classes * classes), 0);
  for (Index first = 0; first < count; first += tape.capacity()) {
    const Index batch = std::min(tape.capacity(), count - first);
    if (batch == 1 && network.needs_two_examples(mode)) break;
    const T* from = x + first * inputs;
    if (moved) {
      for (Index i = 0; i < batch * inputs; ++i)
        x_scaled[i] = static_cast<T>(scale * static_cast<double>(from[i]) + shift);
      from = x_scaled;
    }
    network_forward(network, tape, from, batch, mode);
    const Targets<T> here{targets.classes == nullptr ? nullptr : targets.classes + first,
                          targets.values == nullptr ? nullptr : targets.values + first * outputs};
    result.loss += evaluate_loss(loss, tape, batch, outputs, here) * static_cast<double>(batch);
    result.count += batch;
    for (Index i = 0; labels != nullptr && i < batch; ++i) {
      const std::int32_t label = labels[first + i];
      const std::int32_t said = predicted_class(loss, tape.output() + i * outputs, outputs);
      if (said == label) ++right;
      ++result.confusion[static_cast<std::size_t>(label * classes + said)];
    }
  }
  result.loss /= static_cast<double>(result.count);
  if (labels != nullptr) result.accuracy = static_cast<double>(right) / static_cast<double>(result.count);
  return result;
}

}  // namespace bnlab
