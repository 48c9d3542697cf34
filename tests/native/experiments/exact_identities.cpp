// Scale, sign, bias, size of gradients, devices and folding: identities, and where they end.
#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("what follows from the formulas holds to rounding, and not where its condition fails") {
  check_study(exact_identities());
}

TEST_CASE("the checks can fail: with ε the identities that need ε = 0 do, the others stay") {
  const Study study = exact_identities();
  Setting setting(study);
  setting.set("eps", 0.1);
  Record record(setting);
  study.run(setting, 0, record);
  for (const Check& check : study.checks) {
    CAPTURE(check.name);
    const bool needs_no_eps = check.name == "scale-output" || check.name == "scale-error" ||
                              check.name == "scale-gradient" || check.name == "negative-flips" ||
                              check.name == "radial" || check.name == "gradient-size";
    const Decision decision = judge(check, std::vector<double>{check.measure(record)}).decision;
    CHECK(decision == (needs_no_eps ? Decision::kFails : Decision::kHolds));
  }
}

TEST_CASE("it stands the ends of its knobs") {
  const Study study = exact_identities();
  for (const bool high : {false, true}) {
    Setting setting(study);
    for (const Knob& knob : study.knobs) setting.set(knob.name, high ? knob.max : knob.min);
    Record record(setting);
    study.run(setting, 3, record);
    for (const double value : record.values()) CHECK(std::isfinite(value));
  }
}
