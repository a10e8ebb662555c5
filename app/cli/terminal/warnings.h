// SPDX-License-Identifier: GPL-3.0-or-later
// What a command leaves out, guesses or ignores: told once on standard error, and carried by the JSON object.
#pragma once

#include <string>

#include "core/data/data_warning.h"
#include "output.h"

namespace lapidary::cli {

/// `id` is a word for scripts.
void warn(const std::string& id, const std::string& text);
void warn(const core::Warning& warning);
void warn(const core::DataWarning& warning);

/// From now on a warning makes the exit status that of an input which cannot be read.
void beStrict();
/// Says so, once, where something was warned of after beStrict().
bool failsStrictly();

/// Puts what was warned of into the object, under "warnings", an array of id and text; nothing where there
/// was nothing.
void addWarnings(Json& json);

/// The sentence, with its cure.
std::string textOf(const core::DataWarning& warning);

}  // namespace lapidary::cli
