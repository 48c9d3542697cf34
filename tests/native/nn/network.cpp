#include "nn/network_pass.hpp"

#include <doctest/doctest.h>

#include "nn/loss.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/rig.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

LinearSpec linear(Index units, bool bias = true) { return {units, bias, {}}; }

BatchNormSpec norm(bool affine = true, bool track = true) {
  BatchNormSpec spec;
  spec.options.affine = affine;
  spec.options.track_running_stats = track;
  return spec;
}

// The network of tests/golden/trajectory_bce.txt and one with everything left out that can be.
NetworkSpec full_spec() {
  return {{2},
          {linear(7), norm(), ActivationSpec{Activation::kRelu}, linear(5, false), norm(false),
           ActivationSpec{Activation::kRelu}, linear(1)}};
}

std::vector<std::string> names_of(const Network<double>& network) {
  std::vector<std::string> names;
  for (const TensorInfo& tensor : network.tensors()) names.push_back(tensor.name);
  return names;
}

}  // namespace

TEST_CASE("names and shapes are those of PyTorch's state_dict") {
  const Network<double> network(full_spec());
  CHECK(network.inputs() == 2);
  CHECK(network.outputs() == 1);
  CHECK(names_of(network) ==
        std::vector<std::string>{"0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean",
                                 "1.running_var", "1.num_batches_tracked", "3.weight", "4.running_mean",
                                 "4.running_var", "4.num_batches_tracked", "6.weight", "6.bias"});
  const Golden golden("trajectory_bce.txt");
  std::size_t seen = 0;
  for (const std::string& name : golden.names_below("float64/step/20/")) {
    CAPTURE(name);
    const TensorInfo* tensor = network.find(name);
    REQUIRE(tensor != nullptr);
    const bool single = tensor->role == Role::kBatchesTracked;  // PyTorch's shape is (), in the file 1
    CHECK((single ? std::vector<Index>{1} : tensor->shape) == golden.shape("float64/step/20/" + name));
    ++seen;
  }
  CHECK(seen == network.tensors().size());
  CHECK(network.find("2.weight") == nullptr);
  CHECK(network.find("") == nullptr);
}

TEST_CASE("without affine parameters and running statistics there is nothing to name") {
  Network<double> network({{3}, {norm(false, false), ActivationSpec{}, norm(true, false)}});
  CHECK(names_of(network) == std::vector<std::string>{"2.weight", "2.bias"});
  CHECK(network.outputs() == 3);
  CHECK(network.buffers().empty());
}

TEST_CASE("every tensor has its own place") {
  Network<double> network(full_spec());
  std::vector<int> parameters(network.parameters().size(), 0);
  std::vector<int> buffers(network.buffers().size(), 0);
  for (const TensorInfo& tensor : network.tensors()) {
    if (tensor.role == Role::kBatchesTracked) continue;
    std::vector<int>& visits = is_parameter(tensor.role) ? parameters : buffers;
    for (Index i = 0; i < tensor.size(); ++i) ++visits.at(size_of(tensor.offset + i));
  }
  CHECK(parameters == std::vector<int>(14 + 7 + 7 + 7 + 35 + 5 + 1, 1));
  CHECK(buffers == std::vector<int>(4 * 6, 1));
}

TEST_CASE("a weight is read and written as PyTorch keeps it, (out, in)") {
  Network<double> network({{3}, {linear(2)}});
  const TensorInfo& weight = *network.find("0.weight");
  CHECK(weight.shape == std::vector<Index>{2, 3});
  const std::vector<double> given = {1, 2, 3, 4, 5, 6};
  network.write(weight, given.data(), network.parameters().data());
  // The engine multiplies x by (in, out).
  CHECK(std::vector<double>(network.parameters().begin(), network.parameters().begin() + 6) ==
        std::vector<double>{1, 4, 2, 5, 3, 6});
  std::vector<double> back(6);
  network.read(weight, network.parameters().data(), back.data());
  CHECK(back == given);

  const TensorInfo& bias = *network.find("0.bias");
  const std::vector<double> values = {8, 9};
  network.write(bias, values.data(), network.parameters().data());
  network.read(bias, network.parameters().data(), back.data());
  CHECK(back[0] == 8);
  CHECK(back[1] == 9);
}

