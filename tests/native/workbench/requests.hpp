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
// Six examples of two classes, given as they are and prepared; four are left to train on.
Request data_request();
// `model` and `data` are the handles of what experiment_request() and data_request() made.
std::vector<Example> examples(double model, double data);

}  // namespace bnlab::test
