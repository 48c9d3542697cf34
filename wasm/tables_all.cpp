#include <array>

#include "workbench.hpp"

namespace bnlab {

// Everything: for the Lab, its pool, and whoever imports the engine.
std::span<const std::span<const Operation>> operation_tables() {
  static const std::array tables{
      own_operations(),      batch_norm_operations(),  neuron_operations(), normalization_operations(),
      operator_operations(), convolution_operations(), data_operations(),   model_operations()};
  return tables;
}

}  // namespace bnlab
