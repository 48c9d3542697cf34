#include "experiments/describe.hpp"

#include <cmath>

#include "core/number_text.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab {

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string json(std::string_view text) { return quoted(text); }
std::string json(const char* text) { return quoted(text); }
std::string json(double number) { return std::isfinite(number) ? to_text(number) : "null"; }
std::string json(Index number) { return std::to_string(number); }
std::string json(bool flag) { return flag ? "true" : "false"; }

template <typename Item, typename Write>
std::string array(const std::vector<Item>& items, Write&& write) {
  std::string out = "[";
  for (const Item& item : items) out += (out.size() > 1 ? "," : "") + write(item);
  return out + "]";
}
std::string json(const std::vector<double>& numbers) {
  return array(numbers, [](double number) { return json(number); });
}

// An object, field by field.
class Fields {
 public:
  template <typename T>
  Fields& add(std::string_view name, const T& value) {
    return add_raw(name, json(value));
  }
  Fields& add_raw(std::string_view name, const std::string& value) {
    text_ += (text_.size() > 1 ? "," : "") + quoted(name) + ":" + value;
    return *this;
  }
  Fields& add_finite(std::string_view name, double value) {
    return std::isfinite(value) ? add(name, value) : *this;
  }
  [[nodiscard]] std::string end() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

const char* word_of(Moves moves) { return moves == Moves::kByFactors ? "log" : "linear"; }

std::string knob_json(const Knob& knob) {
  return Fields()
      .add("name", knob.name)
      .add("label", knob.label)
      .add("value", knob.value)
      .add("min", knob.min)
      .add("max", knob.max)
      .add("whole", knob.whole)
      .add("scale", word_of(knob.moves))
      .add_finite("fast", knob.fast)
      .add("unit", knob.unit)
      .end();
}

std::string axis_json(const Axis& axis) {
  return Fields()
      .add("name", axis.name)
      .add("label", axis.label)
      .add("points", axis.points)
      .add("min", axis.min)
      .add("max", axis.max)
      .add("whole", axis.whole)
      .add("scale", word_of(axis.moves))
      .add("fast", axis.fast)
      .end();
}

std::string arm_json(const Arm& arm) { return Fields().add("name", arm.name).add("label", arm.label).end(); }

std::string metric_json(const Metric& metric) {
  return Fields()
      .add("name", metric.name)
      .add("label", metric.label)
      .add("format", bnlab::word_of(metric.format))
      .add_finite("chance", metric.chance)
      .add("scale", word_of(metric.moves))
      .end();
}

std::string check_json(const Check& check) {
  return Fields()
      .add("name", check.name)
      .add("statement", check.statement)
      .add("quantity", check.quantity)
      .add("kind", bnlab::word_of(check.kind))
      .add("statistic", bnlab::word_of(check.statistic))
      .add("format", bnlab::word_of(check.format))
      .add_finite("low", check.bound.low)
      .add_finite("high", check.bound.high)
      .end();
}

std::string study_json(const Study& study) {
  return Fields()
      .add("id", study.id)
      .add("name", study.name)
      .add("title", study.title)
      .add("question", study.question)
      .add("method", study.method)
      .add("source", study.source)
      .add_raw("knobs", array(study.knobs, knob_json))
      .add_raw("axis", study.axis.points.empty() ? "null" : axis_json(study.axis))
      .add_raw("arms", array(study.arms, arm_json))
      .add_raw("metrics", array(study.metrics, metric_json))
      .add_raw("checks", array(study.checks, check_json))
      .add("seeds", study.seeds)
      .add("fast_seeds", study.fast_seeds)
      .add("timed", study.timed)
      .end();
}

}  // namespace

std::string catalogue_json() { return array(catalogue(), study_json); }

std::string verdict_json(const Check& check, const Verdict& verdict) {
  return Fields()
      .add("check", check.name)
      .add("decision", word_of(verdict.decision))
      .add("seeds", verdict.seeds)
      .add("mean", verdict.mean)
      .add("low", verdict.low)
      .add("high", verdict.high)
      .add("least", verdict.least)
      .add("greatest", verdict.greatest)
      .add("sentence", std::string_view(sentence(check, verdict)))
      .end();
}

}  // namespace bnlab
