// What γ, β and the place of a normalization matter, with ReLU and with a sigmoid.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("with ReLU γ, β and the place matter little; with a sigmoid they matter") {
  const Study study = ablations();
  const Setting setting(study, !full_version());
  for (const Record& record : check_study(study, setting)) {
    CHECK(std::isnan(record("spread", "relu-plain")));
    // Started at −1 or at 1, γ comes to differ alike.
    CHECK(record("spread", "relu-negative") == doctest::Approx(record("spread", "relu-usual")).epsilon(0.5));
  }
}

TEST_CASE("before training, nothing has been learned in any variant") {
  const Study study = ablations();
  Setting setting(study);
  setting.set("steps", 0);
  Record record(setting);
  study.run(setting, 0, record);
  for (const double accuracy : record.row("accuracy", "relu-usual")) CHECK(accuracy < 0.35);
  CHECK(record("spread", "sigmoid-usual") == 0);
}
