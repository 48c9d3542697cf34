#include "experiments/verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace bnlab {

namespace {

constexpr double kNormalQuantile = 1.959963984540054;  // 0.975

struct Interval {
  double low;
  double high;
};

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// Of the mean, were the values drawn from a normal distribution. Of one value anything may be true.
Interval interval_of_mean(const std::vector<double>& values, double mean) {
  const auto n = static_cast<double>(values.size());
  if (values.size() < 2) return {-HUGE_VAL, HUGE_VAL};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double half = t_quantile(static_cast<Index>(values.size()) - 1) * std::sqrt(squares / (n - 1) / n);
  return {mean - half, mean + half};
}

// Wilson 1927: unlike the mean ± its error, sensible where all seeds agree.
Interval interval_of_share(double share, double n) {
  constexpr double kZ2 = kNormalQuantile * kNormalQuantile;
  const double centre = (share + kZ2 / (2 * n)) / (1 + kZ2 / n);
  const double half =
      kNormalQuantile / (1 + kZ2 / n) * std::sqrt(share * (1 - share) / n + kZ2 / (4 * n * n));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Decision decide(const Bound& bound, const Interval& interval) {
  if (interval.low >= bound.low && interval.high <= bound.high) return Decision::kHolds;
  if (interval.high < bound.low || interval.low > bound.high) return Decision::kFails;
  return Decision::kUnsettled;
}

// An exact fact holds for every seed or not at all.
Decision decide_every(const Bound& bound, double least, double greatest) {
  return least >= bound.low && greatest <= bound.high ? Decision::kHolds : Decision::kFails;
}

std::string superscript(int power) {
  constexpr std::array<const char*, 10> kDigits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string digits;
  for (int rest = std::abs(power); rest > 0; rest /= 10)
    digits.insert(0, kDigits[static_cast<std::size_t>(rest % 10)]);
  return (power < 0 ? "⁻" : "") + digits;
}

// An integer with `decimals` of its last digits behind the point, without zeros at the end.
std::string with_point(long long scaled, int decimals) {
  std::string digits = std::to_string(scaled);
  if (decimals <= 0) return digits;
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  digits.insert(digits.size() - places, 1, '.');
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

double power_of_ten(int power) {
  double result = 1;
  for (int i = 0; i < std::abs(power); ++i) result *= 10;
  return power < 0 ? 1 / result : result;
}

// Without its unit.
std::string bare_text(Format format, double value) {
  switch (format) {
    case Format::kShare:
      return number_text(100 * value);
    case Format::kPoints:
      return (value > 0 ? "+" : "") + number_text(100 * value);
    default:
      return number_text(value);
  }
}

std::string bound_text(const Check& check) {
  const auto text = [&](double value) { return value_text(check.format, value); };
  const bool low = std::isfinite(check.bound.low);
  const bool high = std::isfinite(check.bound.high);
  if (low && high) return "between " + text(check.bound.low) + " and " + text(check.bound.high);
  return low ? "at least " + text(check.bound.low) : "at most " + text(check.bound.high);
}

std::string average_text(const Check& check, const Verdict& verdict) {
  const std::string count = std::to_string(verdict.seeds) + (verdict.seeds == 1 ? " seed" : " seeds");
  const std::string mean = value_text(check.format, verdict.mean);
  if (check.statistic == Statistic::kEvery) {
    const std::string least = value_text(check.format, verdict.least);
    const std::string greatest = value_text(check.format, verdict.greatest);
    return least == greatest ? least + " in " + count : "from " + least + " to " + greatest + " in " + count;
  }
  if (!std::isfinite(verdict.low)) return mean + " in " + count;
  return mean + " over " + count + " (95 % interval " + bare_text(check.format, verdict.low) + " to " +
         bare_text(check.format, verdict.high) + ")";
}

}  // namespace

double t_quantile(Index degrees_of_freedom) {
  constexpr std::array<double, 9> kFew{12.706205, 4.302653, 3.182446, 2.776445, 2.570582,
                                       2.446912,  2.364624, 2.306004, 2.262157};
  if (degrees_of_freedom <= static_cast<Index>(kFew.size()))
    return kFew[static_cast<std::size_t>(std::max<Index>(degrees_of_freedom, 1) - 1)];
  // Fisher & Cornish's expansion in 1/ν, to five digits from here on.
  const double z = kNormalQuantile;
  const double v = static_cast<double>(degrees_of_freedom);
  const double z3 = z * z * z;
  const double z5 = z3 * z * z;
  const double z7 = z5 * z * z;
  const double z9 = z7 * z * z;
  return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * v * v * v) +
         (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * v * v * v * v);
}

Verdict judge(const Check& check, std::span<const double> numbers) {
  std::vector<double> values;
  for (const double number : numbers)
    if (!std::isnan(number)) values.push_back(number);
  Verdict verdict;
  if (values.empty()) return verdict;
  verdict.seeds = static_cast<Index>(values.size());
  verdict.least = *std::min_element(values.begin(), values.end());
  verdict.greatest = *std::max_element(values.begin(), values.end());
  verdict.mean = mean_of(values);
  Interval interval{verdict.least, verdict.greatest};
  switch (check.statistic) {
    case Statistic::kMean:
      interval = interval_of_mean(values, verdict.mean);
      break;
    case Statistic::kRatio: {
      for (double& value : values) value = std::log(value);
      const double log_mean = mean_of(values);
      interval = interval_of_mean(values, log_mean);
      interval = {std::exp(interval.low), std::exp(interval.high)};
      verdict.mean = std::exp(log_mean);
      break;
    }
    case Statistic::kShare:
      interval = interval_of_share(verdict.mean, static_cast<double>(values.size()));
      break;
    case Statistic::kEvery:
      break;
  }
  verdict.low = interval.low;
  verdict.high = interval.high;
  verdict.decision = check.statistic == Statistic::kEvery
                         ? decide_every(check.bound, verdict.least, verdict.greatest)
                         : decide(check.bound, interval);
  return verdict;
}

std::string sentence(const Check& check, const Verdict& verdict) {
  const std::string quantity(check.quantity);
  if (verdict.decision == Decision::kNotMeasured) return quantity + ": not measured with these settings.";
  const std::string measured =
      quantity + ": " + average_text(check, verdict) + "; asked for is " + bound_text(check) + ". ";
  switch (verdict.decision) {
    case Decision::kHolds:
      return measured + "It holds.";
    case Decision::kFails:
      return measured + "It does not hold.";
    default:
      return measured + "These seeds leave it open.";
  }
}

const char* word_of(Decision decision) {
  switch (decision) {
    case Decision::kHolds:
      return "holds";
    case Decision::kFails:
      return "fails";
    case Decision::kUnsettled:
      return "unsettled";
    case Decision::kNotMeasured:
      return "not_measured";
  }
  return "";
}

const char* word_of(Kind kind) {
  switch (kind) {
    case Kind::kExact:
      return "exact";
    case Kind::kRobust:
      return "robust";
    case Kind::kOpen:
      return "open";
  }
  return "";
}

const char* word_of(Statistic statistic) {
  switch (statistic) {
    case Statistic::kMean:
      return "mean";
    case Statistic::kRatio:
      return "ratio";
    case Statistic::kShare:
      return "share";
    case Statistic::kEvery:
      return "every";
  }
  return "";
}

const char* word_of(Format format) {
  switch (format) {
    case Format::kNumber:
      return "number";
    case Format::kShare:
      return "share";
    case Format::kPoints:
      return "points";
    case Format::kTimes:
      return "times";
  }
  return "";
}

std::string number_text(double value) {
  if (std::isnan(value)) return "not a number";
  if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
  const std::string sign = value < 0 ? "−" : "";
  const double size = std::abs(value);
  if (size == 0) return "0";
  int power = static_cast<int>(std::floor(std::log10(size)));
  // 999.6 has four digits before the point once it is rounded to three.
  if (std::round(size / power_of_ten(power - 2)) >= 1000) ++power;
  const auto digits = static_cast<long long>(std::round(size / power_of_ten(power - 2)));
  if (power < -3 || power > 5) return sign + with_point(digits, 2) + "·10" + superscript(power);
  if (power > 2) return sign + std::to_string(static_cast<long long>(std::round(size)));
  return sign + with_point(digits, 2 - power);
}

std::string value_text(Format format, double value) {
  switch (format) {
    case Format::kShare:
      return bare_text(format, value) + " %";
    case Format::kPoints:
      return bare_text(format, value) + " points";
    case Format::kTimes:
      return bare_text(format, value) + " times";
    default:
      return bare_text(format, value);
  }
}

}  // namespace bnlab
