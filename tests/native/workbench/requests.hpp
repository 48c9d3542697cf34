// A request of every operation that succeeds and leaves nothing out.
#pragma once

#include <vector>

#include "support/request.hpp"

namespace bnlab::test {

struct Example {
  Request request;
  std::vector<std::string> optional;  // arguments it can do without
};

// An experiment that spells out everything there is to say; its model takes 2 inputs and gives 2 outputs.
Request experiment_request();
// `model` is the handle of a model made by experiment_request().
std::vector<Example> examples(double model);

}  // namespace bnlab::test
