#include "core/status.hpp"

#include <doctest/doctest.h>

using namespace bnlab;

TEST_CASE("a status is success or an error") {
  CHECK(Status().ok());
  const Status failed = Error{"x", "a number", "a text", "Take off the quotes."};
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().argument == "x");
  CHECK(failed.error().expected == "a number");
  CHECK(failed.error().actual == "a text");
  CHECK(failed.error().hint == "Take off the quotes.");
}

TEST_CASE("a result is a value or an error") {
  Result<std::string> good = std::string("value");
  REQUIRE(good.ok());
  CHECK(good.value() == "value");
  const Result<std::string> bad = Error{"x", "", "", ""};
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().argument == "x");
}
