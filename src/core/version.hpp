#pragma once

namespace bnlab {

// Of the engine: what a result was computed with.
constexpr const char* kVersion = "0.1.0";

}  // namespace bnlab
