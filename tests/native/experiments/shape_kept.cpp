// Normalising does not make bell curves.
#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("skewness and kurtosis pass through batch normalization unchanged") {
  const Study study = shape_kept();
  const Setting setting(study);
  std::vector<double> bell;
  for (const Record& record : check_study(study, setting)) {
    bell.push_back(study.checks.back().measure(record));
    for (const Arm& arm : study.arms) {
      CHECK(std::abs(record("mean", arm.name)) < 1e-12);
      CHECK(record("std", arm.name) == doctest::Approx(1).epsilon(1e-4));
    }
  }
  REQUIRE(study.checks.back().name == "bell-curve");
  CHECK(judge(study.checks.back(), bell).decision == Decision::kFails);
}

TEST_CASE("ε makes a feature smaller, not another shape") {
  const Study study = shape_kept();
  Setting setting(study);
  setting.set("eps", 10);
  setting.set("scale", 0.01);
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(record("std", "normal") < 0.01);
  CHECK(record("skewness", "exponential") ==
        doctest::Approx(record("skewness-before", "exponential")).epsilon(1e-8));
}
