#include "nn/linear.hpp"

#include <doctest/doctest.h>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
struct LinearCase {
  LinearShape shape;
  std::vector<T> x, weight, bias, dy;
  std::vector<T> y, dx, dweight, dbias;

  void forward() {
    y.resize(size_of(shape.batch * shape.out));
    linear_forward(shape, x.data(), weight.data(), bias.empty() ? nullptr : bias.data(), y.data());
  }
  void backward() {
    dx.resize(x.size());
    dweight.resize(weight.size());
    dbias.resize(size_of(shape.out));
    linear_backward(shape, x.data(), weight.data(), dy.data(), dx.data(), dweight.data(), dbias.data());
  }
};

template <typename T>
LinearCase<T> random_linear(LinearShape shape) {
  LinearCase<T> c;
  c.shape = shape;
  c.x = random_values<T>(shape.batch * shape.in, 1);
  c.weight = random_values<T>(shape.in * shape.out, 2);
  c.bias = random_values<T>(shape.out, 3);
  c.dy = random_values<T>(shape.batch * shape.out, 4);
  return c;
}

// (rows, columns) turned.
template <typename T>
std::vector<T> turned(const std::vector<T>& values, Index rows, Index columns) {
  std::vector<T> result(values.size());
  MatrixMap<T>(result.data(), columns, rows) = ConstMatrixMap<T>(values.data(), rows, columns).transpose();
  return result;
}

}  // namespace

TEST_CASE_TEMPLATE("a layer by hand", T, float, double) {
  LinearCase<T> c;
  c.shape = {2, 3, 2};
  c.x = {1, 2, 3, -1, 0, 2};
  c.weight = {1, -2, 0, 1, 2, 4};  // (in, out): the second output is −2x₀ + x₁ + 4x₂
  c.bias = {10, 20};
  c.dy = {1, 2, 3, -1};
  c.forward();
  CHECK(c.y == std::vector<T>{17, 32, 13, 30});
  c.backward();
  CHECK(c.dweight == std::vector<T>{-2, 3, 2, 4, 9, 4});
  CHECK(c.dbias == std::vector<T>{4, 1});
  CHECK(c.dx == std::vector<T>{-3, 2, 10, 5, -1, 2});
  c.bias.clear();
  c.forward();
  CHECK(c.y == std::vector<T>{7, 12, 3, 10});
}

TEST_CASE_TEMPLATE("outputs and gradients are PyTorch's", T, float, double) {
  const Golden golden("layers.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{2e-6, 1e-6} : Tolerance{1e-14, 1e-14};
  LinearCase<T> c;
  c.shape = {5, 7, 3};
  c.x = golden.values<T>("linear/x");
  c.weight = turned(golden.values<T>("linear/weight"), 3, 7);
  c.bias = golden.values<T>("linear/bias");
  c.dy = golden.values<T>("linear/dy");
  c.forward();
  c.backward();
  const std::string at = std::string("linear/") + dtype_name<T>() + "/";
  check_close(c.y, golden.values<T>(at + "y"), tolerance, "y");
  check_close(c.dx, golden.values<T>(at + "dx"), tolerance, "dx");
  check_close(turned(c.dweight, 7, 3), golden.values<T>(at + "dweight"), tolerance, "dweight");
  check_close(c.dbias, golden.values<T>(at + "dbias"), tolerance, "dbias");
}

TEST_CASE("gradients agree with finite differences at every size") {
  for (const Index batch : {1, 2, 3, 5}) {
    for (const Index in : {1, 2, 3, 9}) {
      for (const Index out : {1, 2, 3, 5, 17}) {
        CAPTURE(batch);
        CAPTURE(in);
        CAPTURE(out);
        LinearCase<double> c = random_linear<double>({batch, in, out});
        c.backward();
        const auto loss = [&] {
          c.forward();
          return probe_loss(c.dy, c.y);
        };
        check_gradient(c.x, c.dx, loss, "dx");
        check_gradient(c.weight, c.dweight, loss, "dweight");
        check_gradient(c.bias, c.dbias, loss, "dbias");
      }
    }
  }
}

TEST_CASE("without an input gradient or a bias the rest is the same") {
  LinearCase<float> c = random_linear<float>({6, 5, 7});
  c.backward();
  std::vector<float> dweight(c.weight.size());
  linear_backward<float>(c.shape, c.x.data(), c.weight.data(), c.dy.data(), nullptr, dweight.data(), nullptr);
  check_same_bits(dweight, c.dweight, "dweight");
}
