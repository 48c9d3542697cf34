#include "workbench.hpp"

namespace bnlab {

namespace {

Status version(Workbench& /*workbench*/, Arguments& in, Reply& out) {
  if (Status status = in.finish(); !status.ok()) return status;
  out.add("version", std::string(kVersion));
  out.add("simd", Eigen::internal::packet_traits<float>::Vectorizable != 0);
  return {};
}

constexpr Operation kOwn[] = {{"version", version}};

}  // namespace

std::span<const Operation> own_operations() { return kOwn; }

Status Workbench::call(std::string_view operation, Arguments& arguments, Reply& reply) {
  for (const std::span<const Operation> table : operation_tables())
    for (const Operation& candidate : table)
      if (operation == candidate.name) return candidate.run(*this, arguments, reply);
  return Error{"operation", "the name of an operation", "'" + std::string(operation) + "'", ""};
}

std::vector<std::string> Workbench::operations() {
  std::vector<std::string> names;
  for (const std::span<const Operation> table : operation_tables())
    for (const Operation& operation : table) names.emplace_back(operation.name);
  return names;
}

Index Workbench::adopt(std::unique_ptr<Model> model) {
  const Index handle = next_handle_++;
  models_[handle] = std::move(model);
  return handle;
}

Index Workbench::adopt(std::shared_ptr<const Split> data) {
  const Index handle = next_handle_++;
  data_[handle] = std::move(data);
  return handle;
}

}  // namespace bnlab
