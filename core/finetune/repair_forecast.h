// SPDX-License-Identifier: GPL-3.0-or-later
// How long a repair will take, from a few steps of it.
#pragma once

#include "core/finetune/repair.h"
#include "core/finetune/training_forecast.h"

namespace lapidary::core {

using RepairForecast = TrainingForecast;

/// Repairs with a few batches of the session's data, once, and multiplies. Takes as long as four steps or so;
/// nothing of it is kept. Throws as `repair` does, and Cancelled.
RepairForecast forecastRepair(const Session& session, const RepairRequest& request, const Progress& progress);

}  // namespace lapidary::core
