// What bnlab can be asked to do.
#pragma once

#include <string>
#include <vector>

namespace bnlab::cli {

struct ListOptions {
  bool json = false;
};
void list(const ListOptions& options);

struct ShowOptions {
  std::string study;
};
void show(const ShowOptions& options);

struct RunOptions {
  std::vector<std::string> studies;  // ids or names; "all"
  std::string seeds;                 // empty: those of the study
  std::vector<std::string> set;      // knob=value
  std::string points;
  bool fast = false;
  bool json = false;
  std::string out;  // file to append to; seeds that are in it already are left out
};
void run(const RunOptions& options);

struct SummariseOptions {
  std::vector<std::string> files;  // "-": standard input
  bool json = false;
  bool strict = false;
};
// Returns whether all was well: no seed with two outcomes and, where `strict`, no check that is exact or robust and does not hold.
bool summarise(const SummariseOptions& options);

}  // namespace bnlab::cli
