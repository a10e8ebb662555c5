// SPDX-License-Identifier: GPL-3.0-or-later
// JSON from files that are not trusted: names that stand twice and endless nesting are errors.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace lapidary::core {

/// `what` names the text in messages: "the header". Throws Error(InvalidInput).
nlohmann::json parseStrictJson(std::string_view text, const std::string& what, int deepest);

}  // namespace lapidary::core
