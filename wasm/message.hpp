// What crosses the boundary: named leaves in, named leaves out.
//
// A caller's nested arguments arrive flattened: {experiment: {model: {inputs: 2}}} is the number "experiment.model.inputs".
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/types.hpp"

namespace bnlab {

enum class Dtype : std::int32_t { kFloat32 = 0, kFloat64 = 1, kInt32 = 2 };

template <typename T>
constexpr Dtype kDtypeOf = Dtype::kFloat64;
template <>
inline constexpr Dtype kDtypeOf<float> = Dtype::kFloat32;
template <>
inline constexpr Dtype kDtypeOf<std::int32_t> = Dtype::kInt32;

inline Index bytes_of(Dtype dtype) { return dtype == Dtype::kFloat64 ? 8 : 4; }

inline const char* name_of(Dtype dtype) {
  switch (dtype) {
    case Dtype::kFloat32:
      return "float32";
    case Dtype::kFloat64:
      return "float64";
    case Dtype::kInt32:
      return "int32";
  }
  return "";
}

// A dense row-major array that owns its bytes; rank 0 is a single value. Not initialised: whoever makes it fills it.
struct Tensor {
  Tensor(Dtype dtype_, std::vector<Index> shape_)
      : dtype(dtype_), shape(std::move(shape_)), bytes(new std::byte[byte_count()]) {}

  Dtype dtype;
  std::vector<Index> shape;
  std::unique_ptr<std::byte[]> bytes;

  [[nodiscard]] Index size() const {
    Index n = 1;
    for (const Index extent : shape) n *= extent;
    return n;
  }
  [[nodiscard]] std::size_t byte_count() const { return static_cast<std::size_t>(size() * bytes_of(dtype)); }
  template <typename T>
  [[nodiscard]] const T* data() const {
    return reinterpret_cast<const T*>(bytes.get());
  }
};

template <typename T>
Tensor make_tensor(std::vector<Index> shape, const T* values) {
  Tensor tensor(kDtypeOf<T>, std::move(shape));
  if (tensor.size() > 0) std::memcpy(tensor.bytes.get(), values, tensor.byte_count());
  return tensor;
}

using Value = std::variant<double, bool, std::string, Tensor>;

// The leaves of a result, in the order they were given.
class Reply {
 public:
  using Leaf = std::pair<std::string, Value>;

  void add(std::string name, Value value) { leaves_.emplace_back(std::move(name), std::move(value)); }
  template <typename T>
  void add(std::string name, std::vector<Index> shape, const T* values) {
    add(std::move(name), Value(make_tensor(std::move(shape), values)));
  }

  [[nodiscard]] const std::vector<Leaf>& leaves() const { return leaves_; }
  [[nodiscard]] const Value* find(const std::string& name) const {
    for (const Leaf& leaf : leaves_)
      if (leaf.first == name) return &leaf.second;
    return nullptr;
  }

 private:
  std::vector<Leaf> leaves_;
};

}  // namespace bnlab
