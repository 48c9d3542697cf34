// Weight decay before batch normalization sets how far weights turn.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("without decay weights grow, with it they turn by √(2ηλ) per step, and learn as well") {
  check_study(weight_norm());
}

TEST_CASE("before the first step there is a length and no turn; points may come in any order") {
  const Study study = weight_norm();
  Setting setting(study);
  setting.set_points({20, 0, 20});
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(record.at("norm", "none", 0) == record.at("norm", "decay", 0));
  CHECK(std::isnan(record.at("turn", "none", 0)));
  CHECK(record.at("turn", "none", 20) > 0);
  CHECK(record.row("norm", "none")[0] == record.row("norm", "none")[2]);
}

TEST_CASE("what diverges is left unmeasured") {
  const Study study = weight_norm();
  Setting setting(study);
  for (const Knob& knob : study.knobs) setting.set(knob.name, knob.max);
  setting.set_points({0, 40});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double value : record.values()) CHECK_FALSE(std::isinf(value));
}
