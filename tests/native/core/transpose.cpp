#include "core/transpose.hpp"

#include <doctest/doctest.h>

#include "support/values.hpp"

using namespace bnlab;
using namespace bnlab::test;

TEST_CASE_TEMPLATE("rows become columns at every size, and nothing else is written", T, float, double) {
  for (const Index rows : {1, 2, 3, 4, 5, 8, 9, 17}) {
    for (const Index columns : {1, 3, 4, 7, 8, 12, 33}) {
      CAPTURE(rows);
      CAPTURE(columns);
      // Both matrices are wider than what is turned.
      const Index from_stride = columns + 3;
      const Index to_stride = rows + 2;
      const std::vector<T> from = random_values<T>(rows * from_stride, 1);
      std::vector<T> to(size_of(columns * to_stride), T(7));
      transpose(rows, columns, from.data(), from_stride, to.data(), to_stride);
      bool right = true;
      for (Index j = 0; j < columns; ++j)
        for (Index i = 0; i < to_stride; ++i)
          right = right &&
                  to[size_of(j * to_stride + i)] == (i < rows ? from[size_of(i * from_stride + j)] : T(7));
      CHECK(right);
    }
  }
}
