// Where a sigmoid is nearly straight.
#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("a sigmoid of standardised values is nearly straight, ReLU never is") {
  const Study study = linear_regime();
  const Setting setting(study);
  for (const Record& record : check_study(study, setting)) {
    // tanh z = 2σ(2z) − 1.
    CHECK(record.at("r2", "tanh", 1) == doctest::Approx(record.at("r2", "sigmoid", 2)).epsilon(1e-9));
    // ReLU(sz) = s·ReLU(z); of normal z a line explains 1/4 out of 1/2 − 1/(2π).
    CHECK(record.at("r2", "relu", 4) == doctest::Approx(record.at("r2", "relu", 0.25)).epsilon(1e-9));
    CHECK(record.at("r2", "relu", 1) == doctest::Approx(0.7336).epsilon(0.02));
  }
}

TEST_CASE("where every number is below 0, ReLU has no line to be near to") {
  const Study study = linear_regime();
  Setting setting(study);
  setting.set("shift", -3);
  setting.set("count", 100);
  setting.set_points({0.01, 20});
  Record record(setting);
  study.run(setting, 2, record);
  for (const double value : record.values()) CHECK_FALSE(std::isinf(value));
}
