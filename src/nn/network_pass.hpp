// Passes through a whole network: forward, backward, and moving the running statistics.
#pragma once

#include "nn/layer_pass.hpp"

namespace bnlab {

// Runs x (B, inputs) through all layers; the output is tape.output() (B, outputs). B must be within the tape's capacity, and
// at least two where network.needs_two_examples(mode). Running statistics stay as they are: see
// network_update_running. With `met`, a tape of a training pass, training mode normalises by that pass's batch statistics
// instead of x's own, as if each row of x had been met in that batch without moving its statistics; such a pass has no
// backward.
template <typename T>
void network_forward(const Network<T>& network, Tape<T>& tape, const T* x, Index batch, Mode mode,
                     const Tape<T>* met = nullptr) {
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const LayerPass<T> pass{network, tape, i, batch, mode, x, met};
    with_spec(network.layers()[i].spec, [&](const auto& spec) { layer_forward(spec, pass); });
  }
}

// Backward of the pass just taped, from tape.output_gradient(). Writes every parameter's gradient into `gradients`, laid
// out as network.parameters(). x, batch and mode are those of the forward pass. The gradient of x itself is not formed.
template <typename T>
void network_backward(const Network<T>& network, Tape<T>& tape, const T* x, Index batch, Mode mode,
                      T* gradients) {
  const std::vector<LayerPlan>& layers = network.layers();
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (layers[i].feeds_skip) std::fill_n(tape.records()[i].dskip, batch * layers[i].out.size(), T(0));
  for (std::size_t i = layers.size(); i-- > 0;) {
    const LayerPass<T> pass{network, tape, i, batch, mode, x, nullptr};
    if (layers[i].feeds_skip) layer_detail::add_to(pass.size(), pass.record().dskip, pass.record().dy);
    with_spec(layers[i].spec, [&](const auto& spec) { layer_backward(spec, pass, gradients); });
  }
}

// Whether all statistics that the pass just taped in training mode took of its batch are finite.
template <typename T>
bool statistics_are_finite(const Network<T>& network, const Tape<T>& tape, Index batch) {
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const LayerPlan& plan = network.layers()[i];
    const Index size = statistics_count(plan, batch) * plan.out.channels;
    if (!all_finite(tape.records()[i].mean, size) || !all_finite(tape.records()[i].var, size)) return false;
  }
  return true;
}

// Moves every layer's running statistics by the pass just taped in training mode, whose batch statistics are finite. Once
// per training step and never by a probe.
template <typename T>
void network_update_running(Network<T>& network, const Tape<T>& tape, Index batch) {
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const LayerPlan& plan = network.layers()[i];
    if (plan.running_mean == kAbsent) continue;
    Index& seen = network.batches_tracked()[i];
    with_spec(plan.spec, [&](const auto& spec) {
      if (layer_update_running(spec, plan, tape.records()[i], batch, seen, network.buffer(plan.running_mean),
                               network.buffer(plan.running_var)))
        ++seen;
    });
  }
}

}  // namespace bnlab
