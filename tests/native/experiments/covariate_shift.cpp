#include <cmath>

#include "experiments/catalogue.hpp"
#include "experiments/median.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("in a linear network batch normalization adds covariate shift, and learns faster") {
  check_study(covariate_shift());
}

TEST_CASE("and in a deeper one even more") { check_study(covariate_shift_deep()); }

TEST_CASE("in networks of ReLU, shifts are of the size of the gradient with and without") {
  const Study study = covariate_shift_relu();
  Setting setting(study, true);
  for (const Record& record : check_study(study, setting))
    for (const std::string_view metric : {"early", "late"})
      for (const std::string_view arm : {"none", "bn"})
        for (const double shift : record.row(metric, arm)) {
          CHECK(shift > 0.05);
          CHECK(shift < 5);
        }
}

TEST_CASE("a learning rate at which training diverges counts as a bad loss, not as none") {
  const Study study = covariate_shift();
  Setting setting(study, true);
  setting.set_points({1});
  setting.set("depth", 40);
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(record("loss", "none") == 1000);
  for (const Check& check : study.checks)
    if (check.name == "small-lr-less") CHECK(std::isnan(check.measure(record)));
}

TEST_CASE("the smallest networks and shortest runs are measured too") {
  for (const Study& study : {covariate_shift(), covariate_shift_relu()}) {
    Setting setting(study, true);
    for (const Knob& knob : study.knobs) setting.set(knob.name, knob.min);
    Record record(setting);
    study.run(setting, 0, record);
    for (const double value : record.values()) CHECK(std::isfinite(value));
  }
}

TEST_CASE("the median of odd and even counts, and of none") {
  CHECK(median({5, 1, 3}) == 3);
  CHECK(median({4, 1, 3, 2}) == 2.5);
  CHECK(std::isnan(median({})));
}
