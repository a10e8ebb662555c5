// SPDX-License-Identifier: GPL-3.0-or-later
// The label of what goes together with the selected layer's channels, shown before any of them is removed.
#pragma once

#include <QLabel>

#include "ui/document/background_job.h"
#include "ui/document/document.h"

namespace lapidary::ui {

/// Shown while channels or heads of one layer are what is pruned.
class ChannelGroupLabel : public QLabel {
  Q_OBJECT

 public:
  explicit ChannelGroupLabel(Document& document, QWidget* parent = nullptr);

 private:
  void look();

  Document& m_document;
  BackgroundJob m_job;
};

/// "a, b, c, d, e, f and 4 more".
QString listed(const QStringList& names);

/// A sentence a line: how many there are, who makes them, who reads them, or why none may go.
QString describe(const core::ChannelGroup& group, const core::Model& model, core::LayerId layer);

}  // namespace lapidary::ui
