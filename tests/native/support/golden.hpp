// Reads the reference values of tests/golden, whose README describes the format.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/types.hpp"

namespace bnlab::test {

class Golden {
 public:
  // `file` is a name in tests/golden. A missing file or tensor fails the test case and reads as empty.
  explicit Golden(const std::string& file);

  [[nodiscard]] bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  [[nodiscard]] const std::vector<Index>& shape(const std::string& name) const { return find(name).shape; }
  // The names that begin with `prefix`, without it.
  [[nodiscard]] std::vector<std::string> names_below(const std::string& prefix) const;

  // T is float, double, std::int32_t or std::uint64_t; each number is read as exactly that type.
  template <typename T>
  [[nodiscard]] std::vector<T> values(const std::string& name) const {
    std::vector<T> values;
    for (const std::string& text : find(name).texts) values.push_back(parse<T>(text));
    return values;
  }
  [[nodiscard]] double number(const std::string& name) const {
    const std::vector<double> all = values<double>(name);
    return all.empty() ? 0 : all.front();
  }

 private:
  struct Tensor {
    std::vector<Index> shape;
    std::vector<std::string> texts;
  };

  template <typename T>
  static T parse(const std::string& text);
  [[nodiscard]] const Tensor& find(const std::string& name) const;

  std::string file_;
  std::map<std::string, Tensor> tensors_;
};

template <>
float Golden::parse<float>(const std::string& text);
template <>
double Golden::parse<double>(const std::string& text);
template <>
std::int32_t Golden::parse<std::int32_t>(const std::string& text);
template <>
std::uint64_t Golden::parse<std::uint64_t>(const std::string& text);

// "float32" or "float64", as the files name them.
template <typename T>
const char* dtype_name() {
  return sizeof(T) == sizeof(float) ? "float32" : "float64";
}

}  // namespace bnlab::test
