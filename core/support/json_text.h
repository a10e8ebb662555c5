// SPDX-License-Identifier: GPL-3.0-or-later
// JSON from and to text. Reader and writer are templates of many thousand lines: they are compiled here
// alone.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace lapidary::core {

struct JsonStyle {
  int indent = -1;              ///< below 0: all on one line
  bool ascii = false;           ///< other characters as \uXXXX
  bool replaceBadText = false;  ///< what is no UTF-8 becomes U+FFFD; false: throws nlohmann's type_error
};

std::string jsonText(const nlohmann::json& json, const JsonStyle& style = {});
std::string jsonText(const nlohmann::ordered_json& json, const JsonStyle& style = {});

/// As nlohmann's parse: `watch` may refuse values; a text that is no JSON throws parse_error, or gives a
/// discarded value where `throwing` is false.
nlohmann::json parseJson(std::string_view text, const nlohmann::json::parser_callback_t& watch = nullptr,
                         bool throwing = true);
/// The same with the members of objects in the order of the text.
nlohmann::ordered_json parseOrderedJson(std::string_view text,
                                        const nlohmann::ordered_json::parser_callback_t& watch = nullptr,
                                        bool throwing = true);

}  // namespace lapidary::core
