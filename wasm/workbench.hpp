// The workbench: everything a caller can ask of the engine, behind one verb.
//
// It owns models and data, checks every argument before anything changes, and knows nothing of Emscripten: bindings.cpp passes
// names and bytes through, and the native tests call it directly. Operations are described in docs/engine-api.md; web/protocol/operations.ts types them for callers.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "core/status.hpp"
#include "core/version.hpp"
#include "data/dataset.hpp"
#include "message.hpp"
#include "model.hpp"

namespace bnlab {

// The models and the data that exist, by handle. Handles are not used twice, nor for one of each.
using ModelStore = std::map<Index, std::unique_ptr<Model>>;
// Models share the data, which may outlive their handle.
using DataStore = std::map<Index, std::shared_ptr<const Split>>;

class Workbench {
 public:
  // Runs one operation. On an error the reply is meaningless and all state is as it was before.
  Status call(std::string_view operation, Arguments& arguments, Reply& reply);

  [[nodiscard]] static std::vector<std::string> operations();

  [[nodiscard]] ModelStore& models() { return models_; }
  [[nodiscard]] DataStore& data() { return data_; }
  // Takes a model or data in and returns its handle.
  Index adopt(std::unique_ptr<Model> model);
  Index adopt(std::shared_ptr<const Split> data);

 private:
  ModelStore models_;
  DataStore data_;
  Index next_handle_ = 1;
};

struct Operation {
  const char* name;
  Status (*run)(Workbench& workbench, Arguments& in, Reply& out);
};

// Runs an operation in the element type of the tensor argument `of`.
inline Status by_dtype(Arguments& in, Reply& out, const char* of, Status (*in_float)(Arguments&, Reply&),
                       Status (*in_double)(Arguments&, Reply&)) {
  return in.dtype_of(of) == Dtype::kFloat32 ? in_float(in, out) : in_double(in, out);
}

// What a program that holds a workbench can be asked. Defined by tables_all.cpp, tables_figures.cpp and tables_studies.cpp: a
// program links one of the three, and what its tables do not name is left out of it.
std::span<const std::span<const Operation>> operation_tables();

// The operations, by the file that holds them.
std::span<const Operation> own_operations();
std::span<const Operation> batch_norm_operations();
std::span<const Operation> neuron_operations();
std::span<const Operation> normalization_operations();
std::span<const Operation> operator_operations();
std::span<const Operation> convolution_operations();
std::span<const Operation> data_operations();
std::span<const Operation> model_operations();
std::span<const Operation> catalogue_operations();

}  // namespace bnlab
