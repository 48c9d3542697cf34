#include <array>

#include "workbench.hpp"

namespace bnlab {

// What figures compute on a few numbers, without data sets and models. FigureOperation in web/protocol/operations.ts names
// the same operations.
std::span<const std::span<const Operation>> operation_tables() {
  static const std::array tables{own_operations(), batch_norm_operations(), neuron_operations(),
                                 operator_operations()};
  return tables;
}

}  // namespace bnlab
