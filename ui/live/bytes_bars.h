// Bytes of every layer before and after the cut, as pairs of bars with their numbers.
#pragma once

#include "ui/document.h"
#include "ui/live/pair_bars.h"

namespace lapidary::ui {

class BytesBars : public PairBars {
  Q_OBJECT

 public:
  explicit BytesBars(Document& document, QWidget* parent = nullptr);

 private:
  void refresh();

  Document& m_document;
};

}  // namespace lapidary::ui
