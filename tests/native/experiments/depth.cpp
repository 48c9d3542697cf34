#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE(
    "batch normalization in every layer makes stacks of sigmoids learn; in the first alone it does not") {
  check_study(depth_sigmoid());
}

TEST_CASE("ReLU stacks with batch normalization fail with depth, and skip connections help") {
  check_study(depth_relu());
}

TEST_CASE("one layer and sixty run, at the extremes of all else") {
  for (const Study& study : {depth_sigmoid(), depth_relu()}) {
    for (const double lr : {1e-4, 10.0}) {
      Setting setting(study);
      setting.set("width", 4);
      setting.set("lr", lr);
      setting.set("steps", 10);
      setting.set("raw", 1);
      setting.set_points({1, 60});
      Record record(setting);
      study.run(setting, 0, record);
      for (const double accuracy : record.values()) CHECK((accuracy >= 0 && accuracy <= 1));
    }
  }
}
