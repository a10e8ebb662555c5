// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of the whole file in every form, and of every layer before and after the cut, as pairs of bars.
#pragma once

#include "ui/document/document.h"
#include "ui/live/pair_bars.h"

namespace lapidary::ui {

class BytesBars : public PairBars {
  Q_OBJECT

 public:
  explicit BytesBars(Document& document, QWidget* parent = nullptr);

  /// A sentence where the cut's zeros save nothing in the file that is exported; empty otherwise.
  QString warning() const;

 signals:
  void changed();

 private:
  void refresh();
  QString formName(core::Form form) const;
  QString formTip(core::Form form) const;
  Row wholeRow(core::Form form) const;
  QString layerTip(std::size_t layer) const;

  Document& m_document;
};

}  // namespace lapidary::ui
