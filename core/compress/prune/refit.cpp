// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/prune/refit.h"

#include <algorithm>
#include <vector>

#include "core/compress/inputs/compensation.h"
#include "core/compress/inputs/row_products.h"

namespace lapidary::core {
namespace {

constexpr std::size_t tile = 64;  ///< rows that go together, so that a stop is noticed soon
constexpr int steps = 20;
constexpr double damping = 0.01;
constexpr double enough = 1e-10;  ///< of the squared gradient, against that at the start

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

/// A few rows of one group on their way to the minimum.
class Rows {
 public:
  Rows(std::span<const float> gram, std::span<const float> original, std::span<float> values,
       std::size_t columns)
      : m_gram(gram), m_values(values), m_columns(columns), m_count(values.size() / columns) {
    for (std::size_t c = 0; c < columns; ++c)
      m_added += damping * static_cast<double>(gram[c * columns + c]) / static_cast<double>(columns);
    std::vector<float> error(values.size());
    std::ranges::transform(original, values, error.begin(), std::minus<>());
    m_gradient = kept(product(error));
    m_direction = preconditioned(m_gradient);
    for (std::size_t r = 0; r < m_count; ++r) {
      m_size.push_back(dot(row(m_gradient, r), row(m_direction, r)));
      m_limit.push_back(enough * m_size.back());
    }
  }

  /// False once every row is there.
  bool step() {
    if (std::ranges::equal(m_size, m_limit, std::less_equal<>())) return false;
    const std::vector<float> change = kept(product(m_direction));
    for (std::size_t r = 0; r < m_count; ++r) advance(r, row(m_direction, r), row(change, r));
    const std::vector<float> next = preconditioned(m_gradient);
    for (std::size_t r = 0; r < m_count; ++r) {
      const double size = dot(row(m_gradient, r), row(next, r));
      const auto share = static_cast<float>(m_size[r] > 0 ? size / m_size[r] : 0);
      for (std::size_t i = r * m_columns; i < (r + 1) * m_columns; ++i)
        m_direction[i] = next[i] + share * m_direction[i];
      m_size[r] = size;
    }
    return true;
  }

 private:
  std::span<const float> row(const std::vector<float>& rows, std::size_t r) const {
    return std::span(rows).subspan(r * m_columns, m_columns);
  }

  void advance(std::size_t r, std::span<const float> direction, std::span<const float> change) {
    const double curvature = dot(direction, change);
    if (m_size[r] <= m_limit[r] || !(curvature > 0)) return;
    const auto length = static_cast<float>(m_size[r] / curvature);
    subtract(m_values.data() + r * m_columns, direction.data(), -length, m_columns);
    subtract(m_gradient.data() + r * m_columns, change.data(), length, m_columns);
  }

  std::vector<float> product(const std::vector<float>& rows) const {
    std::vector<float> result = rowProducts(rows, m_gram, m_columns);
    subtract(result.data(), rows.data(), static_cast<float>(-m_added), rows.size());
    return result;
  }

  /// Nothing where a weight is gone.
  std::vector<float> kept(std::vector<float> rows) const {
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (m_values[i] == 0.0f) rows[i] = 0;
    return rows;
  }

  std::vector<float> preconditioned(const std::vector<float>& rows) const {
    std::vector<float> result(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t c = i % m_columns;
      result[i] = rows[i] / (m_gram[c * m_columns + c] + static_cast<float>(m_added));
    }
    return result;
  }

  std::span<const float> m_gram;
  std::span<float> m_values;
  std::size_t m_columns, m_count;
  double m_added = 0;
  std::vector<float> m_gradient, m_direction;
  std::vector<double> m_size, m_limit;  ///< of the gradient, by row
};

}  // namespace

void refit(const LayerInputs& inputs, const WeightMatrix& matrix, std::span<const float> original,
           std::span<float> pruned, const Progress& progress) {
  const std::size_t columns = matrix.inputs, rowsOfGroup = matrix.outputs / inputs.groups;
  for (std::size_t g = 0; g < inputs.groups; ++g)
    for (std::size_t from = g * rowsOfGroup; from < (g + 1) * rowsOfGroup; from += tile) {
      const std::size_t count = std::min(tile, (g + 1) * rowsOfGroup - from) * columns;
      Rows rows(inputs.gramOf(g), original.subspan(from * columns, count),
                pruned.subspan(from * columns, count), columns);
      for (int step = 0; step < steps && rows.step(); ++step) progress.check();
    }
}

}  // namespace lapidary::core
