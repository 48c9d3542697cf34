// What the numbers of several seeds say about a check.
//
// Seeds are drawn at random, so the verdict goes by the 95 % interval of what was measured, never by its mean alone: a check
// holds where the whole interval lies within its bound, fails where the whole interval lies outside, and is unsettled
// otherwise; then more seeds would tell.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "experiments/study.hpp"

namespace bnlab {

enum class Decision { kHolds, kFails, kUnsettled, kNotMeasured };

struct Verdict {
  Decision decision = Decision::kNotMeasured;
  Index seeds = 0;  // that measured the quantity
  double mean = 0;  // for kRatio the geometric one
  double low = 0;   // the interval, as the check's statistic has it
  double high = 0;
  double least = 0;
  double greatest = 0;
};

// `numbers`: the check's quantity, one of each seed; NaN where a seed did not measure it.
Verdict judge(const Check& check, std::span<const double> numbers);

// The outcome with its numbers, in one or two sentences.
std::string sentence(const Check& check, const Verdict& verdict);

const char* word_of(Decision decision);  // "holds", "fails", "unsettled", "not_measured"
const char* word_of(Kind kind);          // "exact", "robust", "open"
const char* word_of(Statistic statistic);
const char* word_of(Format format);

// Three significant digits, with a proper minus sign: "0.704", "−12.3", "3.5·10¹⁴".
std::string number_text(double value);
// As `format` has it: "25 %", "+70.4 points", "94 times".
std::string value_text(Format format, double value);

// The 0.975 quantile of Student's t.
double t_quantile(Index degrees_of_freedom);

}  // namespace bnlab
