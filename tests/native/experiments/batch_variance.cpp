// E[σ_B²] = (1−1/m)·σ².
#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("a batch's variance is too small by 1/m, its mean off by σ/√m") { check_study(batch_variance()); }

TEST_CASE("few batches say little, but are counted all the same") {
  const Study study = batch_variance();
  Setting setting(study);
  setting.set("batches", 10);
  setting.set_points({2, 256});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double value : record.values()) {
    CHECK(value > 0);
    CHECK(value < 3);
  }
}
