#include <doctest/doctest.h>

#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE(
    "dropout hurts where examples are many and helps where they are few, with batch normalization as "
    "without") {
  check_study(dropout_accuracy());
}

TEST_CASE("without dropout, recalibrated statistics are nearly those of the average") {
  const Study study = dropout_accuracy();
  Setting setting(study, true);
  setting.set("label_noise", 0.8);
  setting.set_points({0, 0.9});
  Record record(setting);
  study.run(setting, 4, record);
  for (const double accuracy : record.values()) {
    CHECK(accuracy >= 0);
    CHECK(accuracy <= 1);
  }
  CHECK(std::abs(record.at("many", "recalibrated", 0) - record.at("many", "bn", 0)) < 0.03);
}
