// Sorts the weights of layers in the background, so that the sliders' readouts never make the window wait.
#pragma once

#include <set>

#include "ui/background_job.h"
#include "ui/document.h"

namespace lapidary::ui {

/// Once a layer is ready, Cutter::statistics and what rests on it cost O(log n).
class StatisticsLoader : public QObject {
  Q_OBJECT

 public:
  explicit StatisticsLoader(Document& document, QObject* parent = nullptr);

  /// Whether all that the readouts of the selection and the recipe rest on is there.
  bool ready() const;

 signals:
  void readyChanged();

 private:
  std::vector<core::LayerId> missing() const;
  void load();

  Document& m_document;
  BackgroundJob m_job;
  std::set<core::LayerId> m_ready;
  std::vector<core::LayerId> m_loading;
};

}  // namespace lapidary::ui
