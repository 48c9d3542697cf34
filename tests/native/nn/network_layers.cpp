// Every kind of layer inside a network: gradients, shapes and names, skip connections, and passes by another batch's
// statistics.
#include <doctest/doctest.h>

#include "support/compare.hpp"
#include "support/rig.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

LinearSpec linear(Index units, bool bias = true) { return {units, bias, {}}; }
Conv2dSpec conv(Index units, Index stride = 1) { return {units, 3, stride, 1, true, {}}; }
const ActivationSpec kTanh{Activation::kTanh};

GroupNormSpec group_norm(Index groups, bool per_feature = false, bool affine = true) {
  GroupNormSpec spec;
  spec.groups = groups;
  spec.per_feature = per_feature;
  spec.affine = affine;
  return spec;
}

BatchNormSpec ghost(Index group) {
  BatchNormSpec spec;
  spec.ghost = group;
  return spec;
}

BatchNormSpec frozen() {
  BatchNormSpec spec;
  spec.frozen = true;
  return spec;
}

LpNormSpec lp_norm(Spread spread, bool affine = true) {
  LpNormSpec spec;
  spec.spread = spread;
  spec.options.affine = affine;
  return spec;
}

}  // namespace

TEST_CASE("gradients through every kind of layer agree with finite differences in both modes") {
  const std::vector<Index> some = {2, 3, 6};
  const ExampleShape picture{2, 5, 4};
  check_gradients("layer norm", {{3}, {linear(6), group_norm(1, true), kTanh, linear(2)}}, some);
  check_gradients("layer norm without affine",
                  {{3}, {linear(6), group_norm(1, true, false), kTanh, linear(2)}}, some);
  check_gradients("group norm", {{3}, {linear(6), group_norm(3), kTanh, linear(2)}}, some);
  check_gradients("group norm first", {{6}, {group_norm(2), linear(2)}}, some);
  check_gradients("ghost batches", {{3}, {linear(5), ghost(2), kTanh, linear(2)}}, {4, 5, 7});
  check_gradients("frozen batch norm", {{3}, {linear(5), frozen(), kTanh, linear(2)}}, some);
  check_gradients("l1", {{3}, {linear(5), lp_norm(Spread::kL1), kTanh, linear(2)}}, {5, 6});
  check_gradients("l2", {{3}, {linear(5), lp_norm(Spread::kL2, false), kTanh, linear(2)}}, some);
  check_gradients("l infinity", {{3}, {linear(5), lp_norm(Spread::kInfinity), kTanh, linear(2)}}, {5, 6});
  check_gradients("leaky relu", {{3}, {linear(5), ActivationSpec{Activation::kLeakyRelu, 0.2}, linear(2)}},
                  some);
  check_gradients("skip", {{3}, {linear(4), kTanh, linear(4), AddSpec{1}, linear(2)}}, some);
  check_gradients("skip from the input", {{3}, {linear(3), kTanh, AddSpec{-1}, linear(2)}}, some);
  check_gradients("two skips from one layer",
                  {{3}, {linear(4), linear(4), AddSpec{0}, kTanh, linear(4), AddSpec{0}, linear(1)}}, some);
  check_gradients("skip last", {{3}, {linear(4), kTanh, linear(4), AddSpec{0}}}, some);
  check_gradients(
      "skip over batch norm",
      {{3}, {linear(4), BatchNormSpec{}, kTanh, linear(4), BatchNormSpec{}, AddSpec{2}, linear(1)}}, some);
  check_gradients("convolution", {picture, {conv(3), kTanh, conv(2, 2), FlattenSpec{}, linear(2)}}, some);
  check_gradients("pooling",
                  {picture,
                   {conv(3), Pool2dSpec{Pool::kMax, 2, 2}, kTanh, conv(2), Pool2dSpec{Pool::kAverage, 2, 1},
                    FlattenSpec{}, linear(2)}},
                  some);
  check_gradients("batch norm of pictures",
                  {picture, {conv(3), BatchNormSpec{}, kTanh, conv(2), FlattenSpec{}, linear(2)}}, {1, 3});
  check_gradients("ghost batches of pictures",
                  {picture, {conv(3), ghost(2), kTanh, FlattenSpec{}, linear(2)}}, {5});
  check_gradients("instance norm", {picture, {conv(3), group_norm(3), kTanh, FlattenSpec{}, linear(2)}},
                  some);
  check_gradients("layer norm of pictures",
                  {picture, {conv(3), group_norm(1, true), kTanh, FlattenSpec{}, linear(2)}}, some);
  check_gradients("skip over a convolution",
                  {picture, {conv(2), kTanh, conv(2), AddSpec{1}, FlattenSpec{}, linear(2)}}, some);
}

