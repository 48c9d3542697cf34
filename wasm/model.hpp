// A network with its optimiser and data, built from an experiment value and driven by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "arguments.hpp"
#include "core/status.hpp"
#include "data/dataset.hpp"
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
  virtual Status score(Arguments& in, Reply& out) = 0;
  virtual Status batch(Arguments& in, Reply& out) = 0;
  virtual Status record(Arguments& in, Reply& out) = 0;
  virtual Status observe(Arguments& in, Reply& out) = 0;
  virtual Status statistics(Arguments& in, Reply& out) = 0;
  virtual Status recalibrate(Arguments& in, Reply& out) = 0;
  // Trains on `data` from now on, or, where it is null, on the arguments x and y.
  virtual Status set_data(Arguments& in, const std::shared_ptr<const Split>& data) = 0;
  virtual Status set_optimizer(Arguments& in, Reply& out) = 0;
  virtual Status set_batch(Arguments& in, Reply& out) = 0;
  virtual Status set_layers(Arguments& in, Reply& out) = 0;
  virtual void rewind() = 0;
};

// Reads everything below "experiment." and builds the model it describes, with `data` in place of the experiment's own
// where it is not null.
Result<std::unique_ptr<Model>> make_model(Arguments& in, std::shared_ptr<const Split> data = nullptr);

}  // namespace bnlab
