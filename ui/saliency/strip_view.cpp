// SPDX-License-Identifier: GPL-3.0-or-later
// Cells flow in lines as text does.
#include "ui/saliency/strip_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"

namespace lapidary::ui {
namespace {

constexpr int captionHeight = 18, lineHeight = 24, cellGap = 2, signalHeight = 72;

/// Black or white, whichever reads better on `ground`.
QColor inkOn(QRgb ground) { return qGray(ground) > 128 ? QColor(Qt::black) : QColor(Qt::white); }

}  // namespace

StripView::StripView(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StripView::setContent(std::vector<float> saliency, const ColorScale& scale, const QStringList& tokens,
                           std::vector<float> signal) {
  m_saliency = std::move(saliency);
  m_scale = scale;
  m_tokens = tokens.size() == static_cast<qsizetype>(m_saliency.size()) ? tokens : QStringList();
  m_signal =
      signal.size() == m_saliency.size() && m_tokens.isEmpty() ? std::move(signal) : std::vector<float>();
  m_cells = cellsFor(width());
  updateGeometry();
  update();
}

void StripView::setCaption(const QString& caption) {
  m_caption = caption;
  setAccessibleName(caption);
  update();
}

std::vector<QRect> StripView::cellsFor(int width) const {
  std::vector<QRect> cells(m_saliency.size());
  if (m_tokens.isEmpty()) {
    const double step = static_cast<double>(width) / std::max<double>(1, static_cast<double>(cells.size()));
    const int tall = m_signal.empty() ? lineHeight : signalHeight;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const int left = static_cast<int>(step * static_cast<double>(i));
      const int right = static_cast<int>(step * static_cast<double>(i + 1));
      cells[i] = QRect(left, captionHeight, std::max(1, right - left), tall);
    }
    return cells;
  }
  const QFontMetrics metrics(Theme::instance().caption());
  int x = 0, y = captionHeight;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int wide =
        std::max(lineHeight, metrics.horizontalAdvance(m_tokens[static_cast<qsizetype>(i)]) + 12);
    if (x > 0 && x + wide > width) x = 0, y += lineHeight + cellGap;
    cells[i] = QRect(x, y, wide, lineHeight);
    x += wide + cellGap;
  }
  return cells;
}

int StripView::heightForWidth(int width) const {
  const std::vector<QRect> cells = cellsFor(width);
  return (cells.empty() ? captionHeight + lineHeight : cells.back().bottom() + 1) + 4;
}

void StripView::resizeEvent(QResizeEvent*) { m_cells = cellsFor(width()); }

void StripView::paintSignal(QPainter& painter, const ColorTable& table) const {
  float low = 0, high = 0;
  for (const float value : m_signal) low = std::min(low, value), high = std::max(high, value);
  const float range = high > low ? high - low : 1;
  const auto level = [&](float value) {
    return captionHeight + static_cast<int>(static_cast<float>(signalHeight) * (high - value) / range);
  };
  for (std::size_t i = 0; i < m_cells.size(); ++i) {
    const int from = level(std::max(0.0F, m_signal[i])), to = level(std::min(0.0F, m_signal[i]));
    painter.fillRect(m_cells[i].left(), from, m_cells[i].width(), std::max(1, to - from),
                     QColor(table.color(m_saliency[i])));
  }
}

void StripView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme& theme = Theme::instance();
  painter.setFont(theme.caption());
  painter.setPen(theme.color(Role::Muted));
  painter.drawText(QRect(0, 0, width(), captionHeight), Qt::AlignLeft | Qt::AlignTop, m_caption);
  const ColorTable table(m_scale);
  if (!m_signal.empty()) return paintSignal(painter, table);
  for (std::size_t i = 0; i < m_cells.size(); ++i) {
    const QRgb ground = table.color(m_saliency[i]);
    painter.fillRect(m_cells[i], QColor(ground));
    if (m_tokens.isEmpty()) continue;
    painter.setPen(theme.color(Role::Line));
    painter.drawRect(m_cells[i].adjusted(0, 0, -1, -1));
    painter.setPen(inkOn(ground));
    painter.drawText(m_cells[i], Qt::AlignCenter, m_tokens[static_cast<qsizetype>(i)]);
  }
}

void StripView::mouseMoveEvent(QMouseEvent* event) {
  const auto cell = std::find_if(m_cells.begin(), m_cells.end(),
                                 [&](const QRect& r) { return r.contains(event->position().toPoint()); });
  if (cell == m_cells.end()) return QToolTip::hideText();
  const auto i = static_cast<std::size_t>(cell - m_cells.begin());
  QToolTip::showText(event->globalPosition().toPoint(),
                     tr("position %1: %2").arg(i).arg(significantText(static_cast<double>(m_saliency[i]))),
                     this);
}

}  // namespace lapidary::ui
