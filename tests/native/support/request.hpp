// Calls of the workbench as a caller makes them.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "workbench.hpp"

namespace bnlab::test {

// A tensor to pass; its values are converted to `dtype` on the way.
struct Array {
  Dtype dtype;
  std::vector<Index> shape;
  std::vector<double> values;
};

inline Array float32(std::vector<Index> shape, std::vector<double> values) {
  return {Dtype::kFloat32, std::move(shape), std::move(values)};
}
inline Array float64(std::vector<Index> shape, std::vector<double> values) {
  return {Dtype::kFloat64, std::move(shape), std::move(values)};
}
inline Array int32(std::vector<Index> shape, std::vector<double> values) {
  return {Dtype::kInt32, std::move(shape), std::move(values)};
}
// A vector of T.
template <typename T>
Array array(std::vector<Index> shape, const std::vector<T>& values) {
  return {kDtypeOf<T>, std::move(shape), {values.begin(), values.end()}};
}

struct Request {
  using Argument = std::variant<double, bool, std::string, Array>;

  std::string operation;
  std::map<std::string, Argument> arguments;

  Request with(const std::string& name, Argument value) const {
    Request changed = *this;
    changed.arguments[name] = std::move(value);
    return changed;
  }
  // A literal would otherwise turn into a boolean.
  Request with(const std::string& name, const char* text) const {
    return with(name, Argument(std::string(text)));
  }
  Request without(const std::string& name) const {
    Request changed = *this;
    changed.arguments.erase(name);
    return changed;
  }
};

// The request without `part` and all that lies below it, as in "experiment.model.layers.1".
inline Request without_below(const Request& request, const std::string& part) {
  Request changed = request;
  std::erase_if(changed.arguments, [&](const auto& argument) {
    return argument.first == part || argument.first.find(part + ".") == 0;
  });
  return changed;
}

struct Answer {
  Status status;
  Reply reply;

  [[nodiscard]] bool ok() const { return status.ok(); }
  [[nodiscard]] bool has(const std::string& name) const { return reply.find(name) != nullptr; }
  // What is not there, or of another type, fails the test case.
  [[nodiscard]] double number(const std::string& name) const;
  [[nodiscard]] bool flag(const std::string& name) const;
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] Array array(const std::string& name) const;
  [[nodiscard]] std::vector<double> values(const std::string& name) const { return array(name).values; }
};

Answer ask(Workbench& workbench, const Request& request);
// The answer to a request that must succeed.
Answer ask_well(Workbench& workbench, const Request& request);
// Checks that a request is refused: which argument is named, and words that `expected` and `actual` contain.
void check_refused(Workbench& workbench, const Request& request, const std::string& argument,
                   const std::string& expected, const std::string& actual);

}  // namespace bnlab::test
