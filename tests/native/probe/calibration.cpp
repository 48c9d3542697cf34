#include "probe/calibration.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

struct Batch {
  const double* x;
  Index count;
};

// Batches of unequal size, one after the other.
struct Batches {
  std::vector<std::vector<double>> all;
  std::size_t next = 0;

  Batches() {
    for (const Index count : {4, 6, 3}) all.push_back(random_values<double>(2 * count, all.size() + 1, 2));
  }
  Batch operator()() {
    const std::vector<double>& x = all.at(next++);
    return {x.data(), static_cast<Index>(x.size()) / 2};
  }
};

Network<double> network_with(const BatchNormSpec& norm) {
  Network<double> network(
      {{2},
       {LinearSpec{3, true, {}}, norm, ActivationSpec{Activation::kTanh}, LinearSpec{2, true, {}}, norm}});
  network.initialize(1);
  return network;
}

}  // namespace

TEST_CASE("recalibrated statistics are the plain averages over the batches, at every depth") {
  for (const bool unbiased : {true, false}) {
    CAPTURE(unbiased);
    BatchNormSpec norm;
    norm.options.unbiased_running_var = unbiased;
    norm.options.running_momentum = 0.7;  // must not matter
    Network<double> network = network_with(norm);
    Tape<double> tape(network, 6);
    const Buffer<double> parameters = network.parameters();

    // The same averages by hand; the weights hold still, so that each batch can be passed by itself.
    std::vector<double> expected(network.buffers().size(), 0);
    Batches batches;
    for (int k = 0; k < 3; ++k) {
      const Batch batch = batches();
      network_forward(network, tape, batch.x, batch.count, Mode::kTraining);
      const auto m = static_cast<double>(batch.count);
      for (const std::size_t layer : {1U, 4U}) {
        const LayerPlan& plan = network.layers()[layer];
        for (Index c = 0; c < plan.out.channels; ++c) {
          expected[size_of(plan.running_mean + c)] += tape.records()[layer].mean[c] / 3;
          expected[size_of(plan.running_var + c)] +=
              tape.records()[layer].var[c] * (unbiased ? m / (m - 1) : 1) / 3;
        }
      }
    }

    std::fill(network.buffers().begin(), network.buffers().end(), 1e6);  // what was there must not matter
    Batches again;
    CHECK(recalibrate(network, tape, 3, again));
    CHECK(again.next == 3);
    check_close(network.buffers(), expected, {1e-14, 1e-14}, "running statistics");
    CHECK(network.parameters() == parameters);
    CHECK(network.batches_tracked() == std::vector<Index>(5, 0));
  }
}

TEST_CASE("statistics that are not finite leave everything as it was") {
  Network<double> network = network_with(BatchNormSpec{});
  Tape<double> tape(network, 6);
  const Buffer<double> before = network.buffers();
  Batches batches;
  batches.all[2][1] = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(recalibrate(network, tape, 3, batches));
  CHECK(network.buffers() == before);
}

TEST_CASE("a network without running statistics has nothing to recalibrate") {
  BatchNormSpec norm;
  norm.options.track_running_stats = false;
  Network<double> network = network_with(norm);
  Tape<double> tape(network, 6);
  Batches batches;
  CHECK(recalibrate(network, tape, 2, batches));
  CHECK(network.buffers().empty());
}

TEST_CASE("one batch recalibrated makes inference do what training did to it, up to the unbiased variance") {
  BatchNormSpec norm;
  norm.options.unbiased_running_var = false;
  Network<double> network = network_with(norm);
  Tape<double> tape(network, 6);
  Batches batches;
  CHECK(recalibrate(network, tape, 1, batches));
  const std::vector<double>& x = batches.all[0];
  network_forward(network, tape, x.data(), 4, Mode::kTraining);
  const std::vector<double> training(tape.output(), tape.output() + 8);
  network_forward(network, tape, x.data(), 4, Mode::kInference);
  check_close(std::vector<double>(tape.output(), tape.output() + 8), training, {1e-14, 1e-14}, "output");
}
