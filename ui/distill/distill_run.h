// SPDX-License-Identifier: GPL-3.0-or-later
// One distillation in the background: its news, and the student beside its teacher that comes of it.
#pragma once

#include <memory>

#include "core/finetune/distill_forecast.h"
#include "core/finetune/student_comparison.h"
#include "core/student/student_spec.h"
#include "ui/repair/repair_run.h"

namespace lapidary::ui {

struct DistillTask {
  std::shared_ptr<const core::Session> session;  ///< with data, which the comparison is on
  TrainingData data;
  core::StudentSpec student;
  core::DistillRequest request;
};

/// Copies, so that they may travel between threads.
struct DistillNews {
  std::size_t done = 0, total = 0;          ///< samples over all epochs
  std::optional<core::TrainedEpoch> epoch;  ///< that is over
  std::optional<core::StepNews> step;       ///< at most about 20 a second
};

/// Shared and const: views keep it.
struct DistillResult {
  core::StudentSpec spec;
  std::vector<core::TrainedEpoch> epochs;
  std::size_t best = 0;
  std::shared_ptr<const core::Session> teacher;
  std::shared_ptr<const core::Session> student;  ///< on the samples of the teacher's session
  core::StudentComparison comparison;
};

/// How long that will take, from a few steps. Throws as runDistill does.
core::TrainingForecast forecastOf(const DistillTask& task, const core::Progress& progress);

/// Runs until the epochs are over or `stop` is asked for, then compares the best on the open data. `tell`
/// hears of both, `gate` holds it up between two steps. Throws core::Error, and Cancelled when `progress` is
/// stopped.
std::shared_ptr<const DistillResult> runDistill(const DistillTask& task, PauseGate& gate,
                                                const std::stop_token& stop, const core::Progress& progress,
                                                const std::function<void(const DistillNews&)>& tell);

}  // namespace lapidary::ui
