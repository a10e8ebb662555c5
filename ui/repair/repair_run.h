// SPDX-License-Identifier: GPL-3.0-or-later
// One repair in the background: the data it learns from, its news, a pause, and the recipe that comes of it.
#pragma once

#include <QString>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "core/finetune/repair.h"
#include "core/finetune/repair_forecast.h"

namespace lapidary::ui {

/// The data that a repair learns from.
struct TrainingData {
  enum class Kind {
    Open,  ///< the data that the figures come from
    Demo,  ///< the digits that the demo's models were trained on
    File,
  };
  Kind kind = Kind::Open;
  QString path;  ///< of a File, as core::openData takes it
  bool operator==(const TrainingData&) const = default;
};

/// The task of a repair; a value for background jobs.
struct RepairTask {
  std::shared_ptr<const core::Session> session;  ///< with data
  TrainingData data;
  core::RepairRequest request;
};

/// Holds a worker up between two steps. Thread-safe.
class PauseGate {
 public:
  void setPaused(bool paused);
  bool paused() const;
  /// A worker waits at it.
  bool holds() const;
  /// Returns at once where nothing is paused, else when that ends or a stop is asked for.
  void pass(const std::stop_token& stop);

 private:
  mutable std::mutex m_mutex;
  std::condition_variable_any m_wake;
  bool m_paused = false, m_holds = false;
};

/// Copies, so that they may travel between threads.
struct RepairNews {
  double epochsDone = 0;                   ///< with the part of the present one
  std::optional<core::RepairEpoch> epoch;  ///< that is over
  std::optional<double> loss;              ///< mean over the samples of the steps since the last news
};

struct RepairResult {
  std::vector<core::RepairEpoch> epochs;
  std::size_t best = 0;
  core::Recipe recipe;  ///< over the repaired weights
};

/// The session that a repair learns in: the open one, or one with other data whose cuts are the same. Throws
/// core::Error where the data do not fit the model.
std::shared_ptr<const core::Session> trainingSession(const RepairTask& task);

/// Runs until the epochs are over or `stop` is asked for: the best so far is kept. Throws core::Error.
RepairResult runRepair(const RepairTask& task, PauseGate& gate, const std::stop_token& stop,
                       const std::function<void(const RepairNews&)>& tell);

}  // namespace lapidary::ui
