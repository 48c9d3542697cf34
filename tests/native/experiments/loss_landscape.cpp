#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("once training is under way, batch normalization smooths the loss; before, it does not") {
  check_study(loss_landscape());
}

TEST_CASE("in a deep linear network it makes the loss rougher") { check_study(loss_landscape_linear()); }

TEST_CASE("the Lipschitz constant and β are different things, and neither belongs to the function") {
  check_study(smoothness_and_scale());
}

TEST_CASE("windows are looked at in any order, and overlap if asked to") {
  const Study study = loss_landscape();
  Setting setting(study, true);
  setting.set_points({50, 0, 0});
  Record record(setting);
  study.run(setting, 0, record);
  const std::span<const double> beta = record.row("beta", "bn");
  CHECK(beta[0] != beta[1]);
  CHECK(beta[1] == beta[2]);
  setting.set_points({0});
  Record alone(setting);
  study.run(setting, 0, alone);
  CHECK(alone("beta", "bn") == beta[1]);
}

TEST_CASE("training that diverges leaves numbers, never infinities") {
  for (const Study& study : {loss_landscape(), loss_landscape_linear()}) {
    Setting setting(study, true);
    for (const Knob& knob : study.knobs)
      setting.set(knob.name, knob.name == "examples" ? knob.min : knob.max);
    setting.set_points({0, 100});
    Record record(setting);
    study.run(setting, 0, record);
    for (const double value : record.values()) CHECK_FALSE(std::isinf(value));
  }
}
