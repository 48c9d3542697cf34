// The two training runs PyTorch recorded: the networks and optimisers of tests/golden/trajectory_*.txt.
#pragma once

#include <string>

#include "nn/loss.hpp"
#include "nn/network.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"
#include "train/sgd.hpp"

namespace bnlab::test {

struct RecordedRun {
  Golden golden;
  NetworkSpec network;
  Loss loss;
  SgdOptions sgd;
  Index largest_batch;
};

inline RecordedRun recorded_run(Loss loss) {
  const bool bce = loss == Loss::kBceWithLogits;
  RecordedRun run{
      Golden(bce ? "trajectory_bce.txt" : "trajectory_cross_entropy.txt"), {}, loss, {}, bce ? 12 : 10};
  const auto linear = [](Index units, bool bias) { return LinearSpec{units, bias, {}}; };
  if (bce) {
    BatchNormSpec cumulative;
    cumulative.options.cumulative = true;
    BatchNormSpec plain;
    plain.options.affine = false;
    plain.options.eps = 1e-3;
    plain.options.running_momentum = 0.3;
    const ActivationSpec relu{Activation::kRelu};
    run.network = {{2}, {linear(7, true), cumulative, relu, linear(5, false), plain, relu, linear(1, true)}};
    run.sgd.nesterov = true;
  } else {
    const ActivationSpec sigmoid{Activation::kSigmoid};
    run.network = {{3},
                   {linear(8, false), BatchNormSpec{}, sigmoid, linear(6, false), BatchNormSpec{}, sigmoid,
                    linear(3, true)}};
    run.sgd.weight_decay = run.golden.number("weight_decay");
  }
  run.sgd.lr = run.golden.number("lr");
  run.sgd.momentum = run.golden.number("momentum");
  return run;
}

constexpr Index kRecordedSteps = 20;

// How far a tensor may be from PyTorch's after up to 20 steps. Measured: 8e-6 in float, 2e-14 in double; each sums in its
// own order.
template <typename T>
constexpr Tolerance kTrajectoryTolerance = sizeof(T) == 4 ? Tolerance{2e-5, 2e-5} : Tolerance{1e-13, 1e-13};

}  // namespace bnlab::test
