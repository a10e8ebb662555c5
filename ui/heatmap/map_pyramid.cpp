// SPDX-License-Identifier: GPL-3.0-or-later
// Pooling by largest magnitude, level by level.
#include "ui/heatmap/map_pyramid.h"

#include <cmath>
#include <limits>

#include "core/support/error.h"

namespace lapidary::ui {
namespace {

constexpr float gap = std::numeric_limits<float>::quiet_NaN();
constexpr int firstPooling = 8;

/// The one of larger magnitude; a gap loses against any number.
float stronger(float a, float b) {
  if (std::isnan(a)) return b;
  return std::fabs(b) > std::fabs(a) ? b : a;
}

std::shared_ptr<const CellSource> pooled(const CellSource& from, int factor, const std::stop_token& stop) {
  const int width = (from.width() + factor - 1) / factor, height = (from.height() + factor - 1) / factor;
  std::vector<float> values(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), gap);
  std::vector<float> row(static_cast<std::size_t>(from.width()));
  for (int y = 0; y < from.height(); ++y) {
    if (stop.stop_requested()) throw core::Cancelled();
    from.read(y, 0, row);
    float* out = values.data() + static_cast<std::ptrdiff_t>(y / factor) * width;
    for (int x = 0; x < from.width(); ++x) {
      float& cell = out[x / factor];
      cell = stronger(cell, row[static_cast<std::size_t>(x)]);
    }
  }
  return std::make_shared<GridCells>(width, height, std::move(values));
}

double largestOf(const CellSource& source) {
  std::vector<float> row(static_cast<std::size_t>(source.width()));
  float largest = 0;
  for (int y = 0; y < source.height(); ++y) {
    source.read(y, 0, row);
    for (const float value : row)
      if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
  }
  return static_cast<double>(largest);
}

/// First and one past the last cell of each pixel along one axis, clipped; empty where outside.
std::vector<std::pair<int, int>> spansOf(double start, double length, int pixels, int cells) {
  std::vector<std::pair<int, int>> spans(static_cast<std::size_t>(pixels));
  const double step = length / pixels;
  for (int i = 0; i < pixels; ++i) {
    const double from = start + i * step, to = from + step;
    const int first = static_cast<int>(std::floor(std::clamp(from, -1.0, static_cast<double>(cells))));
    const int last = static_cast<int>(std::floor(std::clamp(to, -1.0, static_cast<double>(cells))));
    spans[static_cast<std::size_t>(i)] = {std::max(0, first), std::min(cells, std::max(first + 1, last))};
    if (from >= cells || to <= 0) spans[static_cast<std::size_t>(i)] = {0, 0};
  }
  return spans;
}

}  // namespace

MapPyramid::MapPyramid(std::shared_ptr<const CellSource> source, std::stop_token stop)
    : m_source(std::move(source)) {
  const CellSource* below = m_source.get();
  for (int factor = firstPooling; below->width() > factor && below->height() > factor; factor = 2) {
    m_levels.push_back(pooled(*below, factor, stop));
    below = m_levels.back().get();
  }
  m_largest = largestOf(m_levels.empty() ? *m_source : *m_levels.back());
}

float MapPyramid::cell(int x, int y) const {
  if (x < 0 || y < 0 || x >= width() || y >= height()) return gap;
  float value = gap;
  m_source->read(y, x, {&value, 1});
  return value;
}

std::vector<float> MapPyramid::sample(const QRectF& cells, QSize pixels) const {
  std::vector<float> out(static_cast<std::size_t>(std::max(0, pixels.width())) *
                             static_cast<std::size_t>(std::max(0, pixels.height())),
                         gap);
  if (out.empty() || cells.isEmpty()) return out;
  const double density = std::min(cells.width() / pixels.width(), cells.height() / pixels.height());
  const CellSource* level = m_source.get();
  double factor = 1;
  for (std::size_t i = 0; i < m_levels.size() && firstPooling * std::exp2(i) <= density; ++i) {
    level = m_levels[i].get();
    factor = firstPooling * std::exp2(i);
  }
  const auto columns = spansOf(cells.left() / factor, cells.width() / factor, pixels.width(), level->width());
  const auto rows = spansOf(cells.top() / factor, cells.height() / factor, pixels.height(), level->height());
  int left = level->width(), right = 0;
  for (const auto& [from, to] : columns)
    if (from < to) left = std::min(left, from), right = std::max(right, to);
  if (left >= right) return out;
  std::vector<float> row(static_cast<std::size_t>(right - left)), strongest(row.size());
  for (std::size_t j = 0; j < rows.size(); ++j) {
    const auto [from, to] = rows[j];
    float* line = out.data() + j * columns.size();
    if (from >= to) continue;
    if (j > 0 && rows[j] == rows[j - 1]) {
      std::copy_n(line - columns.size(), columns.size(), line);
      continue;
    }
    level->read(from, left, strongest);
    for (int y = from + 1; y < to; ++y) {
      level->read(y, left, row);
      for (std::size_t x = 0; x < row.size(); ++x) strongest[x] = stronger(strongest[x], row[x]);
    }
    for (std::size_t i = 0; i < columns.size(); ++i)
      for (int x = columns[i].first; x < columns[i].second; ++x)
        line[i] = stronger(line[i], strongest[static_cast<std::size_t>(x - left)]);
  }
  return out;
}

}  // namespace lapidary::ui
