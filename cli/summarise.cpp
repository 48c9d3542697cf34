#include <fstream>
#include <iostream>
#include <map>

#include "commands.hpp"
#include "experiments/describe.hpp"
#include "experiments/verdict.hpp"
#include "record_line.hpp"
#include "settings.hpp"

namespace bnlab::cli {

namespace {

struct Seed {
  Line line;
  std::string place;  // where it was read, as file:line
};

// All that is known of one group, by seed.
struct Outcome {
  Group group;
  std::map<std::uint64_t, Seed> seeds;
};

struct Reading {
  std::vector<std::string> order;  // of the groups' keys, as first met
  std::map<std::string, Outcome> outcomes;
  Index repeated = 0;
  Index unreadable = 0;
  bool contradictory = false;
};

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] && (a[i] == a[i] || b[i] == b[i])) return false;
  return true;
}

void take(Line line, const std::string& place, Reading& reading) {
  const std::string key = line.group.key();
  auto found = reading.outcomes.find(key);
  if (found == reading.outcomes.end()) {
    reading.order.push_back(key);
    found = reading.outcomes.emplace(key, Outcome{line.group, {}}).first;
  }
  std::map<std::uint64_t, Seed>& seeds = found->second.seeds;
  const std::uint64_t seed = line.seed;
  const auto known = seeds.find(seed);
  if (known == seeds.end()) {
    seeds.emplace(seed, Seed{std::move(line), place});
    return;
  }
  ++reading.repeated;
  // Time differs from one run to the next; nothing else may.
  if (found->second.group.study->timed || same(known->second.line.values, line.values)) return;
  reading.contradictory = true;
  std::cerr << "bnlab: " << found->second.group.study->id << ", seed " << seed << ": " << place
            << " says something else than " << known->second.place << ", which is kept.\n";
}

void read_lines(std::istream& in, const std::string& name, Reading& reading) {
  std::string text;
  for (Index number = 1; std::getline(in, text); ++number) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string place = name + ":" + std::to_string(number);
    try {
      take(read_line(text), place, reading);
    } catch (const std::exception& error) {
      ++reading.unreadable;
      std::cerr << "bnlab: " << place << " is left out, it is no whole result (" << error.what() << ").\n";
    }
  }
}

Reading read_files(const std::vector<std::string>& files) {
  Reading reading;
  for (const std::string& name : files) {
    if (name == "-") {
      read_lines(std::cin, "standard input", reading);
      continue;
    }
    std::ifstream file(name);
    if (!file) throw UsageError("'" + name + "' cannot be read.");
    read_lines(file, name, reading);
  }
  return reading;
}

std::vector<Verdict> judge_all(const Outcome& outcome) {
  std::vector<Verdict> verdicts;
  for (std::size_t i = 0; i < outcome.group.study->checks.size(); ++i) {
    std::vector<double> column;
    for (const auto& [seed, entry] : outcome.seeds) column.push_back(entry.line.numbers[i]);
    verdicts.push_back(judge(outcome.group.study->checks[i], column));
  }
  return verdicts;
}

std::vector<std::uint64_t> seeds_of(const Outcome& outcome) {
  std::vector<std::uint64_t> seeds;
  for (const auto& [seed, entry] : outcome.seeds) seeds.push_back(seed);
  return seeds;
}

// Seeds between the first and the last of which there is nothing: a part that was lost.
std::vector<std::uint64_t> gaps_in(const std::vector<std::uint64_t>& seeds) {
  constexpr std::size_t kMost = 1000;
  std::vector<std::uint64_t> gaps;
  for (std::size_t i = 1; i < seeds.size(); ++i)
    for (std::uint64_t seed = seeds[i - 1] + 1; seed < seeds[i] && gaps.size() < kMost; ++seed)
      gaps.push_back(seed);
  return gaps;
}

void print(const Outcome& outcome, const std::vector<Verdict>& verdicts) {
  const Study& study = *outcome.group.study;
  const std::vector<std::uint64_t> seeds = seeds_of(outcome);
  const std::vector<std::uint64_t> gaps = gaps_in(seeds);
  const std::string changes = outcome.group.changes();
  std::cout << study.id << "  " << study.title << '\n'
            << "  " << seeds.size() << (seeds.size() == 1 ? " seed (" : " seeds (") << seeds_text(seeds)
            << "), engine " << outcome.group.engine << (changes.empty() ? "" : ", " + changes) << '\n';
  if (!gaps.empty()) std::cout << "  missing: " << seeds_text(gaps) << '\n';
  for (std::size_t i = 0; i < verdicts.size(); ++i)
    std::cout << "  " << study.checks[i].name << " (" << word_of(study.checks[i].kind) << "). "
              << sentence(study.checks[i], verdicts[i]) << '\n';
}

void print_json(const Outcome& outcome, const std::vector<Verdict>& verdicts) {
  using Json = nlohmann::ordered_json;
  const Study& study = *outcome.group.study;
  const std::vector<std::uint64_t> seeds = seeds_of(outcome);
  Json judged = Json::array();
  for (std::size_t i = 0; i < verdicts.size(); ++i)
    judged.push_back(Json::parse(verdict_json(study.checks[i], verdicts[i])));
  std::cout << Json{{"study", std::string(study.id)},        {"engine", outcome.group.engine},
                    {"changes", outcome.group.changes()},    {"seeds", seeds_text(seeds)},
                    {"missing", seeds_text(gaps_in(seeds))}, {"verdicts", std::move(judged)}}
                   .dump()
            << '\n';
}

}  // namespace

bool summarise(const SummariseOptions& options) {
  const Reading reading = read_files(options.files);
  bool well = !reading.contradictory;
  for (const std::string& key : reading.order) {
    const Outcome& outcome = reading.outcomes.at(key);
    const std::vector<Verdict> verdicts = judge_all(outcome);
    for (std::size_t i = 0; options.strict && i < verdicts.size(); ++i)
      if (outcome.group.study->checks[i].kind != Kind::kOpen && verdicts[i].decision != Decision::kHolds)
        well = false;
    (options.json ? print_json : print)(outcome, verdicts);
  }
  if (reading.repeated > 0 || reading.unreadable > 0)
    std::cerr << "bnlab: " << reading.repeated << " repeated, " << reading.unreadable << " left out.\n";
  return well;
}

}  // namespace bnlab::cli
