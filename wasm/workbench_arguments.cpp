#include <cstdlib>

#include "arguments.hpp"
#include "engine_float.hpp"

namespace bnlab {

namespace {

std::string a_tensor(Dtype dtype) {
  return std::string(dtype == Dtype::kInt32 ? "an " : "a ") + name_of(dtype) + " tensor";
}

std::string kind_of(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return "the number " + to_text(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return "the text '" + *text + "'";
  const auto* tensor = std::get_if<Tensor>(&value);
  return a_tensor(tensor->dtype) + " of shape " + to_text(tensor->shape);
}

// "a whole number from 1 to 64", "a number above 0", …
std::string describe(const NumberRule& rule) {
  if (rule.min == rule.max) return "the number " + to_text(rule.min);
  std::string text = rule.integer ? "a whole number" : "a finite number";
  const bool below = rule.max < HUGE_VAL;
  const bool above = rule.min > -HUGE_VAL;
  if (above && below) return text + " from " + to_text(rule.min) + " to " + to_text(rule.max);
  if (above) return text + " of at least " + to_text(rule.min);
  if (below) return text + " of at most " + to_text(rule.max);
  return text;
}

bool fits(const std::vector<Index>& shape, const std::vector<Index>& wanted) {
  if (wanted.empty()) return true;
  if (shape.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (wanted[i] >= 0 && wanted[i] != shape[i]) return false;
  return true;
}

// "shape (4, any)", "shape (4,)"
std::string describe(const std::vector<Index>& wanted) {
  std::string text = "shape (";
  for (std::size_t i = 0; i < wanted.size(); ++i)
    text += (i > 0 ? ", " : "") + (wanted[i] < 0 ? "any" : std::to_string(wanted[i]));
  return text + (wanted.size() == 1 ? ",)" : ")");
}

// Where a value sits, as indices: "[2, 0]".
std::string position(const std::vector<Index>& shape, Index flat) {
  std::string text;
  for (std::size_t i = shape.size(); i-- > 0;) {
    text = std::to_string(flat % shape[i]) + (text.empty() ? "" : ", ") + text;
    flat /= shape[i];
  }
  return "[" + text + "]";
}

template <typename T>
std::optional<std::string> first_not_finite(const Tensor& tensor, Gaps gaps) {
  const T* values = tensor.data<T>();
  if (all_finite(values, tensor.size())) return std::nullopt;
  for (Index i = 0; i < tensor.size(); ++i)
    if (!std::isfinite(values[i]) && !(gaps == Gaps::kAllowed && std::isnan(values[i])))
      return to_text(static_cast<double>(values[i])) + " at " + position(tensor.shape, i);
  return std::nullopt;
}

// The value that stands where `name` would have others below it, as 3 in {seeds: 3} does for "seeds.data"; end() where there
// is none.
template <typename Entries>
auto find_above(Entries& entries, std::string_view name) {
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1))
    if (const auto found = entries.find(name.substr(0, dot)); found != entries.end()) return found;
  return entries.end();
}

// What was to stand there: `below` is the rest of the name, "data" or "0.kind".
std::string in_its_place(std::string_view below) {
  return below[0] >= '0' && below[0] <= '9' ? "an array" : "an object with values by name";
}

}  // namespace

bool has_room(double bytes) {
  if (bytes > 4e9) return false;
  // Volatile, or compilers drop the pair of calls and take its success for granted.
  void* volatile probe = std::malloc(static_cast<std::size_t>(bytes) + 1);
  const bool found = probe != nullptr;
  std::free(probe);
  return found;
}

std::string to_text(const std::vector<Index>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::byte* Arguments::add_tensor(std::string name, Dtype dtype, std::vector<Index> shape) {
  Tensor tensor(dtype, std::move(shape));
  std::byte* bytes = tensor.bytes.get();
  entries_[std::move(name)] = {Value(std::move(tensor)), false};
  return bytes;
}

bool Arguments::has_below(std::string_view prefix) const {
  const std::string start = std::string(prefix) + ".";
  // A value in place of them counts, too: whoever reads them then says what it is.
  if (find_above(entries_, start) != entries_.end()) return true;
  const auto next = entries_.lower_bound(start);
  return next != entries_.end() && next->first.compare(0, start.size(), start) == 0;
}

bool Arguments::is_text(std::string_view name) const {
  const auto found = entries_.find(name);
  return found != entries_.end() && std::holds_alternative<std::string>(found->second.value);
}

bool Arguments::says(std::string_view name, std::string_view text) const {
  return is_text(name) && std::get<std::string>(entries_.find(name)->second.value) == text;
}

Dtype Arguments::dtype_of(std::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return Dtype::kFloat64;
  const auto* tensor = std::get_if<Tensor>(&found->second.value);
  return tensor == nullptr ? Dtype::kFloat64 : tensor->dtype;
}

Index Arguments::rank_of(std::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return 0;
  const auto* tensor = std::get_if<Tensor>(&found->second.value);
  return tensor == nullptr ? 0 : static_cast<Index>(tensor->shape.size());
}

const Value* Arguments::take(std::string_view name, bool required, const std::string& expected) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    if (const auto above = find_above(entries_, name); above != entries_.end())
      fail({above->first, in_its_place(name.substr(above->first.size() + 1)), kind_of(above->second.value),
            ""});
    else if (required)
      fail({std::string(name), expected, "nothing", ""});
    return nullptr;
  }
  found->second.used = true;
  return &found->second.value;
}

