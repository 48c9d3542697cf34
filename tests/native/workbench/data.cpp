// Examples in the workbench: drawn or given, prepared, read back, shared.
#include "data.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/compare.hpp"
#include "workbench/requests.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

const Request kMoons{"data_create", {{"data.kind", "moons"}, {"seed", 7.0}}};

Request given(Array x, Array y) {
  return {"data_create", {{"data.kind", "given"}, {"seed", 1.0}, {"x", std::move(x)}, {"y", std::move(y)}}};
}

const Request kFour = given(float32({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), int32({4}, {0, 1, 0, 1}));

Answer read_set(Workbench& workbench, double data, const char* set) {
  return ask_well(workbench, {"data_read", {{"data", data}, {"set", set}}});
}

}  // namespace

TEST_CASE("every kind of data is drawn, and counted") {
  const struct {
    const char* kind;
    double inputs;
    double classes;
    double outputs;
  } rows[] = {{"blobs", 2, 2, 2},   {"circles", 2, 2, 2},    {"xor", 2, 2, 2},       {"moons", 2, 2, 2},
              {"spirals", 2, 2, 2}, {"glyphs", 144, 10, 10}, {"regression", 1, 0, 1}};
  Workbench workbench;
  for (const auto& row : rows) {
    CAPTURE(row.kind);
    const Answer answer = ask_well(
        workbench, kMoons.with("data.kind", row.kind).with("data.count", 40.0).with("data.test", 0.25));
    CHECK(answer.number("inputs") == row.inputs);
    CHECK(answer.number("classes") == row.classes);
    CHECK(answer.number("outputs") == row.outputs);
    CHECK(answer.number("train") == 30);
    CHECK(answer.number("test") == 10);
    CHECK(answer.number("constant_features") == 0);
    const Answer train = read_set(workbench, answer.number("data"), "train");
    CHECK(train.array("x").shape == std::vector<Index>{30, static_cast<Index>(row.inputs)});
    CHECK(train.array("x").dtype == Dtype::kFloat32);
    const Array y = train.array("y");
    CHECK(y.shape == (row.classes > 0 ? std::vector<Index>{30} : std::vector<Index>{30, 1}));
    CHECK(y.dtype == (row.classes > 0 ? Dtype::kInt32 : Dtype::kFloat32));
  }
}

TEST_CASE("`dataset` gives what data_create trains on") {
  Workbench workbench;
  for (const char* kind : {"spirals", "regression", "glyphs"}) {
    const Request create = kMoons.with("data.kind", kind)
                               .with("data.count", 30.0)
                               .with("data.noise", 0.3)
                               .with("data.test", 0.2);
    const Answer data = ask_well(workbench, create);
    const Answer train = read_set(workbench, data.number("data"), "train");
    Request draw = create;
    draw.operation = "dataset";
    const Answer drawn = ask_well(workbench, draw);
    CHECK(drawn.values("x") == train.values("x"));
    CHECK(drawn.values("y") == train.values("y"));
    CHECK(drawn.number("classes") == data.number("classes"));
  }
  check_refused(workbench, {"dataset", {{"data.kind", "given"}, {"seed", 1.0}}}, "data.kind", "drawn",
                "'given'");
}

TEST_CASE("what is drawn is what the options say") {
  Workbench workbench;
  const auto x_of = [&](const Request& request) {
    return read_set(workbench, ask_well(workbench, request).number("data"), "train").values("x");
  };
  const auto expected = [](const Dataset& data) { return std::vector<double>(data.x.begin(), data.x.end()); };
  const Request spirals =
      kMoons.with("data.kind", "spirals").with("data.count", 50.0).with("data.classes", 3.0);
  CHECK(x_of(spirals) == expected(make_toy({Toy::kSpirals, 50, 0.1, 3}, 7)));
  CHECK(x_of(spirals.with("data.first_class", 0.8).with("data.noise", 0.0)) ==
        expected(make_toy({Toy::kSpirals, 50, 0, 3, 0.8}, 7)));
  CHECK(x_of(kMoons) == expected(make_toy({Toy::kMoons, 256, 0.1, 2}, 7)));
  CHECK(x_of(kMoons.with("data.kind", "glyphs")) == expected(make_glyphs({256, 0.2}, 7)));
  CHECK(x_of(kMoons.with("data.kind", "regression")) ==
        expected(make_regression({Curve::kSine, 256, 0.1}, 7)));
  Request bump{"dataset",
               {{"data.kind", "regression"}, {"data.curve", "bump"}, {"data.count", 9.0}, {"seed", 7.0}}};
  const Dataset curve = make_regression({Curve::kBump, 9, 0.1}, 7);
  CHECK(ask_well(workbench, bump).values("y") ==
        std::vector<double>(curve.values.begin(), curve.values.end()));
}

