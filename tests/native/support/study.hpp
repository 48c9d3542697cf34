// Holds a study to its own checks.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "experiments/study.hpp"
#include "experiments/verdict.hpp"

namespace bnlab::test {

// The full version, which `npm run test:full` asks for, has all seeds of the study and its own settings.
inline bool full_version() { return std::getenv("BNLAB_FULL") != nullptr; }

// Runs seeds 0, 1, … of the fast version, or of the full one, and has every check that is exact or robust hold. Returns the
// records, for what else there is to say about them; they refer to `setting`.
inline std::vector<Record> check_study(const Study& study, const Setting& setting) {
  const Index seeds = full_version() ? study.seeds : study.fast_seeds;
  std::vector<Record> records;
  for (Index seed = 0; seed < seeds; ++seed) {
    Record& record = records.emplace_back(setting);
    study.run(setting, static_cast<std::uint64_t>(seed), record);
  }
  for (const Check& check : study.checks) {
    std::vector<double> numbers;
    for (const Record& record : records) numbers.push_back(check.measure(record));
    const Verdict verdict = judge(check, numbers);
    if (check.kind == Kind::kOpen) continue;
    INFO(study.id, "/", check.name, ": ", sentence(check, verdict));
    CHECK(verdict.decision == Decision::kHolds);
  }
  return records;
}

inline void check_study(const Study& study) { check_study(study, Setting(study, !full_version())); }

}  // namespace bnlab::test
