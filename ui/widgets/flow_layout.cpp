// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flow_layout.h"

#include <algorithm>

namespace lapidary::ui {

FlowLayout::FlowLayout(int spacing, QWidget* parent) : QLayout(parent) {
  setContentsMargins(0, 0, 0, 0);
  setSpacing(spacing);
}

FlowLayout::~FlowLayout() { qDeleteAll(m_items); }

void FlowLayout::addItem(QLayoutItem* item) { m_items.append(item); }

void FlowLayout::addLayout(QLayout* layout) {
  addChildLayout(layout);
  addItem(layout);
}

int FlowLayout::count() const { return static_cast<int>(m_items.size()); }
QLayoutItem* FlowLayout::itemAt(int index) const { return m_items.value(index); }

QLayoutItem* FlowLayout::takeAt(int index) {
  return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

QList<FlowLayout::Line> FlowLayout::lines(int width) const {
  QList<Line> lines;
  int x = 0;
  for (QLayoutItem* item : m_items) {
    if (item->isEmpty()) continue;
    const QSize size = item->sizeHint();
    if (lines.isEmpty() || x + size.width() > width) {
      lines.append(Line{});
      x = 0;
    }
    Line& line = lines.last();
    line.items.append(item);
    line.height = std::max(line.height, size.height());
    x += size.width() + spacing();
  }
  return lines;
}

int FlowLayout::heightForWidth(int width) const {
  int height = 0;
  for (const Line& line : lines(width)) height += line.height + (height > 0 ? spacing() : 0);
  return height;
}

QSize FlowLayout::sizeHint() const {
  QSize size;
  for (const QLayoutItem* item : m_items) {
    if (item->isEmpty()) continue;
    size.rwidth() += item->sizeHint().width() + (size.width() > 0 ? spacing() : 0);
    size.setHeight(std::max(size.height(), item->sizeHint().height()));
  }
  return size;
}

QSize FlowLayout::minimumSize() const {
  QSize size;
  for (const QLayoutItem* item : m_items)
    if (!item->isEmpty()) size = size.expandedTo(item->sizeHint());
  return size;
}

void FlowLayout::setGeometry(const QRect& rect) {
  QLayout::setGeometry(rect);
  int y = rect.top();
  for (const Line& line : lines(rect.width())) {
    int x = rect.left();
    for (QLayoutItem* item : line.items) {
      const QSize size = item->sizeHint();
      item->setGeometry({{x, y + line.height - size.height()}, size});
      x += size.width() + spacing();
    }
    y += line.height + spacing();
  }
}

}  // namespace lapidary::ui
