// SPDX-License-Identifier: GPL-3.0-or-later
// The source that a map reads its cells from: on demand, so that a large matrix is never copied to be looked
// at.
#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace lapidary::ui {

/// Immutable and thread-safe. A cell that is not a number is a gap.
class CellSource {
 public:
  virtual ~CellSource() = default;
  virtual int width() const = 0;
  virtual int height() const = 0;
  /// Cells left, left + 1, ... of row y, all within the map.
  virtual void read(int y, int left, std::span<float> out) const = 0;
};

/// Cells held in memory, row-major.
class GridCells final : public CellSource {
 public:
  GridCells(int width, int height, std::vector<float> values)
      : m_width(width), m_height(height), m_values(std::move(values)) {
    m_values.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  }
  int width() const override { return m_width; }
  int height() const override { return m_height; }
  void read(int y, int left, std::span<float> out) const override {
    const auto start =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(m_width) + static_cast<std::size_t>(left);
    std::copy_n(m_values.begin() + static_cast<std::ptrdiff_t>(start), out.size(), out.begin());
  }

 private:
  int m_width, m_height;
  std::vector<float> m_values;
};

}  // namespace lapidary::ui
