// SPDX-License-Identifier: GPL-3.0-or-later
// The text that a person reads of an exception.
#pragma once

#include <QString>

namespace lapidary::ui {

/// The sentence of the exception that is being handled; to be called in a catch clause.
QString caughtText();

}  // namespace lapidary::ui
