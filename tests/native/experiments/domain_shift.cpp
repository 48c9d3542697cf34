#include "experiments/domain_shift.hpp"

#include <doctest/doctest.h>

#include "engine_float.hpp"
#include "support/seeds.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

const std::optional<LayerSpec> kLayerNorm = GroupNormSpec{.groups = 1, .per_feature = true};

}  // namespace

TEST_CASE("recalibration makes good what brighter pictures did to batch norm") {
  DomainShiftOptions options;
  options.steps = 300;
  const auto all = seeds(2);
  const double lost = mean_over(all, [&](std::uint64_t seed) {
    const DomainShift result = domain_shift(options, seed);
    CHECK(result.before > 0.8);
    CHECK(std::abs(result.recalibrated - result.before) <= 0.03);
    return result.before - result.after;
  });
  CHECK(lost >= 0.3);
}

TEST_CASE("layer norm and no normalisation lose as much, and have no statistics to take afresh") {
  for (const std::optional<LayerSpec>& norm : {kLayerNorm, std::optional<LayerSpec>{}}) {
    DomainShiftOptions options;
    options.norm = norm;
    options.steps = 300;
    const DomainShift result = domain_shift(options, 1);
    CHECK(result.before - result.after > 0.3);
    CHECK(result.recalibrated == result.after);
  }
}

TEST_CASE("nothing is lost where nothing has moved") {
  DomainShiftOptions options;
  options.scale = 1;
  options.shift = 0;
  options.steps = 20;
  const DomainShift result = domain_shift(options, 1);
  CHECK(result.before == result.after);
}
