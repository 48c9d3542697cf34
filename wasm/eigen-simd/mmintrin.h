// Eigen 3.4.0 includes <mmintrin.h> whenever it uses SSE, but uses nothing from it. Emscripten has no MMX to offer and
// its compiler refuses the real header, so this empty one stands in front of it.
#pragma once
