#include <doctest/doctest.h>

#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("after dropout, batch normalization normalises by more variance than there is") {
  check_study(dropout_shift());
}

TEST_CASE("in tiny batches, heavy rates and few steps the ratios stay positive") {
  const Study study = dropout_shift();
  Setting setting(study, true);
  setting.set("batch", 8);
  setting.set("steps", 50);
  setting.set("lr", 0.001);
  setting.set("standardize", 0);
  setting.set_points({4});
  Record record(setting);
  study.run(setting, 9, record);
  for (const double ratio : record.values()) CHECK(ratio > 0);
  // Whoever leaves out the layers a check is about has not measured it.
  CHECK(std::isnan(study.checks.back().measure(record)));
}
