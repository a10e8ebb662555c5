// SPDX-License-Identifier: GPL-3.0-or-later
// Small shared parts of the window.
#include "ui/widgets/labels.h"

#include <QHash>
#include <QHelpEvent>
#include <QStyle>
#include <QToolTip>
#include <algorithm>

#include "ui/look/theme.h"

namespace lapidary::ui {

namespace {

/// Remembered for each font: asking for ten advances takes longer than drawing a number. GUI thread only.
double digitWidth(const QFont& font, const QFontMetricsF& metrics) {
  static QHash<QString, double> known;
  double& widest = known[font.key()];
  if (widest > 0) return widest;
  for (char digit = '0'; digit <= '9'; ++digit)
    widest = std::max(widest, metrics.horizontalAdvance(QLatin1Char(digit)));
  return widest;
}

/// Calls `part(text, x, cell)` for every digit and for every run of other characters.
template <class Part>
double layOut(const QFont& font, const QString& text, Part&& part) {
  const QFontMetricsF metrics(font);
  const double digit = digitWidth(font, metrics);
  double x = 0;
  for (qsizetype i = 0; i < text.size();) {
    qsizetype end = i + 1;
    const bool number = text[i].isDigit();
    while (!number && end < text.size() && !text[end].isDigit()) ++end;
    const QString piece = text.mid(i, end - i);
    const double natural = metrics.horizontalAdvance(piece);
    part(piece, number ? x + (digit - natural) / 2 : x);
    x += number ? digit : natural;
    i = end;
  }
  return x;
}

}  // namespace

QLabel* makeLabel(const QString& text, const char* look, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("look", look);
  return label;
}

void setLook(QWidget* widget, const char* look) {
  if (widget->property("look").toString() == QLatin1String(look)) return;
  widget->setProperty("look", look);
  widget->style()->unpolish(widget);
  widget->style()->polish(widget);
}

QLabel* makeGroupCaption(const QString& text, QWidget* parent) {
  auto* label = makeLabel(text.toUpper(), "caption", parent);
  label->setAccessibleName(text);
  return label;
}

QFrame* makeRule(QWidget* parent) {
  auto* rule = new QFrame(parent);
  rule->setProperty("look", "rule");
  return rule;
}

QPushButton* makeButton(const QString& text, const char* look, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setProperty("look", look);
  button->setCursor(Qt::PointingHandCursor);
  return button;
}

double tabularWidth(const QFont& font, const QString& text) {
  return layOut(font, text, [](const QString&, double) {});
}

double drawTabular(QPainter& painter, QPointF baseline, const QString& text) {
  return layOut(painter.font(), text, [&](const QString& piece, double x) {
    painter.drawText(QPointF(baseline.x() + x, baseline.y()), piece);
  });
}

ElidedLabel::ElidedLabel(QWidget* parent, Qt::TextElideMode mode) : QLabel(parent), m_mode(mode) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

bool ElidedLabel::event(QEvent* event) {
  const bool asks = event->type() == QEvent::ToolTip && toolTip().isEmpty();
  if (!asks || fontMetrics().horizontalAdvance(text()) <= width()) return QLabel::event(event);
  QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text(), this);
  return true;
}

void ElidedLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(palette().color(foregroundRole()));
  const auto shown = fontMetrics().elidedText(text(), m_mode, width());
  painter.drawText(rect(), static_cast<int>(alignment()) | Qt::TextSingleLine, shown);
}

}  // namespace lapidary::ui
