// Errors as values: the engine neither throws nor aborts on bad input.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace bnlab {

// What was wrong with one argument. `argument` is its name or dotted path, `hint` may be empty.
struct Error {
  std::string argument;
  std::string expected;
  std::string actual;
  std::string hint;
};

// Success, or the first error met.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor): return Error{...}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  [[nodiscard]] const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

// A value, or why there is none.
template <typename V>
class [[nodiscard]] Result {
 public:
  Result(V value) : content_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : content_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return std::holds_alternative<V>(content_); }
  [[nodiscard]] V& value() { return *std::get_if<V>(&content_); }
  [[nodiscard]] const Error& error() const { return *std::get_if<Error>(&content_); }

 private:
  std::variant<V, Error> content_;
};

}  // namespace bnlab
