// Scale and shift without normalising: the same map to begin with, another training.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("γ′x + β′ does as well at small learning rates and not at large ones") {
  check_study(reparametrised());
}

TEST_CASE("with one hidden layer and no steps it stands, whatever the learning rate") {
  const Study study = reparametrised();
  Setting setting(study);
  setting.set("depth", 1);
  setting.set("steps", 0);
  setting.set_points({0.001, 10});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double value : record.values()) CHECK(std::isfinite(value));
  // Before the first step the learning rate makes no difference.
  for (const Arm& arm : study.arms)
    CHECK(record.at("accuracy", arm.name, 0.001) == record.at("accuracy", arm.name, 10));
}
