#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE(
    "at its best rate batch normalization is faster, the more so in deep networks; at a small one it is "
    "not") {
  check_study(speed());
}

TEST_CASE("on raw pixels it is faster at any depth and rate") { check_study(speed_raw()); }

TEST_CASE(
    "the best rate takes no more steps than the smallest, and what never gets there counts as the limit") {
  const Study study = speed();
  Setting setting(study, true);
  setting.set("limit", 50);
  setting.set_points({1, 20});
  Record record(setting);
  study.run(setting, 0, record);
  for (const Arm& arm : study.arms) {
    for (const double depth : {1, 20}) {
      const double best = record.at("best", arm.name, depth);
      CHECK(best <= record.at("small", arm.name, depth));
      CHECK(best >= 10);
      CHECK((best < 50) == std::isfinite(record.at("rate", arm.name, depth)));
    }
  }
  CHECK(record.at("best", "none", 20) == 50);
}

TEST_CASE("the extremes run") {
  const Study study = speed();
  Setting setting(study, true);
  setting.set("width", 4);
  setting.set("loss", 2);
  setting.set("limit", 10);
  setting.set("raw", 1);
  Record record(setting);
  study.run(setting, 0, record);
  for (const double steps : record.row("best", "bn")) CHECK(steps == 10);
}
