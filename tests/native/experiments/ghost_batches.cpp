#include <doctest/doctest.h>

#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("ghost batches help where their members change, and hurt where they do not") {
  check_study(ghost_batches());
}

TEST_CASE("undivided, it makes no difference but rounding whether the order changes") {
  const Study study = ghost_batches();
  Setting setting(study, true);
  setting.set("steps", 50);
  setting.set_points({2, 240});
  Record record(setting);
  study.run(setting, 6, record);
  CHECK(std::abs(record.at("accuracy", "shuffled", 240) - record.at("accuracy", "fixed", 240)) <= 0.02);
  CHECK(record.at("accuracy", "shuffled", 2) >= 0);
}
