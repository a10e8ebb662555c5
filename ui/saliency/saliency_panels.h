// SPDX-License-Identifier: GPL-3.0-or-later
// Original, cut and difference of one sample's saliency, as maps or as strips, with both answers.
#pragma once

#include <QWidget>
#include <memory>

#include "ui/heatmap/map_viewport.h"
#include "ui/saliency/sample_explanation.h"

class QLabel;
class QStackedWidget;

namespace lapidary::ui {

class AnswerBars;
class ImageMap;
class SaliencyKey;
class StripView;

class SaliencyPanels : public QWidget {
  Q_OBJECT

 public:
  explicit SaliencyPanels(QWidget* parent = nullptr);

  void showExplanation(std::shared_ptr<const SampleExplanation> content, const core::Dataset& dataset);
  /// Says in place why there is nothing.
  void showMessage(const QString& message);
  /// Sets the names of the two models whose maps these are, and of their difference.
  void setCaptions(const QString& before, const QString& after, const QString& difference);
  /// Of the maps over the input, 0 to 1.
  void setOpacity(double opacity);
  void setDimmed(bool dimmed);

 signals:
  /// Says what lies under the cursor, as text; empty: nothing.
  void hovered(const QString& text);

 private:
  QWidget* buildMaps();
  QWidget* buildStrips();
  void showMaps();
  void showStrips();
  void showAnswers(const core::Dataset& dataset);
  void tellHovered();

  MapViewport m_viewport;
  std::shared_ptr<const SampleExplanation> m_content;
  double m_opacity = 0.7;
  QStackedWidget* m_pages;
  QLabel* m_message;
  ImageMap* m_maps[3];
  StripView* m_strips[3];
  AnswerBars *m_before, *m_after;
  SaliencyKey* m_keys[2];  ///< beside the maps, below the strips
};

}  // namespace lapidary::ui
