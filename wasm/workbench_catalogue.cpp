// Studies: what there are, one seed of one of them, and what the seeds come to.
#include "experiments/catalogue.hpp"

#include "experiments/describe.hpp"
#include "vocabulary.hpp"
#include "workbench.hpp"

namespace bnlab {

namespace {

constexpr Index kMostPoints = 32;

Status list(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  if (Status status = in.finish(); !status.ok()) return status;
  out.add("studies", catalogue_json());
  return {};
}

const Study* read_study(Arguments& in) {
  const std::string id = in.text("study");
  const Study* study = find_study(id);
  if (study == nullptr && in.ok())
    in.fail({"study", "the id or the name of a study", "'" + id + "'", "study_list has them all."});
  return study;
}

void read_points(Arguments& in, Setting& setting) {
  const Axis& axis = setting.study().axis;
  if (axis.points.empty() || !in.has("points")) return;
  const TensorView<double> given = in.tensor<double>("points", {-1}, std::string(axis.label));
  if (given.data == nullptr) return;
  if (given.size() > kMostPoints) {
    in.fail(
        {"points", "at most " + std::to_string(kMostPoints) + " values", std::to_string(given.size()), ""});
    return;
  }
  for (Index i = 0; i < given.size(); ++i)
    if (const double point = given.data[i];
        point < axis.min || point > axis.max || (axis.whole && point != std::floor(point))) {
      const std::string kind = axis.whole ? "whole numbers from " : "numbers from ";
      in.fail({"points", kind + to_text(axis.min) + " to " + to_text(axis.max), to_text(point), ""});
      return;
    }
  setting.set_points({given.data, given.data + given.size()});
}

Setting read_setting(Arguments& in, const Study& study) {
  Setting setting(study);
  for (const Knob& knob : study.knobs)
    setting.set(knob.name,
                in.number("knobs." + std::string(knob.name),
                          {.min = knob.min, .max = knob.max, .integer = knob.whole, .fallback = knob.value}));
  read_points(in, setting);
  return setting;
}

std::vector<Index> shape_of_values(const Setting& setting) {
  return {static_cast<Index>(setting.study().metrics.size()), static_cast<Index>(setting.study().arms.size()),
          static_cast<Index>(setting.points().size())};
}

void add_numbers(const Record& record, Reply& out) {
  std::vector<double> numbers;
  for (const Check& check : record.setting().study().checks) numbers.push_back(check.measure(record));
  out.add("numbers", {static_cast<Index>(numbers.size())}, numbers.data());
}

Status run(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  const std::uint64_t seed = read_seed(in, "seed", std::nullopt);
  const Study* study = read_study(in);
  if (study == nullptr) return in.finish();
  const Setting setting = read_setting(in, *study);
  if (Status status = in.finish(); !status.ok()) return status;
  Record record(setting);
  study->run(setting, seed, record);
  out.add("values", shape_of_values(setting), record.values().data());
  add_numbers(record, out);
  return {};
}

Status measure(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  const Study* study = read_study(in);
  if (study == nullptr) return in.finish();
  const Setting setting = read_setting(in, *study);
  const TensorView<double> values = in.tensor<double>(
      "values", shape_of_values(setting), "metrics, arms, points", Presence::kRequired, Gaps::kAllowed);
  if (Status status = in.finish(); !status.ok()) return status;
  add_numbers(Record(setting, {values.data, static_cast<std::size_t>(values.size())}), out);
  return {};
}

Status judge_seeds(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  const Study* study = read_study(in);
  if (study == nullptr) return in.finish();
  const auto checks = static_cast<Index>(study->checks.size());
  const TensorView<double> numbers =
      in.tensor<double>("numbers", {-1, checks}, "a row of each seed, a column of each check",
                        Presence::kRequired, Gaps::kAllowed);
  if (Status status = in.finish(); !status.ok()) return status;
  std::string verdicts = "[";
  for (Index check = 0; check < checks; ++check) {
    std::vector<double> column;
    for (Index seed = 0; seed < numbers.shape[0]; ++seed)
      column.push_back(numbers.data[seed * checks + check]);
    const Check& of = study->checks[static_cast<std::size_t>(check)];
    verdicts += (check > 0 ? "," : "") + verdict_json(of, judge(of, column));
  }
  out.add("verdicts", verdicts + "]");
  return {};
}

constexpr Operation kOperations[] = {
    {"study_list", list}, {"study_run", run}, {"study_measure", measure}, {"study_judge", judge_seeds}};

}  // namespace

std::span<const Operation> catalogue_operations() { return kOperations; }

}  // namespace bnlab
