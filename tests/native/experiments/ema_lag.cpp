#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("running statistics lag at first, and have caught up in the end") { check_study(ema_lag()); }

TEST_CASE("looking at the lag leaves training as it is, in whatever order the steps are asked for") {
  const Study study = ema_lag();
  Setting often(study);
  often.set_points({40, 10, 20});
  Setting once(study);
  once.set_points({40});
  Record a(often);
  Record b(once);
  study.run(often, 1, a);
  study.run(once, 1, b);
  for (const Arm& arm : study.arms) CHECK(a.at("accuracy", arm.name, 40) == b.at("accuracy", arm.name, 40));
}

TEST_CASE("of momentum 1 a tenfold is the same: the last batch") {
  const Study study = ema_lag();
  Setting setting(study);
  setting.set("momentum", 1);
  setting.set_points({30});
  Record record(setting);
  study.run(setting, 1, record);
  CHECK(record.at("accuracy", "quick", 30) == record.at("accuracy", "inference", 30));
}
