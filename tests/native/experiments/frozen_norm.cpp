#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("in batches of two, frozen statistics keep what training mode ruins") {
  check_study(frozen_norm());
}

TEST_CASE("where there is nothing to learn from, all stay as they were") {
  const Study study = frozen_norm();
  Setting setting(study);
  setting.set("steps", 20);
  setting.set("batch", 64);
  setting.set("examples", 64);
  setting.set("lr", 0.001);
  setting.set("scale", 1);
  setting.set("shift", 0);
  Record record(setting);
  study.run(setting, 1, record);
  const double before = record("accuracy", "before");
  for (const std::string_view arm : {"training", "frozen", "large"})
    CHECK(record("accuracy", arm) == doctest::Approx(before).epsilon(0.1));
}
