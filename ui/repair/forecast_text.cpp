// SPDX-License-Identifier: GPL-3.0-or-later
// Composes it; a distillation says the same as a repair.
#include "ui/repair/forecast_text.h"

#include "ui/look/number_text.h"
#include "ui/repair/repair_dialog.h"

namespace lapidary::ui {

QString forecastText(const core::TrainingForecast& forecast, std::size_t epochs) {
  return RepairDialog::tr("About %1 for %n epoch(s) on this machine, %2 each", nullptr,
                          static_cast<int>(epochs))
      .arg(durationText(forecast.seconds), durationText(forecast.perEpoch));
}

}  // namespace lapidary::ui
