#include "core/elementwise.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// Every function at every size against the standard library, to another place and in place.
template <template <typename> class F, typename T>
void check_function(double (*expected)(double), double mean, double std, const std::string& what) {
  // A few units in the last place, of the result or of 1.
  const double ulps = 4 * static_cast<double>(std::numeric_limits<T>::epsilon());
  for (const Index size : {0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 33}) {
    std::vector<T> x = random_values<T>(size, 1, mean, std);
    for (T& value : x) value = mean > 0 ? std::abs(value) : value;
    std::vector<double> wanted;
    for (const T value : x) wanted.push_back(expected(static_cast<double>(value)));
    std::vector<T> y(size_of(size) + 1, T(42));
    elementwise<F>(size, x.data(), y.data());
    CHECK(y.back() == T(42));
    y.pop_back();
    check_close(y, wanted, {ulps, ulps}, what);
    elementwise<F>(size, x.data(), x.data());
    check_same_bits(x, y, what + " in place");
  }
}

}  // namespace

TEST_CASE_TEMPLATE("each function is the standard library's", T, float, double) {
  check_function<ExpOp, T>([](double x) { return std::exp(x); }, 0, 3, "exp");
  check_function<Log1pOp, T>([](double x) { return std::log1p(x); }, 0.5, 0.3, "log1p");
  check_function<LogisticOp, T>([](double x) { return 1 / (1 + std::exp(-x)); }, 0, 3, "logistic");
  check_function<TanhOp, T>([](double x) { return std::tanh(x); }, 0, 2, "tanh");
}

TEST_CASE_TEMPLATE("NaN stays NaN in every place", T, float, double) {
  for (std::size_t place = 0; place < 9; ++place) {
    std::vector<T> x(9, T(0.5));
    x[place] = std::numeric_limits<T>::quiet_NaN();
    std::vector<T> y(9);
    const auto check = [&](auto&& function) {
      function(x.data(), y.data());
      for (std::size_t i = 0; i < 9; ++i) CHECK(std::isnan(y[i]) == (i == place));
    };
    check([](const T* from, T* to) { elementwise<ExpOp>(9, from, to); });
    check([](const T* from, T* to) { elementwise<Log1pOp>(9, from, to); });
    check([](const T* from, T* to) { elementwise<LogisticOp>(9, from, to); });
    check([](const T* from, T* to) { elementwise<TanhOp>(9, from, to); });
  }
}

TEST_CASE("in double, e^x and the logistic function end where they must") {
  const double x[] = {-1000, -40, 0, 40, 1000};
  double y[5];
  elementwise<ExpOp>(5, x, y);
  CHECK(y[0] == 0);
  CHECK(y[1] == doctest::Approx(std::exp(-40)).epsilon(1e-15));
  CHECK(y[2] == 1);
  CHECK(y[3] == doctest::Approx(std::exp(40)).epsilon(1e-15));
  CHECK(y[4] == std::numeric_limits<double>::infinity());
  elementwise<LogisticOp>(5, x, y);
  CHECK(y[0] == 0);
  CHECK(y[1] == doctest::Approx(std::exp(-40)).epsilon(1e-15));
  CHECK(y[2] == 0.5);
  CHECK(y[4] == 1);
}
