// The engine measured natively. Same line protocol as contestant.mjs: reads "<workload> <seconds>", answers in JSON.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <string>

#include "kernels.hpp"
#include "nets.hpp"

namespace {

using bnlab::Index;
using bnlab::bench::kBatches;

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// How long this thread has had a processor: without the time spent waiting for a busy machine.
double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Runs per second, over `seconds`.
template <typename Workload>
double rate(Workload& workload, double seconds, Index slice) {
  const double start = thread_seconds();
  const double end = wall_seconds() + seconds;
  Index count = 0;
  while (wall_seconds() < end) {
    workload.run(slice);
    count += slice;
  }
  return static_cast<double>(count) / (thread_seconds() - start);
}

// `scale`: what one run counts for in the rate.
template <typename Workload>
void measure(Workload workload, double seconds, double scale = 1) {
  const double first = workload.run(kBatches);
  const double warm = rate(workload, seconds / 3, 1);
  const double measured = rate(workload, seconds, std::max<Index>(1, static_cast<Index>(warm * 0.005)));
  const double last = workload.run(kBatches);
  std::printf("{\"rate\": %.17g, \"first_loss\": %.9g, \"last_loss\": %.9g}\n", scale * measured, first,
              last);
}

}  // namespace

int main() {
#if defined(__clang__)
  const char* compiler = "clang " __clang_version__;
#else
  const char* compiler = "GCC " __VERSION__;
#endif
  std::printf("{\"name\": \"this engine, native\", \"note\": \"%s; %s\"}\n",
              Eigen::SimdInstructionSetsInUse(), compiler);
  std::fflush(stdout);
  std::string workload;
  double seconds = 0;
  while (std::cin >> workload >> seconds) {
    std::array<Index, 3> size{};
    if (workload == "toy") {
      measure(bnlab::bench::Training(bnlab::bench::toy()), seconds);
    } else if (workload == "paper") {
      measure(bnlab::bench::Training(bnlab::bench::paper()), seconds);
    } else if (workload == "glyphs") {
      measure(bnlab::bench::Training(bnlab::bench::glyphs()), seconds);
    } else if (workload == "peak") {
      measure(bnlab::bench::Peak(), seconds, bnlab::bench::Peak::kFlops / 1e9);
    } else if (std::sscanf(workload.c_str(), "gemm-%tdx%tdx%td", &size[0], &size[1], &size[2]) == 3) {
      const bnlab::bench::Gemm product(size[0], size[1], size[2]);
      measure(product, seconds, product.flops() / 1e9);
    } else {
      std::printf("{\"error\": \"no workload %s\"}\n", workload.c_str());
    }
    std::fflush(stdout);
  }
}
