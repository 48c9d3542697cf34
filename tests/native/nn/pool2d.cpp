#include "nn/pool2d.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "support/compare.hpp"
#include "support/golden.hpp"
#include "support/gradient.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

template <typename T>
struct PoolCase {
  PoolShape shape;
  Pool kind;
  std::vector<T> x, dy;
  std::vector<T> y, dx;
  std::vector<Index32> argmax;

  void forward() {
    y.resize(size_of(shape.batch * shape.out()));
    argmax.resize(y.size());
    if (kind == Pool::kMax)
      max_pool2d_forward(shape, x.data(), y.data(), argmax.data());
    else
      average_pool2d_forward(shape, x.data(), y.data());
  }
  void backward() {
    dx.assign(x.size(), T(7));  // must not matter
    if (kind == Pool::kMax)
      max_pool2d_backward(shape, dy.data(), argmax.data(), dx.data());
    else
      average_pool2d_backward(shape, dy.data(), dx.data());
  }
};

template <typename T>
PoolCase<T> random_pool(const PoolShape& shape, Pool kind) {
  PoolCase<T> c;
  c.shape = shape;
  c.kind = kind;
  c.x = random_values<T>(shape.batch * shape.in(), 1);
  c.dy = random_values<T>(shape.batch * shape.out(), 2);
  return c;
}

template <typename Body>
void for_each_shape(Body&& body) {
  for (const Index size : {1, 2, 3})
    for (const Index stride : {1, 2, 3})
      for (const std::pair<Index, Index>& picture : {std::pair<Index, Index>{3, 3}, {6, 5}, {4, 11}}) {
        CAPTURE(size);
        CAPTURE(stride);
        CAPTURE(picture.first);
        CAPTURE(picture.second);
        body(PoolShape{5, 3, picture.first, picture.second, size,
                       stride});  // 15 pictures: of every width of registers some
      }
}

}  // namespace

TEST_CASE_TEMPLATE("by hand", T, float, double) {
  PoolCase<T> c;
  c.shape = {1, 1, 2, 5, 2, 2};  // the fifth column is left out
  c.x = {1, 2, 8, 4, 9,          //
         4, 3, 0, 8, 9};
  c.dy = {4, 8};
  c.kind = Pool::kMax;
  c.forward();
  CHECK(c.y == std::vector<T>{4, 8});
  CHECK(c.argmax == std::vector<Index32>{5, 2});  // of two eights the first
  c.backward();
  CHECK(c.dx == std::vector<T>{0, 0, 8, 0, 0, 4, 0, 0, 0, 0});
  c.kind = Pool::kAverage;
  c.forward();
  CHECK(c.y == std::vector<T>{2.5, 5});
  c.backward();
  CHECK(c.dx == std::vector<T>{1, 1, 2, 2, 0, 1, 1, 2, 2, 0});
}

TEST_CASE_TEMPLATE("outputs and gradients are PyTorch's", T, float, double) {
  const Golden golden("convolution.txt");
  const Tolerance tolerance = sizeof(T) == 4 ? Tolerance{3e-7, 3e-7} : Tolerance{1e-15, 1e-15};
  for (const char* name : {"halves", "left_out", "overlapping", "apart"}) {
    const std::string given = std::string("pool/") + name + "/";
    const std::vector<Index>& x = golden.shape(given + "x");
    PoolCase<T> c;
    c.shape = {x[0],
               x[1],
               x[2],
               x[3],
               golden.values<std::int32_t>(given + "size")[0],
               golden.values<std::int32_t>(given + "stride")[0]};
    c.x = golden.values<T>(given + "x");
    c.dy = golden.values<T>(given + "dy");
    for (const Pool kind : {Pool::kMax, Pool::kAverage}) {
      c.kind = kind;
      c.forward();
      c.backward();
      const std::string at = given + (kind == Pool::kMax ? "max/" : "average/") + dtype_name<T>() + "/";
      check_close(c.y, golden.values<T>(at + "y"), tolerance, at + "y");
      check_close(c.dx, golden.values<T>(at + "dx"), tolerance, at + "dx");
    }
  }
}

