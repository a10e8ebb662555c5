// SPDX-License-Identifier: GPL-3.0-or-later
// The matrix product under Gemm, MatMul and Einsum: row-major float, one thread.
#pragma once

#include <cstdint>

namespace lapidary::core {

/// c[m, n] = alpha * op(a)[m, k] * op(b)[k, n] + beta * c, where op transposes if asked to. Leading
/// dimensions are the distances in elements between stored rows.
struct FloatProduct {
  bool transA = false, transB = false;
  std::int64_t m = 0, n = 0, k = 0;
  float alpha = 1;
  const float* a = nullptr;
  std::int64_t lda = 0;
  const float* b = nullptr;
  std::int64_t ldb = 0;
  float beta = 0;
  float* c = nullptr;
  std::int64_t ldc = 0;
};

/// With beta 0 the old content of c is not read. Throws Error where oneDNN refuses.
void multiply(const FloatProduct& product);

}  // namespace lapidary::core
