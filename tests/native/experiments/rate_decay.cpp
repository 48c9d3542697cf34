#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "experiments/glyph_task.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("batch normalization bears a fast fall of the rate by its high rate, and gains nothing by it") {
  check_study(rate_decay());
}

TEST_CASE("a rate at which training diverges counts as chance") {
  const Study study = rate_decay();
  Setting setting(study, true);
  setting.set("high", 10);
  setting.set("lr", 10);
  setting.set("steps", 50);
  setting.set_points({5, 1000});
  Record record(setting);
  study.run(setting, 1, record);
  for (const double accuracy : record.values()) {
    CHECK(accuracy >= 0);
    CHECK(accuracy <= 1);
  }
  CHECK(record.at("accuracy", "none", 1000) == kGlyphChance);
}
