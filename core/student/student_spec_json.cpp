// SPDX-License-Identifier: GPL-3.0-or-later
// Student specifications as JSON and as one word of a command line.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "core/student/student_spec.h"
#include "core/support/document_depth.h"
#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<StudentKind, std::string_view>, 6> kindWords{
    {{StudentKind::Mlp, "mlp"},
     {StudentKind::Cnn, "cnn"},
     {StudentKind::Transformer, "transformer"},
     {StudentKind::Narrow, "narrow"},
     {StudentKind::Shallow, "shallow"},
     {StudentKind::File, "file"}}};

/// In the order of writing; the first one goes without its name in words.
std::vector<std::string> keysOf(StudentKind kind) {
  switch (kind) {
    case StudentKind::Mlp:
      return {"hidden"};
    case StudentKind::Cnn:
      return {"channels", "kernel", "pool", "head"};
    case StudentKind::Transformer:
      return {"width", "depth", "heads", "patch", "feed_forward"};
    case StudentKind::Narrow:
    case StudentKind::Shallow:
      return {"keep", "weights"};
    case StudentKind::File:
      return {"path", "weights"};
  }
  return {};
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorKind::InvalidInput, "student: " + what);
}

StudentKind kindNamed(std::string_view word) {
  const auto found = std::ranges::find(kindWords, word, [](const auto& row) { return row.second; });
  if (found == kindWords.end())
    refuse("there is no kind '" + std::string(word) +
           "', only mlp, cnn, transformer, narrow, shallow and file");
  return found->first;
}

std::string_view wordOf(StudentKind kind) {
  return std::ranges::find(kindWords, kind, [](const auto& row) { return row.first; })->second;
}

Json valueOf(const StudentSpec& spec, const std::string& key) {
  if (key == "hidden" || key == "channels") return spec.widths;
  if (key == "kernel") return spec.kernel;
  if (key == "pool") return spec.pool;
  if (key == "head") return spec.head == CnnHead::Flat ? "flat" : "global";
  if (key == "width") return spec.width;
  if (key == "depth") return spec.depth;
  if (key == "heads") return spec.heads;
  if (key == "patch") return spec.patch;
  if (key == "feed_forward") return spec.feedForward;
  if (key == "keep") return spec.keep;
  if (key == "weights") return spec.fresh ? "fresh" : "inherited";
  return spec.path;
}

std::int64_t wholeOf(const std::string& key, const Json& value) {
  if (!value.is_number_integer() || (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX))
    refuse(key + ": a whole number is expected");
  return value.get<std::int64_t>();
}

std::string textOf(const std::string& key, const Json& value) {
  if (!value.is_string()) refuse(key + ": text is expected");
  return value.get<std::string>();
}

/// Whether the value is the second of two words.
bool isSecond(const std::string& key, const Json& value, const std::string& first,
              const std::string& second) {
  const std::string word = textOf(key, value);
  if (word != first && word != second)
    refuse(key + " is '" + word + "', it may be " + first + " or " + second);
  return word == second;
}

std::vector<std::int64_t> listOf(const std::string& key, const Json& value) {
  if (!value.is_array()) refuse(key + ": a list of whole numbers is expected");
  std::vector<std::int64_t> numbers;
  for (const Json& each : value) numbers.push_back(wholeOf(key, each));
  return numbers;
}

void set(StudentSpec& spec, const std::string& key, const Json& value) {
  if (key == "hidden" || key == "channels")
    spec.widths = listOf(key, value);
  else if (key == "kernel")
    spec.kernel = wholeOf(key, value);
  else if (key == "pool")
    spec.pool = wholeOf(key, value);
  else if (key == "head")
    spec.head = isSecond(key, value, "flat", "global") ? CnnHead::Global : CnnHead::Flat;
  else if (key == "width")
    spec.width = wholeOf(key, value);
  else if (key == "depth")
    spec.depth = wholeOf(key, value);
  else if (key == "heads")
    spec.heads = wholeOf(key, value);
  else if (key == "patch")
    spec.patch = wholeOf(key, value);
  else if (key == "feed_forward")
    spec.feedForward = wholeOf(key, value);
  else if (key == "weights")
    spec.fresh = isSecond(key, value, "inherited", "fresh");
  else if (key == "path")
    spec.path = textOf(key, value);
  else if (!value.is_number())
    refuse(key + ": a number is expected");
  else
    spec.keep = value.get<double>();
}

