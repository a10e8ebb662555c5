// SPDX-License-Identifier: GPL-3.0-or-later
// Composes them; a distillation says the same as a repair.
#include "ui/repair/forecast_text.h"

#include <algorithm>
#include <cmath>

#include "ui/repair/repair_dialog.h"

namespace lapidary::ui {

QString durationText(double seconds) {
  const auto whole = std::max<qint64>(1, std::llround(seconds));
  if (whole < 60) return RepairDialog::tr("%1 s").arg(whole);
  if (whole < 3600) return RepairDialog::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
  return RepairDialog::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

QString forecastText(const core::TrainingForecast& forecast, std::size_t epochs) {
  return RepairDialog::tr("About %1 for %n epoch(s) on this machine, %2 each", nullptr,
                          static_cast<int>(epochs))
      .arg(durationText(forecast.seconds), durationText(forecast.perEpoch));
}

}  // namespace lapidary::ui
