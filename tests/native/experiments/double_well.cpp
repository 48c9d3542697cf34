// One weight between two minima: who gets out of the shallow one.
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

Record run_with(const Setting& setting, std::uint64_t seed = 1) {
  Record record(setting);
  setting.study().run(setting, seed, record);
  return record;
}

}  // namespace

TEST_CASE("small batches get out of the shallow minimum, larger ones and the full batch do not") {
  check_study(double_well());
}

TEST_CASE("without noise a weight rolls to the bottom of its own valley and stays") {
  const Study study = double_well();
  Setting setting(study, true);
  setting.set("noise", 0);
  const auto all_end_deep = [&](double share) {
    const Record record = run_with(setting);
    for (const double escaped : record.row("escaped", "weight")) CHECK(escaped == share);
  };
  all_end_deep(0);
  // Left of the hill the deep one is downhill; the hill is right of 0.
  for (const double start : {-0.5, 0.05}) {
    setting.set("start", start);
    all_end_deep(1);
  }
}

TEST_CASE("a batch size gives the same runs whichever others are looked at, and others with another seed") {
  const Study study = double_well();
  Setting all(study);
  Setting one(study);
  one.set_points({2});
  const auto crossings = [](const Record& of) { return of.at("crossings", "weight", 2); };
  CHECK(crossings(run_with(all)) == crossings(run_with(one)));
  CHECK(crossings(run_with(one, 7)) != crossings(run_with(one, 8)));
}

TEST_CASE("steps as large as they may be throw no weight out of the world") {
  const Study study = double_well();
  Setting setting(study, true);
  setting.set("lr", 0.2);
  setting.set("noise", 20);
  setting.set("steps", 200);
  const Record record = run_with(setting);
  for (const double value : record.values()) CHECK(std::isfinite(value));
}
