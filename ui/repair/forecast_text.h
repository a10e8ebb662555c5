// SPDX-License-Identifier: GPL-3.0-or-later
// Durations, and the sentence on how long a training will take.
#pragma once

#include <QString>

#include "core/finetune/training_forecast.h"

namespace lapidary::ui {

/// "12 s", "3 min 20 s", "2 h 5 min".
QString durationText(double seconds);
QString forecastText(const core::TrainingForecast& forecast, std::size_t epochs);

}  // namespace lapidary::ui
