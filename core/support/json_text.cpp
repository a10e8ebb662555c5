// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

template <class Json>
std::string textOfJson(const Json& json, const JsonStyle& style) {
  const auto handler = style.replaceBadText ? Json::error_handler_t::replace : Json::error_handler_t::strict;
  return json.dump(style.indent, ' ', style.ascii, handler);
}

}  // namespace

std::string jsonText(const nlohmann::json& json, const JsonStyle& style) { return textOfJson(json, style); }

std::string jsonText(const nlohmann::ordered_json& json, const JsonStyle& style) {
  return textOfJson(json, style);
}

nlohmann::json parseJson(std::string_view text, const nlohmann::json::parser_callback_t& watch,
                         bool throwing) {
  return nlohmann::json::parse(text.begin(), text.end(), watch, throwing);
}

nlohmann::ordered_json parseOrderedJson(std::string_view text,
                                        const nlohmann::ordered_json::parser_callback_t& watch,
                                        bool throwing) {
  return nlohmann::ordered_json::parse(text.begin(), text.end(), watch, throwing);
}

}  // namespace lapidary::core
