#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/glyph_task.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("batch normalization learns from initial weights far too small and somewhat too large") {
  check_study(init_gain());
}

TEST_CASE("the farthest scales run, at the highest rate") {
  const Study study = init_gain();
  Setting setting(study);
  setting.set("depth", 20);
  setting.set("width", 4);
  setting.set("lr", 10);
  setting.set("steps", 10);
  setting.set("raw", 1);
  setting.set_points({1e-3, 1e3});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double accuracy : record.values()) CHECK((accuracy >= 0 && accuracy <= 1));
  CHECK(record.at("accuracy", "none", 1e3) == kGlyphChance);
}