TEST_CASE("the start: each layer's weights from a stream of its own, γ as given, β 0, M 0, V 1") {
  NetworkSpec spec = full_spec();
  std::get<BatchNormSpec>(spec.layers[1]).initial_gamma = -0.5;
  Network<double> network(spec);
  std::fill(network.parameters().begin(), network.parameters().end(), 77);
  std::fill(network.buffers().begin(), network.buffers().end(), 77);
  network.batches_tracked()[1] = 5;
  network.initialize(4);

  std::uint64_t part = 0;
  for (const LayerPlan& plan : network.layers()) {
    if (plan.weight == kAbsent) continue;
    const Index in = plan.in.size();
    const Index out = plan.out.size();
    Random same(4, Stream::kInit, part++);
    std::vector<double> weight(size_of(in * out));
    init_linear<double>({}, in, out, weight.data(), nullptr, same);
    for (std::size_t i = 0; i < weight.size(); ++i) CHECK(network.parameter(plan.weight)[i] == weight[i]);
    for (Index i = 0; plan.bias != kAbsent && i < out; ++i) CHECK(network.parameter(plan.bias)[i] == 0);
  }
  CHECK(part == 3);
  for (Index c = 0; c < 7; ++c) {
    CHECK(network.parameter(network.layers()[1].gamma)[c] == -0.5);
    CHECK(network.parameter(network.layers()[1].beta)[c] == 0);
    CHECK(network.buffer(network.layers()[1].running_mean)[c] == 0);
    CHECK(network.buffer(network.layers()[1].running_var)[c] == 1);
  }
  CHECK(network.batches_tracked()[1] == 0);
}

TEST_CASE("a pass is its operators one after the other") {
  for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
    Rig rig({{3}, {linear(4), norm(), ActivationSpec{Activation::kTanh}}}, 5);
    const std::vector<double> y = rig.forward(mode);

    const Network<double>& network = rig.network;
    std::vector<double> h(20);
    linear_forward<double>({5, 3, 4}, rig.x.data(), network.parameter(network.layers()[0].weight),
                           network.parameter(network.layers()[0].bias), h.data());
    const LayerPlan& plan = network.layers()[1];
    std::vector<double> mean(network.buffer(plan.running_mean), network.buffer(plan.running_mean) + 4);
    std::vector<double> var(network.buffer(plan.running_var), network.buffer(plan.running_var) + 4);
    std::vector<double> rstd(4);
    if (mode == Mode::kTraining) batch_norm_statistics<double>({5, 4, 1}, h.data(), mean.data(), var.data());
    batch_norm_rstd<double>(4, var.data(), 1e-5, rstd.data());
    batch_norm_normalize<double>({5, 4, 1}, h.data(), mean.data(), rstd.data(), network.parameter(plan.gamma),
                                 network.parameter(plan.beta), nullptr, h.data());
    activation_forward(Activation::kTanh, 20, h.data(), h.data());
    check_same_bits(y, h, "output");
  }
}

TEST_CASE("gradients of whole networks agree with finite differences in both modes") {
  const ActivationSpec sigmoid{Activation::kSigmoid};
  const ActivationSpec tanh{Activation::kTanh};
  const std::vector<Index> some = {2, 3, 6};
  check_gradients("linear only", {{3}, {linear(2)}}, some);
  check_gradients("two layers", {{3}, {linear(5), sigmoid, linear(2)}}, some);
  check_gradients("batch norm between",
                  {{2}, {linear(7, false), norm(), tanh, linear(5), norm(), sigmoid, linear(1)}}, some);
  check_gradients("no affine", {{2}, {linear(3), norm(false), tanh, linear(2)}}, some);
  check_gradients("no running statistics", {{2}, {linear(3), norm(true, false), tanh, linear(2)}}, some);
  check_gradients("batch norm first", {{4}, {norm(), linear(3)}}, some);
  check_gradients("nonlinearity first", {{4}, {tanh, linear(3)}}, some);
  check_gradients("batch norm last", {{3}, {linear(9), tanh, norm()}}, some);
  check_gradients("batch norm alone", {{5}, {norm()}}, some);
  check_gradients("identity", {{3}, {linear(4), ActivationSpec{Activation::kIdentity}, norm(), linear(2)}},
                  some);
}

