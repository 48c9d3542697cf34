// The workbench: everything a caller can ask of the engine, behind one verb.
//
// It owns the models, checks every argument before anything changes, and knows nothing of Emscripten: bindings.cpp passes
// names and bytes through, and the native tests call it directly. Operations are listed in operations() and described in
// docs/engine-api.md; web/protocol/operations.ts types them for callers.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "core/status.hpp"
#include "message.hpp"

namespace bnlab {

constexpr const char* kVersion = "0.1.0";

class Model;

class Workbench {
 public:
  Workbench();
  ~Workbench();
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;

  // Runs one operation. On an error the reply stays empty and all state is as it was before.
  Status call(std::string_view operation, Arguments& arguments, Reply& reply);

  [[nodiscard]] std::vector<std::string> operations() const;

 private:
  using Operation = std::function<Status(Arguments&, Reply&)>;

  void register_models();

  std::map<std::string, Operation, std::less<>> operations_;
  std::map<Index, std::unique_ptr<Model>> models_;
  Index next_model_ = 1;
};

using OperationTable = std::map<std::string, std::function<Status(Arguments&, Reply&)>, std::less<>>;

// Operations without state, by the file that holds them.
void register_batch_norm(OperationTable& table);
void register_operators(OperationTable& table);

}  // namespace bnlab
