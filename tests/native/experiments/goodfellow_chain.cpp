#include <cmath>

#include "experiments/catalogue.hpp"
#include "support/study.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE("all weights at once defeat the first-order prediction, and batch normalization restores it") {
  check_study(goodfellow_chain());
}

TEST_CASE("ten and twenty weights by hand") {
  const Study study = goodfellow_chain();
  Setting setting(study);
  Record record(setting);
  study.run(setting, 0, record);
  CHECK(record.at("actual", "all", 10) == doctest::Approx(0.3486784401));
  CHECK(record.at("predicted", "all", 20) == doctest::Approx(-1));
  CHECK(record.at("second-order", "all", 20) == doctest::Approx(0.9));
  setting.set("lr", 0.3);
  Record longer(setting);
  study.run(setting, 0, longer);
  CHECK(longer.at("predicted", "all", 10) == doctest::Approx(-2));
  CHECK(longer.at("actual", "all", 10) == doctest::Approx(0.0282475249));
}

TEST_CASE("weights drawn around 1 change the chain's step and not that of batch normalization") {
  const Study study = goodfellow_chain();
  Setting ones(study);
  Setting drawn(study);
  drawn.set("deviation", 0.2);
  Record of_ones(ones);
  Record of_drawn(drawn);
  study.run(ones, 3, of_ones);
  study.run(drawn, 3, of_drawn);
  CHECK(std::abs(of_drawn.at("actual", "all", 10) - of_ones.at("actual", "all", 10)) > 0.01);
  CHECK(of_drawn.at("actual", "bn", 10) == doctest::Approx(of_ones.at("actual", "bn", 10)).epsilon(1e-9));
  // What the formulas say is said of weights of 1 only.
  CHECK(std::isnan(study.checks.front().measure(of_drawn)));
  // At a hundredth of the learning rate next to all of the error is of second order: a ten-thousandth of that term.
  const double second = of_drawn.at("second-order", "all", 10) - of_drawn.at("predicted", "all", 10);
  drawn.set("lr", 1e-3);
  Record small(drawn);
  study.run(drawn, 3, small);
  CHECK(small.at("error", "all", 10) * 1e4 == doctest::Approx(second).epsilon(0.05));
}
