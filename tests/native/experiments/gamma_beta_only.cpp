// Random weights, trained γ and β.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("γ and β alone learn something, the last layer more, everything far more") {
  const Study study = gamma_beta_only();
  const Setting setting(study, !full_version());
  for (const Record& record : check_study(study, setting)) {
    // What is not trained does not move.
    for (const char* arm : {"gamma-beta", "last", "both"})
      CHECK(record("moved", arm) <= record("trained", arm));
    CHECK(record("trained", "both") ==
          doctest::Approx(record("trained", "gamma-beta") + record("trained", "last")));
  }
}

TEST_CASE("of a network of 3×64, γ and β are 384 parameters of 18 442") {
  const Study study = gamma_beta_only();
  Setting setting(study);
  setting.set("steps", 0);
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(record("trained", "gamma-beta") * 18442 == doctest::Approx(384));
  CHECK(record("trained", "last") * 18442 == doctest::Approx(650));
  CHECK(record("moved", "all") == 0);
}