TEST_CASE("skip connections by hand: y = relu(z) + z + x with z = xW") {
  Rig rig({{2}, {linear(2, false), ActivationSpec{Activation::kRelu}, AddSpec{0}, AddSpec{-1}}}, 2);
  const std::vector<double> weight = {1, -1, 2, 4};  // (in, out): z₀ = x₀ + 2x₁, z₁ = 4x₁ − x₀
  std::copy(weight.begin(), weight.end(), rig.network.parameters().begin());
  rig.x = {1, 2, 3, -1};
  rig.dy = {1, 2, 3, 4};
  // z = (5, 7), (1, −7).
  CHECK(rig.forward(Mode::kTraining) == std::vector<double>{11, 16, 5, -8});
  // dz is dy once for the skip and once more where relu lets it through: (2, 4), (6, 4). dW = xᵀdz.
  CHECK(rig.backward(Mode::kTraining) == std::vector<double>{20, 16, -2, 4});
}

TEST_CASE("dropout: the same mask forward and backward, a new one each pass, none in inference") {
  Rig rig({{4}, {linear(50), DropoutSpec{0.4}}}, 6);
  const std::vector<double> first = rig.forward(Mode::kTraining);
  const TapeRecord<double>& record = rig.tape.records()[1];
  Index dropped = 0;
  for (Index i = 0; i < 300; ++i) {
    CHECK(first[size_of(i)] == doctest::Approx(rig.tape.records()[0].y[i] * record.mask[i]));
    if (record.mask[i] == 0)
      ++dropped;
    else
      CHECK(record.mask[i] == doctest::Approx(1 / 0.6));
  }
  CHECK(dropped > 80);
  CHECK(dropped < 160);
  rig.backward(Mode::kTraining);
  for (Index i = 0; i < 300; ++i)
    CHECK(rig.tape.records()[0].dy[i] == doctest::Approx(rig.dy[size_of(i)] * record.mask[i]));

  CHECK(rig.forward(Mode::kTraining) != first);
  const std::vector<double> linear_output(rig.tape.records()[0].y, rig.tape.records()[0].y + 300);
  CHECK(rig.forward(Mode::kInference) == linear_output);
}

TEST_CASE("batch renorm with closed bounds is batch norm; open ones follow the batches seen") {
  BatchRenormSpec renorm;
  renorm.schedule = {{3, 5}, 2, 0};
  Rig rig({{3}, {linear(4), renorm, kTanh}}, 6);
  Rig plain({{3}, {linear(4), BatchNormSpec{}, kTanh}}, 6);
  plain.network.parameters() = rig.network.parameters();
  check_close(rig.forward(Mode::kTraining), plain.forward(Mode::kTraining), {1e-13, 1e-13}, "closed");
  rig.network.batches_tracked()[1] = 2;
  const std::vector<double> open = rig.forward(Mode::kTraining);
  double largest = 0;
  for (std::size_t i = 0; i < open.size(); ++i)
    largest = std::max(largest, std::abs(open[i] - plain.forward(Mode::kTraining)[i]));
  CHECK(largest > 0.01);
  // With running statistics near the batch's neither bound is met, and training does what inference does.
  const std::vector<double> inference = rig.forward(Mode::kInference);
  check_close(open, inference, {1e-12, 1e-12}, "open bounds");
}

TEST_CASE("names of the other kinds' tensors") {
  const auto names = [](const NetworkSpec& spec) {
    std::vector<std::string> all;
    const Network<double> network(spec);
    for (const TensorInfo& tensor : network.tensors()) all.push_back(tensor.name);
    return all;
  };
  using Names = std::vector<std::string>;
  CHECK(names({{3}, {BatchRenormSpec{}}}) ==
        Names{"0.weight", "0.bias", "0.running_mean", "0.running_std", "0.num_batches_tracked"});
  CHECK(names({{3}, {lp_norm(Spread::kL1, false)}}) ==
        Names{"0.running_mean", "0.running_scale", "0.num_batches_tracked"});
  CHECK(names({{4}, {kTanh, group_norm(2), DropoutSpec{}, AddSpec{0}}}) == Names{"1.weight", "1.bias"});
  const Network<double> network({{2, 6, 5}, {conv(3, 2), group_norm(1, true), FlattenSpec{}, linear(4)}});
  CHECK(network.find("0.weight")->shape == std::vector<Index>{3, 2, 3, 3});
  CHECK(network.find("1.weight")->shape == std::vector<Index>{3, 3, 3});
  CHECK(network.find("3.weight")->shape == std::vector<Index>{4, 27});
  CHECK(network.outputs() == 4);
}

