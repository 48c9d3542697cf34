#include <array>

#include "workbench.hpp"

namespace bnlab {

// What measured experiments take: StudyOperation in web/protocol/operations.ts names the same operations.
std::span<const std::span<const Operation>> operation_tables() {
  static const std::array tables{own_operations(), catalogue_operations()};
  return tables;
}

}  // namespace bnlab
