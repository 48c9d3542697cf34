// A network with its optimiser and data, built from an experiment value and driven by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "arguments.hpp"
#include "core/status.hpp"
#include "message.hpp"

namespace bnlab {

// Hides the scalar: one model trains in float, another in double.
class Model {
 public:
  Model() = default;
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  virtual void names(Reply& out) const = 0;
  virtual Status get(const std::string& name, Reply& out) = 0;
  virtual Status set(const std::string& name, Arguments& in) = 0;
  virtual Status gradient(const std::string& name, Reply& out) = 0;
  virtual Status train(Index steps, Reply& out) = 0;
  virtual Status step(Arguments& in, Reply& out) = 0;
  virtual Status evaluate(Arguments& in, Reply& out) = 0;
  virtual Status recalibrate(Index batches) = 0;
  virtual Status set_data(Arguments& in, Reply& out) = 0;
  virtual Status set_optimizer(Arguments& in, Reply& out) = 0;
  virtual void rewind() = 0;
};

// Reads everything below "experiment." and builds the model it describes.
Result<std::unique_ptr<Model>> make_model(Arguments& in);

}  // namespace bnlab
