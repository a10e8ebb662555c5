// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/speed/machine_peak.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <vector>

#include "core/ops/kernels/gemm_kernel.h"
#include "core/support/clock.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t side = 768;
constexpr int products = 15;

/// Seconds of each product.
std::vector<double> timeProducts(const Progress& progress) {
  const std::vector<float> a(side * side, 1.0f), b(side * side, 1.0f);
  std::vector<float> c(side * side);
  FloatProduct product;
  product.m = product.n = product.k = product.lda = product.ldb = product.ldc = side;
  product.a = a.data();
  product.b = b.data();
  product.c = c.data();
  std::vector<double> seconds;
  for (int i = 0; i < products; ++i) {
    progress.check();
    const Clock::time_point start = Clock::now();
    multiply(product);
    seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  return seconds;
}

}  // namespace

double sgemmPeak(unsigned threads, const Progress& progress) {
  std::mutex mutex;
  std::vector<double> seconds;
  parallelFor(threads, threads, [&](std::size_t, unsigned) {
    const std::vector<double> mine = timeProducts(progress);
    const std::lock_guard lock(mutex);
    seconds.insert(seconds.end(), mine.begin(), mine.end());
  });
  return 2.0 * side * side * side / *std::min_element(seconds.begin(), seconds.end());
}

}  // namespace lapidary::core
