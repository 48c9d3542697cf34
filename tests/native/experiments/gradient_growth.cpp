#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("batch normalization with ReLU multiplies the gradient by 1.21 per layer at initialisation") {
  check_study(gradient_growth());
}

TEST_CASE("it makes wrong sizes of weights harmless, and is itself worse than the right size") {
  check_study(gradient_scale());
}

TEST_CASE("small batches make it worse, as theory says") { check_study(gradient_growth_batch()); }

TEST_CASE("growth is measured along the layers there are, whatever the depth; beyond it there is nothing") {
  const Study study = gradient_growth();
  Setting setting(study, true);
  setting.set("depth", 12);
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(std::isfinite(record.at("gradient", "bn", 11)));
  CHECK(std::isnan(record.at("gradient", "bn", 13)));
  for (const Check& check : study.checks) CHECK(std::isfinite(check.measure(record)));

  setting.set_points({1, 2});
  Record too_few(setting);
  study.run(setting, 0, too_few);
  for (const Check& check : study.checks) CHECK(std::isnan(check.measure(too_few)));
}

TEST_CASE("what overflows counts as the largest float") {
  const Study study = gradient_scale();
  Setting setting(study, true);
  setting.set("depth", 100);
  setting.set_points({0.01, 100});
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(record.at("gradient", "none", 100) == static_cast<double>(std::numeric_limits<float>::max()));
  CHECK(record.at("gradient", "none", 0.01) == 0);
  for (const double value : record.values()) CHECK(std::isfinite(value));
}

TEST_CASE("the smallest batches and widths run") {
  const Study study = gradient_growth_batch();
  Setting setting(study);
  setting.set("depth", 6);
  setting.set("width", 8);
  setting.set_points({4, 512});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double value : record.values()) CHECK(value > 0);
}
