// SPDX-License-Identifier: GPL-3.0-or-later
// One figure of the strip: a caption, a big number that changes in place, and a note under it.
#pragma once

#include <QPixmap>
#include <QWidget>
#include <vector>

#include "ui/look/figure_text.h"

namespace lapidary::ui {

class FigureTile : public QWidget {
  Q_OBJECT

 public:
  explicit FigureTile(QWidget* parent = nullptr);

  /// An old figure belongs to an earlier recipe and is drawn dimmed.
  void setText(const FigureText& text, bool old);
  const FigureText& text() const { return m_text; }
  bool old() const { return m_old; }
  /// A small line at the right, oldest first; fewer than two points hide it.
  void setHistory(std::vector<double> values);

  /// Puts a small widget into the upper right corner.
  void setCorner(QWidget* corner);

  QSize sizeHint() const override { return {240, 92}; }
  QSize minimumSizeHint() const override { return {130, 92}; }

 signals:
  void painted();

 protected:
  void paintEvent(QPaintEvent*) override;
  void resizeEvent(QResizeEvent*) override;

 private:
  void redraw();
  void placeCorner();
  void paintAll(QPainter& painter);
  void paintNote(QPainter& painter, double width);
  void paintHistory(QPainter& painter, double left);

  FigureText m_text;
  bool m_old = false;
  std::vector<double> m_history;
  QWidget* m_corner = nullptr;
  QPixmap m_picture;  ///< what was painted last; null when it must be painted anew
};

}  // namespace lapidary::ui
