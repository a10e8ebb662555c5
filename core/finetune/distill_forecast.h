// SPDX-License-Identifier: GPL-3.0-or-later
// How long a distillation will take, from a few steps of it.
#pragma once

#include "core/finetune/distill.h"
#include "core/finetune/training_forecast.h"

namespace lapidary::core {

/// Trains the student with a few batches of the session's data, once, and multiplies; nothing of it is kept.
/// Throws as `distill` does, and Cancelled.
TrainingForecast forecastDistill(const Session& teacher, const Model& student, const DistillRequest& request,
                                 const Progress& progress);

}  // namespace lapidary::core