TEST_CASE("a pass and its backward change nothing but the tape") {
  Rig rig(full_spec(), 6);
  const Buffer<double> parameters = rig.network.parameters();
  const Buffer<double> buffers = rig.network.buffers();
  for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
    rig.forward(mode);
    rig.backward(mode);
  }
  CHECK(rig.network.parameters() == parameters);
  CHECK(rig.network.buffers() == buffers);
  CHECK(rig.network.batches_tracked() == std::vector<Index>(7, 0));
}

TEST_CASE("running statistics move once per call, in every layer that has them") {
  Rig rig({{2}, {linear(3), norm(), linear(2), norm(true, false), norm(false)}}, 4);
  rig.forward(Mode::kTraining);
  const Buffer<double> before = rig.network.buffers();
  network_update_running(rig.network, rig.tape, 4);
  CHECK(rig.network.batches_tracked() == std::vector<Index>{0, 1, 0, 0, 1});
  for (const std::size_t layer : {1U, 4U}) {
    const LayerPlan& plan = rig.network.layers()[layer];
    for (Index c = 0; c < plan.out.channels; ++c) {
      const double mean = rig.tape.records()[layer].mean[c];
      const double var = rig.tape.records()[layer].var[c] * 4 / 3;
      const double mean_before = before[size_of(plan.running_mean + c)];
      const double var_before = before[size_of(plan.running_var + c)];
      CHECK(rig.network.buffer(plan.running_mean)[c] == doctest::Approx(0.9 * mean_before + 0.1 * mean));
      CHECK(rig.network.buffer(plan.running_var)[c] == doctest::Approx(0.9 * var_before + 0.1 * var));
    }
  }
  network_update_running(rig.network, rig.tape, 4);
  CHECK(rig.network.batches_tracked() == std::vector<Index>{0, 2, 0, 0, 2});
}

TEST_CASE("statistics that are not finite are noticed in any layer") {
  Rig rig(full_spec(), 6);
  rig.forward(Mode::kTraining);
  CHECK(statistics_are_finite(rig.network, rig.tape, 6));
  for (const char* name : {"0.weight", "3.weight"}) {
    Rig broken(full_spec(), 6);
    broken.network.parameters()[size_of(broken.network.find(name)->offset)] = 1e200;
    broken.forward(Mode::kTraining);
    CHECK_FALSE(statistics_are_finite(broken.network, broken.tape, 6));
  }
}

TEST_CASE("a smaller batch on a larger tape gives the same bits") {
  for (const Index batch : {1, 2, 5}) {
    Rig exact(full_spec(), batch);
    Rig roomy(full_spec(), 9);
    roomy.batch = batch;
    roomy.x = exact.x;
    roomy.dy = exact.dy;
    for (const Mode mode : {Mode::kTraining, Mode::kInference}) {
      check_same_bits(roomy.forward(mode), exact.forward(mode), "output");
      check_same_bits(roomy.backward(mode), exact.backward(mode), "gradients");
    }
  }
}

TEST_CASE("which networks cannot take a batch of one") {
  const auto needs = [](const BatchNormSpec& spec, Mode mode) {
    return Network<double>({{2}, {linear(3), spec}}).needs_two_examples(mode);
  };
  CHECK(needs(norm(), Mode::kTraining));
  CHECK_FALSE(needs(norm(), Mode::kInference));
  // Without running statistics inference takes the batch's own, as PyTorch does.
  CHECK(needs(norm(true, false), Mode::kInference));
  BatchNormSpec show = norm(true, false);
  show.options.single_value = SingleValue::kShow;
  CHECK_FALSE(needs(show, Mode::kTraining));
  CHECK_FALSE(needs(show, Mode::kInference));
  CHECK_FALSE(Network<double>({{2}, {linear(3)}}).needs_two_examples(Mode::kTraining));
}

TEST_CASE("a tape says beforehand what it takes") {
  const Network<float> network({{2}, {linear(30), norm(), ActivationSpec{}}});
  // Of 10 examples, outputs and their gradients of three layers and one xhat; three statistics, and four sums of backward.
  // Each begins on a line of 64 bytes.
  CHECK(Tape<float>::bytes_needed(network, 10) == (7 * 304 + 3 * 32 + 128) * 4);
  CHECK(Tape<double>::bytes_needed(NetworkPlan({{2}, {linear(30), norm(), ActivationSpec{}}}), 10) ==
        (7 * 304 + 3 * 32 + 120) * 8);
  // More than 32 bits can count.
  CHECK(Tape<float>::bytes_needed(network, 1'000'000'000) > 7 * 30e9 * 4);
}
