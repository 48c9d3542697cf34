#include "probe/growth.hpp"

#include <doctest/doctest.h>

#include "nn/init.hpp"

using namespace bnlab;

TEST_CASE("the norm of each layer's gradient is that of its weights, without biases") {
  const Network<double> network(
      NetworkSpec{{2}, {LinearSpec{1, true, {}}, ActivationSpec{}, LinearSpec{3, false, {}}}});
  // 0.weight (2), 0.bias (1), 2.weight (3).
  const std::vector<double> gradients{3, 4, 100, 1, 2, 2};
  const std::vector<double> norms = weight_gradient_norms(network, {0, 2}, gradients.data());
  CHECK(norms == std::vector<double>{5, 3});
}

TEST_CASE(
    "growth per layer is the factor that, taken once for each layer, leads from one norm to the other") {
  CHECK(growth_per_layer(16, 2, 3) == doctest::Approx(2));
  CHECK(growth_per_layer(1e-6, 1, 6) == doctest::Approx(0.1));
}

TEST_CASE("theory: 1.2112 with ReLU, 1.0954 in batches of eight without") {
  CHECK(batch_norm_relu_growth() == doctest::Approx(1.2112).epsilon(1e-4));
  CHECK(batch_norm_linear_growth(8) == doctest::Approx(1.0954).epsilon(1e-4));
  CHECK(batch_norm_linear_growth(1e6) == doctest::Approx(1));
}
