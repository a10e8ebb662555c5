// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/gemm_kernel.h"

#include <algorithm>

#include "core/ops/kernels/onednn.h"

namespace lapidary::core {

void multiply(const FloatProduct& p) {
  if (p.m == 0 || p.n == 0) return;
  if (p.k == 0) {
    for (std::int64_t i = 0; i < p.m; ++i)
      for (std::int64_t j = 0; j < p.n; ++j)
        p.c[i * p.ldc + j] = p.beta == 0 ? 0 : p.beta * p.c[i * p.ldc + j];
    return;
  }
  useOneThreadPerWorker();
  // A stored matrix of one row may come with any leading dimension; oneDNN insists on a sane one.
  const std::int64_t lda = std::max(p.lda, p.transA ? p.m : p.k);
  const std::int64_t ldb = std::max(p.ldb, p.transB ? p.k : p.n);
  const dnnl_status_t status = dnnl_sgemm(p.transA ? 'T' : 'N', p.transB ? 'T' : 'N', p.m, p.n, p.k, p.alpha,
                                          p.a, lda, p.b, ldb, p.beta, p.c, std::max(p.ldc, p.n));
  if (status != dnnl_success) throw Error(ErrorKind::Unsupported, "oneDNN could not multiply the matrices");
}

}  // namespace lapidary::core
