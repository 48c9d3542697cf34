#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("at large rates plain networks blow up within twenty steps; normalised ones only at larger ones") {
  check_study(blow_up());
}

TEST_CASE("before any training, a normalised layer has a root mean square of 1") {
  const Study study = blow_up();
  Setting setting(study);
  setting.set("steps", 1);
  setting.set_points({1e-3});
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(record("hidden", "bn") == doctest::Approx(1).epsilon(1e-3));
  CHECK(record("hidden", "ln") == doctest::Approx(1).epsilon(1e-3));
}

TEST_CASE("no value is infinite, however large the rate and deep the network") {
  const Study study = blow_up();
  Setting setting(study);
  setting.set("depth", 50);
  setting.set("width", 4);
  setting.set("raw", 1);
  setting.set_points({100});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double value : record.values()) CHECK(std::isfinite(value));
}
