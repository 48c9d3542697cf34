// The other normalisations through the workbench: the values, and the refusals that depend on them.
#include <doctest/doctest.h>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/request.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// What of a case of normalizations.txt an operation takes.
template <typename T>
Request golden_request(const Golden& golden, const std::string& operation, const std::string& name,
                       std::initializer_list<const char*> tensors,
                       std::initializer_list<const char*> numbers) {
  Request request{operation, {{"eps", golden.number(name + "/eps")}}};
  for (const std::string tensor : tensors)
    if (golden.has(name + "/" + tensor))
      request.arguments[tensor] =
          array(golden.shape(name + "/" + tensor), golden.values<T>(name + "/" + tensor));
  for (const std::string number : numbers) request.arguments[number] = golden.number(name + "/" + number);
  return request;
}

// Checks those results that are among the reference values, shapes too, and that there are as many as expected.
template <typename T>
void check_results(const Answer& answer, const Golden& golden, const std::string& name,
                   std::size_t expected) {
  const std::string at = name + "/" + dtype_name<T>() + "/";
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{8e-6, 8e-6} : Tolerance{2e-14, 1e-13};
  std::size_t checked = 0;
  for (const Reply::Leaf& leaf : answer.reply.leaves()) {
    if (!golden.has(at + leaf.first)) continue;
    check_close(answer.values(leaf.first), golden.values<T>(at + leaf.first), tolerance, at + leaf.first);
    CHECK(answer.array(leaf.first).shape == golden.shape(at + leaf.first));
    ++checked;
  }
  CHECK(checked == expected);
}

}  // namespace

TEST_CASE_TEMPLATE("layer, group and instance norm are PyTorch's", T, float, double) {
  const Golden golden("normalizations.txt");
  Workbench workbench;
  for (const std::string name : {"layer", "layer_wide", "layer_pictures", "layer_channels", "group",
                                 "group_pictures", "group_plain", "instance"}) {
    check_results<T>(ask_well(workbench, golden_request<T>(golden, "group_norm_forward", name,
                                                           {"x", "gamma", "beta"}, {"groups"})),
                     golden, name, 1);
    check_results<T>(ask_well(workbench, golden_request<T>(golden, "group_norm_backward", name,
                                                           {"x", "gamma", "dy"}, {"groups"})),
                     golden, name, name == "group_plain" ? 1 : 3);
  }
}

TEST_CASE_TEMPLATE("batch renorm and lp norm are their definitions", T, float, double) {
  const Golden golden("normalizations.txt");
  Workbench workbench;
  for (const std::string name : {"renorm_free", "renorm_bounded", "renorm_pictures", "renorm_closed"}) {
    check_results<T>(
        ask_well(workbench, golden_request<T>(golden, "batch_renorm_forward", name,
                                              {"x", "gamma", "beta", "running_mean", "running_std"},
                                              {"r_max", "d_max"})),
        golden, name, 4);
    check_results<T>(
        ask_well(workbench,
                 golden_request<T>(golden, "batch_renorm_backward", name,
                                   {"x", "gamma", "dy", "running_mean", "running_std"}, {"r_max", "d_max"})),
        golden, name, 3);
  }
  for (const std::string name : {"l1", "l2", "linf", "l1_pictures", "l2_pictures", "linf_pictures"}) {
    const auto with_p = [&](const Request& request) {
      const double p = golden.number(name + "/p");
      return p > 0 ? request.with("p", p) : request.with("p", "inf");
    };
    check_results<T>(ask_well(workbench, with_p(golden_request<T>(golden, "lp_norm_forward", name,
                                                                  {"x", "gamma", "beta"}, {}))),
                     golden, name, 4);
    check_results<T>(ask_well(workbench, with_p(golden_request<T>(golden, "lp_norm_backward", name,
                                                                  {"x", "gamma", "dy"}, {}))),
                     golden, name, 3);
  }
}

TEST_CASE("group norm says what it divided by, per example and group") {
  Workbench workbench;
  const Answer answer = ask_well(
      workbench,
      {"group_norm_forward", {{"x", float64({1, 4}, {-1, 1, 4, 2})}, {"groups", 2.0}, {"eps", 3.0}}});
  CHECK(answer.values("xhat") == std::vector<double>{-0.5, 0.5, 0.5, -0.5});
  CHECK(answer.values("mean") == std::vector<double>{0, 3});
  CHECK(answer.values("rstd") == std::vector<double>{0.5, 0.5});
  CHECK(answer.array("rstd").shape == std::vector<Index>{1, 2});
}