TEST_CASE("examples that are given come back as they were") {
  Workbench workbench;
  const double labelled = ask_well(workbench, kFour).number("data");
  CHECK(read_set(workbench, labelled, "train").values("x") == std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(read_set(workbench, labelled, "train").values("y") == std::vector<double>{0, 1, 0, 1});
  const Answer values = ask_well(workbench, kFour.with("y", float32({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})));
  CHECK(values.number("classes") == 0);
  CHECK(values.number("outputs") == 2);
  const Array y = read_set(workbench, values.number("data"), "train").array("y");
  CHECK(y.shape == std::vector<Index>{4, 2});
  CHECK(y.values == std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("a part of a set can be read") {
  Workbench workbench;
  const double data = ask_well(workbench, kFour).number("data");
  const Request part{"data_read", {{"data", data}, {"set", "train"}, {"first", 1.0}, {"count", 2.0}}};
  CHECK(ask_well(workbench, part).values("x") == std::vector<double>{3, 4, 5, 6});
  CHECK(ask_well(workbench, part).values("y") == std::vector<double>{1, 0});
  CHECK(ask_well(workbench, part.without("count")).values("y") == std::vector<double>{1, 0, 1});
  check_refused(workbench, part.with("first", 4.0), "first", "from 0 to 3", "4");
  check_refused(workbench, part.with("count", 4.0), "count", "from 1 to 3", "4");
  check_refused(workbench, part.with("set", "test"), "set", "no examples were held out", "'test'");
}

TEST_CASE("preparation is done in its order, and standardising says what was constant") {
  Workbench workbench;
  const Request request =
      given(float32({4, 3}, {1, 9, 5, 2, 9, 7, 3, 9, 5, 4, 9, 7}), int32({4}, {0, 1, 0, 1}));
  const auto x_of = [&](const Request& prepared) {
    return read_set(workbench, ask_well(workbench, prepared).number("data"), "train").values("x");
  };
  CHECK(x_of(request.with("data.scale", 2.0).with("data.shift", 1.0).with("data.stretch", 2.0)) ==
        std::vector<double>{6, 9.5, 11, 10, 9.5, 15, 14, 9.5, 11, 18, 9.5, 15});
  const Request standardized = request.with("data.standardize", true);
  CHECK(ask_well(workbench, standardized).number("constant_features") == 1);
  const double z = 0.5 / std::sqrt(1.25);
  check_close(x_of(standardized), std::vector<double>{-3 * z, 0, -1, -z, 0, 1, z, 0, -1, 3 * z, 0, 1},
              {1e-6, 0}, "x");
}

TEST_CASE("examples that cannot be used are refused, naming the argument") {
  Workbench workbench;
  const Array y = int32({4}, {0, 1, 0, 1});
  check_refused(workbench, kFour.without("x"), "x", "one row per example", "nothing");
  check_refused(workbench, kFour.without("y"), "y", "class index", "nothing");
  check_refused(workbench, kFour.with("x", float32({8}, {1, 2, 3, 4, 5, 6, 7, 8})), "x", "(any, any)",
                "(8,)");
  check_refused(workbench, kFour.with("y", int32({3}, {0, 1, 0})), "y", "(4,)", "(3,)");
  check_refused(workbench, kFour.with("y", float32({3, 1}, {0, 1, 0})), "y", "(4, any)", "(3, 1)");
  check_refused(workbench, kFour.with("y", int32({4}, {0, -1, 0, 1})), "y", "from 0 to 999", "-1 at [1]");
  check_refused(workbench, kFour.with("y", int32({4}, {0, 1000, 0, 1})), "y", "from 0 to 999", "1000 at [1]");
  check_refused(workbench, kFour.with("y", int32({4}, {0, 1, 3, 1})), "y", "every class from 0 to 3",
                "class 2");
  check_refused(workbench, kFour.with("y", int32({4}, {0, 0, 0, 0})), "y", "two classes", "only class 0");
  check_refused(workbench, given(float32({2, 4097}, std::vector<double>(8194)), int32({2}, {0, 1})), "x",
                "at most 4096 features", "(2, 4097)");
  // Of drawn data there are none to give.
  check_refused(workbench, kMoons.with("x", float32({1, 1}, {0})), "x", "no argument", "float32");
  CHECK(workbench.data().empty());
}

TEST_CASE("preparation that leaves nothing to train with is refused") {
  Workbench workbench;
  check_refused(workbench, kFour.with("data.test", 0.9), "data.test", "two examples or more to train on",
                "0.9 of 4");
  check_refused(workbench, kMoons.with("data.test", 1.0), "data.test", "two examples or more", "1 of 256");
  check_refused(workbench, kMoons.with("data.kind", "regression").with("data.label_noise", 0.1),
                "data.label_noise", "no classes", "0.1");
  check_refused(workbench, kMoons.with("data.kind", "regression").with("data.stretch", 2.0), "data.stretch",
                "one feature", "2");
  check_refused(workbench, kFour.with("x", float32({4, 1}, {1e38, 2, 3, 4})).with("data.scale", 10.0),
                "data.scale", "stay finite", "10");
  CHECK(workbench.data().empty());
  CHECK(ask_well(workbench, kFour.with("data.test", 0.5)).number("test") == 2);
}

TEST_CASE("options of one kind are not taken for another") {
  Workbench workbench;
  check_refused(workbench, kMoons.with("data.curve", "sine"), "data.curve", "no argument", "'sine'");
  check_refused(workbench, kMoons.with("data.classes", 3.0), "data.classes", "the number 2", "3");
  check_refused(workbench, kMoons.with("data.kind", "glyphs").with("data.classes", 3.0), "data.classes",
                "no argument", "3");
  check_refused(workbench, kFour.with("data.count", 4.0), "data.count", "no argument", "4");
  check_refused(workbench, kMoons.with("data.first_class", 0.0), "data.first_class", "from 0.01 to 0.99",
                "0");
  check_refused(workbench, kMoons.with("data.kind", "swissroll"), "data.kind", "'glyphs'", "'swissroll'");
}

TEST_CASE("a freed handle is gone, and never given again") {
  Workbench workbench;
  const double first = ask_well(workbench, kFour).number("data");
  const std::shared_ptr<const Split> held = workbench.data().begin()->second;
  ask_well(workbench, {"data_free", {{"data", first}}});
  CHECK(workbench.data().empty());
  CHECK(held->train.count == 4);
  check_refused(workbench, {"data_free", {{"data", first}}}, "data", "data that exist", to_text(first));
  check_refused(workbench, {"data_read", {{"data", first}, {"set", "train"}}}, "data", "data that exist",
                to_text(first));
  CHECK(ask_well(workbench, kFour).number("data") > first);
}
