// SPDX-License-Identifier: GPL-3.0-or-later
// Det: the determinant of every matrix in the last two axes, by elimination with row pivots.
#include <cmath>

#include "core/ops/checks.h"
#include "core/ops/matrix/matrix.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

double determinant(std::vector<double>& m, std::size_t n) {
  double result = 1;
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t r = k + 1; r < n; ++r)
      if (std::abs(m[r * n + k]) > std::abs(m[pivot * n + k])) pivot = r;
    if (m[pivot * n + k] == 0) return 0;
    if (pivot != k) {
      for (std::size_t c = k; c < n; ++c) std::swap(m[k * n + c], m[pivot * n + c]);
      result = -result;
    }
    result *= m[k * n + k];
    for (std::size_t r = k + 1; r < n; ++r) {
      const double factor = m[r * n + k] / m[k * n + k];
      for (std::size_t c = k; c < n; ++c) m[r * n + c] -= factor * m[k * n + c];
    }
  }
  return result;
}

}  // namespace

std::vector<Activation> detForward(const OpCall& call) {
  const Tensor given = call.input(0);
  requireRank(given, 2, "X");
  const std::int64_t n = given.shape().back();
  if (!isFloating(given.dtype()) || given.shape()[given.rank() - 2] != n)
    invalid("X is " + std::string(name(given.dtype())) + " of shape " + toText(given.shape()) +
            ", square matrices of floats were expected");
  const Tensor x = convert(given, DType::Float64);
  TensorBuilder out(DType::Float64, Shape(x.shape().begin(), x.shape().end() - 2));
  const auto from = x.as<double>();
  const auto each = static_cast<std::size_t>(n * n);
  for (std::size_t i = 0; i < out.as<double>().size(); ++i) {
    const auto matrix = from.subspan(i * each, each);
    std::vector<double> work(matrix.begin(), matrix.end());
    out.as<double>()[i] = determinant(work, static_cast<std::size_t>(n));
  }
  return oneOutput(convert(std::move(out).build(), given.dtype()));
}

}  // namespace lapidary::core
