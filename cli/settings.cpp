#include "settings.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "core/number_text.hpp"
#include "experiments/catalogue.hpp"

namespace bnlab::cli {

namespace {

constexpr std::size_t kMostSeeds = 10'000'000;
constexpr std::size_t kMostPoints = 32;

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t at = text.find(by); at != std::string::npos; at = text.find(by, from)) {
    parts.push_back(text.substr(from, at - from));
    from = at + 1;
  }
  parts.push_back(text.substr(from));
  return parts;
}

std::uint64_t read_seed(const std::string& text) {
  std::uint32_t seed = 0;  // as many as the page has
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    throw UsageError(
        "--seeds: whole numbers from 0 to 4294967295 were expected, as in 0..99 or 1,5,9, not '" + text +
        "'.");
  return seed;
}

double read_number(const std::string& option, const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    throw UsageError(option + ": a number was expected, not '" + text + "'.");
  return number;
}

template <typename Range>
void check_range(const std::string& option, const Range& range, double value) {
  if (value >= range.min && value <= range.max && (!range.whole || value == std::floor(value))) return;
  throw UsageError(option + ": " + (range.whole ? "a whole number" : "a number") + " from " +
                   to_text(range.min) + " to " + to_text(range.max) + " was expected, not " + to_text(value) +
                   ".");
}

template <typename Items>
std::string names_of(const Items& items) {
  std::string names;
  for (const auto& item : items) names += (names.empty() ? "" : ", ") + std::string(item.name);
  return names;
}

}  // namespace

std::vector<std::uint64_t> parse_seeds(const std::string& text) {
  std::vector<std::uint64_t> seeds;
  std::set<std::uint64_t> known;
  for (const std::string& part : split(text, ',')) {
    const std::size_t dots = part.find("..");
    const std::uint64_t first = read_seed(part.substr(0, dots));
    const std::uint64_t last = dots == std::string::npos ? first : read_seed(part.substr(dots + 2));
    if (last < first)
      throw UsageError("--seeds: a range begins with its smaller end, unlike '" + part + "'.");
    if (last - first >= kMostSeeds)
      throw UsageError("--seeds: at most " + std::to_string(kMostSeeds) + " seeds were expected.");
    for (std::uint64_t seed = first; seed <= last; ++seed)
      if (known.insert(seed).second) seeds.push_back(seed);
  }
  return seeds;
}

std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  std::string text;
  for (std::size_t i = 0; i < seeds.size();) {
    std::size_t end = i;
    while (end + 1 < seeds.size() && seeds[end + 1] == seeds[end] + 1) ++end;
    text += (text.empty() ? "" : ",") + std::to_string(seeds[i]);
    if (end > i) text += (end > i + 1 ? ".." : ",") + std::to_string(seeds[end]);
    i = end + 1;
  }
  return text;
}

const Study& study_of(const std::string& id) {
  std::string upper = id;
  if (!upper.empty() && upper[0] == 'e') upper[0] = 'E';
  for (const std::string& candidate : {id, upper})
    if (const Study* study = find_study(candidate)) return *study;
  throw UsageError("There is no experiment '" + id + "'; `bnlab list` shows which there are.");
}

Setting setting_of(const Study& study, bool fast, const std::vector<std::string>& assignments,
                   const std::string& points) {
  Setting setting(study, fast);
  for (const std::string& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos)
      throw UsageError("--set: knob=value was expected, as in lr=0.5, not '" + assignment + "'.");
    const std::string name = assignment.substr(0, equals);
    const auto knob = std::find_if(study.knobs.begin(), study.knobs.end(),
                                   [&](const Knob& candidate) { return candidate.name == name; });
    if (knob == study.knobs.end())
      throw UsageError("--set: " + std::string(study.id) + " has no knob '" + name + "'; it has " +
                       names_of(study.knobs) + ".");
    const double value = read_number("--set " + name, assignment.substr(equals + 1));
    check_range("--set " + name, *knob, value);
    setting.set(name, value);
  }
  if (points.empty()) return setting;
  if (study.axis.points.empty())
    throw UsageError("--points: " + std::string(study.id) + " has no points to choose.");
  std::vector<double> chosen;
  for (const std::string& part : split(points, ',')) {
    chosen.push_back(read_number("--points", part));
    check_range("--points", study.axis, chosen.back());
  }
  if (chosen.size() > kMostPoints)
    throw UsageError("--points: at most " + std::to_string(kMostPoints) + " values were expected.");
  setting.set_points(std::move(chosen));
  return setting;
}

}  // namespace bnlab::cli