double Arguments::number(std::string_view name, const NumberRule& rule) {
  const std::string expected = describe(rule);
  const double harmless = rule.fallback.value_or(rule.min > -HUGE_VAL ? rule.min : 0);
  const Value* value = take(name, !rule.fallback.has_value(), expected);
  if (value == nullptr) return harmless;
  const auto* number = std::get_if<double>(value);
  if (number == nullptr) {
    fail({std::string(name), expected, kind_of(*value), ""});
    return harmless;
  }
  const bool whole = !rule.integer || *number == std::floor(*number);
  if (!std::isfinite(*number) || *number < rule.min || *number > rule.max || !whole) {
    fail({std::string(name), expected, to_text(*number), ""});
    return harmless;
  }
  return *number;
}

bool Arguments::boolean(std::string_view name, std::optional<bool> fallback) {
  const Value* value = take(name, !fallback.has_value(), "true or false");
  if (value == nullptr) return fallback.value_or(false);
  const auto* flag = std::get_if<bool>(value);
  if (flag != nullptr) return *flag;
  fail({std::string(name), "true or false", kind_of(*value), ""});
  return false;
}

int Arguments::read_choice(std::string_view name, const Choice* choices, std::size_t count) {
  std::string expected = "one of";
  for (std::size_t i = 0; i < count; ++i) expected += std::string(" '") + choices[i].word + "'";
  const std::optional<std::string> given = read_text(name, expected);
  for (std::size_t i = 0; i < count; ++i)
    if (given == choices[i].word) return choices[i].value;
  if (given) fail({std::string(name), expected, "'" + *given + "'", ""});
  return choices[0].value;
}

std::optional<std::string> Arguments::read_text(std::string_view name, const std::string& expected) {
  const Value* value = take(name, true, expected);
  if (value == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(value);
  if (text != nullptr) return *text;
  fail({std::string(name), expected, kind_of(*value), ""});
  return std::nullopt;
}

const Tensor* Arguments::read_tensor(std::string_view name, Dtype dtype, const std::vector<Index>& shape,
                                     std::string_view meaning, Presence presence, Gaps gaps) {
  std::string expected = a_tensor(dtype);
  if (!shape.empty()) expected += " of " + describe(shape);
  if (!meaning.empty()) expected += ", " + std::string(meaning);
  const Value* value = take(name, presence == Presence::kRequired, expected);
  if (value == nullptr) return nullptr;
  const auto* tensor = std::get_if<Tensor>(value);
  if (tensor == nullptr || tensor->dtype != dtype || !fits(tensor->shape, shape)) {
    const bool mixed = tensor != nullptr && tensor->dtype != dtype && fits(tensor->shape, shape) &&
                       tensor->dtype != Dtype::kInt32 && dtype != Dtype::kInt32;
    fail({std::string(name), expected, kind_of(*value),
          mixed ? "All floating-point tensors of one call have the same type." : ""});
    return nullptr;
  }
  if (tensor->size() == 0) {
    fail({std::string(name), "at least one value", kind_of(*value), ""});
    return nullptr;
  }
  std::optional<std::string> bad;
  if (dtype == Dtype::kFloat32) bad = first_not_finite<float>(*tensor, gaps);
  if (dtype == Dtype::kFloat64) bad = first_not_finite<double>(*tensor, gaps);
  if (bad) {
    fail({std::string(name), "finite values", *bad, ""});
    return nullptr;
  }
  return tensor;
}

Status Arguments::finish(double workspace) {
  if (error_) return *error_;
  for (const auto& [name, entry] : entries_)
    if (!entry.used)
      return Error{name, "no argument of this name here", kind_of(entry.value), "Check its spelling."};

  double of_tensors = 0;
  std::string largest;
  std::size_t most = 0;
  for (const auto& [name, entry] : entries_) {
    const auto* tensor = std::get_if<Tensor>(&entry.value);
    if (tensor == nullptr) continue;
    of_tensors += workspace * static_cast<double>(tensor->byte_count());
    if (tensor->byte_count() > most) largest = name;
    most = std::max(most, tensor->byte_count());
  }
  const double needed = of_tensors + need_;
  if (has_room(needed)) return {};
  return Error{need_ > of_tensors ? greediest_ : largest, "a size there is memory for",
               "one that takes about " + to_text(std::ceil(needed / 1e6)) + " MB",
               "Take less at a time, or free models that are no longer needed."};
}

}  // namespace bnlab
