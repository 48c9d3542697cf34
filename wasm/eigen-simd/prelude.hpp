// Included in front of every file of the SIMD build (see CMakeLists.txt), so that Eigen 3.4.0 compiles its SSE kernels
// to WebAssembly SIMD. Eigen takes clang for GCC 4.2 and then works around that GCC's faults with x86 inline assembly,
// which means nothing to WebAssembly.
#pragma once

#include <Eigen/src/Core/util/Macros.h>
#undef EIGEN_COMP_GNUC
#define EIGEN_COMP_GNUC 0
