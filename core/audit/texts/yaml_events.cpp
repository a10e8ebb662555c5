// SPDX-License-Identifier: GPL-3.0-or-later
#include <yaml.h>

#include <map>
#include <string>

#include "core/audit/texts/config_events.h"

namespace lapidary::core {
namespace {

std::string_view yamlText(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

class YamlReader {
 public:
  YamlReader(std::string_view text, ConfigEvents& events, const Progress& progress)
      : m_events(events), m_progress(progress) {
    m_ready = yaml_parser_initialize(&m_parser) == 1;
    if (m_ready)
      yaml_parser_set_input_string(&m_parser, reinterpret_cast<const unsigned char*>(text.data()),
                                   text.size());
  }
  ~YamlReader() {
    if (m_ready) yaml_parser_delete(&m_parser);
  }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;

  bool run() {
    for (std::size_t count = 1; m_ready; ++count) {
      if (count % 4096 == 0) m_progress.check();
      yaml_event_t event;
      if (yaml_parser_parse(&m_parser, &event) != 1) return false;
      const bool last = event.type == YAML_STREAM_END_EVENT;
      tell(event);
      yaml_event_delete(&event);
      if (last) return true;
    }
    return false;
  }

 private:
  void tell(const yaml_event_t& event) {
    const auto& data = event.data;
    switch (event.type) {
      case YAML_MAPPING_START_EVENT:
        return m_events.startMap(yamlText(data.mapping_start.tag));
      case YAML_SEQUENCE_START_EVENT:
        return m_events.startList(yamlText(data.sequence_start.tag));
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        return m_events.end();
      case YAML_SCALAR_EVENT: {
        const std::string_view text(reinterpret_cast<const char*>(data.scalar.value), data.scalar.length);
        remember(yamlText(data.scalar.anchor), text);
        return m_events.scalar(text, yamlText(data.scalar.tag));
      }
      case YAML_ALIAS_EVENT: {
        const auto found = m_anchors.find(std::string(yamlText(data.alias.anchor)));
        return m_events.scalar(found == m_anchors.end() ? std::string_view() : found->second, "");
      }
      default:
        return;
    }
  }

  void remember(std::string_view anchor, std::string_view text) {
    constexpr std::size_t mostAnchors = 10'000, longest = 4096;
    if (!anchor.empty() && m_anchors.size() < mostAnchors && text.size() <= longest)
      m_anchors[std::string(anchor)] = text;
  }

  ConfigEvents& m_events;
  const Progress& m_progress;
  yaml_parser_t m_parser{};
  bool m_ready = false;
  std::map<std::string, std::string> m_anchors;
};

/// libyaml takes time that grows with the square of how deep brackets are nested, and of how many directives
/// there are; PyYAML ends at a depth of a thousand.
bool takesTooLong(std::string_view text) {
  constexpr std::size_t longest = 16 << 20, deepest = 2000, mostDirectives = 1000;
  if (text.size() > longest) return true;
  std::size_t depth = 0, directives = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (c == '%' && (i == 0 || text[i - 1] == '\n')) ++directives;
    if (depth > deepest || directives > mostDirectives) return true;
  }
  return false;
}

}  // namespace

bool readYamlEvents(std::string_view text, ConfigEvents& events, const Progress& progress) {
  if (takesTooLong(text)) return false;
  return YamlReader(text, events, progress).run();
}

}  // namespace lapidary::core
