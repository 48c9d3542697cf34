#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("batch normalization keeps the sigmoids' inputs in place, and learns where a plain network waits") {
  check_study(sigmoid_digits());
}

TEST_CASE("on raw pixels its lead is larger still") { check_study(sigmoid_digits_raw()); }

TEST_CASE("points are looked at along one training, in whatever order they come") {
  const Study study = sigmoid_digits();
  Setting setting(study);
  setting.set("width", 8);
  setting.set_points({0, 20, 40});
  Record forward(setting);
  study.run(setting, 0, forward);
  Setting out_of_order = setting;
  out_of_order.set_points({40, 0, 20});
  Record mixed(out_of_order);
  study.run(out_of_order, 0, mixed);
  for (const Metric& metric : study.metrics)
    for (const Arm& arm : study.arms)
      for (const double step : {0, 20, 40})
        CHECK(forward.at(metric.name, arm.name, step) == mixed.at(metric.name, arm.name, step));
  CHECK(forward.at("drift", "bn", 0) == 0);  // nothing has moved after one look
}

TEST_CASE("the extremes run, and percentiles stand in order") {
  const Study study = sigmoid_digits();
  Setting setting(study);
  setting.set("width", 4);
  setting.set("sigma", 2);
  setting.set("lr", 10);
  setting.set("batch", 2);
  setting.set_points({100});
  Record record(setting);
  study.run(setting, 0, record);
  for (const Arm& arm : study.arms) {
    for (const double value : record.row("accuracy", arm.name)) CHECK((value >= 0 && value <= 1));
    CHECK(record("low", arm.name) <= record("median", arm.name));
    CHECK(record("median", arm.name) <= record("high", arm.name));
    CHECK(std::isfinite(record("drift", arm.name)));
  }
}
