#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("normalising inside a network does not put badly scaled inputs right") {
  check_study(input_scale());
}

TEST_CASE("standardised, a stretch is undone but for rounding") {
  const Study study = input_scale();
  const auto accuracy = [&](double stretch) {
    Setting setting(study, true);
    setting.set("stretch", stretch);
    setting.set("steps", 50);
    setting.set_points({0.01});
    Record record(setting);
    study.run(setting, 8, record);
    return record("accuracy", "none-standardised");
  };
  CHECK(accuracy(1) == doctest::Approx(accuracy(100)).epsilon(0.02));
}

TEST_CASE("where training diverges, accuracy is that of tossing a coin") {
  const Study study = input_scale();
  Setting setting(study, true);
  setting.set("stretch", 100);
  setting.set("steps", 50);
  setting.set_points({10});
  Record record(setting);
  study.run(setting, 8, record);
  CHECK(record("accuracy", "none") == 0.5);
}
