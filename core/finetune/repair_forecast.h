// SPDX-License-Identifier: GPL-3.0-or-later
// How long a repair will take, from a few steps of it.
#pragma once

#include "core/finetune/repair.h"

namespace lapidary::core {

struct RepairForecast {
  double seconds = 0;   ///< of all epochs; less where none is better for a while
  double perEpoch = 0;  ///< seconds, the measurement on the validation samples included
};

/// Repairs with a few batches of the session's data, once, and multiplies. Takes as long as four steps or so;
/// nothing of it is kept. Throws as `repair` does, and Cancelled.
RepairForecast forecastRepair(const Session& session, const RepairRequest& request, const Progress& progress);

}  // namespace lapidary::core
