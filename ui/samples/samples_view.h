// SPDX-License-Identifier: GPL-3.0-or-later
// The samples whose answer the cut changed, and who is mistaken for whom.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>

#include "core/session/session.h"
#include "ui/samples/sample_list_model.h"

class QLabel;
class QListView;
class QPushButton;
class QTableView;

namespace lapidary::ui {

class BackgroundJob;
class Card;
class ConfusionModel;
class ContentPages;
class Document;
class SegmentedControl;
class ThumbnailStore;

/// Compared anew when the outcome of a recipe is final and this view is visible; what is shown
/// meanwhile is dimmed.
class SamplesView : public QWidget {
  Q_OBJECT

 public:
  explicit SamplesView(Document& document, QWidget* parent = nullptr);

  /// For tests and for whoever compared already.
  void showComparison(std::shared_ptr<const core::Comparison> comparison);
  /// Compares while this view is hidden too: another one shows what comes of it.
  void setWanted(bool wanted);
  QTableView* matrix() const { return m_matrix; }
  QListView* list() const { return m_list; }

 signals:
  void sampleActivated(std::size_t sample);
  /// Null when what was known is of another recipe now.
  void comparisonChanged(std::shared_ptr<const core::Comparison> comparison);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void build();
  Card* buildMatrix();
  Card* buildLists();
  void reset();
  void followRecipe();
  void followOutcome();
  void setDimmed(bool dimmed);
  void showCounts();
  void filterBy(const QModelIndex& cell);
  void clearFilter();
  void showEmpty(const QString& title, const QString& sentence);

  Document& m_document;
  BackgroundJob* m_job;
  ThumbnailStore* m_thumbnails;
  std::shared_ptr<const core::Comparison> m_comparison;
  core::Recipe m_compared;  ///< the recipe of m_comparison
  bool m_known = false;
  bool m_wanted = false;

  SampleListModel* m_samples;
  ConfusionModel* m_confusion;
  ContentPages* m_pages;
  Card *m_matrixCard, *m_listCard;
  QTableView* m_matrix;
  QListView* m_list;
  SegmentedControl *m_kinds, *m_tables;
  QPushButton* m_clear;
  QLabel* m_none;
};

}  // namespace lapidary::ui
