// SPDX-License-Identifier: GPL-3.0-or-later
// The key of the colours of saliency maps, and how much of the original map the cut kept.
#pragma once

#include <QWidget>

class QLabel;

namespace lapidary::ui {

class ColorBar;
struct SampleExplanation;

class SaliencyKey : public QWidget {
  Q_OBJECT

 public:
  explicit SaliencyKey(QWidget* parent = nullptr);
  void setContent(const SampleExplanation& content, const QString& className);
  void clear();

 private:
  QLabel* m_kept;
  ColorBar *m_maps, *m_change;
};

}  // namespace lapidary::ui
