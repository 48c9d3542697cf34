// The arguments of one call, and the checks every operation makes on them.
//
// A reader that meets a wrong value notes the error and goes on with a harmless one, so that an operation reads all its
// arguments in a row and asks once, with finish(), whether to go on. Only the first error is kept.
#pragma once

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/number_text.hpp"
#include "core/status.hpp"
#include "message.hpp"

namespace bnlab {

std::string to_text(const std::vector<Index>& shape);  // "(4, 1)"

// Whether this many bytes can be had. Without exceptions an allocation that fails ends the engine, so whoever wants much
// asks first.
bool has_room(double bytes);

struct NumberRule {
  double min = -HUGE_VAL;
  double max = HUGE_VAL;
  bool integer = false;
  std::optional<double> fallback = std::nullopt;  // none: the argument is required
};

// The words for the values of an enum.
struct Choice {
  const char* word;
  int value;
};
template <typename E>
struct Choices {
  const Choice* first;
  std::size_t count;

  template <std::size_t N>
  constexpr Choices(const Choice (&choices)[N])
      : first(choices), count(N) {}  // NOLINT(google-explicit-constructor)
};

// A tensor argument as T; no data where there was none.
template <typename T>
struct TensorView {
  const T* data = nullptr;
  std::vector<Index> shape;

  [[nodiscard]] Index rank() const { return static_cast<Index>(shape.size()); }
  [[nodiscard]] Index size() const {
    Index n = 1;
    for (const Index extent : shape) n *= extent;
    return n;
  }
};

enum class Presence { kRequired, kOptional };

// Whether NaN may stand in a tensor for what is not there.
enum class Gaps { kRefused, kAllowed };

class Arguments {
 public:
  // Results, the values on the way to them and the copy that is handed out, as a multiple of the tensors they come from.
  static constexpr double kWorkspace = 5;

  void add(std::string name, Value value) { entries_[std::move(name)] = {std::move(value), false}; }
  void clear() {
    entries_.clear();
    error_.reset();
    need_ = 0;
    most_ = 0;
  }
  // Storage for a tensor that is filled after it is added.
  std::byte* add_tensor(std::string name, Dtype dtype, std::vector<Index> shape);

  [[nodiscard]] bool has(std::string_view name) const { return entries_.find(name) != entries_.end(); }
  // Whether any argument lies below `prefix`, as in "experiment.model.layers.3", or is there in their place.
  [[nodiscard]] bool has_below(std::string_view prefix) const;
  [[nodiscard]] bool is_text(std::string_view name) const;
  [[nodiscard]] bool says(std::string_view name, std::string_view text) const;
  // The element type of a tensor argument; float64 where there is none, which a later reader will report.
  [[nodiscard]] Dtype dtype_of(std::string_view name) const;
  // The rank of a tensor argument; 0 where there is none.
  [[nodiscard]] Index rank_of(std::string_view name) const;

  double number(std::string_view name, const NumberRule& rule);
  Index integer(std::string_view name, NumberRule rule) {
    rule.integer = true;
    return static_cast<Index>(number(name, rule));
  }
  bool boolean(std::string_view name, std::optional<bool> fallback);
  std::string text(std::string_view name) { return read_text(name, "a text").value_or(""); }

  template <typename E>
  E choice(std::string_view name, const Choices<E>& choices, std::optional<E> fallback) {
    if (fallback && !has(name)) return *fallback;
    return static_cast<E>(read_choice(name, choices.first, choices.count));
  }

  // A tensor of element type T. `shape` is what it must be, −1 standing for any extent; empty: any shape. `meaning` says
  // so in words, "one value per feature". Floating-point values must be finite.
  template <typename T>
  TensorView<T> tensor(std::string_view name, std::vector<Index> shape, std::string_view meaning,
                       Presence presence = Presence::kRequired, Gaps gaps = Gaps::kRefused) {
    const Tensor* found = read_tensor(name, kDtypeOf<T>, shape, meaning, presence, gaps);
    if (found == nullptr) {
      // Never used: finish() stops the operation first. The shape keeps sizes sane until then.
      for (Index& extent : shape) extent = std::max<Index>(extent, 0);
      return {nullptr, shape};
    }
    return {found->data<T>(), found->shape};
  }

  // Says what the operation will allocate besides a few times the size of its tensors, and which argument asks for it;
  // several such needs add up.
  void will_need(std::string_view name, double bytes) {
    if (bytes > most_) greediest_ = name;
    most_ = std::max(most_, bytes);
    need_ += bytes;
  }

  // Notes an error unless there is one already.
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }
  [[nodiscard]] bool ok() const { return !error_; }
  // The first error; or, if all was well, complaint about the first argument that nobody read, or about the largest where
  // memory would not suffice for the operation: it takes `workspace` times the bytes of its tensors.
  Status finish(double workspace = kWorkspace);

 private:
  struct Entry {
    Value value;
    bool used = false;
  };

  const Value* take(std::string_view name, bool required, const std::string& expected);
  int read_choice(std::string_view name, const Choice* choices, std::size_t count);
  std::optional<std::string> read_text(std::string_view name, const std::string& expected);
  const Tensor* read_tensor(std::string_view name, Dtype dtype, const std::vector<Index>& shape,
                            std::string_view meaning, Presence presence, Gaps gaps);

  std::map<std::string, Entry, std::less<>> entries_;
  std::optional<Error> error_;
  double need_ = 0;
  double most_ = 0;  // of what need_ is the sum of
  std::string greediest_;
};

}  // namespace bnlab
