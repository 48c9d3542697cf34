#include "engine_float.hpp"

namespace bnlab {
BNLAB_FLOAT_ENGINE()
}  // namespace bnlab
