// A study: one measured experiment, as a value that says all there is to know about it.
//
// What it asks, which knobs it has, what is compared (its arms, at each of its points), what is measured, and which checks
// the outcome is held to. The page, the command line, and the tests natively and in WebAssembly read this and nothing else:
// no knob and no threshold stands anywhere a second time. One file per study defines one; catalogue.hpp lists them.
//
// A run takes a setting (a value for each knob, the points) and a seed, and gives a record: each metric for each arm at each
// point. All arms of a seed see the same data, initial weights and batch order, so that their difference is theirs alone.
// Checks turn the record of a seed into one number, and judge the numbers of all seeds (verdict.hpp).
#pragma once

#include <cassert>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.hpp"

namespace bnlab {

// How a number is written for people.
enum class Format {
  kNumber,
  kShare,   // 0.25 is 25 %
  kPoints,  // a difference of shares: 0.25 is 25 points
  kTimes,   // 2.5 is 2.5 times
};

enum class Moves {
  kLinearly,
  kByFactors,  // on a logarithmic scale
};

constexpr double kSameWhenFast = std::numeric_limits<double>::quiet_NaN();

// Something the reader may change. `whole`: integers only; a switch is a whole number from 0 to 1.
struct Knob {
  std::string_view name;   // "lr", as it is set on the command line and in a link
  std::string_view label;  // "Learning rate"
  double value = 0;        // unless changed
  double min = 0;
  double max = 1;
  bool whole = false;
  Moves moves = Moves::kLinearly;
  double fast = kSameWhenFast;  // value in the fast version, where it differs
  std::string_view unit = {};
};

// What varies within a run: batch sizes, learning rates, steps. Without points there is one, which has no name.
struct Axis {
  std::string_view name;   // "lr"
  std::string_view label;  // "Learning rate"
  std::vector<double> points;
  double min = 0;  // of each point
  double max = 1;
  bool whole = false;
  Moves moves = Moves::kLinearly;
  std::vector<double> fast = {};  // points of the fast version, where they differ
};

// What is compared with what.
struct Arm {
  std::string_view name;   // "bn"
  std::string_view label;  // "batch normalization"
};

// What is measured of each arm at each point. A run that diverged says what that counts as; a value is never infinite. NaN
// stands for what was not measured.
struct Metric {
  std::string_view name;   // "accuracy"
  std::string_view label;  // "Test accuracy, inference mode"
  Format format = Format::kNumber;
  double chance =
      std::numeric_limits<double>::quiet_NaN();  // what guessing would give, where it means something
  Moves moves = Moves::kLinearly;                // how a chart's axis should go
};

class Setting;
class Record;

enum class Kind {
  kExact,   // follows from algebra; every seed must show it, up to rounding
  kRobust,  // held to by the tests
  kOpen,    // shown and judged, but for the reader to decide: not asserted
};

// How the numbers of all seeds become an interval.
enum class Statistic {
  kMean,   // 95 % interval of the mean, by Student's t
  kRatio,  // the same of the geometric mean: for numbers > 0 that are ratios
  kShare,  // numbers are 0 or 1: 95 % interval of the share of 1s, by Wilson
  kEvery,  // from the least to the greatest: every seed counts
};

// low ≤ the interval ≤ high, either of which may be missing.
struct Bound {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};
inline Bound at_least(double low) { return {.low = low}; }
inline Bound at_most(double high) { return {.high = high}; }
inline Bound within(double low, double high) { return {low, high}; }

struct Check {
  std::string_view name;  // "high-lr", unique in the study
  std::string_view
      statement;  // "At learning rates of 1 and more, batch normalization wins by 40 points or more."
  std::string_view quantity;  // "Accuracy with batch normalization minus without, learning rates ≥ 1"
  Kind kind = Kind::kRobust;
  Statistic statistic = Statistic::kMean;
  Format format = Format::kNumber;
  Bound bound;
  // The quantity of one seed; NaN where the setting leaves out what it needs.
  double (*measure)(const Record& record) = nullptr;
};

struct Study {
  std::string_view id;        // "E4"
  std::string_view name;      // "learning-rate-sweep"
  std::string_view title;     // "How high may the learning rate be?"
  std::string_view question;  // one or two sentences
  std::string_view method;    // what is run: networks, data, steps, as one would write it in a paper
  std::string_view source;    // who claims it, with where to find it
  std::vector<Knob> knobs;
  Axis axis;
  std::vector<Arm> arms;
  std::vector<Metric> metrics;
  std::vector<Check> checks;
  Index seeds = 10;      // by default, and in the full tests
  Index fast_seeds = 5;  // in the fast ones
  // Has one arm, and a metric "milliseconds" that is filled in by whoever runs it, point by point: the engine has no clock.
  bool timed = false;
  void (*run)(const Setting& setting, std::uint64_t seed, Record& record) = nullptr;
};

// A value for each knob, and the points. What is not there, or out of range, was refused before.
class Setting {
 public:
  // All as the study has it; or as its fast version has it.
  explicit Setting(const Study& study, bool fast = false) : study_(&study), points_(study.axis.points) {
    for (const Knob& knob : study.knobs)
      values_.push_back(fast && knob.fast == knob.fast ? knob.fast : knob.value);
    if (fast && !study.axis.fast.empty()) points_ = study.axis.fast;
    if (points_.empty()) points_.push_back(0);
  }

