#include <doctest/doctest.h>

#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("one neuron learns the γ that theory gives, and a decay imitates that where batches are not tiny") {
  check_study(neuron_decay());
}

TEST_CASE("theory's mean deviation is that of the normal distribution, and 1 − 3/(4B) for large batches") {
  const Study study = neuron_decay();
  Setting setting(study, true);
  setting.set("steps", 100);
  setting.set("noise", 2);
  setting.set("lr", 0.2);
  setting.set_points({2, 3, 256});
  Record record(setting);
  study.run(setting, 0, record);
  // Of two: the mean of |a − b|/2 is 1/√π. Of three: √(2/3)·Γ(3/2)/Γ(1) = √(π/6).
  CHECK(record.at("gamma", "theory", 2) == doctest::Approx(0.5641895835477563).epsilon(1e-12));
  CHECK(record.at("gamma", "theory", 3) == doctest::Approx(0.7236012545582677).epsilon(1e-12));
  CHECK(record.at("gamma", "theory", 256) == doctest::Approx(1 - 0.75 / 256).epsilon(1e-5));
  for (const double gamma : record.values()) CHECK(std::isfinite(gamma));
}
