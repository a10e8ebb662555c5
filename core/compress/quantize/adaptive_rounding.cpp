// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/compress/inputs/compensation.h"
#include "core/compress/quantize/rounding.h"

namespace lapidary::core {
namespace {

/// Sweeps end far earlier; this bounds the time of a matrix made to be slow.
constexpr int mostSweeps = 50;
constexpr double damping = 0.01;

/// H of one group: the matrix of the inputs, damped.
std::vector<float> objectiveOf(const LayerInputs& inputs, std::size_t group) {
  const auto gram = inputs.gramOf(group);
  std::vector<float> h(gram.begin(), gram.end());
  double mean = 0;
  for (std::size_t c = 0; c < inputs.columns; ++c) mean += static_cast<double>(h[c * inputs.columns + c]);
  const double added = damping * mean / static_cast<double>(std::max<std::size_t>(1, inputs.columns));
  for (std::size_t c = 0; c < inputs.columns; ++c) h[c * inputs.columns + c] += static_cast<float>(added);
  return h;
}

/// One row on its way to a minimum: its codes, and the gradient H (w - w') of half the objective.
class Descent {
 public:
  Descent(const RoundingTask& task, std::span<const float> h, std::size_t row)
      : m_task(task),
        m_h(h),
        m_row(row),
        m_columns(task.matrix.inputs),
        m_gradient(m_columns),
        m_error(m_columns) {}

  /// The objective that these codes come to.
  double descend(std::span<std::int32_t> codes) {
    start(codes);
    for (int sweep = 0; sweep < mostSweeps && improve(codes); ++sweep) {
    }
    start(codes);  // what many steps added up to, without their rounding
    double objective = 0;
    for (std::size_t c = 0; c < m_columns; ++c)
      objective += static_cast<double>(m_error[c]) * static_cast<double>(m_gradient[c]);
    return objective;
  }

 private:
  void start(std::span<const std::int32_t> codes) {
    std::fill(m_gradient.begin(), m_gradient.end(), 0.0f);
    for (std::size_t c = 0; c < m_columns; ++c) {
      m_error[c] = m_task.weights[m_row * m_columns + c] - m_task.grid.valueOf(m_row, c, codes[c]);
      if (m_error[c] != 0) subtract(m_gradient.data(), m_h.data() + c * m_columns, -m_error[c], m_columns);
    }
  }

  /// Steps every code towards the minimum along it, where that is nearer than where it is.
  bool improve(std::span<std::int32_t> codes) {
    bool moved = false;
    for (std::size_t c = 0; c < m_columns; ++c) {
      if (m_task.mustBeZero(m_row, c)) continue;
      const float step = m_gradient[c] > 0 ? m_task.grid.scaleAt(m_row, c) : -m_task.grid.scaleAt(m_row, c);
      const std::int32_t next = codes[c] + (step > 0 ? 1 : -1);
      if (next < m_task.grid.least() || next > m_task.grid.most()) continue;
      // e' = e - step: the objective changes by step (step H_cc - 2 gradient).
      const float change = step * (step * m_h[c * m_columns + c] - 2 * m_gradient[c]);
      if (!(change < -1e-6f * std::fabs(step * m_gradient[c]))) continue;
      codes[c] = next;
      subtract(m_gradient.data(), m_h.data() + c * m_columns, step, m_columns);
      moved = true;
    }
    return moved;
  }

  const RoundingTask& m_task;
  std::span<const float> m_h;
  std::size_t m_row, m_columns;
  std::vector<float> m_gradient, m_error;
};

std::vector<std::int32_t> nearestCodes(const RoundingTask& task, std::size_t row) {
  std::vector<std::int32_t> codes(task.matrix.inputs);
  for (std::size_t c = 0; c < codes.size(); ++c)
    codes[c] = task.mustBeZero(row, c)
                   ? task.grid.zeroAt(row, c)
                   : task.grid.nearest(row, c, task.weights[row * task.matrix.inputs + c]);
  return codes;
}

}  // namespace

std::vector<std::int32_t> adaptiveCodes(const RoundingTask& task, const Progress& progress) {
  const std::size_t columns = task.matrix.inputs, rows = task.rowsOfGroup();
  std::vector<std::int32_t> codes = gptqCodes(task, progress);
  std::vector<float> h;
  for (std::size_t row = 0; row < task.matrix.outputs; ++row) {
    progress.check();
    if (row % rows == 0) h = objectiveOf(task.inputs, row / rows);
    Descent descent(task, h, row);
    const std::span<std::int32_t> made(codes.data() + row * columns, columns);
    std::vector<std::int32_t> other = nearestCodes(task, row);
    const double fromGptq = descent.descend(made), fromNearest = descent.descend(other);
    if (fromNearest < fromGptq) std::ranges::copy(other, made.begin());
  }
  return codes;
}

}  // namespace lapidary::core
