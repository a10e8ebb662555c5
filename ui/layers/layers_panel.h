// SPDX-License-Identifier: GPL-3.0-or-later
// The table of layers with its filter; its selection is the document's selection.
#pragma once

#include <QSortFilterProxyModel>
#include <QWidget>

#include "ui/document/document.h"

class QLabel;
class QLineEdit;
class QTableView;

namespace lapidary::ui {

class LayerTableModel;

class LayersPanel : public QWidget {
  Q_OBJECT

 public:
  explicit LayersPanel(Document& document, QWidget* parent = nullptr);

  QTableView* table() const { return m_table; }
  QLineEdit* filter() const { return m_filter; }
  LayerTableModel* model() const { return m_model; }
  void focusFilter();

 private:
  void setUpTable();
  void showModel();
  void pullSelection();
  void pushSelection();

  Document& m_document;
  LayerTableModel* m_model;
  QSortFilterProxyModel* m_proxy;
  QLabel* m_summary;
  QLineEdit* m_filter;
  QTableView* m_table;
  bool m_syncing = false;
};

}  // namespace lapidary::ui
