// Batch normalization folded into the linear layer before it.
#include <doctest/doctest.h>

#include "nn/linear.hpp"
#include "support/batch_norm.hpp"
#include "support/compare.hpp"
#include "support/golden.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// PyTorch's (out, in) as the engine's (in, out), or back.
std::vector<double> turned(const std::vector<double>& values, Index rows, Index columns) {
  std::vector<double> result(values.size());
  MatrixMap<double>(result.data(), columns, rows) =
      ConstMatrixMap<double>(values.data(), rows, columns).transpose();
  return result;
}

}  // namespace

TEST_CASE_TEMPLATE("by hand", T, float, double) {
  // √(V+ε) is 2 and 4, so s = (3, −¼).
  std::vector<T> weight = {1, 2, -1, 8};
  std::vector<T> bias = {5, 6};
  const std::vector<T> gamma = {6, -1};
  const std::vector<T> beta = {1, 2};
  const std::vector<T> mean = {4, 2};
  const std::vector<T> var = {3, 15};
  batch_norm_fold<T>(2, 2, gamma.data(), beta.data(), mean.data(), var.data(), 1, weight.data(), bias.data());
  CHECK(weight == std::vector<T>{3, -0.5, -3, -2});
  CHECK(bias == std::vector<T>{4, 1});
}

TEST_CASE("the folded layer is PyTorch's, and computes what both did") {
  const Golden golden("fold.txt");
  const auto given = [&](const char* name) { return golden.values<double>(name); };
  const std::vector<double> x = given("x");
  std::vector<double> weight = turned(given("weight"), 4, 3);
  std::vector<double> bias = given("bias");
  batch_norm_fold<double>(3, 4, given("gamma").data(), given("beta").data(), given("running_mean").data(),
                          given("running_var").data(), golden.number("eps"), weight.data(), bias.data());
  check_close(turned(weight, 3, 4), given("folded/weight"), {1e-15, 1e-14}, "weight");
  check_close(bias, given("folded/bias"), {1e-15, 1e-14}, "bias");

  std::vector<double> y(20);
  linear_forward<double>({5, 3, 4}, x.data(), weight.data(), bias.data(), y.data());
  check_close(y, given("y"), {1e-14, 1e-14}, "y");
}

TEST_CASE_TEMPLATE("at every size, with and without affine parameters, folding changes no output", T, float,
                   double) {
  const double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-13;
  for (const Index in : {1, 2, 3, 17}) {
    for (const Index out : {1, 2, 3, 5, 33}) {
      for (const bool affine : {true, false}) {
        CAPTURE(in);
        CAPTURE(out);
        CAPTURE(affine);
        const LinearShape shape{5, in, out};
        BatchNormCase<T> norm = random_case<T>({5, out, 1}, 1);
        if (!affine) {
          norm.gamma.clear();
          norm.beta.clear();
        }
        const std::vector<T> x = random_values<T>(5 * in, 10);
        std::vector<T> weight = random_values<T>(in * out, 11);
        std::vector<T> bias = random_values<T>(out, 12);
        linear_forward(shape, x.data(), weight.data(), bias.data(), norm.x.data());
        const std::vector<T> expected = pass_in_inference(norm).y;

        batch_norm_fold(in, out, norm.gamma_or_null(), norm.beta_or_null(), norm.running_mean.data(),
                        norm.running_var.data(), norm.eps, weight.data(), bias.data());
        std::vector<T> y(expected.size());
        linear_forward(shape, x.data(), weight.data(), bias.data(), y.data());
        check_close(y, expected, {tolerance, tolerance}, "folded output");
      }
    }
  }
}
