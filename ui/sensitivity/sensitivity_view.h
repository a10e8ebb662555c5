// SPDX-License-Identifier: GPL-3.0-or-later
// The view of which layer hurts: the matrix of layers and settings, measured in the background, applied by a
// click.
#pragma once

#include <QWidget>

#include "ui/document/document.h"

class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace lapidary::ui {

class BackgroundJob;
class ColorBar;
class EmptyState;
class SensitivityDelegate;
class SensitivityModel;

class SensitivityView : public QWidget {
  Q_OBJECT

 public:
  explicit SensitivityView(Document& document, QWidget* parent = nullptr);

  /// Starts over, in the background; the matrix fills in.
  void measure();
  /// Stops measuring; what was measured stays.
  void cancel();
  bool measuring() const;

  SensitivityModel* model() const { return m_model; }
  QTableView* table() const { return m_table; }
  QPushButton* button() const { return m_button; }
  QCheckBox* reverse() const { return m_reverse; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum Page { Empty, Shown };

  void buildControls();
  void buildTable();
  void reset();
  /// Says what would be shown, while there is nothing.
  void invite();
  void take(const core::SensitivityMatrix& matrix);
  void showState();
  QString note() const;
  void toggle(const QModelIndex& index);
  void pullSelection();
  void pushSelection(int row);

  Document& m_document;
  BackgroundJob* m_job;
  SensitivityModel* m_model;
  SensitivityDelegate* m_delegate;
  EmptyState* m_empty;
  QTableView* m_table;
  ColorBar* m_colors;
  QCheckBox* m_reverse;
  QPushButton* m_button;
  QProgressBar* m_progress;
  QLabel* m_note;
  QStackedWidget* m_pages;
  bool m_syncing = false;
};

}  // namespace lapidary::ui
