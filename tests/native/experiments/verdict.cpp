#include "experiments/verdict.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>

using namespace bnlab;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Check check_of(Statistic statistic, Bound bound, Format format = Format::kNumber) {
  Check check;
  check.quantity = "Lead";
  check.statistic = statistic;
  check.bound = bound;
  check.format = format;
  return check;
}

}  // namespace

TEST_CASE("a check holds or fails by the whole interval of the mean") {
  constexpr std::array lead{0.7, 0.65, 0.75, 0.7};
  // s = 0.0408, t(3) = 3.1824: ±0.065.
  const Verdict verdict = judge(check_of(Statistic::kMean, at_least(0.5)), lead);
  CHECK(verdict.mean == doctest::Approx(0.7));
  CHECK(verdict.low == doctest::Approx(0.635).epsilon(1e-3));
  CHECK(verdict.high == doctest::Approx(0.765).epsilon(1e-3));
  CHECK(verdict.least == 0.65);
  CHECK(verdict.greatest == 0.75);
  CHECK(verdict.decision == Decision::kHolds);
  CHECK(judge(check_of(Statistic::kMean, at_least(0.64)), lead).decision == Decision::kUnsettled);
  CHECK(judge(check_of(Statistic::kMean, at_least(0.8)), lead).decision == Decision::kFails);
  CHECK(judge(check_of(Statistic::kMean, at_most(0.8)), lead).decision == Decision::kHolds);
  CHECK(judge(check_of(Statistic::kMean, within(0.6, 0.8)), lead).decision == Decision::kHolds);
  CHECK(judge(check_of(Statistic::kMean, within(0.68, 0.72)), lead).decision == Decision::kUnsettled);
}

TEST_CASE("one seed settles nothing but an exact fact") {
  constexpr std::array one{1e-16};
  CHECK(judge(check_of(Statistic::kMean, at_most(1)), one).decision == Decision::kUnsettled);
  CHECK(judge(check_of(Statistic::kEvery, at_most(1e-10)), one).decision == Decision::kHolds);
}

TEST_CASE("one seed against an exact fact is enough") {
  constexpr std::array some{0.0, 1e-9, 0.0};
  CHECK(judge(check_of(Statistic::kEvery, at_most(1e-10)), some).decision == Decision::kFails);
}

TEST_CASE("ratios are averaged as factors") {
  constexpr std::array ratios{10.0, 1000.0};
  const Verdict verdict = judge(check_of(Statistic::kRatio, at_least(1)), ratios);
  CHECK(verdict.mean == doctest::Approx(100));
  CHECK(verdict.low * verdict.high == doctest::Approx(1e4));
  constexpr std::array nonsense{1.0, -1.0};
  CHECK(judge(check_of(Statistic::kRatio, at_least(0)), nonsense).decision == Decision::kUnsettled);
}

TEST_CASE("a share that all seeds agree on is still not certain") {
  constexpr std::array agreed{1.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  const Verdict verdict = judge(check_of(Statistic::kShare, at_least(0.5)), agreed);
  CHECK(verdict.high == doctest::Approx(1));
  CHECK(verdict.low == doctest::Approx(0.6097).epsilon(1e-3));  // Wilson, 6 of 6
  CHECK(verdict.decision == Decision::kHolds);
  CHECK(judge(check_of(Statistic::kShare, at_least(0.7)), agreed).decision == Decision::kUnsettled);
}

TEST_CASE("what a seed did not measure is left out") {
  constexpr std::array numbers{kNan, 1.0, 1.2, kNan};
  CHECK(judge(check_of(Statistic::kMean, at_least(0)), numbers).seeds == 2);
  constexpr std::array nothing{kNan, kNan};
  const Check check = check_of(Statistic::kMean, at_least(0));
  const Verdict verdict = judge(check, nothing);
  CHECK(verdict.decision == Decision::kNotMeasured);
  CHECK(sentence(check, verdict) == "Lead: not measured with these settings.");
}

TEST_CASE("Student's quantile goes over into the normal one") {
  CHECK(t_quantile(1) == doctest::Approx(12.706205));
  CHECK(t_quantile(9) == doctest::Approx(2.262157));
  CHECK(t_quantile(10) == doctest::Approx(2.228139).epsilon(1e-5));
  CHECK(t_quantile(29) == doctest::Approx(2.045230).epsilon(1e-5));
  CHECK(t_quantile(10000) == doctest::Approx(1.960201).epsilon(1e-6));
}

TEST_CASE("the sentence has the numbers and the verdict in it") {
  constexpr std::array lead{0.7, 0.65, 0.75, 0.7};
  const auto say = [&](Statistic statistic, Bound bound, Format format) {
    const Check check = check_of(statistic, bound, format);
    return sentence(check, judge(check, lead));
  };
  CHECK(say(Statistic::kMean, at_least(0.5), Format::kPoints) ==
        "Lead: +70 points over 4 seeds (95 % interval +63.5 to +76.5); asked for is at least +50 "
        "points. It holds.");
  CHECK(say(Statistic::kEvery, at_most(0.1), Format::kShare) ==
        "Lead: from 65 % to 75 % in 4 seeds; asked for is at most 10 %. It does not hold.");
  CHECK(say(Statistic::kMean, within(0.68, 0.72), Format::kNumber) ==
        "Lead: 0.7 over 4 seeds (95 % interval 0.635 to 0.765); asked for is between 0.68 and 0.72. These "
        "seeds "
        "leave it open.");
}

TEST_CASE("numbers are written to three digits") {
  CHECK(number_text(0) == "0");
  CHECK(number_text(0.70412) == "0.704");
  CHECK(number_text(-12.34) == "−12.3");
  CHECK(number_text(94) == "94");
  CHECK(number_text(999.6) == "1000");
  CHECK(number_text(0.9996) == "1");
  CHECK(number_text(123456) == "123456");
  CHECK(number_text(3.51e14) == "3.51·10¹⁴");
  CHECK(number_text(7.6e-13) == "7.6·10⁻¹³");
  CHECK(number_text(0.00123) == "0.00123");
  CHECK(number_text(HUGE_VAL) == "∞");
}
