#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("batch normalization pays at high learning rates, not at low ones, and not at any") {
  check_study(learning_rate_sweep());
}

TEST_CASE("two layers gain by it only at extreme rates, or where inputs are not standardised") {
  check_study(learning_rate_sweep_shallow());
}

TEST_CASE("where no point has a learning rate that a check is about, it was not measured") {
  const Study study = learning_rate_sweep();
  Setting setting(study, true);
  setting.set("steps", 10);
  setting.set_points({0.5});
  Record record(setting);
  study.run(setting, 0, record);
  for (const Check& check : study.checks) {
    INFO(check.name);
    // After ten steps neither arm recognises half of the test set.
    if (check.name != "best-each") CHECK(std::isnan(check.measure(record)));
  }
}

TEST_CASE("the smallest and the largest networks and batches run, and a rate that diverges is guessing") {
  const Study study = learning_rate_sweep();
  Setting setting(study);
  for (const double depth : {1, 20}) {
    for (const double batch : {2, 256}) {
      setting.set("depth", depth);
      setting.set("width", 4);
      setting.set("steps", 10);
      setting.set("batch", batch);
      setting.set("raw", 1);
      setting.set_points({1e-4, 100});
      Record record(setting);
      study.run(setting, 0, record);
      for (const double accuracy : record.values()) CHECK((accuracy >= 0 && accuracy <= 1));
      CHECK(record.at("accuracy", "none", 100) <= 0.2);
    }
  }
}
