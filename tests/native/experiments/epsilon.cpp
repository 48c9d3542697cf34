// ε guards the division and shrinks what is small.
#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("ε makes numbers of a constant feature, and shrinks a small one") {
  const Study study = epsilon();
  const Setting setting(study);
  for (const Record& record : check_study(study, setting)) {
    // Without ε the scale of a feature does not matter, but its gradient is divided by it.
    CHECK(record.at("std", "none", 1e-4) == doctest::Approx(1).epsilon(1e-9));
    CHECK(record.at("gain", "none", 1e-4) ==
          doctest::Approx(1e4 * record.at("gain", "none", 1)).epsilon(1e-6));
    CHECK(std::isnan(record.at("constant-gain", "none", 1)));
  }
}

TEST_CASE("it stands the ends of its knobs") {
  const Study study = epsilon();
  for (const bool high : {false, true}) {
    Setting setting(study);
    for (const Knob& knob : study.knobs) setting.set(knob.name, high ? knob.max : knob.min);
    setting.set_points({1e-8, 1e3});
    Record record(setting);
    study.run(setting, 0, record);
    for (const double value : record.values()) CHECK_FALSE(std::isinf(value));
  }
}
