#include "core/gemm.hpp"

#include <doctest/doctest.h>

#include "support/compare.hpp"
#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

namespace {

// Where a multiply-add rounds once, the product is no longer that of the plain loop to the last bit.
#if defined(EIGEN_VECTORIZE_FMA) || defined(__ARM_FEATURE_FMA)
constexpr bool kFused = true;
#else
constexpr bool kFused = false;
#endif

// The definition: one product after the other, in the order of k.
template <typename T>
std::vector<T> plain_product(Index m, Index n, Index k, const Operand<T>& a, const Operand<T>& b,
                             std::vector<T> c) {
  for (Index i = 0; i < m; ++i)
    for (Index j = 0; j < n; ++j)
      for (Index p = 0; p < k; ++p)
        c[size_of(i * n + j)] +=
            a.data[i * a.row_stride + p * a.col_stride] * b.data[p * b.row_stride + j * b.col_stride];
  return c;
}

template <typename T>
bool agrees(const std::vector<T>& actual, const std::vector<T>& expected) {
  if (!kFused) return actual == expected;
  return all_close({actual.begin(), actual.end()}, {expected.begin(), expected.end()}, {1e-3, 1e-4});
}

// A run of values long enough for every operand of this file.
template <typename T>
const std::vector<T>& pool(std::uint64_t seed) {
  static const std::vector<T> first = random_values<T>(120000, 1);
  static const std::vector<T> second = random_values<T>(120000, 2);
  return seed == 1 ? first : second;
}

// Both ways of storing each side, both ways of writing C; how many of the eight products were wrong.
template <typename T>
int wrong_products(Index m, Index n, Index k) {
  const T* left = pool<T>(1).data();
  const T* right = pool<T>(2).data();
  const std::vector<T> before = random_values<T>(m * n, 3);
  int wrong = 0;
  for (const Operand<T>& a : {as_is(left, k), transposed(left, m)}) {
    for (const Operand<T>& b : {as_is(right, n), transposed(right, k)}) {
      for (const bool accumulate : {false, true}) {
        std::vector<T> c = before;
        gemm(m, n, k, a, b, c.data(), accumulate);
        const std::vector<T> start = accumulate ? before : std::vector<T>(before.size(), T(0));
        if (!agrees(c, plain_product(m, n, k, a, b, start))) ++wrong;
      }
    }
  }
  return wrong;
}

}  // namespace

TEST_CASE_TEMPLATE("a product small enough to check by hand", T, float, double) {
  //            ⎡ 7  8⎤
  // ⎡1 2 3⎤  · ⎢ 9 10⎥ = ⎡ 58  64⎤
  // ⎣4 5 6⎦    ⎣11 12⎦   ⎣139 154⎦
  const std::vector<T> a = {1, 2, 3, 4, 5, 6};
  const std::vector<T> b = {7, 8, 9, 10, 11, 12};
  std::vector<T> c(4, T(1000));
  gemm<T>(2, 2, 3, as_is(a.data(), 3), as_is(b.data(), 2), c.data(), false);
  CHECK(c == std::vector<T>{58, 64, 139, 154});
  gemm<T>(2, 2, 3, as_is(a.data(), 3), as_is(b.data(), 2), c.data(), true);
  CHECK(c == std::vector<T>{116, 128, 278, 308});
}

TEST_CASE_TEMPLATE("every size and transpose is the plain loop to the last bit", T, float, double) {
  for (const Index m : {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33}) {
    for (const Index n : {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33}) {
      for (const Index k : {1, 2, 3, 4, 5, 8, 9, 17, 33}) {
        const int wrong = wrong_products<T>(m, n, k);
        CHECK_MESSAGE(wrong == 0, m << "x" << n << "x" << k << ": " << wrong << " of 8 products");
      }
    }
  }
}

