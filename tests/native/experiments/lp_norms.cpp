#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("other measures of spread do what the standard deviation does") { check_study(lp_norms()); }

TEST_CASE("the smallest network at the highest learning rate ends in shares") {
  const Study study = lp_norms();
  Setting setting(study, true);
  for (const Knob& knob : study.knobs) setting.set(knob.name, knob.min);
  setting.set_points({10, 0.001});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double accuracy : record.values()) {
    CHECK(accuracy >= 0);
    CHECK(accuracy <= 1);
  }
}
