// Some parameters trained, the others held.
#include "train/hold.hpp"

#include <doctest/doctest.h>

#include "data/toy.hpp"
#include "support/training_set.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

Trainer<double> trainer(double momentum) {
  const Dataset data = make_toy({Toy::kCircles, 50, 0.1, 2}, 1);
  const NetworkSpec spec{{2},
                         {LinearSpec{6, false, {}}, BatchNormSpec{}, ActivationSpec{Activation::kTanh},
                          LinearSpec{2, true, {}}}};
  SgdOptions sgd;
  sgd.momentum = momentum;
  return {spec,
          Loss::kCrossEntropy,
          sgd,
          {10},
          training_set_of(data.count, std::vector<double>(data.x.begin(), data.x.end()), data.labels, {}),
          1,
          1};
}

bool same(const Trainer<double>& a, const Trainer<double>& b, const TensorInfo& tensor) {
  const double* const from = a.network().parameters().data() + tensor.offset;
  return std::equal(from, from + tensor.size(), b.network().parameters().data() + tensor.offset);
}

}  // namespace

TEST_CASE("what is held stays to the last bit, the rest moves") {
  for (const double momentum : {0.0, 0.9}) {
    Trainer<double> some = trainer(momentum);
    Trainer<double> start = trainer(momentum);
    const HeldParameters<double> held(some.network(),
                                      [](const TensorInfo& tensor) { return tensor.role == Role::kWeight; });
    CHECK(held.trained() == 6 + 6 + 2);  // γ, β and the last bias
    REQUIRE(train_holding(some, held, 20));
    CHECK(some.steps() == 20);
    for (const TensorInfo& tensor : some.network().tensors())
      if (is_parameter(tensor.role)) {
        CAPTURE(tensor.name);
        CHECK(same(some, start, tensor) == (tensor.role == Role::kWeight));
      }
    // Running statistics are no parameters.
    CHECK(some.network().buffers() != start.network().buffers());
  }
}

TEST_CASE("with nothing held it is training, with all held none") {
  Trainer<double> plain = trainer(0.9);
  for (int i = 0; i < 7; ++i) plain.step();
  Trainer<double> all = trainer(0.9);
  const HeldParameters<double> nothing(all.network(), [](const TensorInfo&) { return false; });
  CHECK(nothing.trained() == all.network().parameter_count());
  train_holding(all, nothing, 7);
  CHECK(all.network().parameters() == plain.network().parameters());

  Trainer<double> none = trainer(0.9);
  const Buffer<double> start = none.network().parameters();
  const HeldParameters<double> everything(none.network(), [](const TensorInfo&) { return true; });
  CHECK(everything.trained() == 0);
  train_holding(none, everything, 7);
  CHECK(none.network().parameters() == start);
}

TEST_CASE("it stops where training diverges") {
  Trainer<double> wild = trainer(0);
  wild.sgd().lr = 1e300;
  const HeldParameters<double> held(wild.network(),
                                    [](const TensorInfo& tensor) { return tensor.role == Role::kGamma; });
  CHECK_FALSE(train_holding(wild, held, 50));
}