TEST_CASE_TEMPLATE("so is a sum longer than one packed panel", T, float, double) {
  for (const Index k : {255, 256, 257, 511, 512, 513, 700}) {
    for (const Index m : {1, 4, 6, 9}) {
      for (const Index n : {1, 5, 8, 19}) {
        const int wrong = wrong_products<T>(m, n, k);
        CHECK_MESSAGE(wrong == 0, m << "x" << n << "x" << k << ": " << wrong << " of 8 products");
      }
    }
  }
}

TEST_CASE_TEMPLATE("the products of training agree with Eigen's", T, float, double) {
  for (const auto& [m, n, k] :
       {std::array<Index, 3>{60, 100, 784}, {32, 32, 2}, {100, 10, 60}, {129, 65, 300}}) {
    const ConstMatrixMap<T> a(pool<T>(1).data(), m, k);
    const ConstMatrixMap<T> b(pool<T>(2).data(), k, n);
    Matrix<T> expected(m, n);
    expected.noalias() = a * b;
    Matrix<T> c(m, n);
    gemm<T>(m, n, k, as_is(a.data(), k), as_is(b.data(), n), c.data(), false);
    // Eigen adds in another order; two sums of k terms may differ by this much (Higham 2002, §3.1).
    Matrix<T> bound(m, n);
    bound.noalias() = a.cwiseAbs() * b.cwiseAbs();
    bound *= static_cast<T>(k) * std::numeric_limits<T>::epsilon();
    CHECK(((c - expected).cwiseAbs().array() <= bound.array()).all());
  }
}

TEST_CASE_TEMPLATE("operands may be parts of larger matrices", T, float, double) {
  const T* left = pool<T>(1).data();
  const T* right = pool<T>(2).data();
  for (const Index m : {1, 3, 4, 6, 13}) {
    for (const Index n : {1, 4, 7, 8, 21}) {
      const Index k = 11;
      for (const Operand<T>& a : {Operand<T>{left + 5, k + 3, 1}, Operand<T>{left + 2, 1, m + 4}}) {
        for (const Operand<T>& b :
             {Operand<T>{right + 1, n + 2, 1}, Operand<T>{right + 7, 1, k + 5}, Operand<T>{right, 2, 60}}) {
          std::vector<T> c(size_of(m * n));
          gemm(m, n, k, a, b, c.data(), false);
          CHECK(agrees(c, plain_product(m, n, k, a, b, std::vector<T>(c.size(), T(0)))));
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("an empty sum is zero, or nothing to add", T, float, double) {
  const T* values = pool<T>(1).data();
  std::vector<T> c = {1, 2, 3, 4};
  gemm<T>(2, 2, 0, as_is(values, 0), as_is(values, 2), c.data(), true);
  CHECK(c == std::vector<T>{1, 2, 3, 4});
  gemm<T>(0, 2, 2, as_is(values, 2), as_is(values, 2), c.data(), false);
  gemm<T>(2, 0, 2, as_is(values, 2), as_is(values, 0), c.data(), false);
  CHECK(c == std::vector<T>{1, 2, 3, 4});
  gemm<T>(2, 2, 0, as_is(values, 0), as_is(values, 2), c.data(), false);
  CHECK(c == std::vector<T>{0, 0, 0, 0});
}

TEST_CASE_TEMPLATE("nothing is read or written beyond the matrices", T, float, double) {
  // The address sanitizer watches the ends of these exactly sized buffers.
  for (const Index m : {1, 3, 5, 8}) {
    for (const Index n : {1, 3, 5, 9, 17}) {
      for (const Index k : {1, 3, 6}) {
        const std::vector<T> a = random_values<T>(m * k, 1);
        const std::vector<T> b = random_values<T>(k * n, 2);
        for (const bool turn_a : {false, true}) {
          for (const bool turn_b : {false, true}) {
            std::vector<T> c(size_of(m * n + 1), T(42));
            gemm(m, n, k, turn_a ? transposed(a.data(), m) : as_is(a.data(), k),
                 turn_b ? transposed(b.data(), k) : as_is(b.data(), n), c.data(), false);
            CHECK(c.back() == T(42));
          }
        }
      }
    }
  }
}
