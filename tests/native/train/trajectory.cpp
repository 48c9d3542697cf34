// Whole training runs against PyTorch: from the same weights and batches, every tensor along the way.
#include <doctest/doctest.h>

#include "support/recorded_run.hpp"
#include "support/values.hpp"
#include "train/trainer.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
void write(Trainer<T>& trainer, const std::string& name, const std::vector<T>& values) {
  Network<T>& network = trainer.network();
  const TensorInfo* tensor = network.find(name);
  REQUIRE(tensor != nullptr);
  network.write(*tensor, values.data(), network.parameters().data());
}

template <typename T>
std::vector<T> read(const Network<T>& network, const TensorInfo& tensor, const Buffer<T>& flat) {
  std::vector<T> values(size_of(tensor.size()));
  network.read(tensor, flat.data(), values.data());
  return values;
}

template <typename T>
void follow(const RecordedRun& run) {
  const Golden& golden = run.golden;
  const std::string dtype = std::string(dtype_name<T>()) + "/";
  const Tolerance tolerance = kTrajectoryTolerance<T>;
  Trainer<T> trainer(run.network, run.loss, run.sgd, {run.largest_batch, true, LastBatch::kKeep}, {}, 1, 1);
  for (const std::string& name : golden.names_below("start/"))
    write(trainer, name, golden.values<T>("start/" + name));
  Network<T>& network = trainer.network();

  std::vector<double> losses;
  for (Index k = 0; k < kRecordedSteps; ++k) {
    const std::string batch = "batch/" + std::to_string(k) + "/";
    const std::vector<T> x = golden.values<T>(batch + "x");
    std::vector<std::int32_t> classes;
    std::vector<T> values;
    if (run.loss == Loss::kCrossEntropy)
      classes = golden.values<std::int32_t>(batch + "y");
    else
      values = golden.values<T>(batch + "y");
    const StepRecord record = trainer.step_on(
        trainer.take_batch(x.data(), golden.shape(batch + "x")[0], {classes.data(), values.data()}));
    CHECK(record.step == k + 1);
    CHECK_FALSE(record.diverged);
    losses.push_back(record.loss);

    const std::string checkpoint = dtype + "step/" + std::to_string(k + 1) + "/";
    for (const std::string& name : golden.names_below(checkpoint)) {
      const TensorInfo& tensor = *network.find(name);
      if (tensor.role == Role::kBatchesTracked) {
        CHECK(network.batches_tracked()[size_of(tensor.layer)] == golden.number(checkpoint + name));
        continue;
      }
      const Buffer<T>& flat = is_parameter(tensor.role) ? network.parameters() : network.buffers();
      check_close(read(network, tensor, flat), golden.values<T>(checkpoint + name), tolerance,
                  checkpoint + name);
    }
  }
  check_close(losses, golden.values<double>(dtype + "losses"), tolerance, dtype + "losses");

  for (const std::string& name : golden.names_below(dtype + "gradient/"))
    check_close(read(network, *network.find(name), trainer.gradients()),
                golden.values<T>(dtype + "gradient/" + name), tolerance, dtype + "gradient/" + name);

  const std::vector<T> probe = golden.values<T>("probe/x");
  for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
    network_forward(network, trainer.tape(), probe.data(), 5, mode);
    const std::vector<T> output(trainer.tape().output(), trainer.tape().output() + 5 * network.outputs());
    const std::string name = dtype + "probe/" + (mode == Mode::kTraining ? "training" : "inference");
    check_close(output, golden.values<T>(name), tolerance, name);
  }
}

}  // namespace

TEST_CASE_TEMPLATE("sigmoid, cross entropy, momentum and weight decay", T, float, double) {
  follow<T>(sigmoid_run());
}

TEST_CASE_TEMPLATE("relu, binary cross entropy, Nesterov, cumulative statistics, uneven batches", T, float,
                   double) {
  follow<T>(relu_run());
}

TEST_CASE_TEMPLATE("convolutions, batch norm of pictures, pooling, cross entropy, uneven batches", T, float,
                   double) {
  follow<T>(convolution_run());
}
