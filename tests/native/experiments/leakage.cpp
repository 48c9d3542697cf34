#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("a network reads in its batch what no example says by itself") { check_study(leakage()); }

TEST_CASE("without an offset there is nothing to hide") {
  const Study study = leakage();
  Setting setting(study);
  setting.set("offset", 0);
  Record record(setting);
  study.run(setting, 1, record);
  for (const double accuracy : record.values()) CHECK(accuracy >= 0.95);
}

TEST_CASE("the smallest and the largest batches run") {
  const Study study = leakage();
  for (const double pairs : {1, 32}) {
    Setting setting(study);
    setting.set("pairs", pairs);
    setting.set("steps", 10);
    setting.set("test_batches", 10);
    Record record(setting);
    study.run(setting, 1, record);
    for (const double accuracy : record.values()) CHECK((accuracy >= 0 && accuracy <= 1));
  }
}
