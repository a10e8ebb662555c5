// SPDX-License-Identifier: GPL-3.0-or-later
// The view of what the cut did to every class, and how far the probabilities of original and cut can be
// believed.
#pragma once

#include <QWidget>
#include <memory>

#include "core/session/session.h"

class QLabel;
class QTableView;

namespace lapidary::ui {

class Card;
class CellTable;
class ContentPages;
class Document;
class ReliabilityChart;

/// Shows a comparison that is made elsewhere; dimmed while it is of another recipe than the one shown.
class ClassesView : public QWidget {
  Q_OBJECT

 public:
  explicit ClassesView(Document& document, QWidget* parent = nullptr);

  /// Null: nothing is known yet.
  void setComparison(std::shared_ptr<const core::Comparison> comparison);
  QTableView* table() const { return m_table; }
  ReliabilityChart* chart() const { return m_chart; }
  QLabel* error() const { return m_error; }
  bool isEmpty() const;

 signals:
  void wanted(bool visible);  ///< while it is visible the comparison is to be kept fresh

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void build();
  Card* buildTable();
  Card* buildDiagram();
  void showRows(const core::Comparison& comparison);
  void showError(const core::Comparison& comparison);
  void showEmpty();
  void followRecipe();

  Document& m_document;
  core::Recipe m_recipe;  ///< of what is shown
  bool m_known = false;
  CellTable* m_rows;
  QTableView* m_table;
  ReliabilityChart* m_chart;
  Card *m_tableCard, *m_diagramCard;
  QLabel* m_error;
  ContentPages* m_pages;
};

}  // namespace lapidary::ui
