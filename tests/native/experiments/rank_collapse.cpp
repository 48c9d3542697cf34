#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("untrained deep networks make all inputs alike, unless batch normalization keeps them apart") {
  check_study(rank_collapse());
}

TEST_CASE("layers beyond the depth are not measured, and checks go by the last that was") {
  const Study study = rank_collapse();
  Setting setting(study, true);
  setting.set("depth", 10);
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(std::isnan(record.at("cosine", "none", 20)));
  for (const Check& check : study.checks) CHECK(std::isfinite(check.measure(record)));
}

TEST_CASE("more directions than inputs or units there are not") {
  const Study study = rank_collapse();
  Setting setting(study, true);
  for (const double raw : {0, 1}) {
    setting.set("depth", 100);
    setting.set("width", 8);
    setting.set("batch", 4);
    setting.set("raw", raw);
    setting.set_points({1, 100});
    Record record(setting);
    study.run(setting, 0, record);
    for (const Arm& arm : study.arms) {
      for (const double rank : record.row("rank", arm.name)) CHECK((rank >= 1 - 1e-9 && rank <= 4 + 1e-9));
      for (const double cosine : record.row("cosine", arm.name)) CHECK(std::abs(cosine) <= 1 + 1e-9);
    }
  }
}
