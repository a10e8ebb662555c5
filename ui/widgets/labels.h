// SPDX-License-Identifier: GPL-3.0-or-later
// Labels, rules and buttons in the looks of the style sheet, and text that does not jump.
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace lapidary::ui {

/// `look`: "muted", "caption", "title" or "heading" of the style sheet.
QLabel* makeLabel(const QString& text, const char* look, QWidget* parent = nullptr);
/// Changes the look of a widget that is shown already.
void setLook(QWidget* widget, const char* look);
/// A caption in capitals, as over the groups of the cut panel.
QLabel* makeGroupCaption(const QString& text, QWidget* parent = nullptr);
QFrame* makeRule(QWidget* parent = nullptr);
/// `look`: "", "primary", "flat" or "small".
QPushButton* makeButton(const QString& text, const char* look, QWidget* parent = nullptr);

/// Width of `text` with every digit as wide as the widest, and drawing it so: Qt 6.4 cannot ask a font
/// for its tabular digits. Returns the width used.
double tabularWidth(const QFont& font, const QString& text);
double drawTabular(QPainter& painter, QPointF baseline, const QString& text);

/// A label that shortens its text instead of asking for room; the whole of it is its tooltip then.
class ElidedLabel : public QLabel {
  Q_OBJECT

 public:
  explicit ElidedLabel(QWidget* parent = nullptr, Qt::TextElideMode mode = Qt::ElideRight);
  QSize minimumSizeHint() const override { return {24, QLabel::minimumSizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  Qt::TextElideMode m_mode;
};

}  // namespace lapidary::ui
