#include "nn/dropout.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
std::vector<T> mask_of(double p, Index size, std::uint64_t seed) {
  Random random(seed, Stream::kDropout);
  std::vector<T> mask(size_of(size));
  dropout_mask(p, size, random, mask.data());
  return mask;
}

}  // namespace

TEST_CASE_TEMPLATE("a mask holds 0 where a uniform number is below p, else 1/(1−p)", T, float, double) {
  Random random(5, Stream::kDropout);
  const std::vector<T> mask = mask_of<T>(0.2, 1000, 5);
  for (const T value : mask) CHECK(value == (random.uniform() < 0.2 ? T(0) : T(1.25)));
}

TEST_CASE("the share of zeros is p, within four standard deviations") {
  constexpr Index kSize = 20000;
  for (const double p : {0.05, 0.2, 0.5, 0.9}) {
    double zeros = 0;
    for (const float value : mask_of<float>(p, kSize, 1)) zeros += value == 0 ? 1 : 0;
    const double sigma = std::sqrt(p * (1 - p) / kSize);
    CHECK(std::abs(zeros / kSize - p) < 4 * sigma);
  }
}

TEST_CASE_TEMPLATE("p = 0 keeps everything as it is", T, float, double) {
  CHECK(mask_of<T>(0, 100, 1) == std::vector<T>(100, T(1)));
}

TEST_CASE("what a smaller p drops, a larger one drops too") {
  const std::vector<double> few = mask_of<double>(0.3, 500, 9);
  const std::vector<double> many = mask_of<double>(0.6, 500, 9);
  for (std::size_t i = 0; i < few.size(); ++i)
    if (few[i] == 0) CHECK(many[i] == 0);
}

TEST_CASE("the same seed drops the same values, in float as in double; another seed others") {
  const std::vector<float> mask = mask_of<float>(0.5, 300, 3);
  CHECK(mask_of<float>(0.5, 300, 3) == mask);
  check_close(mask_of<double>(0.5, 300, 3), mask, {}, "double");
  CHECK(mask_of<float>(0.5, 300, 4) != mask);
}

TEST_CASE_TEMPLATE("forward and backward multiply by the mask, at every size", T, float, double) {
  for (const Index size : {1, 2, 3, 4, 5, 8, 9, 17, 33}) {
    const std::vector<T> x = random_values<T>(size, 1);
    const std::vector<T> dy = random_values<T>(size, 2);
    const std::vector<T> mask = mask_of<T>(0.4, size, 7);
    std::vector<T> y(x.size());
    std::vector<T> dx(x.size());
    dropout_forward(size, x.data(), mask.data(), y.data());
    dropout_backward(size, dy.data(), mask.data(), dx.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      CHECK(y[i] == x[i] * mask[i]);
      CHECK(dx[i] == dy[i] * mask[i]);
    }
  }
}

TEST_CASE_TEMPLATE("NaN is never dropped", T, float, double) {
  const std::vector<T> x(2, std::numeric_limits<T>::quiet_NaN());
  const std::vector<T> mask = {0, 2};
  std::vector<T> y(2);
  dropout_forward<T>(2, x.data(), mask.data(), y.data());
  CHECK(std::isnan(y[0]));
  CHECK(std::isnan(y[1]));
}

// Why dropout before BN leaves a gap: inference sees the variance without the masks.
TEST_CASE("the mean stays, the variance grows by p/(1−p)·E[x²]") {
  constexpr Index kSize = 200000;
  const double p = 0.5;
  const std::vector<double> x = random_values<double>(kSize, 11, 1, 1);
  const std::vector<double> mask = mask_of<double>(p, kSize, 12);
  double mean_x = 0, mean_y = 0, square_x = 0, square_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double y = x[i] * mask[i];
    mean_x += x[i] / kSize;
    mean_y += y / kSize;
    square_x += x[i] * x[i] / kSize;
    square_y += y * y / kSize;
  }
  CHECK(mean_y == doctest::Approx(mean_x).epsilon(0.02));
  const double growth = square_y - mean_y * mean_y - (square_x - mean_x * mean_x);
  CHECK(growth == doctest::Approx(p / (1 - p) * square_x).epsilon(0.02));
}
