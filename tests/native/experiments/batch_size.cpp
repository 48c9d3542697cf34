#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "experiments/normalizations.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("batches of one or two ruin batch normalization and leave the others as they were") {
  check_study(batch_size());
}

TEST_CASE("the largest batches, fewest examples and greatest rate give accuracies as well") {
  const Study study = batch_size();
  Setting setting(study, true);
  setting.set("examples", 500);
  setting.set("lr", 1);
  setting.set("standardize", 0);
  setting.set_points({3, 128});
  Record record(setting);
  study.run(setting, 7, record);
  for (const double accuracy : record.values()) {
    CHECK(accuracy >= 0);
    CHECK(accuracy <= 1);
  }
}

TEST_CASE("Batch Renorm is plain at first and fully open after four tenths of training") {
  const RenormSchedule schedule = renorm_schedule(1000);
  CHECK(schedule.at(99).r_max == 1);
  CHECK(schedule.at(99).d_max == 0);
  CHECK(schedule.at(250).r_max == doctest::Approx(2));
  CHECK(schedule.at(400).r_max == 3);
  CHECK(schedule.at(400).d_max == 5);
}
