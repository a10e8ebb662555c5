// Bytes of every layer before and after the cut, as pairs of bars with their numbers.
#pragma once

#include <QScrollArea>

#include "ui/charts/chart_export.h"
#include "ui/document.h"

namespace lapidary::ui {

class BytesBars : public QScrollArea {
  Q_OBJECT

 public:
  explicit BytesBars(Document& document, QWidget* parent = nullptr);

 protected:
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  class Bars;
  DataTable table() const;

  Document& m_document;
  Bars* m_bars;
};

}  // namespace lapidary::ui
