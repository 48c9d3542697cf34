// The training runs PyTorch recorded: the networks and optimisers of tests/golden/trajectory_*.txt.
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

namespace recorded_run_detail {

inline LinearSpec linear(Index units, bool bias = true) { return {units, bias, {}}; }

inline BatchNormSpec batch_norm(double momentum) {
  BatchNormSpec norm;
  norm.options.running_momentum = momentum;
  return norm;
}

}  // namespace recorded_run_detail

inline RecordedRun sigmoid_run() {
  using namespace recorded_run_detail;
  const ActivationSpec sigmoid{Activation::kSigmoid};
  RecordedRun run{
      Golden("trajectory_cross_entropy.txt"),
      {{3},
       {linear(8, false), BatchNormSpec{}, sigmoid, linear(6, false), BatchNormSpec{}, sigmoid, linear(3)}},
      Loss::kCrossEntropy,
      {},
      10};
  run.sgd.lr = run.golden.number("lr");
  run.sgd.momentum = run.golden.number("momentum");
  run.sgd.weight_decay = run.golden.number("weight_decay");
  return run;
}

inline RecordedRun relu_run() {
  using namespace recorded_run_detail;
  BatchNormSpec cumulative;
  cumulative.options.cumulative = true;
  BatchNormSpec plain = batch_norm(0.3);
  plain.options.affine = false;
  plain.options.eps = 1e-3;
  const ActivationSpec relu{Activation::kRelu};
  RecordedRun run{Golden("trajectory_bce.txt"),
                  {{2}, {linear(7), cumulative, relu, linear(5, false), plain, relu, linear(1)}},
                  Loss::kBceWithLogits,
                  {},
                  12};
  run.sgd.lr = run.golden.number("lr");
  run.sgd.momentum = run.golden.number("momentum");
  run.sgd.nesterov = true;
  return run;
}

inline RecordedRun convolution_run() {
  using namespace recorded_run_detail;
  RecordedRun run{
      Golden("trajectory_convolution.txt"),
      {{2, 6, 5},
       {Conv2dSpec{5, 3, 1, 1, false, {}}, BatchNormSpec{}, ActivationSpec{Activation::kLeakyRelu, 0.1},
        Pool2dSpec{Pool::kMax, 2, 2}, Conv2dSpec{4, 3, 2, 2, true, {}}, batch_norm(0.3),
        ActivationSpec{Activation::kRelu}, Pool2dSpec{Pool::kAverage, 2, 1}, FlattenSpec{}, linear(3)}},
      Loss::kCrossEntropy,
      {},
      6};
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
