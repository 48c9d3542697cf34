#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("recalibration makes good what brighter pictures did to batch norm") {
  check_study(domain_shift());
}

TEST_CASE("nothing is lost where nothing has moved") {
  const Study study = domain_shift();
  Setting setting(study);
  setting.set("scale", 1);
  setting.set("shift", 0);
  setting.set("steps", 20);
  Record record(setting);
  study.run(setting, 1, record);
  for (const std::string_view norm : {"bn", "ln", "none"})
    CHECK(record("accuracy", norm) == record("accuracy", std::string(norm) + "-moved"));
}
