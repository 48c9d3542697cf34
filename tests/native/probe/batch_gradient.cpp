// The gradient of a batch at other parameters than the network's own.
#include "probe/batch_gradient.hpp"

#include <doctest/doctest.h>

#include "support/compare.hpp"
#include "support/rig.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("under batch norm, weights 7 times as large give the same loss and a seventh of the gradient") {
  BatchNormSpec norm;
  norm.options.affine = false;
  norm.options.eps = 1e-12;
  Rig rig({{3}, {LinearSpec{4, false, {}}, norm, LinearSpec{2, true, {}}}}, 8);
  Tape<double> tape(rig.network, 8);
  BatchGradient<double> gradient(rig.network, tape, Loss::kMse, {rig.x.data(), 8, {nullptr, rig.dy.data()}});
  Buffer<double> here = rig.network.parameters();
  Buffer<double> at_here;
  const double loss = gradient.at(here, at_here);
  const Index weights = 12;
  for (Index i = 0; i < weights; ++i) here[size_of(i)] *= 7;
  Buffer<double> at_scaled;
  CHECK(gradient.at(here, at_scaled) == doctest::Approx(loss).epsilon(1e-10));
  for (double& value : at_scaled) value *= 7;
  check_close(std::vector<double>(at_scaled.begin(), at_scaled.begin() + weights),
              std::vector<double>(at_here.begin(), at_here.begin() + weights), {1e-10, 1e-8}, "gradient/7");
}

TEST_CASE("two gradients compared, by hand") {
  const double before[] = {3, 4};
  const double after[] = {4, -3};
  const GradientChange change = gradient_change(2, before, after);
  CHECK(change.before == doctest::Approx(5));
  CHECK(change.distance == doctest::Approx(std::sqrt(50.0)));
  CHECK(change.relative() == doctest::Approx(std::sqrt(2.0)));
  CHECK(change.cosine == doctest::Approx(0));
}
