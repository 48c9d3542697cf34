#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("examples pull weights in different ways before any training, with batch normalization more so") {
  check_study(input_independence());
}

TEST_CASE("agreement lies between 0 and 1, from one layer to a hundred") {
  const Study study = input_independence();
  Setting setting(study);
  setting.set("width", 16);
  setting.set("batch", 4);
  setting.set("raw", 1);
  setting.set_points({1, 100});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double agreement : record.values()) CHECK((agreement >= 0 && agreement <= 1 + 1e-6));
}

TEST_CASE("with one hidden layer, the first and the middle one are the same") {
  const Study study = input_independence();
  Setting setting(study);
  setting.set_points({1});
  Record record(setting);
  study.run(setting, 0, record);
  for (const Arm& arm : study.arms) CHECK(record("first", arm.name) == record("middle", arm.name));
}
