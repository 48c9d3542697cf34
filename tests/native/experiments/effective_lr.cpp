// The scale of weights before batch normalization is a learning rate.
#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("W times a with a² times the learning rate is the same training, W times a alone a slower one") {
  check_study(effective_lr());
}

TEST_CASE("the identity is one of ε = 0: it ends where ε counts") {
  const Study study = effective_lr();
  Setting setting(study, true);
  setting.set("eps", 0.1);
  setting.set_points({1, 20});
  Record record(setting);
  study.run(setting, 0, record);
  for (const Check& check : study.checks)
    if (check.kind == Kind::kExact) {
      CAPTURE(check.name);
      CHECK(judge(check, std::vector<double>{check.measure(record)}).decision == Decision::kFails);
    }
}

TEST_CASE("what diverges is left unmeasured, not infinite") {
  const Study study = effective_lr();
  Setting setting(study, true);
  setting.set("scale", 100);
  setting.set("lr", 1);
  setting.set_points({1, 30});
  Record record(setting);
  study.run(setting, 0, record);
  for (const double value : record.values()) CHECK_FALSE(std::isinf(value));
}
