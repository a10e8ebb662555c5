// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/strict_json.h"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::json;

/// Names of a JSON object must be unique: the parser itself would keep the last one silently.
class Strictness {
 public:
  Strictness(const std::string& what, int deepest) : m_what(what), m_deepest(deepest) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > m_deepest) throw Error(ErrorKind::InvalidInput, m_what + "'s JSON is nested too deep");
    if (event == Json::parse_event_t::object_start) m_keys.emplace_back();
    if (event == Json::parse_event_t::object_end) m_keys.pop_back();
    if (event == Json::parse_event_t::key && !m_keys.back().insert(parsed.get<std::string>()).second)
      throw Error(ErrorKind::InvalidInput,
                  "'" + parsed.get<std::string>() + "' stands in " + m_what + " twice");
    return true;
  }

 private:
  std::string m_what;
  int m_deepest;
  std::vector<std::set<std::string>> m_keys;
};

}  // namespace

nlohmann::json parseStrictJson(std::string_view text, const std::string& what, int deepest) {
  try {
    return parseJson(text, Strictness(what, deepest));
  } catch (const Json::exception&) {
    throw Error(ErrorKind::InvalidInput, what + " is not JSON");
  }
}

}  // namespace lapidary::core
