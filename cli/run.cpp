#include <chrono>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>

#include "commands.hpp"
#include "core/version.hpp"
#include "experiments/catalogue.hpp"
#include "experiments/verdict.hpp"
#include "record_line.hpp"
#include "settings.hpp"

namespace bnlab::cli {

namespace {

Record run_seed(const Setting& setting, std::uint64_t seed) {
  Record record(setting);
  setting.study().run(setting, seed, record);
  return record;
}

// A timed study is run point by point, and its metric "milliseconds" is what each point took.
Record run_timed(const Setting& setting, std::uint64_t seed) {
  using Clock = std::chrono::steady_clock;
  const Study& study = setting.study();
  const std::string_view arm = study.arms.front().name;
  Record all(setting);
  for (std::size_t at = 0; at < setting.points().size(); ++at) {
    Setting one = setting;
    one.set_points({setting.points()[at]});
    const Clock::time_point start = Clock::now();
    const Record record = run_seed(one, seed);
    const std::chrono::duration<double, std::milli> took = Clock::now() - start;
    for (const Metric& metric : study.metrics)
      all.set(metric.name, arm, at, metric.name == "milliseconds" ? took.count() : record(metric.name, arm));
  }
  return all;
}

// A file that lines are appended to. What a run that was killed left of its last line is ended, so that the next line begins
// on its own.
class Output {
 public:
  explicit Output(const std::string& path) : path_(path) {
    bool whole = true;
    if (std::ifstream before(path); before) {
      std::string text;
      while (std::getline(before, text)) {
        whole = !before.eof();
        if (text.empty()) continue;
        try {
          const Line line = read_line(text);
          done_.insert(line.group.key() + std::to_string(line.seed));
        } catch (const std::exception&) {
          // Not a whole line: its seed is run again.
        }
      }
    }
    file_.open(path, std::ios::app);
    if (!file_) throw UsageError("--out: '" + path + "' cannot be written.");
    if (!whole) file_ << '\n';
  }

  [[nodiscard]] bool has(const Group& group, std::uint64_t seed) const {
    return done_.count(group.key() + std::to_string(seed)) > 0;
  }

  void write(const std::string& line) {
    file_ << line + "\n" << std::flush;
    if (!file_) throw std::runtime_error("'" + path_ + "' could not be written to the end.");
  }

 private:
  std::string path_;
  std::ofstream file_;
  std::set<std::string> done_;
};

std::vector<const Study*> chosen(const std::vector<std::string>& ids) {
  std::vector<const Study*> studies;
  for (const std::string& id : ids) {
    if (id == "all")
      for (const Study& study : catalogue()) studies.push_back(&study);
    else
      studies.push_back(&study_of(id));
  }
  return studies;
}

void print_verdicts(const Study& study, const std::vector<std::vector<double>>& numbers) {
  std::cout << study.id << "  " << study.title << '\n';
  for (std::size_t i = 0; i < study.checks.size(); ++i) {
    std::vector<double> column;
    for (const std::vector<double>& row : numbers) column.push_back(row[i]);
    const Check& check = study.checks[i];
    std::cout << "  " << check.name << " (" << word_of(check.kind) << "). "
              << sentence(check, judge(check, column)) << '\n';
  }
}

}  // namespace

void run(const RunOptions& options) {
  // All settings are read before anything is run: a mistake in the last should not cost the time of the first.
  std::vector<Setting> settings;
  for (const Study* study : chosen(options.studies))
    settings.push_back(setting_of(*study, options.fast, options.set, options.points));
  std::optional<Output> output;
  if (!options.out.empty()) output.emplace(options.out);
  for (const Setting& setting : settings) {
    const Study& study = setting.study();
    const Index count = options.fast ? study.fast_seeds : study.seeds;
    const std::vector<std::uint64_t> seeds =
        parse_seeds(options.seeds.empty() ? "0.." + std::to_string(count - 1) : options.seeds);
    const Group group{&study, kVersion, setting};
    std::vector<std::vector<double>> numbers;
    for (const std::uint64_t seed : seeds) {
      if (output && output->has(group, seed)) continue;
      const Record record = study.timed ? run_timed(setting, seed) : run_seed(setting, seed);
      if (output) output->write(write_line(record, seed));
      if (options.json && !output) std::cout << write_line(record, seed) + "\n" << std::flush;
      std::vector<double>& row = numbers.emplace_back();
      for (const Check& check : study.checks) row.push_back(check.measure(record));
    }
    if (!options.json && !output) print_verdicts(study, numbers);
  }
}

}  // namespace bnlab::cli
