#include "core/compress/output_error.h"

#include <algorithm>
#include <vector>

#include "core/compress/compensation.h"

namespace lapidary::core {
namespace {

/// Rows that share one walk through the matrix X^T X.
constexpr std::size_t tile = 8;

/// For each of these rows v of the matrix: v^T G v.
std::vector<double> quadratics(std::span<const float> gram, std::span<const float> rows,
                               std::size_t columns) {
  const std::size_t count = rows.size() / columns;
  std::vector<float> products(rows.size());
  for (std::size_t c = 0; c < columns; c += 4)
    for (std::size_t r = 0; r < count; ++r)
      addRows(products.data() + r * columns, gram, rows.data() + r * columns, c,
              std::min<std::size_t>(4, columns - c), columns);
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
  for (std::size_t g = 0; g < inputs.groups; ++g)
    for (std::size_t from = g * rowsOfGroup; from < (g + 1) * rowsOfGroup; from += tile) {
      const std::size_t count = std::min(tile, (g + 1) * rowsOfGroup - from);
      const auto rows = weights.subspan(from * columns, count * columns);
      const auto each = quadratics(inputs.gramOf(g), rows, columns);
      for (std::size_t r = 0; r < count; ++r) {
        const double sum = withoutMean ? total(std::span(inputs.sums).subspan(g * columns, columns),
                                               rows.subspan(r * columns, columns))
                                       : 0;
        power += std::max(0.0, each[r] - sum * sum / static_cast<double>(inputs.rows));
      }
    }
  return power;
}

double outputError(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> before,
                   std::span<const float> after, bool correctedMean) {
  std::vector<float> error(before.size());
  std::ranges::transform(before, after, error.begin(), std::minus<>());
  const double signal = outputPower(inputs, matrix, before, false);
  return signal > 0 ? outputPower(inputs, matrix, error, correctedMean) / signal : 0;
}

}  // namespace lapidary::core
