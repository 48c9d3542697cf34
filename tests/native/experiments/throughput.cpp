#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("small batches learn more from the same examples; what they cost is for a clock to say") {
  check_study(throughput());
}

TEST_CASE("a point alone learns what it learns among others") {
  const Study study = throughput();
  Setting both(study, true);
  both.set("examples", 1024);
  both.set("hidden", 8);
  both.set_points({3, 300});
  Record together(both);
  study.run(both, 1, together);
  for (const double batch : {3, 300}) {
    Setting one = both;
    one.set_points({batch});
    Record alone(one);
    study.run(one, 1, alone);
    CHECK(alone.at("loss", "training", batch) == together.at("loss", "training", batch));
    // Whoever runs it has the clock.
    CHECK(std::isnan(alone.at("milliseconds", "training", batch)));
  }
}

TEST_CASE("speed is compared between one at a time and 64, whatever the clock says") {
  const Study study = throughput();
  const Setting setting(study, true);
  Record record(setting);
  const auto times = [&](double one, double many) {
    for (std::size_t at = 0; at < setting.points().size(); ++at)
      record.set("milliseconds", "training", at, setting.points()[at] == 64 ? many : one);
    return study.checks[0].measure(record);
  };
  CHECK(times(300, 100) == 3);
  CHECK(times(100, 200) == 0.5);
}
