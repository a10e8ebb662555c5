// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/inputs/inverse_factor.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <numeric>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr double damping = 0.01;

using Matrix = Eigen::MatrixXd;

std::vector<std::uint32_t> orderOf(std::span<const float> gram, std::size_t columns, ColumnOrder order) {
  std::vector<std::uint32_t> columnOrder(columns);
  std::iota(columnOrder.begin(), columnOrder.end(), 0u);
  if (order == ColumnOrder::Falling)
    std::ranges::stable_sort(columnOrder, std::greater<>(),
                             [&](std::uint32_t c) { return gram[c * columns + c]; });
  return columnOrder;
}

/// H with damping, in reversed order of columns: the factor of its inverse then comes out upper triangular.
Matrix reversed(std::span<const float> gram, const std::vector<std::uint32_t>& order) {
  const std::size_t n = order.size();
  double mean = 0;
  for (std::size_t c = 0; c < n; ++c) mean += static_cast<double>(gram[c * n + c]) / static_cast<double>(n);
  const double added = mean > 0 ? damping * mean : 1;
  Matrix h(n, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      h(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          static_cast<double>(gram[order[n - 1 - i] * n + order[n - 1 - j]]) + (i == j ? added : 0);
  return h;
}

}  // namespace

InverseFactor inverseFactor(std::span<const float> gram, std::size_t columns, ColumnOrder order) {
  InverseFactor factor{orderOf(gram, columns, order), std::vector<float>(columns * columns)};
  Matrix h = reversed(gram, factor.order);
  const Eigen::LLT<Eigen::Ref<Matrix>> cholesky(h);
  if (cholesky.info() != Eigen::Success)
    throw Error(ErrorKind::Unsupported,
                "the calibration samples tell too little of the layer's inputs (their matrix has no Cholesky "
                "factor): calibrate on more samples, or take another method");
  const auto n = static_cast<Eigen::Index>(columns);
  Matrix inverse = Matrix::Identity(n, n);
  cholesky.matrixL().solveInPlace(inverse);
  // H reversed = L L^T, so H^-1 = (P L^-1 P)^T (P L^-1 P) with P the reversal.
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = i; j < n; ++j)
      factor.upper[static_cast<std::size_t>(i * n + j)] = static_cast<float>(inverse(n - 1 - i, n - 1 - j));
  return factor;
}

std::shared_ptr<const InverseFactor> InverseFactors::of(std::span<const float> gram, std::size_t columns,
                                                        std::size_t group, ColumnOrder order) const {
  auto& made = m_made[static_cast<std::size_t>(order)];
  {
    const std::lock_guard lock(m_mutex);
    if (group < made.size() && made[group]) return made[group];
  }
  auto factor = std::make_shared<const InverseFactor>(inverseFactor(gram, columns, order));
  const std::lock_guard lock(m_mutex);
  if (made.size() <= group) made.resize(group + 1);
  if (!made[group]) made[group] = std::move(factor);
  return made[group];
}

}  // namespace lapidary::core
