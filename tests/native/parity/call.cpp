// Runs operations of the native workbench and prints what they return, for tests/wasm/native.test.ts, which makes the same
// calls of the wasm and compares. Reads from standard input, a line for an operation followed by one for each argument:
//
//   call loss
//   kind text mse
//   prediction float64 3x2 0.5 1 2 0 0 1
//
// That is a name, a type (number, boolean, text without spaces, or a tensor's dtype and dimensions) and the values, with as
// many digits as it takes to read the same number. Results are printed the same way, in place of the arguments.
#include <cstdlib>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>

#include "workbench.hpp"

namespace {

using bnlab::Arguments;
using bnlab::Dtype;
using bnlab::Index;
using bnlab::Reply;
using bnlab::Tensor;
using bnlab::Value;
using bnlab::Workbench;

template <typename T>
void read_values(std::istream& line, std::byte* bytes, Index count) {
  T* values = reinterpret_cast<T*>(bytes);
  std::string text;
  for (Index i = 0; i < count && line >> text; ++i)
    values[i] = static_cast<T>(std::strtod(text.c_str(), nullptr));
}

void read_tensor(std::istream& line, const std::string& name, Dtype dtype, Arguments& arguments) {
  std::string dims;
  line >> dims;
  std::vector<Index> shape;
  Index count = 1;
  std::stringstream extents(dims);
  for (std::string extent; std::getline(extents, extent, 'x');) {
    shape.push_back(std::stoi(extent));
    count *= shape.back();
  }
  std::byte* bytes = arguments.add_tensor(name, dtype, shape);
  if (dtype == Dtype::kFloat32) read_values<float>(line, bytes, count);
  if (dtype == Dtype::kFloat64) read_values<double>(line, bytes, count);
  if (dtype == Dtype::kInt32) read_values<std::int32_t>(line, bytes, count);
}

void read_argument(const std::string& text, Arguments& arguments) {
  std::stringstream line(text);
  std::string name;
  std::string type;
  std::string word;
  line >> name >> type;
  if (type == "number" && line >> word) arguments.add(name, std::strtod(word.c_str(), nullptr));
  if (type == "boolean" && line >> word) arguments.add(name, word == "true");
  if (type == "text" && line >> word) arguments.add(name, word);
  if (type == "float32") read_tensor(line, name, Dtype::kFloat32, arguments);
  if (type == "float64") read_tensor(line, name, Dtype::kFloat64, arguments);
  if (type == "int32") read_tensor(line, name, Dtype::kInt32, arguments);
}

template <typename T>
void print_values(const Tensor& tensor) {
  for (Index i = 0; i < tensor.size(); ++i) std::cout << ' ' << tensor.data<T>()[i];
}

void print(const std::string& name, const Value& value) {
  std::cout << name << ' ';
  if (const auto* number = std::get_if<double>(&value)) std::cout << "number " << *number;
  if (const auto* flag = std::get_if<bool>(&value)) std::cout << "boolean " << (*flag ? "true" : "false");
  if (const auto* text = std::get_if<std::string>(&value)) std::cout << "text " << *text;
  if (const auto* tensor = std::get_if<Tensor>(&value)) {
    std::cout << bnlab::name_of(tensor->dtype) << ' ';
    for (std::size_t i = 0; i < tensor->shape.size(); ++i)
      std::cout << (i > 0 ? "x" : "") << tensor->shape[i];
    if (tensor->dtype == Dtype::kFloat32) print_values<float>(*tensor);
    if (tensor->dtype == Dtype::kFloat64) print_values<double>(*tensor);
    if (tensor->dtype == Dtype::kInt32) print_values<std::int32_t>(*tensor);
  }
  std::cout << '\n';
}

// Returns false where the operation was refused.
bool run(Workbench& workbench, const std::string& operation, Arguments& arguments) {
  Reply reply;
  const bnlab::Status status = workbench.call(operation, arguments, reply);
  if (!status.ok()) {
    std::cerr << operation << ": " << status.error().argument << ": expected " << status.error().expected
              << "; got " << status.error().actual << '\n';
    return false;
  }
  std::cout << "call " << operation << '\n';
  for (const auto& [name, value] : reply.leaves()) print(name, value);
  arguments.clear();
  return true;
}

}  // namespace

int main() {
  std::cout.precision(std::numeric_limits<double>::max_digits10);
  Workbench workbench;
  Arguments arguments;
  std::string operation;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.rfind("call ", 0) != 0) {
      read_argument(line, arguments);
      continue;
    }
    if (!operation.empty() && !run(workbench, operation, arguments)) return 1;
    operation = line.substr(5);
  }
  return operation.empty() || run(workbench, operation, arguments) ? 0 : 1;
}
