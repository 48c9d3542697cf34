// The same batches every epoch: what they cost with batch normalization, and hardly cost without.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("batches that stay the same cost batch normalization accuracy, and others hardly any") {
  check_study(fixed_batches());
}

TEST_CASE("it makes no difference to the full batch, whose members are the same in any order") {
  const Study study = fixed_batches();
  Setting setting(study);
  setting.set("examples", 64);
  setting.set("batch", 64);
  setting.set("steps", 60);
  Record record(setting);
  study.run(setting, 1, record);
  // Sums in another order round otherwise, and a prediction or two may tip over.
  CHECK(std::abs(record("accuracy", "bn-new") - record("accuracy", "bn-same")) <= 0.01);
}

TEST_CASE("a run that diverges counts as chance") {
  const Study study = fixed_batches();
  Setting setting(study);
  setting.set("lr", 1e6);
  Record record(setting);
  study.run(setting, 1, record);
  CHECK(record("accuracy", "none-new") == 0.1);
  CHECK(record("accuracy", "none-same") == 0.1);
}