TEST_CASE("gradients agree with finite differences at every size") {
  for_each_shape([](const PoolShape& shape) {
    for (const Pool kind : {Pool::kMax, Pool::kAverage}) {
      PoolCase<double> c = random_pool<double>(shape, kind);
      c.forward();
      c.backward();
      const auto loss = [&] {
        c.forward();
        return probe_loss(c.dy, c.y);
      };
      check_gradient(c.x, c.dx, loss, kind == Pool::kMax ? "max" : "average");
    }
  });
}

TEST_CASE_TEMPLATE("a largest value stands where argmax says, and none in the window exceeds it", T, float,
                   double) {
  for_each_shape([](const PoolShape& shape) {
    PoolCase<T> c = random_pool<T>(shape, Pool::kMax);
    for (T& value : c.x) value = std::round(value);  // ties
    c.forward();
    std::size_t output = 0;
    for (Index picture = 0; picture < shape.batch * shape.channels; ++picture)
      for (Index i = 0; i < shape.out_height(); ++i)
        for (Index j = 0; j < shape.out_width(); ++j, ++output) {
          Index first = -1;
          for (Index u = 0; u < shape.size; ++u)
            for (Index v = 0; v < shape.size; ++v) {
              const Index at =
                  (picture * shape.height + i * shape.stride + u) * shape.width + j * shape.stride + v;
              CHECK(c.x[size_of(at)] <= c.y[output]);
              if (first < 0 && c.x[size_of(at)] == c.y[output]) first = at;
            }
          CHECK(c.argmax[output] == first);
        }
  });
}

TEST_CASE_TEMPLATE("NaN passes, wherever it stands, and backward finds the first of a window", T, float,
                   double) {
  constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();
  constexpr Index kPictures = 13;
  const std::vector<T> window = {1, 4, 2, 3};
  for (Index picture = 0; picture < kPictures; ++picture) {
    for (Index place = 0; place < 4; ++place) {
      PoolCase<T> c = random_pool<T>({1, kPictures, 2, 2, 2, 2}, Pool::kMax);
      for (std::size_t i = 0; i < c.x.size(); ++i) c.x[i] = window[i % 4];
      c.x[size_of(picture * 4 + place)] = kNaN;
      c.x[size_of(picture * 4 + 3)] = kNaN;
      c.forward();
      for (Index p = 0; p < kPictures; ++p) {
        CHECK(std::isnan(c.y[size_of(p)]) == (p == picture));
        CHECK(c.argmax[size_of(p)] == p * 4 + (p == picture ? place : 1));
      }
      c.kind = Pool::kAverage;
      c.forward();
      for (Index p = 0; p < kPictures; ++p) CHECK(std::isnan(c.y[size_of(p)]) == (p == picture));
    }
  }
}

TEST_CASE_TEMPLATE("infinities are values like others", T, float, double) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  PoolCase<T> c = random_pool<T>({1, 5, 2, 2, 2, 2}, Pool::kMax);
  for (std::size_t i = 0; i < c.x.size(); ++i) c.x[i] = i % 4 == 2 ? kInfinity : -kInfinity;
  c.forward();
  for (Index p = 0; p < 5; ++p) {
    CHECK(c.y[size_of(p)] == kInfinity);
    CHECK(c.argmax[size_of(p)] == p * 4 + 2);
  }
}

TEST_CASE_TEMPLATE("windows of one value are the identity", T, float, double) {
  for (const Pool kind : {Pool::kMax, Pool::kAverage}) {
    PoolCase<T> c = random_pool<T>({2, 3, 4, 5, 1, 1}, kind);
    c.forward();
    c.backward();
    CHECK(c.y == c.x);
    CHECK(c.dx == c.dy);
  }
}

TEST_CASE_TEMPLATE("an average over the whole picture is its mean", T, float, double) {
  PoolCase<T> c = random_pool<T>({2, 2, 4, 4, 4, 4}, Pool::kAverage);
  c.forward();
  for (std::size_t picture = 0; picture < 4; ++picture) {
    double sum = 0;
    for (std::size_t i = 0; i < 16; ++i) sum += static_cast<double>(c.x[picture * 16 + i]);
    CHECK(static_cast<double>(c.y[picture]) == doctest::Approx(sum / 16).epsilon(1e-5));
  }
}