  [[nodiscard]] const Study& study() const { return *study_; }
  [[nodiscard]] double operator[](std::string_view knob) const { return values_[index_of(knob)]; }
  [[nodiscard]] Index count(std::string_view knob) const { return static_cast<Index>((*this)[knob]); }
  [[nodiscard]] bool on(std::string_view knob) const { return (*this)[knob] != 0; }
  [[nodiscard]] const std::vector<double>& points() const { return points_; }

  void set(std::string_view knob, double value) { values_[index_of(knob)] = value; }
  void set_points(std::vector<double> points) { points_ = std::move(points); }

 private:
  [[nodiscard]] std::size_t index_of(std::string_view knob) const {
    for (std::size_t i = 0; i < study_->knobs.size(); ++i)
      if (study_->knobs[i].name == knob) return i;
    assert(false && "no such knob");
    return 0;
  }

  const Study* study_;
  std::vector<double> values_;
  std::vector<double> points_;
};

// What one seed gave: (metrics, arms, points), row-major, NaN until it is set.
class Record {
 public:
  explicit Record(const Setting& setting)
      : setting_(&setting),
        values_(setting.study().metrics.size() * setting.study().arms.size() * setting.points().size(),
                std::numeric_limits<double>::quiet_NaN()) {}
  Record(const Setting& setting, std::span<const double> values)
      : setting_(&setting), values_(values.begin(), values.end()) {}

  [[nodiscard]] const Setting& setting() const { return *setting_; }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }

  void set(std::string_view metric, std::string_view arm, std::size_t at, double value) {
    values_[index_of(metric, arm) + at] = value;
  }
  void set(std::string_view metric, std::string_view arm, double value) { set(metric, arm, 0, value); }

  // Of a study without points.
  [[nodiscard]] double operator()(std::string_view metric, std::string_view arm) const {
    return values_[index_of(metric, arm)];
  }
  // At the point of this value; NaN where there is no such point.
  [[nodiscard]] double at(std::string_view metric, std::string_view arm, double point) const {
    const std::vector<double>& points = setting_->points();
    for (std::size_t i = 0; i < points.size(); ++i)
      if (points[i] == point) return values_[index_of(metric, arm) + i];
    return std::numeric_limits<double>::quiet_NaN();
  }
  // At all points, in their order.
  [[nodiscard]] std::span<const double> row(std::string_view metric, std::string_view arm) const {
    return {values_.data() + index_of(metric, arm), setting_->points().size()};
  }
  // Their mean over the points from `low` to `high`; NaN where there is none.
  [[nodiscard]] double mean(std::string_view metric, std::string_view arm,
                            double low = -std::numeric_limits<double>::infinity(),
                            double high = std::numeric_limits<double>::infinity()) const {
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < setting_->points().size(); ++i) {
      const double point = setting_->points()[i];
      if (point < low || point > high) continue;
      sum += values_[index_of(metric, arm) + i];
      ++count;
    }
    return sum / count;
  }

 private:
  [[nodiscard]] std::size_t index_of(std::string_view metric, std::string_view arm) const {
    const Study& study = setting_->study();
    for (std::size_t m = 0; m < study.metrics.size(); ++m)
      for (std::size_t a = 0; a < study.arms.size(); ++a)
        if (study.metrics[m].name == metric && study.arms[a].name == arm)
          return (m * study.arms.size() + a) * setting_->points().size();
    assert(false && "no such metric or arm");
    return 0;
  }

  const Setting* setting_;
  std::vector<double> values_;
};

}  // namespace bnlab
