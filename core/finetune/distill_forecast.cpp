// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/distill_forecast.h"

namespace lapidary::core {

TrainingForecast forecastDistill(const Session& teacher, const Model& student, const DistillRequest& request,
                                 const Progress& progress) {
  if (teacher.data() == nullptr) throw Error(ErrorKind::Usage, "a student learns from samples: open data");
  DistillRequest once = request;
  once.train.epochs = 1;
  once.unlabelled = nullptr;
  once.checkpoint.clear();
  const auto run = [&](const Session& few, const Progress& watched, const auto& onEpoch) {
    distill(few, student, once, watched, [&](const TrainedEpoch& epoch) {
      onEpoch(epoch.epoch);
      return true;
    });
  };
  const std::size_t further = request.unlabelled ? request.unlabelled->size() : 0;
  return forecastTraining(teacher, {request.train.batch, request.train.epochs, request.heldOut, further, run},
                          progress);
}

}  // namespace lapidary::core
