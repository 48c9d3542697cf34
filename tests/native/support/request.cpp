#include "support/request.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace bnlab::test {

namespace {

template <typename T>
void fill(std::byte* bytes, const std::vector<double>& values) {
  T* to = reinterpret_cast<T*>(bytes);
  for (std::size_t i = 0; i < values.size(); ++i) to[i] = static_cast<T>(values[i]);
}

void add(Arguments& arguments, const std::string& name, const Array& array) {
  std::byte* bytes = arguments.add_tensor(name, array.dtype, array.shape);
  if (array.dtype == Dtype::kFloat32) fill<float>(bytes, array.values);
  if (array.dtype == Dtype::kFloat64) fill<double>(bytes, array.values);
  if (array.dtype == Dtype::kInt32) fill<std::int32_t>(bytes, array.values);
}

template <typename T>
std::vector<double> read(const Tensor& tensor) {
  return {tensor.data<T>(), tensor.data<T>() + tensor.size()};
}

template <typename V>
const V* find(const Reply& reply, const std::string& name) {
  const Value* value = reply.find(name);
  REQUIRE_MESSAGE(value != nullptr, "no result " << name);
  const V* typed = value == nullptr ? nullptr : std::get_if<V>(value);
  REQUIRE_MESSAGE(typed != nullptr, name << " is of another type");
  return typed;
}

}  // namespace

double Answer::number(const std::string& name) const {
  const auto* value = find<double>(reply, name);
  return value == nullptr ? 0 : *value;
}

bool Answer::flag(const std::string& name) const {
  const auto* value = find<bool>(reply, name);
  return value != nullptr && *value;
}

std::string Answer::text(const std::string& name) const {
  const auto* value = find<std::string>(reply, name);
  return value == nullptr ? "" : *value;
}

Array Answer::array(const std::string& name) const {
  const auto* tensor = find<Tensor>(reply, name);
  if (tensor == nullptr) return {Dtype::kFloat64, {}, {}};
  switch (tensor->dtype) {
    case Dtype::kFloat32:
      return {tensor->dtype, tensor->shape, read<float>(*tensor)};
    case Dtype::kFloat64:
      return {tensor->dtype, tensor->shape, read<double>(*tensor)};
    case Dtype::kInt32:
      return {tensor->dtype, tensor->shape, read<std::int32_t>(*tensor)};
  }
  return {Dtype::kFloat64, {}, {}};
}

Answer ask(Workbench& workbench, const Request& request) {
  Arguments arguments;
  for (const auto& [name, argument] : request.arguments) {
    if (const auto* number = std::get_if<double>(&argument)) arguments.add(name, *number);
    if (const auto* flag = std::get_if<bool>(&argument)) arguments.add(name, *flag);
    if (const auto* text = std::get_if<std::string>(&argument)) arguments.add(name, *text);
    if (const auto* array = std::get_if<Array>(&argument)) add(arguments, name, *array);
  }
  Answer answer;
  answer.status = workbench.call(request.operation, arguments, answer.reply);
  return answer;
}

Answer ask_well(Workbench& workbench, const Request& request) {
  Answer answer = ask(workbench, request);
  INFO(request.operation);
  if (!answer.ok()) {
    const Error& error = answer.status.error();
    REQUIRE_MESSAGE(answer.ok(),
                    error.argument << ": expected " << error.expected << ", got " << error.actual);
  }
  return answer;
}

void check_refused(Workbench& workbench, const Request& request, const std::string& argument,
                   const std::string& expected, const std::string& actual) {
  INFO(request.operation << ", about " << argument);
  const Answer answer = ask(workbench, request);
  REQUIRE_FALSE(answer.ok());
  if (answer.ok()) return;
  const Error& error = answer.status.error();
  CHECK(error.argument == argument);
  CHECK_MESSAGE(error.expected.find(expected) != std::string::npos, "expected: " << error.expected);
  CHECK_MESSAGE(error.actual.find(actual) != std::string::npos, "actual: " << error.actual);
}

}  // namespace bnlab::test
