// The operations on studies, which are in a program of their own and are therefore called directly here.
#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/catalogue.hpp"
#include "workbench.hpp"

using namespace bnlab;

namespace {

struct Answer {
  Status status;
  Reply reply;
};

Answer call(std::string_view name, Arguments arguments) {
  Answer answer;
  Workbench workbench;
  for (const Operation& operation : catalogue_operations())
    if (name == operation.name) answer.status = operation.run(workbench, arguments, answer.reply);
  return answer;
}

const Study& smallest() { return *find_study("E28"); }

Arguments run_arguments() {
  Arguments arguments;
  arguments.add("study", std::string("frozen-norm"));
  arguments.add("seed", 1.0);
  arguments.add("knobs.steps", 5.0);
  arguments.add("knobs.examples", 64.0);
  return arguments;
}

std::vector<double> doubles(const Reply& reply, const std::string& name) {
  const auto& tensor = std::get<Tensor>(*reply.find(name));
  return {tensor.data<double>(), tensor.data<double>() + tensor.size()};
}

}  // namespace

TEST_CASE("every study can be found by id and by name, and says what it is") {
  CHECK(find_study("E0") == nullptr);
  for (const Study& study : catalogue()) {
    INFO(study.id);
    CHECK(find_study(study.id) == &study);
    CHECK(find_study(study.name) == &study);
    const bool runs = study.run != nullptr;
    CHECK(runs);
    for (const Check& check : study.checks) {
      const bool measures = check.measure != nullptr;
      CHECK(measures);
    }
    CHECK((!study.timed || study.arms.size() == 1));
  }
}

TEST_CASE("a seed's values are those of the study, and its numbers those of the checks") {
  const Answer answer = call("study_run", run_arguments());
  REQUIRE(answer.status.ok());
  const Study& study = smallest();
  Setting setting(study);
  setting.set("steps", 5);
  setting.set("examples", 64);
  Record record(setting);
  study.run(setting, 1, record);
  CHECK(doubles(answer.reply, "values") == record.values());
  const std::vector<double> numbers = doubles(answer.reply, "numbers");
  REQUIRE(numbers.size() == study.checks.size());
  CHECK(numbers[0] == study.checks[0].measure(record));
}

TEST_CASE("a knob that is not there or out of range is refused by its name") {
  Arguments unknown = run_arguments();
  unknown.add("knobs.speed", 1.0);
  CHECK(call("study_run", std::move(unknown)).status.error().argument == "knobs.speed");
  Arguments out = run_arguments();
  out.add("knobs.lr", 50.0);
  CHECK(call("study_run", std::move(out)).status.error().argument == "knobs.lr");
  Arguments half = run_arguments();
  half.add("knobs.batch", 2.5);
  CHECK(call("study_run", std::move(half)).status.error().argument == "knobs.batch");
}

TEST_CASE("seeds are judged check by check, gaps and all") {
  const Study& study = smallest();
  const auto checks = static_cast<Index>(study.checks.size());
  std::vector<double> numbers(static_cast<std::size_t>(3 * checks), 0.5);
  numbers[0] = std::numeric_limits<double>::quiet_NaN();
  Arguments arguments;
  arguments.add("study", std::string("E28"));
  arguments.add("numbers", make_tensor<double>({3, checks}, numbers.data()));
  const Answer answer = call("study_judge", std::move(arguments));
  REQUIRE(answer.status.ok());
  const std::string verdicts = std::get<std::string>(*answer.reply.find("verdicts"));
  CHECK(verdicts.find(R"("check":"frozen-ahead","decision":"holds","seeds":2)") != std::string::npos);
}
