// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of one figure.
#include "ui/figures/figure_tile.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {
constexpr double left = 18, captionBase = 24, figureBase = 53, noteBase = 74, lineStep = 14;
constexpr double historyWidth = 120;
const QChar strongEnd(0x1f);  // ends the coloured part of FigureText::strong
}  // namespace

FigureTile::FigureTile(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&Theme::instance(), &Theme::changed, this, &FigureTile::redraw);
}

void FigureTile::redraw() {
  m_picture = {};
  update();
}

void FigureTile::setText(const FigureText& text, bool old) {
  if (m_text == text && m_old == old) return;
  m_text = text;
  m_old = old;
  setToolTip(text.tip);
  setAccessibleName(text.label);
  setAccessibleDescription(
      QStringList{text.figure, text.aside, QString(text.strong).remove(strongEnd), text.notes.join(", ")}
          .join(' '));
  redraw();
}

void FigureTile::setHistory(std::vector<double> values) {
  if (m_history == values) return;
  m_history = std::move(values);
  redraw();
}

void FigureTile::setCorner(QWidget* corner) {
  m_corner = corner;
  corner->setParent(this);
  placeCorner();
}

void FigureTile::placeCorner() {
  if (m_corner == nullptr) return;
  m_corner->resize(m_corner->sizeHint());
  m_corner->move(width() - m_corner->width() - 12, 5);
}

void FigureTile::resizeEvent(QResizeEvent*) {
  placeCorner();
  redraw();
}

void FigureTile::paintEvent(QPaintEvent*) {
  const double ratio = devicePixelRatioF();
  if (m_picture.isNull() || m_picture.devicePixelRatio() != ratio) {
    m_picture = QPixmap(size() * ratio);
    m_picture.setDevicePixelRatio(ratio);
    m_picture.fill(Qt::transparent);
    QPainter painter(&m_picture);
    paintAll(painter);
  }
  QPainter(this).drawPixmap(0, 0, m_picture);
  emit painted();
}

void FigureTile::paintAll(QPainter& painter) {
  const auto& theme = Theme::instance();
  painter.setRenderHint(QPainter::Antialiasing);
  const double room = width() - left - 8;
  painter.setFont(theme.caption());
  painter.setPen(theme.color(Role::Muted));
  const QString caption =
      QFontMetricsF(theme.caption())
          .elidedText(m_text.label.toUpper(), Qt::ElideRight, room - (m_corner ? m_corner->width() + 4 : 0));
  painter.drawText(QPointF(left, captionBase), caption);
  painter.setFont(theme.figure());
  painter.setPen(theme.color(m_old || !m_text.known ? Role::Muted : Role::Text));
  painter.setOpacity(m_old ? 0.75 : 1);
  double x = left + drawTabular(painter, {left, figureBase}, m_text.figure) + 7;
  painter.setFont(theme.body());
  painter.setPen(theme.color(Role::Muted));
  const double asideWidth = tabularWidth(theme.body(), m_text.aside);
  if (!m_text.aside.isEmpty() && x + asideWidth <= width() - 4) {
    drawTabular(painter, {x, figureBase}, m_text.aside);
    x += asideWidth;
  }
  painter.setOpacity(1);
  if (m_history.size() > 1 && x + 24 + historyWidth < width() - 16)
    paintHistory(painter, width() - 24 - historyWidth);
  paintNote(painter, room);
}

void FigureTile::paintNote(QPainter& painter, double room) {
  const auto& theme = Theme::instance();
  const QFont font = theme.caption();
  painter.setFont(font);
  const QFontMetricsF metrics(font);
  const QString strong = m_text.strong.section(strongEnd, 0, 0), after = m_text.strong.section(strongEnd, 1);
  double x = left, y = noteBase;
  if (!strong.isEmpty()) {
    QFont bold = font;
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.setPen(m_old ? theme.color(Role::Muted) : theme.color(m_text.strongRole));
    x += drawTabular(painter, {x, y}, strong);
    painter.setFont(font);
    painter.setPen(theme.color(Role::Muted));
    x += drawTabular(painter, {x, y}, after);
  }
  painter.setPen(theme.color(Role::Muted));
  for (const auto& note : m_text.notes) {
    const QString piece = x > left ? QStringLiteral(" · ") + note : note;
    if (x > left && x + metrics.horizontalAdvance(piece) > left + room && y == noteBase) {
      x = left;
      y += lineStep;
      x += drawTabular(painter, {x, y}, metrics.elidedText(note, Qt::ElideRight, room));
    } else {
      x += drawTabular(painter, {x, y},
                       metrics.elidedText(piece, Qt::ElideRight, std::max(0.0, left + room - x)));
    }
  }
}

void FigureTile::paintHistory(QPainter& painter, double from) {
  const auto [low, high] = std::minmax_element(m_history.begin(), m_history.end());
  const double span = std::max(1e-9, *high - *low), top = 28, height = 24;
  QPainterPath path;
  for (std::size_t i = 0; i < m_history.size(); ++i) {
    const QPointF point(
        from + historyWidth * static_cast<double>(i) / static_cast<double>(m_history.size() - 1),
        top + height * (1 - (m_history[i] - *low) / span));
    i == 0 ? path.moveTo(point) : path.lineTo(point);
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(Theme::instance().color(Role::Cut), 1.6));
  painter.drawPath(path);
}

}  // namespace lapidary::ui
