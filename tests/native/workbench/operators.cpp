// Layers, losses, SGD and random numbers through the workbench.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/request.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
Array given(const Golden& golden, const std::string& name) {
  return array(golden.shape(name), golden.values<T>(name));
}

template <typename T>
constexpr Tolerance kTolerance = sizeof(T) == 4 ? Tolerance{2e-6, 2e-6} : Tolerance{1e-14, 1e-14};

}  // namespace

TEST_CASE("version") {
  Workbench workbench;
  const Answer answer = ask_well(workbench, {"version", {}});
  CHECK(answer.text("version") == kVersion);
  CHECK(answer.flag("simd") == (Eigen::internal::packet_traits<float>::size > 1));
}

TEST_CASE_TEMPLATE("linear layers keep PyTorch's weights, (out, in)", T, float, double) {
  const Golden golden("layers.txt");
  Workbench workbench;
  const Request common{"linear_forward",
                       {{"x", given<T>(golden, "linear/x")}, {"weight", given<T>(golden, "linear/weight")}}};
  const std::string at = std::string("linear/") + dtype_name<T>() + "/";
  const Answer forward = ask_well(workbench, common.with("bias", given<T>(golden, "linear/bias")));
  check_close(forward.values("y"), golden.values<T>(at + "y"), kTolerance<T>, "y");
  CHECK(forward.array("y").shape == std::vector<Index>{5, 3});
  CHECK(ask(workbench, common).ok());

  Request request = common.with("dy", given<T>(golden, "linear/dy"));
  request.operation = "linear_backward";
  const Answer backward = ask_well(workbench, request);
  for (const char* name : {"dx", "dweight", "dbias"}) {
    check_close(backward.values(name), golden.values<T>(at + name), kTolerance<T>, name);
    CHECK(backward.array(name).shape == golden.shape(at + name));
  }
}

TEST_CASE_TEMPLATE("nonlinearities of any shape", T, float, double) {
  const Golden golden("layers.txt");
  Workbench workbench;
  Array x = given<T>(golden, "activation/x");
  Array dy = given<T>(golden, "activation/dy");
  for (const std::vector<Index>& shape : std::vector<std::vector<Index>>{{17}, {1, 17}, {17, 1, 1, 1}}) {
    x.shape = dy.shape = shape;
    for (const char* kind : {"relu", "sigmoid", "tanh"}) {
      const std::string at = std::string(kind) + "/" + dtype_name<T>() + "/";
      const Answer forward = ask_well(workbench, {"activation_forward", {{"kind", kind}, {"x", x}}});
      const Answer backward =
          ask_well(workbench, {"activation_backward", {{"kind", kind}, {"x", x}, {"dy", dy}}});
      check_close(forward.values("y"), golden.values<T>(at + "y"), kTolerance<T>, at + "y");
      check_close(backward.values("dx"), golden.values<T>(at + "dx"), kTolerance<T>, at + "dx");
      CHECK(forward.array("y").shape == shape);
      CHECK(backward.array("dx").shape == shape);
    }
    CHECK(ask_well(workbench, {"activation_forward", {{"kind", "identity"}, {"x", x}}}).values("y") ==
          x.values);
  }
}

TEST_CASE_TEMPLATE("losses", T, float, double) {
  const Golden golden("losses.txt");
  Workbench workbench;
  for (const std::string kind : {"cross_entropy", "bce_with_logits", "mse"}) {
    const bool classes = kind == "cross_entropy";
    const Array target =
        classes ? given<std::int32_t>(golden, kind + "/target") : given<T>(golden, kind + "/target");
    const Answer answer = ask_well(
        workbench,
        {"loss",
         {{"kind", kind}, {"prediction", given<T>(golden, kind + "/prediction")}, {"target", target}}});
    const std::string at = kind + "/" + dtype_name<T>() + "/";
    check_close(std::vector<double>{answer.number("loss")}, golden.values<double>(at + "loss"), kTolerance<T>,
                at + "loss");
    check_close(answer.values("gradient"), golden.values<T>(at + "gradient"), kTolerance<T>, at + "gradient");
  }
}

