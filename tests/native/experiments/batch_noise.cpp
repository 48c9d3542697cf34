#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("the noise of small batches repays batch normalization what it costs, and little more") {
  check_study(batch_noise());
}

TEST_CASE("at the greatest rate and share of wrong labels, batches of two give accuracies as well") {
  const Study study = batch_noise();
  Setting setting(study, true);
  setting.set("lr", 1);
  setting.set("label_noise", 0.8);
  setting.set("steps", 50);
  setting.set("standardize", 0);
  setting.set_points({2, 7, 240});
  Record record(setting);
  study.run(setting, 5, record);
  for (const double accuracy : record.values()) {
    CHECK(accuracy >= 0);
    CHECK(accuracy <= 1);
  }
}
