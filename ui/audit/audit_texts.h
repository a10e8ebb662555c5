// SPDX-License-Identifier: GPL-3.0-or-later
// The audit's words in the language of the window.
#pragma once

#include <QColor>
#include <QString>

#include "core/audit/rules/finding.h"

namespace lapidary::ui {

QString severityText(core::Severity severity);
/// Red for what does harm, down to grey for a note.
QColor severityColor(core::Severity severity);
QString ruleTitle(const core::Finding& finding);
QString ruleWhy(const core::Finding& finding);
QString ruleCure(const core::Finding& finding);

}  // namespace lapidary::ui
