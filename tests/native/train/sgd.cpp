#include "train/sgd.hpp"

#include <doctest/doctest.h>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE_TEMPLATE("by hand", T, float, double) {
  SgdOptions options;
  options.lr = 0.5;
  const T gradient[] = {2, -4};
  T parameter[] = {1, 1};
  sgd_update<T>(options, options.lr, 0, 2, gradient, nullptr, parameter);
  CHECK(parameter[0] == T(0));
  CHECK(parameter[1] == T(3));

  // u ← ½u + g, twice: 2 then 3, −4 then −6.
  options.momentum = 0.5;
  T velocity[] = {0, 0};
  sgd_update<T>(options, options.lr, 0, 2, gradient, velocity, parameter);
  sgd_update<T>(options, options.lr, 0, 2, gradient, velocity, parameter);
  CHECK(velocity[0] == T(3));
  CHECK(velocity[1] == T(-6));
  CHECK(parameter[0] == T(-2.5));
  CHECK(parameter[1] == T(8));

  // Nesterov steps by g + ½u: 2 + ½(½·3 + 2).
  options.nesterov = true;
  sgd_update<T>(options, options.lr, 0, 2, gradient, velocity, parameter);
  CHECK(velocity[0] == T(3.5));
  CHECK(parameter[0] == T(-2.5 - 0.5 * 3.75));
}

TEST_CASE_TEMPLATE("weight decay by hand, added to the gradient or beside it", T, float, double) {
  SgdOptions options;
  options.lr = 0.5;
  const T gradient[] = {2};
  T l2[] = {4};
  sgd_update<T>(options, options.lr, 0.25, 1, gradient, nullptr, l2);
  CHECK(l2[0] == T(4 - 0.5 * (2 + 0.25 * 4)));
  // Without momentum both are the same step; with it the decoupled decay stays out of the velocity.
  options.decoupled = true;
  T apart[] = {4};
  sgd_update<T>(options, options.lr, 0.25, 1, gradient, nullptr, apart);
  CHECK(apart[0] == l2[0]);
  options.momentum = 0.5;
  T velocity[] = {0};
  T with_momentum[] = {4};
  sgd_update<T>(options, options.lr, 0.25, 1, gradient, velocity, with_momentum);
  CHECK(velocity[0] == T(2));
  CHECK(with_momentum[0] == T(4 * 0.875 - 0.5 * 2));
}

TEST_CASE_TEMPLATE("several steps are PyTorch's", T, float, double) {
  const Golden golden("sgd.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{1e-7, 1e-6} : Tolerance{1e-15, 1e-14};
  for (const std::string name : {"plain", "weight_decay", "momentum", "momentum_weight_decay", "nesterov",
                                 "nesterov_weight_decay", "decoupled", "decoupled_momentum"}) {
    SgdOptions options;
    options.lr = golden.number(name + "/lr");
    options.momentum = golden.number(name + "/momentum");
    options.nesterov = name.rfind("nesterov", 0) == 0;
    options.decoupled = name.rfind("decoupled", 0) == 0;
    const double decay = golden.number(name + "/weight_decay");
    std::vector<T> parameter = golden.values<T>("parameter");
    std::vector<T> velocity(parameter.size(), T(0));
    for (const std::string k : {"0", "1", "2", "3"}) {
      const std::vector<T> gradient = golden.values<T>("gradient/" + k);
      sgd_update(options, options.lr, decay, 5, gradient.data(), velocity.data(), parameter.data());
      // The decoupled cases are definitions, written down in double.
      const std::string at = name + "/" + (options.decoupled ? "float64" : dtype_name<T>()) + "/" + k + "/";
      check_close(parameter, golden.values<T>(at + "parameter"), tolerance, at + "parameter");
      if (golden.has(at + "velocity"))
        check_close(velocity, golden.values<T>(at + "velocity"), tolerance, at + "velocity");
    }
  }
}

TEST_CASE_TEMPLATE("every value of a tensor is updated alike, whatever the size", T, float, double) {
  SgdOptions options;
  options.lr = 0.3;
  options.momentum = 0.9;
  for (const bool nesterov : {false, true}) {
    options.nesterov = nesterov;
    for (const Index size : {1, 2, 3, 5, 8, 9, 16, 17, 33}) {
      const std::vector<T> gradient = random_values<T>(size, 1);
      std::vector<T> all = random_values<T>(size, 2);
      std::vector<T> velocities = random_values<T>(size, 3);
      std::vector<T> one_by_one = all;
      std::vector<T> velocities_one_by_one = velocities;
      sgd_update(options, options.lr, 0.1, size, gradient.data(), velocities.data(), all.data());
      for (std::size_t i = 0; i < all.size(); ++i)
        sgd_update(options, options.lr, 0.1, 1, &gradient[i], &velocities_one_by_one[i], &one_by_one[i]);
      check_same_bits(all, one_by_one, "parameters");
      check_same_bits(velocities, velocities_one_by_one, "velocities");
    }
  }
}

TEST_CASE("γ, β and biases decay or do not, as told; weights always do") {
  BatchNormSpec norm;
  Network<double> network({{2}, {LinearSpec{3, true, {}}, norm, LinearSpec{1, true, {}}}});
  const std::vector<double> gradients(network.parameters().size(), 0);
  std::vector<double> velocities(gradients.size(), 0);
  for (int which = 0; which < 16; ++which) {
    SgdOptions options;
    options.lr = 0.5;
    options.weight_decay = 0.5;
    options.decay_gamma = (which & 1) != 0;
    options.decay_beta = (which & 2) != 0;
    options.decay_bias = (which & 4) != 0;
    options.decoupled = (which & 8) != 0;
    CAPTURE(which);
    std::fill(network.parameters().begin(), network.parameters().end(), 1.0);
    sgd_step(options, 0, gradients.data(), velocities.data(), network);
    for (const TensorInfo& tensor : network.tensors()) {
      if (!is_parameter(tensor.role)) continue;
      const bool decays = tensor.role == Role::kWeight ||
                          (tensor.role == Role::kBias && options.decay_bias) ||
                          (tensor.role == Role::kGamma && options.decay_gamma) ||
                          (tensor.role == Role::kBeta && options.decay_beta);
      CAPTURE(tensor.name);
      for (Index i = 0; i < tensor.size(); ++i)
        CHECK(network.parameters()[size_of(tensor.offset + i)] == (decays ? 0.75 : 1.0));
    }
  }
}

TEST_CASE("the schedule's factor is that of the step") {
  Network<double> network({{2}, {LinearSpec{1, false, {}}}});
  const std::vector<double> gradients = {1, 1};
  SgdOptions options;
  options.lr = 0.5;
  options.schedule = {ScheduleKind::kStep, 10, 0.5, 0};
  for (const auto& [step, moved] : {std::pair(0, 0.5), std::pair(10, 0.25), std::pair(29, 0.125)}) {
    std::fill(network.parameters().begin(), network.parameters().end(), 1.0);
    sgd_step(options, step, gradients.data(), static_cast<double*>(nullptr), network);
    CHECK(network.parameters()[0] == 1 - moved);
  }
}

TEST_CASE_TEMPLATE("gradients longer than allowed are scaled down to it, others stay", T, float, double) {
  std::vector<T> gradients = {3, 0, -4};
  CHECK(clip_gradients<T>(10, 3, gradients.data()) == 5);
  CHECK(gradients == std::vector<T>{3, 0, -4});
  CHECK(clip_gradients<T>(1, 3, gradients.data()) == 5);
  check_close(gradients, std::vector<T>{T(0.6), 0, T(-0.8)}, {1e-7, 1e-7}, "clipped");
}
