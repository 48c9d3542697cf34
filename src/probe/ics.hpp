// Internal covariate shift as a layer's gradient meets it (Santurkar et al. 2018, arXiv:1805.11604, definition 2.1):
//
//   G  = ∇ of W_i at (W_1^t, …, W_k^t)
//   G′ = ∇ of W_i at (W_1^{t+1}, …, W_{i−1}^{t+1}, W_i^t, …, W_k^t)
//
// on the same batch, where t+1 is one step of plain gradient descent of all parameters of the layers before i. If the step that W_i
// takes were computed for the layers it will meet, G and G′ would be the same.
#pragma once

#include <span>
#include <vector>

#include "probe/batch_gradient.hpp"

namespace bnlab {

// For the weights of each of `layers`, counted in the network's own list.
template <typename T>
std::vector<GradientChange> covariate_shifts(BatchGradient<T>& gradient_of, double lr,
                                             std::span<const Index> layers) {
  const Network<T>& network = gradient_of.network();
  const Buffer<T> here = network.parameters();
  Buffer<T> moved = here;
  Buffer<T> gradient;
  Buffer<T> gradient_moved;
  gradient_of.at(moved, gradient);
  std::vector<GradientChange> result;
  for (const Index layer : layers) {
    moved = here;
    const TensorInfo* weight = nullptr;
    for (const TensorInfo& tensor : network.tensors()) {
      if (tensor.layer == layer && tensor.role == Role::kWeight) weight = &tensor;
      if (tensor.layer >= layer || !is_parameter(tensor.role)) continue;
      for (Index i = tensor.offset; i < tensor.offset + tensor.size(); ++i)
        moved[static_cast<std::size_t>(i)] -= static_cast<T>(lr) * gradient[static_cast<std::size_t>(i)];
    }
    gradient_of.at(moved, gradient_moved);
    result.push_back(gradient_change(weight->size(), gradient.data() + weight->offset,
                                     gradient_moved.data() + weight->offset));
  }
  return result;
}

}  // namespace bnlab