/// Sets what is there; `given` holds keys of the kind alone.
StudentSpec specOf(StudentKind kind, const Json& given) {
  StudentSpec spec;
  spec.kind = kind;
  if (kind == StudentKind::Mlp) spec.widths = {64};
  const auto keys = keysOf(kind);
  for (const auto& [key, value] : given.items()) {
    if (std::ranges::find(keys, key) == keys.end())
      refuse("'" + key + "' is no key of " + std::string(wordOf(kind)));
    set(spec, key, value);
  }
  validate(spec);
  return spec;
}

std::vector<std::string> partsOf(const std::string& text, char divider) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, divider);) parts.push_back(part);
  return parts;
}

/// A word as the JSON value that its key expects.
Json valueFromWord(const std::string& key, const std::string& word) {
  if (key == "path" || key == "head" || key == "weights") return word;
  const auto number = [&](const std::string& text) {
    const Json parsed = parseOrderedJson(text, nullptr, false);
    if (!parsed.is_number()) refuse(key + " is '" + word + "', a number is expected");
    return parsed;
  };
  if (key != "hidden" && key != "channels") return number(word);
  Json list = Json::array();
  if (word == "none") return list;
  for (const std::string& each : partsOf(word, '-')) list.push_back(number(each));
  return list;
}

std::string wordFromValue(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return jsonText(value);
  std::string word;
  for (const Json& each : value) word += (word.empty() ? "" : "-") + jsonText(each);
  return word.empty() ? "none" : word;
}

}  // namespace

std::string toJson(const StudentSpec& spec, int indent) {
  Json json{{"format", "lapidary-student"}, {"version", 1}, {"kind", wordOf(spec.kind)}};
  for (const std::string& key : keysOf(spec.kind)) json[key] = valueOf(spec, key);
  return jsonText(json, {indent});
}

StudentSpec studentFromJson(const std::string& text) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > deepestDocument) refuse("the JSON is nested too deep");
    return true;
  };
  Json json = parseOrderedJson(text, shallow, false);
  if (!json.is_object()) refuse("the document is not a JSON object");
  if (!json.contains("format") || json["format"] != "lapidary-student")
    refuse("\"format\" is not \"lapidary-student\"");
  if (!json.contains("version") || json["version"] != 1)
    refuse("\"version\" is not 1, the only one that this program reads");
  if (!json.contains("kind")) refuse("\"kind\" is missing");
  const StudentKind kind = kindNamed(textOf("kind", json["kind"]));
  for (const char* key : {"format", "version", "kind"}) json.erase(key);
  return specOf(kind, json);
}

bool looksLikeStudentWords(std::string_view words) {
  const std::string_view word = words.substr(0, words.find(':'));
  return std::ranges::any_of(kindWords, [&](const auto& row) { return row.second == word; });
}

StudentSpec studentFromWords(const std::string& words) {
  const std::size_t colon = words.find(':');
  const StudentKind kind = kindNamed(words.substr(0, colon));
  Json given = Json::object();
  const std::string rest = colon == std::string::npos ? "" : words.substr(colon + 1);
  for (const std::string& part : partsOf(rest, ',')) {
    const std::size_t equals = part.find('=');
    const std::string key = equals == std::string::npos ? keysOf(kind).front() : part.substr(0, equals);
    if (given.contains(key)) refuse("'" + key + "' is given twice");
    given[key] = valueFromWord(key, equals == std::string::npos ? part : part.substr(equals + 1));
  }
  return specOf(kind, given);
}

std::string toWords(const StudentSpec& spec) {
  std::string words(wordOf(spec.kind));
  const auto keys = keysOf(spec.kind);
  for (const std::string& key : keys)
    words += (key == keys.front() ? ":" : "," + key + "=") + wordFromValue(valueOf(spec, key));
  return words;
}

}  // namespace lapidary::core
