// SPDX-License-Identifier: GPL-3.0-or-later
// The sentence on how long a training will take.
#pragma once

#include <QString>

#include "core/finetune/training_forecast.h"

namespace lapidary::ui {

QString forecastText(const core::TrainingForecast& forecast, std::size_t epochs);

}  // namespace lapidary::ui
