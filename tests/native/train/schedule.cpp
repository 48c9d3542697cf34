#include "train/schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>

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

TEST_CASE("the limits: a new rate every step, no rate left, a warm-up longer than any training") {
  for (const Index t : {0, 1, 7, 60})
    CHECK(schedule_factor({ScheduleKind::kStep, 1, 0.5, 0}, t) == std::ldexp(1.0, static_cast<int>(-t)));
  CHECK(schedule_factor({ScheduleKind::kStep, 1, 0.5, 0}, 1'000'000'000) == 0);
  CHECK(schedule_factor({ScheduleKind::kStep, 1, 1, 0}, 1'000'000'000) == 1);
  CHECK(schedule_factor({ScheduleKind::kStep, 3, 0, 0}, 2) == 1);
  CHECK(schedule_factor({ScheduleKind::kStep, 3, 0, 0}, 3) == 0);
  CHECK(schedule_factor({ScheduleKind::kCosine, 1, 0.5, 0}, 0) == 1);
  CHECK(schedule_factor({ScheduleKind::kCosine, 1, 0.5, 0}, 1) == 0);
  CHECK(schedule_factor({ScheduleKind::kConstant, 100, 0.5, 1'000'000'000}, 0) == 1e-9);
}

TEST_CASE("powers and cosines are those of the standard library but for rounding") {
  for (Index n = 0; n < 200; ++n)
    CHECK(power(0.93, n) == doctest::Approx(std::pow(0.93, static_cast<double>(n))).epsilon(1e-13));
  const Schedule cosine{ScheduleKind::kCosine, 97, 0.5, 0};
  for (Index t = 0; t <= 97; ++t) {
    const double along = static_cast<double>(t) / 97;
    CHECK(std::fabs(schedule_factor(cosine, t) - 0.5 * (1 + std::cos(3.141592653589793 * along))) < 1e-15);
  }
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
