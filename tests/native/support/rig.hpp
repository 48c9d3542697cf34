// A network with random parameters and running statistics, and a batch for it.
#pragma once

#include <doctest/doctest.h>

#include <vector>

#include "nn/network_pass.hpp"
#include "support/gradient.hpp"
#include "support/values.hpp"

namespace bnlab::test {

struct Rig {
  Network<double> network;
  Tape<double> tape;
  Index batch;
  std::vector<double> x;
  std::vector<double> dy;

  Rig(const NetworkSpec& spec, Index batch_size)
      : network(spec), tape(network, batch_size), batch(batch_size) {
    network.initialize(1);
    Random random(1, Stream::kInit);
    for (double& p : network.parameters()) p += 0.3 * random.normal();
    for (double& b : network.buffers()) b += 0.5 * random.uniform();
    x = random_values<double>(batch * network.inputs(), 2);
    dy = random_values<double>(batch * network.outputs(), 3);
  }

  std::vector<double> forward(Mode mode) {
    network_forward(network, tape, x.data(), batch, mode);
    return {tape.output(), tape.output() + batch * network.outputs()};
  }
  std::vector<double> backward(Mode mode) {
    std::vector<double> gradients(network.parameters().size(), -99);
    std::copy(dy.begin(), dy.end(), tape.output_gradient());
    network_backward(network, tape, x.data(), batch, mode, gradients.data());
    return gradients;
  }
};

// Whether every parameter's gradient agrees with finite differences, in both modes and for batches of these sizes.
inline void check_gradients(const char* what, const NetworkSpec& spec, const std::vector<Index>& batches) {
  for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
    for (const Index batch : batches) {
      CAPTURE(batch);
      CAPTURE(mode == Mode::kTraining);
      Rig rig(spec, batch);
      rig.forward(mode);
      const std::vector<double> gradients = rig.backward(mode);
      std::vector<double> parameters(rig.network.parameters().begin(), rig.network.parameters().end());
      check_gradient(
          parameters, gradients,
          [&] {
            std::copy(parameters.begin(), parameters.end(), rig.network.parameters().begin());
            return probe_loss(rig.dy, rig.forward(mode));
          },
          what);
    }
  }
}

}  // namespace bnlab::test
