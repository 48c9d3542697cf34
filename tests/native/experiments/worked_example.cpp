// The four numbers that tutorials normalise by hand.
#include <doctest/doctest.h>

#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("2, 4, 6, 8 normalised as by hand, and where the printed digits come from") {
  check_study(worked_example());
}

TEST_CASE("what is said of the example is not said of other numbers, nor do equal ones break it") {
  const Study study = worked_example();
  Setting setting(study);
  for (const char* x : {"x1", "x2", "x3", "x4"}) setting.set(x, -100);
  setting.set("eps", 0);
  Record record(setting);
  study.run(setting, 0, record);
  // Without ε, 0/0.
  CHECK(std::isnan(record.at("xhat", "bn", 1)));
  CHECK(record.at("xhat", "unbiased", 1) == 0);
  for (const Check& check : study.checks)
    if (check.name == "output" || check.name == "rounding-slip") CHECK(std::isnan(check.measure(record)));
}

TEST_CASE("some points of the axis are run as all are") {
  const Study study = worked_example();
  Setting setting(study);
  setting.set_points({3});
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(record.at("y", "bn", 3) == doctest::Approx(1.39443).epsilon(1e-5));
  CHECK(std::isnan(record.at("y", "bn", 1)));
}
