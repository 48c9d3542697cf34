// Training some parameters while the others stay as they were.
//
// The others' gradients are computed and left unused: after each update they are put back. Without clipping that is the same
// as not asking for them, since an update looks at no other parameter's gradient.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "train/trainer.hpp"

namespace bnlab {

template <typename T>
class HeldParameters {
 public:
  // Holds the tensors for which hold(tensor) is true at the values they have now.
  template <typename Hold>
  HeldParameters(const Network<T>& network, Hold&& hold) {
    for (const TensorInfo& tensor : network.tensors()) {
      if (!is_parameter(tensor.role)) continue;
      if (!hold(tensor)) {
        trained_ += tensor.size();
        continue;
      }
      const T* const from = network.parameter(tensor.offset);
      held_.push_back({tensor.offset, {from, from + tensor.size()}});
    }
  }

  void put_back(Network<T>& network) const {
    for (const auto& [offset, values] : held_)
      std::copy(values.begin(), values.end(), network.parameter(offset));
  }

  // How many parameters are left to train.
  [[nodiscard]] Index trained() const { return trained_; }

 private:
  struct Tensor {
    Index offset;
    std::vector<T> values;
  };
  std::vector<Tensor> held_;
  Index trained_ = 0;
};

// Trains for `steps` or until it diverges. Returns whether all was well.
template <typename T>
bool train_holding(Trainer<T>& trainer, const HeldParameters<T>& held, Index steps) {
  for (Index step = 0; step < steps; ++step) {
    if (trainer.step().diverged) return false;
    held.put_back(trainer.network());
  }
  return true;
}

}  // namespace bnlab
