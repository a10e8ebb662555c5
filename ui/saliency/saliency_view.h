// SPDX-License-Identifier: GPL-3.0-or-later
// Why the model answers as it does, before and after the cut, for a sample and class of one's choice.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>

#include "core/session/session.h"

class QComboBox;
class QLabel;
class QListView;
class QProgressBar;
class QSlider;
class QSpinBox;

namespace lapidary::ui {

class BackgroundJob;
class Card;
class ContentPages;
class Document;
class FaithfulnessNote;
class MethodPicker;
class SaliencyPanels;
class SampleListModel;
class ThumbnailStore;
struct SampleExplanation;

/// Computes only while visible; follows the recipe with a short delay.
class SaliencyView : public QWidget {
  Q_OBJECT

 public:
  explicit SaliencyView(Document& document, QWidget* parent = nullptr);

  std::size_t sample() const;

 public slots:
  void showSample(std::size_t sample);
  /// Puts the samples that the cut changed first; null: none are known.
  void setComparison(std::shared_ptr<const core::Comparison> comparison);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void build();
  QWidget* buildPicker();
  QWidget* buildControls();
  QWidget* buildWaiting();
  void reset();
  void fillClasses();
  void offerMethods();
  void chooseOccludable();
  void schedule();
  void explain();
  void take(std::shared_ptr<const SampleExplanation> content);
  core::ExplainRequest request() const;
  void showHint(const QString& hovered);

  Document& m_document;
  BackgroundJob* m_job;
  ThumbnailStore* m_thumbnails;
  SampleListModel* m_samples;
  QTimer m_delay;
  std::shared_ptr<const SampleExplanation> m_content;
  std::shared_ptr<const core::Comparison> m_comparison;

  ContentPages* m_pages;
  Card* m_card;
  QSpinBox* m_number;
  QListView* m_list;
  MethodPicker* m_method;
  QWidget* m_waiting;
  QProgressBar* m_progress;
  FaithfulnessNote* m_faithfulness;
  QComboBox* m_class;
  QSlider* m_opacity;
  SaliencyPanels* m_panels;
};

}  // namespace lapidary::ui
