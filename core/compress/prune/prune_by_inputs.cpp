// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/prune/prune_by_inputs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/compress/inputs/compensation.h"

namespace lapidary::core {
namespace {

std::size_t share(double value, std::size_t count) {
  return static_cast<std::size_t>(std::floor(value * static_cast<double>(count)));
}

void requireFinite(std::span<const float> weights) {
  if (!std::ranges::all_of(weights, [](float w) { return std::isfinite(w); }))
    throw Error(ErrorKind::Unsupported,
                "some weights are infinite or not a number; what others make up for must be finite");
}

/// Marks what a row loses by its scores.
void markRow(std::span<const float> scores, const Prune& prune, std::span<std::uint8_t> marks) {
  if (prune.mode != PruneMode::Pattern) return markLeast(scores, share(prune.value, scores.size()), marks);
  const auto of = static_cast<std::size_t>(prune.of);
  for (std::size_t at = 0; at < scores.size(); at += of) {
    const std::size_t size = std::min(of, scores.size() - at);
    markLeast(scores.subspan(at, size), prunedOf(prune, size), marks.subspan(at, size));
  }
}

/// The state of SparseGPT over one group of a layer.
class Surgeon {
 public:
  Surgeon(const PruneTask& task, std::shared_ptr<const InverseFactor> factor, std::span<float> work)
      : m_task(task),
        m_factor(std::move(factor)),
        m_work(work),
        m_columns(m_factor->columns()),
        m_rows(work.size() / m_columns),
        m_marks(work.size()) {}

  /// `pruned` weights of the groups before were zeroed, of `before` in all.
  void run(std::size_t before, const Progress& progress) {
    const bool pattern = m_task.prune.mode == PruneMode::Pattern;
    const auto of = static_cast<std::size_t>(m_task.prune.of);
    std::size_t done = share(m_task.prune.value, before);
    compensate(
        *m_factor, m_work, pattern ? of : 1, progress,
        [&](std::size_t begin, std::size_t end) {
          if (pattern) return;
          const std::size_t wanted = share(m_task.prune.value, before + m_rows * end);
          markBlock(begin, end, wanted - done);
          done = wanted;
        },
        [&](std::size_t r, std::size_t j, const float* values) {
          if (pattern && j % of == 0) markGroup(r, j, std::min(m_columns, j + of), values);
          return m_marks[r * m_columns + j] != 0 ? 0.0f : values[j];
        });
  }

 private:
  float score(std::size_t column, float w) const {
    const float ratio = w / m_factor->row(column)[column];
    return ratio * ratio;
  }

  void markGroup(std::size_t r, std::size_t begin, std::size_t end, const float* values) {
    m_scores.clear();
    for (std::size_t j = begin; j < end; ++j) m_scores.push_back(score(j, values[j]));
    markLeast(m_scores, prunedOf(m_task.prune, end - begin),
              std::span(m_marks).subspan(r * m_columns + begin, end - begin));
  }

  void markBlock(std::size_t begin, std::size_t end, std::size_t count) {
    const std::size_t width = end - begin;
    m_scores.clear();
    for (std::size_t r = 0; r < m_rows; ++r)
      for (std::size_t j = begin; j < end; ++j) m_scores.push_back(score(j, m_work[r * m_columns + j]));
    std::vector<std::uint8_t> marks(m_scores.size());
    markLeast(m_scores, std::min(count, marks.size()), marks);
    for (std::size_t r = 0; r < m_rows; ++r)
      std::copy_n(marks.begin() + static_cast<std::ptrdiff_t>(r * width), width,
                  m_marks.begin() + static_cast<std::ptrdiff_t>(r * m_columns + begin));
  }

  const PruneTask& m_task;
  std::shared_ptr<const InverseFactor> m_factor;
  std::span<float> m_work;
  std::size_t m_columns, m_rows;
  std::vector<std::uint8_t> m_marks;
  std::vector<float> m_scores;
};

}  // namespace

void markLeast(std::span<const float> scores, std::size_t count, std::span<std::uint8_t> marks) {
  if (count == 0) return;
  std::vector<std::uint32_t> indices(scores.size());
  std::iota(indices.begin(), indices.end(), 0u);
  const auto key = [&](std::uint32_t i) {
    return std::isnan(scores[i]) ? std::numeric_limits<float>::infinity() : scores[i];
  };
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    return key(a) != key(b) ? key(a) < key(b) : a < b;
  };
  if (count < indices.size())
    std::ranges::nth_element(indices, indices.begin() + static_cast<std::ptrdiff_t>(count), less);
  for (std::size_t i = 0; i < std::min(count, indices.size()); ++i) marks[indices[i]] = 1;
}

std::size_t prunedOf(const Prune& pattern, std::size_t size) {
  const auto keep = static_cast<std::size_t>(pattern.keep);
  return size > keep ? size - keep : 0;
}

std::vector<float> wandaPruned(const PruneTask& task) {
  const std::size_t columns = task.matrix.inputs, rows = task.matrix.outputs;
  std::vector<float> pruned(task.weights.begin(), task.weights.end()), scores(columns);
  for (std::size_t r = 0; r < rows; ++r) {
    const double* squares = task.inputs.squares.data() + r / (rows / task.inputs.groups) * columns;
    const std::span row(pruned.data() + r * columns, columns);
    for (std::size_t c = 0; c < columns; ++c)
      scores[c] = static_cast<float>(std::fabs(static_cast<double>(row[c])) * std::sqrt(squares[c]));
    std::vector<std::uint8_t> marks(columns);
    markRow(scores, task.prune, marks);
    for (std::size_t c = 0; c < columns; ++c)
      if (marks[c] != 0) row[c] = 0;
  }
  return pruned;
}

std::vector<float> sparseGptPruned(const PruneTask& task, const Progress& progress) {
  requireFinite(task.weights);
  std::vector<float> work(task.weights.begin(), task.weights.end());
  const std::size_t part = work.size() / task.inputs.groups;
  for (std::size_t g = 0; g < task.inputs.groups; ++g)
    Surgeon(task, task.inputs.factorOf(g, ColumnOrder::Natural), std::span(work).subspan(g * part, part))
        .run(g * part, progress);
  return work;
}

}  // namespace lapidary::core
