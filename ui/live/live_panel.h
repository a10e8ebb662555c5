// SPDX-License-Identifier: GPL-3.0-or-later
// The live charts under the layers: trade-off, steps, bytes and profile, one at a time.
#pragma once

#include <QWidget>

#include "ui/document/document.h"

class QComboBox;
class QLabel;
class QStackedWidget;

namespace lapidary::ui {

class BytesBars;
class ProfileChart;
class SegmentedControl;
class TradeOffChart;
class VisitedRecipes;

class LivePanel : public QWidget {
  Q_OBJECT

 public:
  LivePanel(Document& document, VisitedRecipes& visited, QWidget* parent = nullptr);

  enum Chart { TradeOff, Steps, Bytes, Profile };
  int chart() const;
  void showChart(int chart);
  QComboBox* axis() const { return m_axis; }
  TradeOffChart* tradeOff() const { return m_tradeOff; }
  BytesBars* bytes() const { return m_bytes; }
  ProfileChart* profile() const { return m_profile; }

 private:
  void buildAxisChoice();
  void refresh();
  QString tradeOffNote() const;

  Document& m_document;
  VisitedRecipes& m_visited;
  SegmentedControl* m_switch;
  QLabel *m_title, *m_note;
  QComboBox* m_axis;
  QWidget* m_head;
  QStackedWidget* m_stack;
  TradeOffChart* m_tradeOff;
  BytesBars* m_bytes;
  ProfileChart* m_profile;
};

}  // namespace lapidary::ui
