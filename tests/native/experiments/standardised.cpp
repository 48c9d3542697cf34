// Mean 0 and standard deviation 1: where, and where not.
#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("x̂ has mean 0 and spread σ/√(σ²+ε) over a training batch, and nothing else has") {
  check_study(standardised());
}

TEST_CASE("it stands the ends of its knobs") {
  const Study study = standardised();
  for (const bool high : {false, true}) {
    Setting setting(study);
    for (const Knob& knob : study.knobs) setting.set(knob.name, high ? knob.max : knob.min);
    Record record(setting);
    study.run(setting, 0, record);
    for (const double value : record.values()) CHECK(std::isfinite(value));
    for (const Check& check : study.checks)
      if (check.name == "range" || check.name == "spread-formula") {
        CAPTURE(check.name);
        CHECK(judge(check, std::vector<double>{check.measure(record)}).decision == Decision::kHolds);
      }
  }
}
