// The examples of an experiment, read from arguments and prepared. An experiment with data of its own needs
//
//   const DataOptions options = read_data_options(in, "experiment.data.");       (notes errors in `in`)
//   Result<Split> split = make_data(options, seed);                              (once `in` is well)
//
// and one with data that exist already, find_data().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "arguments.hpp"
#include "core/status.hpp"
#include "data/dataset.hpp"
#include "data/glyphs.hpp"
#include "data/prepare.hpp"
#include "data/regression.hpp"
#include "data/toy.hpp"

namespace bnlab {

class Workbench;

struct GivenOptions {};

struct DataOptions {
  std::string prefix;  // of the arguments they came from, for errors
  std::variant<GivenOptions, ToyOptions, RegressionOptions, GlyphOptions> source;
  PreparationOptions preparation;

  [[nodiscard]] bool given() const { return std::holds_alternative<GivenOptions>(source); }
};

// Everything below `prefix`, which ends in a dot.
DataOptions read_data_options(Arguments& in, const std::string& prefix);

// Draws the examples, or takes those `given`, and prepares them; or says why that cannot be.
Result<Split> make_data(const DataOptions& options, std::uint64_t seed, Dataset given = {});

// The data whose handle is the argument `data`; null, with the error noted, where there are none.
std::shared_ptr<const Split> find_data(Workbench& workbench, Arguments& in);

}  // namespace bnlab
