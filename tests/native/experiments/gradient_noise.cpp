// The noise of a batch's gradient: 1/B where the batch's loss is a mean over examples, and not with batch normalization.
#include "engine_float.hpp"
#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("the noise of a gradient falls as 1/B, and otherwise with batch normalization") {
  check_study(gradient_noise());
}

TEST_CASE("1/B holds for a trained network too") {
  const Study study = gradient_noise();
  Setting setting(study, true);
  setting.set("steps", 200);
  Record record(setting);
  study.run(setting, 1, record);
  const double slope = study.checks[0].measure(record);
  CHECK(slope > -1.1);
  CHECK(slope < -0.9);
}

TEST_CASE("without replacement there is less noise by (N − B)/(N − 1), and none in the full batch") {
  const Study study = gradient_noise();
  Setting setting(study);
  setting.set("examples", 64);
  setting.set("draws", 300);
  setting.set("replacement", 0);
  setting.set_points({1, 32, 64, 128});
  Record record(setting);
  study.run(setting, 1, record);
  const auto noise = record.row("noise", "none");
  CHECK(noise[1] == doctest::Approx(noise[0] / 32 * (64 - 32) / 63).epsilon(0.15));
  CHECK(noise[2] == 0);
  // What is 0 has no logarithm, and a batch of more than there are was not measured.
  CHECK(std::isnan(noise[3]));
  CHECK(std::isfinite(study.checks[0].measure(record)));
}

TEST_CASE("batch normalization has no gradient of a single example") {
  const Study study = gradient_noise();
  Setting setting(study, true);
  setting.set("examples", 64);
  setting.set("hidden", 4);
  setting.set("draws", 2);
  setting.set_points({1, 2});
  Record record(setting);
  study.run(setting, 1, record);
  CHECK(std::isnan(record.at("noise", "bn", 1)));
  CHECK(record.at("noise", "bn", 2) > 0);
  CHECK(record.at("noise", "none", 1) > 0);
}
