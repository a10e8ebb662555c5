// SPDX-License-Identifier: GPL-3.0-or-later
// The table of matrix operators.
#include "core/ops/matrix/matrix.h"

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
       .takesCodes = true},
      {.domain = "",
       .type = "MatMul",
       .forward = matMulForward,
       .backward = matMulBackward,
       .cost = matMulCost,
       .fuses = true,
       .takesCodes = true},
      {.domain = "",
       .type = "Einsum",
       .forward = einsumForward,
       .backward = einsumBackward,
       .sinceOpset = 12},
      {.domain = "", .type = "Det", .forward = detForward, .sinceOpset = 11},
  };
  return ops;
}

}  // namespace lapidary::core
