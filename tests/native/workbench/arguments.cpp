#include "arguments.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace bnlab;

namespace {

enum class Fruit { kApple, kPear };
constexpr Choice kFruitWords[] = {{"apple", 0}, {"pear", 1}};
constexpr Choices<Fruit> kFruits(kFruitWords);

template <typename T>
void add_tensor(Arguments& in, const char* name, std::vector<Index> shape, const std::vector<T>& values) {
  in.add(name, make_tensor(std::move(shape), values.data()));
}

// The error that reading left.
Error error_of(Arguments& in) {
  const Status status = in.finish();
  REQUIRE_FALSE(status.ok());
  return status.ok() ? Error() : status.error();
}

// The error of reading one value as a number.
Error error_of_number(Value value, const NumberRule& rule) {
  Arguments in;
  in.add("n", std::move(value));
  in.number("n", rule);
  return error_of(in);
}

}  // namespace

TEST_CASE("numbers, booleans, texts and choices are read by name") {
  Arguments in;
  in.add("n", 2.5);
  in.add("k", 3.0);
  in.add("b", true);
  in.add("t", std::string("words"));
  in.add("f", std::string("pear"));
  CHECK(in.number("n", {}) == 2.5);
  CHECK(in.integer("k", {.min = 3, .max = 3}) == 3);
  CHECK(in.boolean("b", std::nullopt));
  CHECK(in.text("t") == "words");
  CHECK(in.choice<Fruit>("f", kFruits, std::nullopt) == Fruit::kPear);
  CHECK(in.finish().ok());
}

TEST_CASE("what may be left out has a value of its own") {
  Arguments in;
  CHECK(in.number("n", {.fallback = 7.0}) == 7);
  CHECK(in.boolean("b", true));
  CHECK_FALSE(in.boolean("b", false));
  CHECK(in.choice<Fruit>("f", kFruits, Fruit::kPear) == Fruit::kPear);
  CHECK(in.tensor<float>("t", {3}, "", Presence::kOptional).data == nullptr);
  CHECK(in.finish().ok());
}

TEST_CASE("what may not is missed by its name") {
  const auto missed = [](auto&& read) {
    Arguments in;
    read(in);
    const Error error = error_of(in);
    CHECK(error.argument == "a");
    CHECK(error.actual == "nothing");
    return error.expected;
  };
  CHECK(missed([](Arguments& in) { in.number("a", {.min = 1}); }) == "a finite number of at least 1");
  CHECK(missed([](Arguments& in) { in.boolean("a", std::nullopt); }) == "true or false");
  CHECK(missed([](Arguments& in) { in.text("a"); }) == "a text");
  CHECK(missed([](Arguments& in) { in.choice<Fruit>("a", kFruits, std::nullopt); }) ==
        "one of 'apple' 'pear'");
  CHECK(missed([](Arguments& in) {
          in.tensor<float>("a", {-1, 2}, "one row per example");
        }) == "a float32 tensor of shape (any, 2), one row per example");
  CHECK(missed([](Arguments& in) { in.tensor<std::int32_t>("a", {4}, ""); }) ==
        "an int32 tensor of shape (4,)");
}

TEST_CASE("a number keeps its rule") {
  const NumberRule rule{.min = 1, .max = 64, .integer = true};
  for (const double good : {1.0, 2.0, 64.0}) {
    Arguments in;
    in.add("n", good);
    CHECK(in.number("n", rule) == good);
    CHECK(in.finish().ok());
  }
  const struct {
    double value;
    const char* text;
  } rows[] = {{0, "0"},
              {65, "65"},
              {2.5, "2.5"},
              {std::numeric_limits<double>::quiet_NaN(), "NaN"},
              {std::numeric_limits<double>::infinity(), "Infinity"},
              {-std::numeric_limits<double>::infinity(), "-Infinity"}};
  for (const auto& [value, text] : rows) {
    const Error error = error_of_number(value, rule);
    CHECK(error.argument == "n");
    CHECK(error.expected == "a whole number from 1 to 64");
    CHECK(error.actual == text);
  }
  CHECK(error_of_number(-1.0, {.min = 0}).expected == "a finite number of at least 0");
  CHECK(error_of_number(3.0, {.max = 2}).expected == "a finite number of at most 2");
  CHECK(error_of_number(HUGE_VAL, {}).expected == "a finite number");
}