TEST_CASE("a convolution's weight is kept as it is named") {
  Network<double> network({{1, 3, 3}, {conv(2)}});
  const std::vector<double> given = random_values<double>(18, 1);
  const TensorInfo& weight = *network.find("0.weight");
  network.write(weight, given.data(), network.parameters().data());
  CHECK(std::equal(given.begin(), given.end(), network.parameters().begin()));
}

TEST_CASE("each layer starts alike in networks that differ elsewhere") {
  Network<double> wide({{2}, {linear(64), kTanh, linear(8), kTanh, linear(3)}});
  Network<double> narrow({{2}, {linear(32), BatchNormSpec{}, kTanh, linear(8), kTanh, linear(3)}});
  wide.initialize(5);
  narrow.initialize(5);
  const double* last_of_wide = wide.parameter(wide.layers()[4].weight);
  CHECK(std::equal(last_of_wide, last_of_wide + 24, narrow.parameter(narrow.layers()[5].weight)));
  Network<double> other({{2}, {linear(64), kTanh, linear(8), kTanh, linear(3)}});
  other.initialize(6);
  CHECK(wide.parameters() != other.parameters());
}

TEST_CASE("met in another batch: its statistics, and each example by itself") {
  const NetworkSpec spec{{3},
                         {linear(5), BatchNormSpec{}, kTanh, linear(4), lp_norm(Spread::kL1), linear(2)}};
  Rig rig(spec, 6);
  const std::vector<double> own = rig.forward(Mode::kTraining);
  Tape<double> other(rig.network, 6);
  network_forward(rig.network, other, rig.x.data(), 6, Mode::kTraining, &rig.tape);
  check_close(std::vector<double>(other.output(), other.output() + 12), own, {1e-14, 1e-14},
              "the batch itself");
  network_forward(rig.network, other, rig.x.data() + 3, 1, Mode::kTraining, &rig.tape);
  check_close(std::vector<double>(other.output(), other.output() + 2),
              std::vector<double>(own.begin() + 2, own.begin() + 4), {1e-14, 1e-14}, "one example of it");
}

TEST_CASE("frozen layers and layers without running statistics are left out when those move") {
  Rig rig({{2}, {linear(3), frozen(), group_norm(3), lp_norm(Spread::kL2), ghost(2)}}, 5);
  const Buffer<double> before = rig.network.buffers();
  rig.forward(Mode::kTraining);
  CHECK(statistics_are_finite(rig.network, rig.tape, 5));
  network_update_running(rig.network, rig.tape, 5);
  CHECK(rig.network.batches_tracked() == std::vector<Index>{0, 0, 0, 1, 1});
  CHECK(std::equal(before.begin(), before.begin() + 6, rig.network.buffers().begin()));
  CHECK_FALSE(std::equal(before.begin() + 6, before.begin() + 12, rig.network.buffers().begin() + 6));
}

TEST_CASE("options change where all tensors stay") {
  const NetworkSpec spec{{2}, {linear(4), BatchNormSpec{}, DropoutSpec{0.5}, linear(1)}};
  Network<double> network(spec);
  NetworkSpec other = spec;
  std::get<BatchNormSpec>(other.layers[1]).options.eps = 1;
  std::get<DropoutSpec>(other.layers[2]).p = 0;
  CHECK(network.same_tensors(other));
  network.set_options(other);
  CHECK(std::get<BatchNormSpec>(network.layers()[1].spec).options.eps == 1);
  other.layers[1] = LpNormSpec{};
  CHECK_FALSE(network.same_tensors(other));
  other = spec;
  std::get<LinearSpec>(other.layers[0]).units = 5;
  CHECK_FALSE(network.same_tensors(other));
  other = spec;
  std::get<LinearSpec>(other.layers[3]).bias = false;
  CHECK_FALSE(network.same_tensors(other));
}
