// Index and view types shared by the whole engine.
//
// Everything is row-major with one row per example. Ops take plain pointers to contiguous storage and a shape; inside
// they look at it through these Eigen maps. B is the number of examples, C the number of features (channels).
#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace bnlab {

using Index = Eigen::Index;
using Index32 = std::int32_t;  // where many are kept

template <typename T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// A flat run of values, seen elementwise.
template <typename T>
using ArrayMap = Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>>;
template <typename T>
using ConstArrayMap = Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>;

template <typename T>
using MatrixMap = Eigen::Map<Matrix<T>>;
template <typename T>
using ConstMatrixMap = Eigen::Map<const Matrix<T>>;

// Shape of a normalised tensor: (B, C) has spatial = 1, (B, C, H, W) has spatial = H·W.
struct ChannelShape {
  Index batch = 0;
  Index channels = 0;
  Index spatial = 1;

  [[nodiscard]] Index size() const { return batch * channels * spatial; }
  // m: how many values one channel's statistics are taken over.
  [[nodiscard]] Index reduction() const { return batch * spatial; }
};

}  // namespace bnlab