TEST_CASE("the wrong type is told by what came") {
  CHECK(error_of_number(true, {}).actual == "true");
  CHECK(error_of_number(std::string("3"), {}).actual == "the text '3'");
  const float values[] = {1, 2};
  CHECK(error_of_number(make_tensor<float>({2, 1}, values), {}).actual == "a float32 tensor of shape (2, 1)");
  const std::int32_t whole[] = {1};
  CHECK(error_of_number(make_tensor<std::int32_t>({1}, whole), {}).actual == "an int32 tensor of shape (1,)");

  Arguments in;
  in.add("f", 1.0);
  in.choice<Fruit>("f", kFruits, std::nullopt);
  CHECK(error_of(in).actual == "the number 1");
  Arguments unknown;
  unknown.add("f", std::string("plum"));
  unknown.choice<Fruit>("f", kFruits, std::nullopt);
  CHECK(error_of(unknown).actual == "'plum'");
}

TEST_CASE("a tensor is read where type and shape fit") {
  Arguments in;
  add_tensor<double>(in, "t", {2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(in.dtype_of("t") == Dtype::kFloat64);
  for (const std::vector<Index>& shape :
       std::vector<std::vector<Index>>{{2, 3}, {-1, 3}, {2, -1}, {-1, -1}, {}}) {
    const TensorView<double> t = in.tensor<double>("t", shape, "");
    REQUIRE(t.data != nullptr);
    CHECK(t.shape == std::vector<Index>{2, 3});
    CHECK(t.size() == 6);
    CHECK(t.rank() == 2);
    CHECK(t.data[5] == 6);
  }
  CHECK(in.finish().ok());
}

TEST_CASE("a tensor of another type or shape is refused, with sizes that do no harm") {
  const auto refuse = [](auto read) {
    Arguments in;
    add_tensor<double>(in, "t", {2, 3}, {1, 2, 3, 4, 5, 6});
    const auto view = read(in);
    CHECK(view.data == nullptr);
    CHECK(view.size() >= 0);
    const Error error = error_of(in);
    CHECK(error.argument == "t");
    CHECK(error.actual == "a float64 tensor of shape (2, 3)");
    return error;
  };
  CHECK(refuse([](Arguments& in) {
          return in.tensor<double>("t", {3, 2}, "");
        }).expected == "a float64 tensor of shape (3, 2)");
  CHECK(refuse([](Arguments& in) { return in.tensor<double>("t", {-1}, ""); }).expected ==
        "a float64 tensor of shape (any,)");
  CHECK(refuse([](Arguments& in) {
          return in.tensor<double>("t", {-1, 3, 1}, "");
        }).expected == "a float64 tensor of shape (any, 3, 1)");
  const Error mixed = refuse([](Arguments& in) { return in.tensor<float>("t", {2, 3}, ""); });
  CHECK(mixed.expected == "a float32 tensor of shape (2, 3)");
  CHECK_FALSE(mixed.hint.empty());
  // Class indices have a type of their own: no word of floating-point tensors.
  CHECK(refuse([](Arguments& in) { return in.tensor<std::int32_t>("t", {2, 3}, ""); }).hint.empty());
}

TEST_CASE("values that are not finite are found, with their place") {
  for (std::size_t place = 0; place < 6; ++place) {
    Arguments in;
    std::vector<float> values(6, 1);
    values[place] = place % 2 == 0 ? std::numeric_limits<float>::quiet_NaN() : -HUGE_VALF;
    add_tensor<float>(in, "t", {2, 3}, values);
    CHECK(in.tensor<float>("t", {2, 3}, "").data == nullptr);
    const Error error = error_of(in);
    CHECK(error.expected == "finite values");
    CHECK(error.actual == std::string(place % 2 == 0 ? "NaN" : "-Infinity") + " at [" +
                              std::to_string(place / 3) + ", " + std::to_string(place % 3) + "]");
  }
}

TEST_CASE("the first error is the one that is told") {
  Arguments in;
  in.add("a", std::string("wrong"));
  in.number("a", {});
  in.number("b", {});
  in.fail({"c", "", "", ""});
  CHECK_FALSE(in.ok());
  CHECK(error_of(in).argument == "a");
}

TEST_CASE("an argument nobody read is a mistake") {
  Arguments in;
  in.add("gamma", 1.0);
  in.add("gama", std::string("x"));
  in.number("gamma", {});
  const Error error = error_of(in);
  CHECK(error.argument == "gama");
  CHECK(error.expected == "no argument of this name here");
  CHECK(error.actual == "the text 'x'");
}

TEST_CASE("dotted names have levels") {
  Arguments in;
  in.add("model.layers.10.kind", std::string("relu"));
  CHECK(in.has("model.layers.10.kind"));
  CHECK(in.has_below("model"));
  CHECK(in.has_below("model.layers.10"));
  CHECK_FALSE(in.has_below("model.layers.1"));
  CHECK_FALSE(in.has_below("model.layers.10.k"));
  CHECK(in.is_text("model.layers.10.kind"));
  CHECK(in.says("model.layers.10.kind", "relu"));
  CHECK_FALSE(in.says("model.layers.10.kind", "tanh"));
  CHECK_FALSE(in.says("model", "relu"));
}

TEST_CASE("a value where others are expected below it is named itself") {
  const auto error_of_reading = [](const std::string& name, auto read) {
    Arguments in;
    in.add(name, 3.0);
    read(in);
    return error_of(in);
  };
  const Error required =
      error_of_reading("experiment", [](Arguments& in) { in.integer("experiment.version", {.min = 1}); });
  CHECK(required.argument == "experiment");
  CHECK(required.expected == "an object with values by name");
  CHECK(required.actual == "the number 3");
  const Error optional = error_of_reading(
      "model.seeds", [](Arguments& in) { in.number("model.seeds.data", {.fallback = 1.0}); });
  CHECK(optional.argument == "model.seeds");
  const Error item = error_of_reading("layers", [](Arguments& in) {
    CHECK(in.has_below("layers.0"));
    in.text("layers.0.kind");
  });
  CHECK(item.argument == "layers");
  CHECK(item.expected == "an array");
}

TEST_CASE("cleared arguments are as new") {
  Arguments in;
  in.add("a", std::string("wrong"));
  in.will_need("a", 1e300);
  in.number("a", {});
  in.clear();
  CHECK(in.ok());
  CHECK_FALSE(in.has("a"));
  CHECK(in.finish().ok());
}

TEST_CASE("what there is no memory for is refused beforehand, naming who asks for it") {
  CHECK(has_room(1e6));
  CHECK_FALSE(has_room(1e15));
  Arguments in;
  in.add("count", 1.0);
  in.number("count", {});
  in.will_need("count", 1e15);
  const Error error = error_of(in);
  CHECK(error.argument == "count");
  CHECK(error.expected == "a size there is memory for");
  CHECK(error.actual == "one that takes about 1000000000 MB");
}

TEST_CASE("numbers are told in as few digits as name them") {
  const struct {
    double value;
    const char* text;
  } rows[] = {
      {0, "0"},
      {1, "1"},
      {-1, "-1"},
      {0.1, "0.1"},
      {-2.5, "-2.5"},
      {1.0 / 3, "0.333333333"},
      {2.0 / 3, "0.666666667"},
      {1e-5, "0.00001"},
      {1e-6, "1e-6"},
      {1.5e-7, "1.5e-7"},
      {123456.789, "123456.789"},
      {999999999.9, "1000000000"},
      {0.99999999999, "1"},
      {100000, "100000"},
      {4294967295, "4294967295"},
      {123456789012345, "123456789012345"},
      {1e15, "1000000000000000"},
      {1e16, "1e16"},
      {1e20, "1e20"},
      {-1.25e100, "-1.25e100"},
      {1e-300, "1e-300"},
      {5e-324, "4.94065646e-324"},
      {1.7976931348623157e308, "1.79769313e308"},
      {static_cast<double>(0.1F), "0.100000001"},
      {std::numeric_limits<double>::quiet_NaN(), "NaN"},
      {HUGE_VAL, "Infinity"},
      {-HUGE_VAL, "-Infinity"},
  };
  for (const auto& [value, text] : rows) CHECK(to_text(value) == text);
}

TEST_CASE("shapes are told as Python tells them") {
  CHECK(to_text(std::vector<Index>{}) == "()");
  CHECK(to_text(std::vector<Index>{4}) == "(4,)");
  CHECK(to_text(std::vector<Index>{4, 1}) == "(4, 1)");
}
