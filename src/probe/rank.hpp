// How different a layer's representations of different examples are.
//
// Both numbers go by the products of pairs of rows, G = Z·Zᵀ. The mean cosine is 1 where all rows point the same way. The
// participation rank (ΣGᵢᵢ)²/ΣGᵢⱼ² is how many directions share the sum of squares: r where r orthogonal directions have
// equal parts of it, 1 where there is only one.
#pragma once

#include <cmath>
#include <limits>

#include "core/types.hpp"

namespace bnlab {

struct Similarity {
  double cosine = std::numeric_limits<double>::quiet_NaN();  // mean over pairs; where two rows are not 0
  double rank = std::numeric_limits<double>::quiet_NaN();    // where one is not
};

// values (B, units), finite.
template <typename T>
Similarity similarity(const T* values, Index batch, Index units) {
  const Matrix<double> z = ConstMatrixMap<T>(values, batch, units).template cast<double>();
  // The sum of squares is on the way twice, and may leave the range of numbers; scale does not matter.
  const double largest = z.size() > 0 ? z.cwiseAbs().maxCoeff() : 0;
  Similarity result;
  if (!(largest > 0)) return result;
  const Matrix<double> scaled = z / largest;
  const Matrix<double> products = scaled * scaled.transpose();
  result.rank = products.trace() * products.trace() / products.squaredNorm();
  double sum = 0;
  double pairs = 0;
  for (Index i = 0; i < batch; ++i) {
    for (Index j = 0; j < i; ++j) {
      const double squares = products(i, i) * products(j, j);
      if (squares <= 0) continue;
      sum += products(i, j) / std::sqrt(squares);
      ++pairs;
    }
  }
  if (pairs > 0) result.cosine = sum / pairs;
  return result;
}

}  // namespace bnlab