TEST_CASE("groups divide the channels and have more than one value") {
  Workbench workbench;
  const Request rows{"group_norm_forward",
                     {{"x", float32({2, 6}, std::vector<double>(12, 1))}, {"groups", 4.0}}};
  check_refused(workbench, rows, "groups", "a divisor of the 6 channels", "4");
  check_refused(workbench, rows.with("groups", 7.0), "groups", "from 1 to 6", "7");
  check_refused(workbench, rows.with("groups", 0.0), "groups", "from 1 to 6", "0");
  check_refused(workbench, rows.with("groups", 6.0), "groups", "more than one value per group", "one value");
  CHECK(ask(workbench, rows.with("groups", 6.0).with("x", float32({1, 6, 1, 2}, std::vector<double>(12, 1))))
            .ok());
}

TEST_CASE("γ and β are of every channel, or of every element where all channels are one group") {
  Workbench workbench;
  const Array of_elements = float32({2, 1, 3}, {1, 2, 3, 4, 5, 6});
  const Request pictures{"group_norm_forward",
                         {{"x", float32({2, 2, 1, 3}, {1, 2, 3, 4, 5, 6, 1, 0, 2, 0, 3, 0})},
                          {"groups", 1.0},
                          {"gamma", of_elements},
                          {"beta", of_elements}}};
  CHECK(ask(workbench, pictures).ok());
  check_refused(workbench, pictures.with("beta", float32({2}, {1, 2})), "beta", "shape (2, 1, 3)", "(2,)");
  check_refused(workbench, pictures.with("gamma", float32({2}, {1, 2})), "gamma", "shape (2, 1, 3)", "(2,)");
  check_refused(workbench, pictures.with("groups", 2.0), "gamma", "shape (2,)", "(2, 1, 3)");
  check_refused(workbench, pictures.with("gamma", float32({1, 2, 3}, {1, 2, 3, 4, 5, 6})), "gamma",
                "shape (2, 1, 3)", "(1, 2, 3)");
}

TEST_CASE("values too large to measure their spread are refused") {
  Workbench workbench;
  const Array huge = float32({3, 2}, {1e30, 1, -1e30, 2, 0, 3});
  check_refused(workbench, {"group_norm_forward", {{"x", huge}, {"groups", 1.0}}}, "x",
                "variance is finite in float32", "Infinity");
  check_refused(
      workbench,
      {"batch_renorm_forward",
       {{"x", huge}, {"running_mean", float32({2}, {0, 0})}, {"running_std", float32({2}, {1, 1})}}},
      "x", "variance is finite in float32", "Infinity");
  check_refused(workbench, {"lp_norm_forward", {{"x", huge}, {"p", 2.0}}}, "x", "spread is finite in float32",
                "Infinity");
  // Which needs no squares.
  CHECK(ask(workbench, {"lp_norm_forward", {{"x", huge}, {"p", 1.0}}}).ok());
  CHECK(ask(workbench, {"lp_norm_forward", {{"x", huge}, {"p", "inf"}}}).ok());
}

TEST_CASE("a batch of one value per channel is refused unless it is to be shown") {
  Workbench workbench;
  const Array one = float64({1, 2}, {3, 4});
  const Array ones = float64({2}, {1, 1});
  const Request requests[] = {
      {"batch_renorm_forward", {{"x", one}, {"running_mean", ones}, {"running_std", ones}}},
      {"batch_renorm_backward", {{"x", one}, {"dy", one}, {"running_mean", ones}, {"running_std", ones}}},
      {"lp_norm_forward", {{"x", one}, {"p", 1.0}, {"beta", ones}}},
      {"lp_norm_backward", {{"x", one}, {"dy", one}, {"p", "inf"}}}};
  for (const Request& request : requests) {
    check_refused(workbench, request, "x", "more than one value per channel", "(1, 2)");
    CHECK(ask(workbench, request.with("single_value", "show")).ok());
  }
  CHECK(ask_well(workbench, requests[2].with("single_value", "show")).values("y") ==
        std::vector<double>{1, 1});
}

TEST_CASE("what cannot be is refused by name") {
  Workbench workbench;
  const Array x = float32({2, 2}, {1, 2, 3, 5});
  const Request renorm{
      "batch_renorm_forward",
      {{"x", x}, {"running_mean", float32({2}, {0, 0})}, {"running_std", float32({2}, {1, 1})}}};
  check_refused(workbench, renorm.with("running_std", float32({2}, {1, 0})), "running_std", "above 0",
                "0 at [1]");
  check_refused(workbench, renorm.with("r_max", 0.5), "r_max", "from 1", "0.5");
  check_refused(workbench, renorm.with("d_max", -1.0), "d_max", "from 0", "-1");
  const Request lp{"lp_norm_forward", {{"x", x}, {"p", 3.0}}};
  check_refused(workbench, lp, "p", "from 1 to 2", "3");
  check_refused(workbench, lp.with("p", "two"), "p", "1, 2 or 'inf'", "'two'");
  check_refused(workbench, lp.with("p", 1.0).with("x", float32({2, 2, 1}, {1, 2, 3, 5})), "x",
                "(B, C) or (B, C, H, W)", "(2, 2, 1)");
}
