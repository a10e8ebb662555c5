// SPDX-License-Identifier: GPL-3.0-or-later
// How far the selected layer's output strays on the calibration samples, beside what the plain method would
// do.
#pragma once

#include <QLabel>

#include "ui/document/background_job.h"
#include "ui/document/document.h"

namespace lapidary::ui {

/// Hidden where the inputs of the layer are not known: it never runs samples.
class OutputErrorLabel : public QLabel {
  Q_OBJECT

 public:
  explicit OutputErrorLabel(Document& document, QWidget* parent = nullptr);

 private:
  void measure();
  void show(const std::optional<core::OutputErrors>& errors);

  Document& m_document;
  BackgroundJob m_job;
};

}  // namespace lapidary::ui
