// The table of matrix operators.
#include "core/ops/matrix.h"

#include "core/ops/families.h"

namespace lapidary::core {

std::span<const Op> matrixOps() {
  static const Op ops[] = {
      {.domain = "",
       .type = "Gemm",
       .forward = gemmForward,
       .backward = gemmBackward,
       .cost = gemmCost,
       .fuses = true,
       .sinceOpset = 7},
      {.domain = "",
       .type = "MatMul",
       .forward = matMulForward,
       .backward = matMulBackward,
       .cost = matMulCost,
       .fuses = true},
      {.domain = "", .type = "Einsum", .forward = einsumForward, .sinceOpset = 12},
  };
  return ops;
}

}  // namespace lapidary::core
