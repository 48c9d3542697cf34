// Loss and gradient of one batch in training mode, wherever the parameters are put: what probes are made of that ask how both
// change along a step.
//
// The network is left as it was: running statistics do not move, and its parameters come back. Every evaluation meets the same
// dropout masks and the same noise, so that what differs is the parameters' doing.
#pragma once

#include <cmath>
#include <utility>

#include "train/trainer.hpp"

namespace bnlab {

template <typename T>
class BatchGradient {
 public:
  using Batch = typename Trainer<T>::Batch;

  // All are the caller's, and stay where they are meanwhile. `tape` must not be the one a step is to go back through.
  BatchGradient(Network<T>& network, Tape<T>& tape, Loss loss, const Batch& batch)
      : network_(network), tape_(tape), loss_(loss), batch_(batch) {}

  // The loss at `parameters`, laid out as the network's; its gradient goes to `gradient`, laid out alike.
  double at(Buffer<T>& parameters, Buffer<T>& gradient) {
    const Random before = tape_.random();
    std::swap(network_.parameters(), parameters);
    gradient.resize(network_.parameters().size());
    network_forward(network_, tape_, batch_.x, batch_.count, Mode::kTraining);
    const double loss = evaluate_loss(loss_, tape_, batch_.count, network_.outputs(), batch_.targets);
    network_backward(network_, tape_, batch_.x, batch_.count, Mode::kTraining, gradient.data());
    std::swap(network_.parameters(), parameters);
    tape_.random() = before;
    return loss;
  }

  [[nodiscard]] const Network<T>& network() const { return network_; }

 private:
  Network<T>& network_;
  Tape<T>& tape_;
  Loss loss_;
  Batch batch_;
};

// How two gradients lie to each other.
struct GradientChange {
  double before = 0;    // ‖G‖
  double distance = 0;  // ‖G − G′‖
  double cosine = 0;

  [[nodiscard]] double relative() const { return distance / before; }
};

template <typename T>
GradientChange gradient_change(Index size, const T* before, const T* after) {
  double squares_before = 0;
  double squares_after = 0;
  double product = 0;
  double squares_between = 0;
  for (Index i = 0; i < size; ++i) {
    const auto g = static_cast<double>(before[i]);
    const auto h = static_cast<double>(after[i]);
    squares_before += g * g;
    squares_after += h * h;
    product += g * h;
    squares_between += (g - h) * (g - h);
  }
  return {std::sqrt(squares_before), std::sqrt(squares_between),
          product / std::sqrt(squares_before * squares_after)};
}

}  // namespace bnlab
