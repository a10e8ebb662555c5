// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/rank.h"

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace lapidary::core {
namespace {

std::vector<double> ranks(std::span<const float> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    const double shared = static_cast<double>(first + last) / 2;
    for (std::size_t i = first; i <= last; ++i) result[order[i]] = shared;
    first = last + 1;
  }
  return result;
}

Eigen::VectorXd centred(const std::vector<double>& values) {
  const Eigen::Map<const Eigen::VectorXd> vector(values.data(), static_cast<Eigen::Index>(values.size()));
  return vector.array() - vector.mean();
}

}  // namespace

double spearman(std::span<const float> a, std::span<const float> b) {
  const Eigen::VectorXd x = centred(ranks(a)), y = centred(ranks(b));
  const double spreadX = x.norm(), spreadY = y.norm();
  if (spreadX == 0 && spreadY == 0) return 1;
  if (spreadX == 0 || spreadY == 0) return 0;
  return x.dot(y) / (spreadX * spreadY);
}

}  // namespace lapidary::core
