// Bell curves: many inputs at the start, and not for ever.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("wide layers start near a bell curve and leave it; narrow ones never have it") {
  check_study(gaussianity());
}

TEST_CASE("without training nothing changes, and a single unit is a layer, too") {
  const Study study = gaussianity();
  Setting setting(study);
  setting.set("steps", 0);
  setting.set("narrow", 1);
  setting.set_points({1});
  Record record(setting);
  study.run(setting, 0, record);
  for (const char* metric : {"skewness", "kurtosis"}) {
    CHECK(record.at(metric, "start", 1) == record.at(metric, "trained", 1));
    CHECK(std::isfinite(record.at(metric, "narrow-start", 1)));
  }
}
