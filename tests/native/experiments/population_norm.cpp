#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE(
    "without the noise of batch statistics a network generalises worse, and a decay of γ repays some of "
    "that") {
  check_study(population_norm());
}

TEST_CASE("where the batch is all there is, population normalization is batch normalization") {
  const Study study = population_norm();
  Setting setting(study, true);
  setting.set("batch", 240);
  setting.set("steps", 50);
  setting.set_points({0, 1});
  Record record(setting);
  study.run(setting, 3, record);
  // The same sums in another order.
  CHECK(record.at("accuracy", "population", 0) ==
        doctest::Approx(record.at("accuracy", "bn", 0)).epsilon(0.05));
  CHECK(record.at("gamma", "population", 0) == doctest::Approx(record.at("gamma", "bn", 0)).epsilon(0.01));
  CHECK(record.at("gamma", "population", 1) < 0.1);
}
