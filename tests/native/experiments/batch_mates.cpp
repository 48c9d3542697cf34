#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("fewer predictions hang on batch-mates in larger batches, and none in inference mode") {
  check_study(batch_mates());
}

TEST_CASE("batch sizes in falling order tell the same, and of one alone there is no fall") {
  const Study study = batch_mates();
  const auto least_fall = [&](std::vector<double> points, std::vector<double> changed) {
    Setting setting(study);
    setting.set_points(std::move(points));
    Record record(setting);
    for (std::size_t at = 0; at < changed.size(); ++at) record.set("changed", "training", at, changed[at]);
    return study.checks[1].measure(record);
  };
  CHECK(least_fall({4, 8, 16}, {0.5, 0.3, 0.25}) == doctest::Approx(0.05));
  CHECK(least_fall({16, 8, 4}, {0.25, 0.3, 0.5}) == doctest::Approx(0.05));
  CHECK(least_fall({4, 8, 16}, {0.5, 0.3, 0.4}) == doctest::Approx(-0.1));
  CHECK(std::isnan(least_fall({4}, {0.5})));
}
