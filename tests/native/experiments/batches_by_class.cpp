#include <doctest/doctest.h>

#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("batches of few classes take from batch normalization what they leave to others") {
  check_study(batches_by_class());
}

TEST_CASE("only batch normalization has statistics that could be recalibrated here") {
  const Study study = batches_by_class();
  Setting setting(study, true);
  setting.set("steps", 50);
  setting.set("batch", 128);
  setting.set("momentum", 1);
  setting.set_points({1, 9});
  Record record(setting);
  study.run(setting, 3, record);
  for (const Arm& arm : study.arms)
    for (std::size_t i = 0; i < setting.points().size(); ++i) {
      CHECK(record.row("accuracy", arm.name)[i] >= 0);
      CHECK(std::isnan(record.row("recalibrated", arm.name)[i]) == (arm.name != "bn"));
    }
}
