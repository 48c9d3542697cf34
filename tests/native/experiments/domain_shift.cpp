#include "experiments/domain_shift.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "support/seeds.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("recalibration makes good what brighter pictures did to batch norm") {
  DomainShiftOptions options;
  options.steps = 300;
  const auto all = seeds(1);
  double lost = 0;
  for (const std::uint64_t seed : all) {
    const DomainShiftResult result = domain_shift(options, seed);
    CHECK(std::abs(result.recalibrated - result.batch_norm.before) <= 0.03);
    lost += result.batch_norm.before - result.batch_norm.after;
    // The others have no statistics to take afresh.
    CHECK(result.layer_norm.before - result.layer_norm.after > 0.3);
    CHECK(result.without.before - result.without.after > 0.3);
  }
  CHECK(lost / static_cast<double>(all.size()) >= 0.3);
}

TEST_CASE("nothing is lost where nothing has moved") {
  DomainShiftOptions options;
  options.scale = 1;
  options.shift = 0;
  options.steps = 20;
  const DomainShiftResult result = domain_shift(options, 1);
  CHECK(result.batch_norm.before == result.batch_norm.after);
  CHECK(result.layer_norm.before == result.layer_norm.after);
  CHECK(result.without.before == result.without.after);
}
