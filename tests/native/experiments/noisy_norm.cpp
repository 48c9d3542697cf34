#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("noise after batch normalization shifts its outputs and costs little where it helps much") {
  check_study(noisy_norm());
}

TEST_CASE("noise of no size changes nothing: arms with and without it are the same run") {
  const Study study = noisy_norm();
  Setting setting(study, true);
  setting.set("mean-noise", 0);
  setting.set("scale-noise", 1);
  setting.set("jitter", 0);
  setting.set("steps", 40);
  setting.set_points({0.5});
  Record record(setting);
  study.run(setting, 0, record);
  for (const std::string_view metric : {"accuracy", "shift"}) {
    CHECK(record(metric, "noisy-none") == record(metric, "none"));
    CHECK(record(metric, "noisy-bn") == record(metric, "bn"));
  }
}

TEST_CASE(
    "under the noise a unit's mean shifts as two draws from U(−0.5, 0.5) differ: by 1/3 at a deviation of "
    "about 1.2") {
  const Study study = noisy_norm();
  Setting setting(study, true);
  setting.set("steps", 100);
  setting.set_points({0.01});
  Record record(setting);
  study.run(setting, 0, record);
  // The median of |difference| is 1 − √½ = 0.293, by a deviation of 1.125 on average.
  CHECK(record("shift", "noisy-bn") == doctest::Approx(0.293 / 1.125).epsilon(0.1));
}

TEST_CASE("the largest noise and learning rate, and the smallest network, end in numbers") {
  const Study study = noisy_norm();
  Setting setting(study, true);
  for (const Knob& knob : study.knobs)
    setting.set(knob.name, knob.name == "depth" || knob.name == "steps" ? knob.min : knob.max);
  setting.set_points({10, 0.001});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double accuracy : record.row("accuracy", "noisy-none")) {
    CHECK(accuracy >= 0);
    CHECK(accuracy <= 1);
  }
  for (const double value : record.values()) CHECK_FALSE(std::isinf(value));
}
