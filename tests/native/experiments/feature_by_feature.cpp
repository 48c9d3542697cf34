// Features have nothing to do with each other; γ and β are the same for all batches.
#include <doctest/doctest.h>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("each feature has its own statistics, γ and β, and correlations stay") {
  check_study(feature_by_feature());
}

TEST_CASE("ε scales features differently, but moves no correlation and ties no features together") {
  const Study study = feature_by_feature();
  Setting setting(study);
  setting.set("eps", 10);
  setting.set("batch", 4);
  Record record(setting);
  study.run(setting, 0, record);
  for (const Check& check : study.checks)
    if (check.kind == Kind::kExact) {
      CAPTURE(check.name);
      const Decision decision = judge(check, std::vector<double>{check.measure(record)}).decision;
      CHECK(decision == (check.name == "widths" ? Decision::kFails : Decision::kHolds));
    }
}
