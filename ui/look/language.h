// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the program: English or Simplified Chinese, switched while it runs.
#pragma once

#include <QString>

namespace lapidary::ui::language {

/// "en" or "zh_CN": as remembered, else as the system has it.
QString current();
/// Installs the translation and remembers it; every window gets QEvent::LanguageChange.
void use(const QString& code);
/// Like `use`, without remembering.
void install(const QString& code);

}  // namespace lapidary::ui::language
