// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of the current layer: their distribution, whose lines prune, and the weights as pictures.
#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/weights/layer_weights.h"

class QCheckBox;
class QSpinBox;
class QStackedWidget;

namespace lapidary::ui {

class BackgroundJob;
class Card;
class Document;
class EmptyState;
class HistogramChart;
class WeightImages;

class WeightsView : public QWidget {
  Q_OBJECT

 public:
  explicit WeightsView(Document& document, QWidget* parent = nullptr);

  HistogramChart* histogram() const { return m_histogram; }

 private:
  void build();
  void followDocument();
  void followRecipe();
  void startJob();
  void take(std::shared_ptr<const OriginalWeights> original);
  void take(std::shared_ptr<const CutWeights> cut, const LevelGrid& levels);
  void showThreshold();
  void showHint(const LevelGrid& levels);
  bool showsCut() const;  ///< whether what is shown is of the recipe of now
  void sayThatItIsLate();
  void dragTo(double threshold);
  core::LayerEdit currentEdit() const;
  QString layerName() const;

  Document& m_document;
  BackgroundJob* m_job;
  QTimer m_retry;     ///< while a job runs, newer recipes wait for it this long at most
  QTimer m_courtesy;  ///< runs while a job waits for the figures of its recipe
  QTimer m_late;      ///< until what is shown of another layer or cut has to make room for a word
  bool m_waiting = false;
  core::LayerId m_layer;                           ///< that the running job or the content is about
  std::shared_ptr<const core::Session> m_session;  ///< keeps m_original's statistics alive
  std::shared_ptr<const OriginalWeights> m_original;
  std::shared_ptr<const CutWeights> m_cut;

  QStackedWidget* m_pages;
  EmptyState* m_empty;
  Card* m_distribution;
  HistogramChart* m_histogram;
  WeightImages* m_images;
  QCheckBox* m_log;
  QSpinBox* m_channel;
};

}  // namespace lapidary::ui
