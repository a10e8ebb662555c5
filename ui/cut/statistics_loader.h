// SPDX-License-Identifier: GPL-3.0-or-later
// Sorts the weights of layers in the background, so that the sliders' readouts never make the window wait.
#pragma once

#include <set>

#include "ui/document/background_job.h"
#include "ui/document/document.h"

namespace lapidary::ui {

/// Once a layer is ready, Cutter::statistics and what rests on it cost O(log n).
class StatisticsLoader : public QObject {
  Q_OBJECT

 public:
  explicit StatisticsLoader(Document& document, QObject* parent = nullptr);

  /// Whether all that the readouts of the selection and the recipe rest on is there.
  bool ready() const;
  /// Why it will not come; empty while it may.
  QString failure() const { return m_failure; }

 signals:
  void readyChanged();  ///< or failure()

 private:
  /// A layer of the model's own weights (an empty name), or of repaired ones.
  using Part = std::pair<std::string, core::LayerId>;
  std::vector<core::LayerId> missing() const;
  void load();

  Document& m_document;
  BackgroundJob m_job;
  std::set<Part> m_ready;
  std::vector<Part> m_loading;
  QString m_failure;
};

}  // namespace lapidary::ui
