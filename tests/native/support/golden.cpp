#include "support/golden.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace bnlab::test {

Golden::Golden(const std::string& file) : file_(file) {
  std::ifstream in(std::string(BNLAB_GOLDEN_DIR "/") + file);
  REQUIRE_MESSAGE(in.good(), "no reference values in " << file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string name;
    std::string dtype;
    std::string shape;
    std::string colon;
    words >> name >> dtype >> shape >> colon;
    Tensor& tensor = tensors_[name];
    std::istringstream extents(shape);
    Index size = 1;
    for (std::string extent; std::getline(extents, extent, 'x');) {
      tensor.shape.push_back(static_cast<Index>(std::stol(extent)));
      size *= tensor.shape.back();
    }
    for (std::string text; words >> text;) tensor.texts.push_back(text);
    REQUIRE_MESSAGE(static_cast<Index>(tensor.texts.size()) == size, file << ": " << name);
  }
}

std::vector<std::string> Golden::names_below(const std::string& prefix) const {
  std::vector<std::string> names;
  for (auto next = tensors_.lower_bound(prefix); next != tensors_.end(); ++next) {
    if (next->first.compare(0, prefix.size(), prefix) != 0) break;
    names.push_back(next->first.substr(prefix.size()));
  }
  return names;
}

const Golden::Tensor& Golden::find(const std::string& name) const {
  static const Tensor nothing;
  const auto found = tensors_.find(name);
  REQUIRE_MESSAGE(found != tensors_.end(), file_ << " has no " << name);
  return found == tensors_.end() ? nothing : found->second;
}

template <>
float Golden::parse<float>(const std::string& text) {
  return std::strtof(text.c_str(), nullptr);
}
template <>
double Golden::parse<double>(const std::string& text) {
  return std::strtod(text.c_str(), nullptr);
}
template <>
std::int32_t Golden::parse<std::int32_t>(const std::string& text) {
  return static_cast<std::int32_t>(std::strtol(text.c_str(), nullptr, 10));
}
template <>
std::uint64_t Golden::parse<std::uint64_t>(const std::string& text) {
  return std::strtoull(text.c_str(), nullptr, 10);
}

}  // namespace bnlab::test
