#include <array>

#include "workbench.hpp"

namespace bnlab {

// Everything there is, for the one file that has no second binary to fetch: what tables_all.cpp and tables_studies.cpp have,
// in far fewer bytes than both.
std::span<const std::span<const Operation>> operation_tables() {
  static const std::array tables{
      own_operations(),           batch_norm_operations(), neuron_operations(),
      normalization_operations(), operator_operations(),   convolution_operations(),
      data_operations(),          model_operations(),      catalogue_operations()};
  return tables;
}

}  // namespace bnlab
