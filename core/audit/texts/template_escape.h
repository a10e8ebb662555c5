// SPDX-License-Identifier: GPL-3.0-or-later
// Jinja templates, as chat templates are: rendering one outside of a sandbox runs what it reaches.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lapidary::core {

/// Whether anything in the text is a template.
bool holdsTemplate(std::string_view text);

/// What in the template reaches for attributes or modules behind the values that it is given, in words;
/// nothing where it only puts messages into text.
std::optional<std::string> templateEscape(std::string_view text);

}  // namespace lapidary::core
