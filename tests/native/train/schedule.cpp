#include "train/schedule.hpp"

#include <doctest/doctest.h>

using namespace bnlab;

TEST_CASE("constant, step and cosine") {
  CHECK(schedule_factor({}, 0) == 1);
  CHECK(schedule_factor({}, 100000) == 1);
  const Schedule step{ScheduleKind::kStep, 10, 0.5, 0};
  CHECK(schedule_factor(step, 9) == 1);
  CHECK(schedule_factor(step, 10) == 0.5);
  CHECK(schedule_factor(step, 35) == 0.125);
  const Schedule cosine{ScheduleKind::kCosine, 100, 0.5, 0};
  CHECK(schedule_factor(cosine, 0) == 1);
  CHECK(schedule_factor(cosine, 50) == doctest::Approx(0.5));
  CHECK(schedule_factor(cosine, 25) == doctest::Approx(0.8535533906));
  CHECK(schedule_factor(cosine, 100) == doctest::Approx(0).epsilon(1e-12));
  CHECK(schedule_factor(cosine, 1000) == doctest::Approx(0).epsilon(1e-12));
}

TEST_CASE("warm-up rises in equal steps to the whole rate, and multiplies the schedule") {
  const Schedule warm{ScheduleKind::kConstant, 100, 0.5, 4};
  CHECK(schedule_factor(warm, 0) == 0.25);
  CHECK(schedule_factor(warm, 2) == 0.75);
  CHECK(schedule_factor(warm, 3) == 1);
  CHECK(schedule_factor(warm, 4) == 1);
  const Schedule both{ScheduleKind::kStep, 2, 0.5, 4};
  CHECK(schedule_factor(both, 2) == 0.75 * 0.5);
}
