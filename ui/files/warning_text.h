// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences for what was noticed while reading a model, and for how its inputs are prepared.
#pragma once

#include <QString>

#include "ui/files/open_model.h"

namespace lapidary::ui {

QString warningText(const core::Warning& warning);
/// "NCHW, gray, scale 0.00392"
QString preprocessText(const core::Preprocess& preprocess);
/// All that should be known about what was just opened, a line each; empty where there is nothing.
QString noticeText(const OpenedModel& opened);

}  // namespace lapidary::ui
