// One seed of a study as one line of JSON.
//
// A line says everything it rests on (study, engine, every knob, the points), so that lines from many machines can simply be
// put one after the other, in any order, and read back.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/study.hpp"

namespace bnlab::cli {

// What lines have in common that may be judged together: study, engine, knobs, points.
struct Group {
  const Study* study = nullptr;
  std::string engine;
  Setting setting;

  // The same text for the same group.
  [[nodiscard]] std::string key() const;
  // "lr=0.5, points 0.1, 1": where it differs from the study's definition; empty where nowhere.
  [[nodiscard]] std::string changes() const;
};

struct Line {
  Group group;
  std::uint64_t seed = 0;
  std::vector<double> values;   // metrics, arms, points
  std::vector<double> numbers;  // checks
};

// Without the line's end.
std::string write_line(const Record& record, std::uint64_t seed);

// Throws a std::runtime_error that says what is wrong with a text which is not such a line, or not of this version's studies.
Line read_line(const std::string& text);

}  // namespace bnlab::cli
