// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/inputs/output_error.h"

#include <algorithm>
#include <vector>

#include "core/compress/inputs/row_products.h"

namespace lapidary::core {
namespace {

/// For each of these rows v of the matrix: v^T G v.
std::vector<double> quadratics(std::span<const float> gram, std::span<const float> rows,
                               std::size_t columns) {
  const std::size_t count = rows.size() / columns;
  const std::vector<float> products = rowProducts(rows, gram, columns);
  std::vector<double> result;
  for (std::size_t r = 0; r < count; ++r) {
    double sum = 0;
    for (std::size_t i = r * columns; i < (r + 1) * columns; ++i)
      sum += static_cast<double>(products[i]) * static_cast<double>(rows[i]);
    result.push_back(std::max(0.0, sum));
  }
  return result;
}

/// Sum over the errors of one output: the mean of the error, times the number of rows.
double total(std::span<const double> sums, std::span<const float> error) {
  double sum = 0;
  for (std::size_t c = 0; c < error.size(); ++c) sum += static_cast<double>(error[c]) * sums[c];
  return sum;
}

}  // namespace

double outputPower(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> weights,
                   bool withoutMean) {
  const std::size_t columns = matrix.inputs, rowsOfGroup = matrix.outputs / inputs.groups;
  double power = 0;
  for (std::size_t g = 0; g < inputs.groups; ++g) {
    const auto rows = weights.subspan(g * rowsOfGroup * columns, rowsOfGroup * columns);
    const auto sums = std::span(inputs.sums).subspan(g * columns, columns);
    const std::vector<double> each = quadratics(inputs.gramOf(g), rows, columns);
    for (std::size_t r = 0; r < rowsOfGroup; ++r) {
      const double sum = withoutMean ? total(sums, rows.subspan(r * columns, columns)) : 0;
      power += std::max(0.0, each[r] - sum * sum / static_cast<double>(inputs.rows));
    }
  }
  return power;
}

double outputNoise(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> before,
                   std::span<const float> after, bool correctedMean) {
  std::vector<float> error(before.size());
  std::ranges::transform(before, after, error.begin(), std::minus<>());
  return outputPower(inputs, matrix, error, correctedMean);
}

double outputError(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> before,
                   std::span<const float> after, bool correctedMean) {
  const double signal = outputPower(inputs, matrix, before, false);
  return signal > 0 ? outputNoise(inputs, matrix, before, after, correctedMean) / signal : 0;
}

}  // namespace lapidary::core
