#include "workbench.hpp"

#include "workbench_models.hpp"

namespace bnlab {

Workbench::Workbench() {
  operations_["version"] = [](Arguments& in, Reply& out) {
    if (Status status = in.finish(); !status.ok()) return status;
    out.add("version", std::string(kVersion));
    out.add("simd", Eigen::internal::packet_traits<float>::Vectorizable != 0);
    return Status();
  };
  register_batch_norm(operations_);
  register_operators(operations_);
  register_models();
}

Workbench::~Workbench() = default;

Status Workbench::call(std::string_view operation, Arguments& arguments, Reply& reply) {
  const auto found = operations_.find(operation);
  if (found == operations_.end())
    return Error{"operation", "the name of an operation", "'" + std::string(operation) + "'", ""};
  return found->second(arguments, reply);
}

std::vector<std::string> Workbench::operations() const {
  std::vector<std::string> names;
  for (const auto& [name, operation] : operations_) names.push_back(name);
  return names;
}

}  // namespace bnlab
