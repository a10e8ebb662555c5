// SPDX-License-Identifier: GPL-3.0-or-later
// Saliency over one-dimensional input: tokens as coloured cells, a signal as coloured bars.
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

#include "ui/heatmap/color_scale.h"

namespace lapidary::ui {

class StripView : public QWidget {
  Q_OBJECT

 public:
  explicit StripView(QWidget* parent = nullptr);

  /// `tokens` or else `signal` label the cells; without both the cells are plain.
  void setContent(std::vector<float> saliency, const ColorScale& scale, const QStringList& tokens,
                  std::vector<float> signal);
  void setCaption(const QString& caption);

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override { return {320, heightForWidth(320)}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  std::vector<QRect> cellsFor(int width) const;
  void paintSignal(QPainter& painter, const ColorTable& table) const;

  std::vector<float> m_saliency, m_signal;
  ColorScale m_scale;
  QStringList m_tokens;
  QString m_caption;
  std::vector<QRect> m_cells;
};

}  // namespace lapidary::ui
