// A training step takes no memory after the first: a program of its own, because it counts every allocation.
//
// Eigen takes memory through malloc, which cannot be replaced portably; but it asks first whether it may, by an assertion.
#include <cstdlib>
#include <new>

namespace {
long allocations = 0;
}  // namespace

#define EIGEN_RUNTIME_NO_MALLOC
#undef eigen_assert
#define eigen_assert(condition) ((condition) ? static_cast<void>(0) : static_cast<void>(++allocations))
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "data/toy.hpp"
#include "support/training_set.hpp"
#include "train/trainer.hpp"

// Not inlined: where one of a pair is, GCC takes it for the wrong partner of the other.
EIGEN_DONT_INLINE void* operator new(std::size_t size) {
  ++allocations;
  void* taken = std::malloc(size == 0 ? 1 : size);
  if (taken == nullptr) std::abort();
  return taken;
}
EIGEN_DONT_INLINE void operator delete(void* given) noexcept { std::free(given); }
EIGEN_DONT_INLINE void operator delete(void* given, std::size_t) noexcept { std::free(given); }

using namespace bnlab;

namespace {

// How many times `body` takes memory, from the standard library or from Eigen.
template <typename Body>
long allocations_of(Body&& body) {
  Eigen::internal::set_is_malloc_allowed(false);
  const long before = allocations;
  body();
  const long after = allocations;
  Eigen::internal::set_is_malloc_allowed(true);
  return after - before;
}

template <typename T>
Trainer<T> trainer_of(Loss loss, Activation activation, const SgdOptions& sgd) {
  const auto linear = [](Index units) { return LinearSpec{units, true, {}}; };
  const Index outputs = loss == Loss::kCrossEntropy ? 2 : 1;
  BatchNormSpec plain;
  plain.options.affine = false;
  plain.options.cumulative = true;
  const NetworkSpec network{{2},
                            {linear(33), BatchNormSpec{}, ActivationSpec{activation}, linear(300), plain,
                             ActivationSpec{activation}, linear(outputs)}};
  const Dataset data = make_toy({Toy::kMoons, 70, 0.1, 2}, 1);
  const std::vector<T> x(data.x.begin(), data.x.end());
  const std::vector<T> values(data.labels.begin(), data.labels.end());
  return {network,
          loss,
          sgd,
          {32, true, LastBatch::kKeep},
          test::training_set_of(data.count, x, data.labels, values),
          1,
          1};
}

}  // namespace

TEST_CASE("what is counted here is counted") {
  CHECK(allocations_of([] { operator delete(operator new(8)); }) >= 1);
  CHECK(allocations_of([] { Eigen::ArrayXf(100).setZero(); }) >= 1);
  CHECK(allocations_of([] { Buffer<float>(10); }) >= 1);
  CHECK(allocations_of([] {}) == 0);
}

TEST_CASE_TEMPLATE("no training step after the first takes memory", T, float, double) {
  SgdOptions momentum;
  momentum.momentum = 0.9;
  momentum.nesterov = true;
  SgdOptions decay;
  decay.weight_decay = 0.01;
  decay.decay_gamma = false;
  SgdOptions decoupled = decay;
  decoupled.momentum = 0.5;
  decoupled.decoupled = true;
  for (const Loss loss : {Loss::kCrossEntropy, Loss::kBceWithLogits, Loss::kMse}) {
    for (const Activation activation : {Activation::kRelu, Activation::kSigmoid, Activation::kTanh}) {
      for (const SgdOptions& sgd : {SgdOptions{}, momentum, decay, decoupled}) {
        Trainer<T> trainer = trainer_of<T>(loss, activation, sgd);
        trainer.step();
        // Over two epochs, so that the smaller last batch and the new order are among them.
        const long taken = allocations_of([&] {
          for (int i = 0; i < 7; ++i) trainer.step();
        });
        CHECK(taken == 0);
      }
    }
  }
}

namespace {

// A trainer of `layers` on pictures (2, 4, 4) in three classes, with more than one size of batch.
template <typename T>
Trainer<T> picture_trainer(std::vector<LayerSpec> layers, const SgdOptions& sgd, Index classes_per_batch) {
  layers.emplace_back(FlattenSpec{});
  layers.emplace_back(LinearSpec{3, true, {}});
  constexpr Index kCount = 35;
  Random random(1, Stream::kData);
  std::vector<T> x(kCount * 32);
  for (T& value : x) value = static_cast<T>(random.normal());
  std::vector<std::int32_t> labels(kCount);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i % 3);
  return {{{2, 4, 4}, std::move(layers)},
          Loss::kCrossEntropy,
          sgd,
          {8, true, LastBatch::kKeep, classes_per_batch},
          test::training_set_of(kCount, x, labels, {}),
          1,
          1};
}

}  // namespace

TEST_CASE_TEMPLATE("nor does one with any other layer or option", T, float, double) {
  BatchNormSpec ghost;
  ghost.ghost = 3;
  BatchNormSpec bare_ghost = ghost;
  bare_ghost.options.affine = false;
  BatchNormSpec frozen;
  frozen.frozen = true;
  BatchNormSpec untracked;
  untracked.options.track_running_stats = false;
  GroupNormSpec layer_norm;
  layer_norm.per_feature = true;
  GroupNormSpec group_norm;
  group_norm.groups = 2;
  group_norm.affine = false;
  const Conv2dSpec conv{5, 3, 1, 1, true, {}};
  const std::vector<std::vector<LayerSpec>> networks = {
      {conv, ghost, ActivationSpec{Activation::kLeakyRelu}, Pool2dSpec{Pool::kMax}},
      {Conv2dSpec{2, 5, 2, 2, false, {}}, bare_ghost, Pool2dSpec{Pool::kAverage}},
      {conv, BatchNormSpec{}, Conv2dSpec{5, 1, 1, 0, true, {}}, AddSpec{0}, BatchRenormSpec{}},
      {LpNormSpec{{}, 1, Spread::kL1}, LpNormSpec{{}, 1, Spread::kL2}, LpNormSpec{{}, 1, Spread::kInfinity}},
      {layer_norm, group_norm, frozen, untracked, AddSpec{-1}, ActivationSpec{Activation::kIdentity}},
      {FlattenSpec{}, DropoutSpec{0.3}, LinearSpec{9, true, {}}, ghost, BatchRenormSpec{}}};
  SgdOptions plain;
  SgdOptions scheduled;
  scheduled.schedule = {ScheduleKind::kCosine, 5, 0.5, 3};
  scheduled.clip = 0.1;
  for (const std::vector<LayerSpec>& layers : networks) {
    for (const SgdOptions& sgd : {plain, scheduled}) {
      for (const Index classes_per_batch : {0, 1, 2}) {
        Trainer<T> trainer = picture_trainer<T>(layers, sgd, classes_per_batch);
        trainer.step();
        bool diverged = false;
        const long taken = allocations_of([&] {
          for (int i = 0; i < 15; ++i) diverged = trainer.step().diverged || diverged;
        });
        CHECK(taken == 0);
        CHECK_FALSE(diverged);
      }
    }
  }
}