TEST_CASE("targets that no loss can mean are refused") {
  Workbench workbench;
  const Array prediction = float32({2, 2}, {1, 2, 3, 4});
  const Request request{"loss", {{"kind", "cross_entropy"}, {"prediction", prediction}}};
  check_refused(workbench, request.with("target", int32({2}, {0, 2})), "target", "from 0 to 1", "2 at [1]");
  check_refused(workbench, request.with("target", int32({2}, {-1, 0})), "target", "from 0 to 1", "-1 at [0]");
  check_refused(workbench, request.with("target", prediction), "target", "int32", "float32");
  const Request bce = request.with("kind", "bce_with_logits");
  check_refused(workbench, bce.with("target", float32({2, 2}, {0, 1, 1.5, 0})), "target", "from 0 to 1",
                "1.5");
  check_refused(workbench, bce.with("target", float32({2, 2}, {0, -0.5, 1, 0})), "target", "from 0 to 1",
                "-0.5");
  check_refused(workbench, bce.with("target", int32({2}, {0, 1})), "target", "like prediction", "int32");
}

TEST_CASE_TEMPLATE("SGD returns the moved tensors and leaves those given", T, float, double) {
  const Golden golden("sgd.txt");
  Workbench workbench;
  for (const std::string name :
       {"plain", "momentum_weight_decay", "nesterov_weight_decay", "decoupled_momentum"}) {
    const bool decoupled = name.find("decoupled") == 0;
    Request request{"sgd_step",
                    {{"parameter", given<T>(golden, "parameter")},
                     {"velocity", array<T>({5}, std::vector<T>(5, T(0)))},
                     {"lr", golden.number(name + "/lr")},
                     {"momentum", golden.number(name + "/momentum")},
                     {"weight_decay", golden.number(name + "/weight_decay")},
                     {"nesterov", name.find("nesterov") == 0},
                     {"decoupled", decoupled}}};
    for (const std::string k : {"0", "1", "2", "3"}) {
      const Answer answer = ask_well(workbench, request.with("gradient", given<T>(golden, "gradient/" + k)));
      const std::string at = name + "/" + (decoupled ? "float64" : dtype_name<T>()) + "/" + k + "/";
      check_close(answer.values("parameter"), golden.values<T>(at + "parameter"), kTolerance<T>,
                  at + "parameter");
      if (golden.has(at + "velocity"))
        check_close(answer.values("velocity"), golden.values<T>(at + "velocity"), kTolerance<T>,
                    at + "velocity");
      request.arguments["parameter"] = answer.array("parameter");
      request.arguments["velocity"] = answer.array("velocity");
    }
  }
}

TEST_CASE("SGD's arguments go together") {
  Workbench workbench;
  const Array w = float32({2}, {1, 2});
  const Request request{"sgd_step", {{"parameter", w}, {"gradient", w}, {"lr", 0.1}}};
  CHECK_FALSE(ask_well(workbench, request).has("velocity"));
  check_refused(workbench, request.with("momentum", 0.9), "velocity", "like parameter", "nothing");
  check_refused(workbench, request.with("nesterov", true), "nesterov", "false without momentum",
                "true with momentum 0");
  check_refused(workbench, request.with("momentum", 1.1), "momentum", "from 0 to 1", "1.1");
  check_refused(workbench, request.with("lr", -0.1), "lr", "from 0", "-0.1");
}

TEST_CASE("random numbers are the streams'") {
  const Golden golden("random.txt");
  Workbench workbench;
  for (const std::string seed : {"1", "4294967295"}) {
    for (const char* stream : {"data", "init", "order"}) {
      for (const char* kind : {"uniform", "normal", "permutation"}) {
        const std::string name = seed + "/" + stream + "/" + kind;
        const std::vector<double> expected = golden.values<double>(name);
        const Answer answer = ask_well(workbench, {"random",
                                                   {{"seed", std::stod(seed)},
                                                    {"stream", stream},
                                                    {"kind", kind},
                                                    {"count", static_cast<double>(expected.size())}}});
        check_same_bits(answer.values("values"), expected, name);
      }
    }
  }
}

TEST_CASE("a seed is a whole number of 32 bits") {
  Workbench workbench;
  const Request request{"random", {{"stream", "data"}, {"kind", "uniform"}, {"count", 3.0}}};
  for (const double good : {0.0, 2147483648.0, 4294967295.0})
    CHECK(ask(workbench, request.with("seed", good)).ok());
  for (const double bad : {-1.0, 0.5, 4294967296.0})
    check_refused(workbench, request.with("seed", bad), "seed", "a whole number from 0 to 4294967295",
                  to_text(bad));
  check_refused(workbench, request.with("seed", 1.0).with("count", 0.0), "count", "from 1", "0");
}
