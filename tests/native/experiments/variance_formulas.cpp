// Variances of numbers far from 0, in single precision.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("one pass loses every digit far from 0, two corrected passes none") {
  check_study(variance_formulas());
}

TEST_CASE("numbers that are all the same have no relative error") {
  const Study study = variance_formulas();
  Setting setting(study);
  setting.set("values", 2);
  setting.set_points({1e7});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double value : record.values()) CHECK(std::isfinite(value));
}
