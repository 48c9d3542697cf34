#include "record_line.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/number_text.hpp"
#include "core/version.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab::cli {

namespace {

// Fields stay in the order they are written in.
using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

double number_of(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

Json knobs_of(const Setting& setting) {
  Json knobs = Json::object();
  for (const Knob& knob : setting.study().knobs) knobs[std::string(knob.name)] = setting[knob.name];
  return knobs;
}

}  // namespace

std::string Group::key() const {
  return Json{std::string(study->id), engine, knobs_of(setting), setting.points()}.dump();
}

std::string Group::changes() const {
  std::string text;
  const auto add = [&](const std::string& change) { text += (text.empty() ? "" : ", ") + change; };
  for (const Knob& knob : study->knobs)
    if (setting[knob.name] != knob.value) add(std::string(knob.name) + "=" + to_text(setting[knob.name]));
  if (!study->axis.points.empty() && setting.points() != study->axis.points) {
    std::string points;
    for (const double point : setting.points()) points += (points.empty() ? "" : ",") + to_text(point);
    add("points=" + points);
  }
  return text;
}

std::string write_line(const Record& record, std::uint64_t seed) {
  const Setting& setting = record.setting();
  const Study& study = setting.study();
  Json values = Json::object();
  for (const Metric& metric : study.metrics)
    for (const Arm& arm : study.arms) {
      Json row = Json::array();
      for (const double value : record.row(metric.name, arm.name)) row.push_back(number(value));
      values[std::string(metric.name)][std::string(arm.name)] = std::move(row);
    }
  Json numbers = Json::object();
  for (const Check& check : study.checks) numbers[std::string(check.name)] = number(check.measure(record));
  const Json line{{"study", std::string(study.id)}, {"name", std::string(study.name)}, {"engine", kVersion},
                  {"knobs", knobs_of(setting)},     {"points", setting.points()},      {"seed", seed},
                  {"values", std::move(values)},    {"numbers", std::move(numbers)}};
  return line.dump();
}

Line read_line(const std::string& text) {
  const Json json = Json::parse(text);
  const auto id = json.at("study").get<std::string>();
  const Study* study = find_study(id);
  if (study == nullptr) throw std::runtime_error("there is no experiment '" + id + "'");
  Setting setting(*study);
  for (const Knob& knob : study->knobs)
    setting.set(knob.name, json.at("knobs").at(std::string(knob.name)).get<double>());
  setting.set_points(json.at("points").get<std::vector<double>>());

  Line line{
      {study, json.at("engine").get<std::string>(), setting}, json.at("seed").get<std::uint64_t>(), {}, {}};
  for (const Metric& metric : study->metrics)
    for (const Arm& arm : study->arms) {
      const Json& row = json.at("values").at(std::string(metric.name)).at(std::string(arm.name));
      if (row.size() != setting.points().size())
        throw std::runtime_error("a value is missing for some point");
      for (const Json& value : row) line.values.push_back(number_of(value));
    }
  for (const Check& check : study->checks)
    line.numbers.push_back(number_of(json.at("numbers").at(std::string(check.name))));
  return line;
}

}  // namespace bnlab::cli
