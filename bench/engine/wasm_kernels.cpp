// kernels.hpp as a WebAssembly binary of its own, so that the one the page loads carries nothing for benchmarks.
#include <optional>

#include "kernels.hpp"

#define BNLAB_EXPORT(name) extern "C" __attribute__((export_name(#name)))

namespace {

bnlab::bench::Peak peak;
std::optional<bnlab::bench::Gemm> product;

}  // namespace

// Floating-point operations of one call, and `times` calls.
BNLAB_EXPORT(peak_flops) double peak_flops() { return bnlab::bench::Peak::kFlops; }
BNLAB_EXPORT(peak_run) float peak_run(int times) { return peak.run(times); }

BNLAB_EXPORT(gemm_prepare) double gemm_prepare(int m, int n, int k) {
  return product.emplace(m, n, k).flops();
}
BNLAB_EXPORT(gemm_run) float gemm_run(int times) { return product->run(times); }
