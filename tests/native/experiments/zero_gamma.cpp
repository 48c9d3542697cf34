// γ = 0: a way back, unless ReLU closes it.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("a γ of 0 comes back before tanh, and before ReLU where β is above 0") {
  check_study(zero_gamma());
}

TEST_CASE("before training all of them are still 0") {
  const Study study = zero_gamma();
  Setting setting(study);
  setting.set("steps", 0);
  Record record(setting);
  study.run(setting, 0, record);
  for (const char* arm : {"tanh-zero", "relu-zero", "relu-zero-beta"}) CHECK(record("stuck", arm) == 1);
}
