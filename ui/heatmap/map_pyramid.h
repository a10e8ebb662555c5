// SPDX-License-Identifier: GPL-3.0-or-later
// A map at every size: pooled so that the cell of largest magnitude stays visible when cells are smaller
// than pixels, exact where they are larger.
#pragma once

#include <QRectF>
#include <QSize>
#include <memory>
#include <stop_token>
#include <vector>

#include "ui/heatmap/cell_source.h"

namespace lapidary::ui {

/// Immutable. Levels pooled 8 x 8 and coarser are kept (1/63 of the cells); finer ones are read from the
/// source, so that sampling costs at most about 64 cells a pixel. Built off the GUI thread.
class MapPyramid {
 public:
  /// Throws core::Cancelled when stopped.
  explicit MapPyramid(std::shared_ptr<const CellSource> source, std::stop_token stop = {});

  int width() const { return m_source->width(); }
  int height() const { return m_source->height(); }
  /// The largest magnitude that is a finite number; 0 for a map of gaps.
  double largest() const { return m_largest; }
  /// Not a number outside the map.
  float cell(int x, int y) const;

  /// One value a pixel, row-major, of the part `cells` (in cells, may reach outside: gaps there).
  std::vector<float> sample(const QRectF& cells, QSize pixels) const;

 private:
  std::shared_ptr<const CellSource> m_source;
  std::vector<std::shared_ptr<const CellSource>> m_levels;  ///< pooled by 8, 16, 32, ...
  double m_largest = 0;
};

}  // namespace lapidary::ui
