// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>
#include <string>

#include "core/audit/texts/config_events.h"

namespace lapidary::core {
namespace {

class JsonEvents final : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonEvents(ConfigEvents& events, const Progress& progress) : m_events(events), m_progress(progress) {}

  bool null() override { return scalar(""); }
  bool boolean(bool value) override { return scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t) override { return scalar("0"); }
  bool number_unsigned(number_unsigned_t) override { return scalar("0"); }
  bool number_float(number_float_t, const string_t&) override { return scalar("0"); }
  bool string(string_t& value) override { return scalar(value); }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    m_events.startMap("");
    return true;
  }
  bool key(string_t& value) override { return scalar(value); }
  bool end_object() override {
    m_events.end();
    return true;
  }
  bool start_array(std::size_t) override {
    m_events.startList("");
    return true;
  }
  bool end_array() override { return end_object(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  /// What a number is does not matter to the audit; null is as good as an empty text.
  bool scalar(std::string_view text) {
    if (++m_count % 65536 == 0) m_progress.check();
    m_events.scalar(text, "");
    return true;
  }

  ConfigEvents& m_events;
  const Progress& m_progress;
  std::size_t m_count = 0;
};

}  // namespace

bool readJsonEvents(std::string_view text, ConfigEvents& events, const Progress& progress) {
  JsonEvents reader(events, progress);
  return nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
}

}  // namespace lapidary::core
