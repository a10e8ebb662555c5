// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/repair_forecast.h"

namespace lapidary::core {

RepairForecast forecastRepair(const Session& session, const RepairRequest& request,
                              const Progress& progress) {
  if (session.data() == nullptr) throw Error(ErrorKind::Usage, "a repair learns from samples: open data");
  RepairRequest once = request;
  once.train.epochs = 1;
  once.checkpoint.clear();
  const auto run = [&](const Session& few, const Progress& watched, const auto& onEpoch) {
    repair(few, once, watched, [&](const RepairEpoch& epoch) {
      onEpoch(epoch.epoch);
      return true;
    });
  };
  return forecastTraining(session, {request.train.batch, request.train.epochs, request.heldOut, 0, run},
                          progress);
}

}  // namespace lapidary::core
