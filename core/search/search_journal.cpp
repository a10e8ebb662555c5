// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/analyze/changes/trust_json.h"
#include "core/files/strict_json.h"
#include "core/support/document_depth.h"
#include "core/support/error.h"
#include "core/support/json_text.h"

namespace lapidary::core {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* formatName = "lapidary-search-journal";

std::string headerOf(const std::string& subject) {
  return jsonText(Json{{"format", formatName}, {"version", 1}, {"subject", subject}});
}

std::size_t countAt(const nlohmann::json& json, const char* key) {
  const nlohmann::json& value = json.at(key);
  if (!value.is_number_unsigned())
    throw Error(ErrorKind::InvalidInput, "'" + std::string(key) + "' is not a whole number of at least 0");
  return value.get<std::size_t>();
}

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

bool endsHere(const Trial& trial, const RaceRule& rule, QualityKind kind) {
  if (trial.samples >= rule.samples) return true;
  const auto drop = dropOf(trial, kind);
  return rule.hopeless && drop && drop->interval.low > *rule.hopeless;
}

std::string toLine(const Recipe& recipe, const Measurement& measured) {
  const Trial& trial = measured.trial;
  Json json{
      {"samples", trial.samples},       {"right", trial.right},   {"right_before", trial.rightBefore},
      {"gained", trial.gained},         {"lost", trial.lost},     {"agreed", trial.agreed},
      {"divergence", trial.divergence}, {"regret", trial.regret}, {"regret_squares", trial.regretSquares},
      {"diverged", trial.diverged}};
  if (measured.latency) json["latency"] = *measured.latency;
  if (measured.drift) json["saliency"] = parseOrderedJson(toJson(*measured.drift));
  json["recipe"] = parseOrderedJson(toJson(recipe, -1));
  return jsonText(json);
}

std::pair<Recipe, Measurement> fromLine(const std::string& line) {
  try {
    const nlohmann::json json = parseStrictJson(line, "the line", deepestDocument);
    Measurement measured;
    Trial& trial = measured.trial;
    trial.samples = countAt(json, "samples");
    trial.right = countAt(json, "right");
    trial.rightBefore = countAt(json, "right_before");
    trial.gained = countAt(json, "gained");
    trial.lost = countAt(json, "lost");
    trial.agreed = countAt(json, "agreed");
    trial.diverged = countAt(json, "diverged");
    trial.divergence = json.at("divergence").get<double>();
    trial.regret = json.at("regret").get<double>();
    trial.regretSquares = json.at("regret_squares").get<double>();
    for (const std::size_t part :
         {trial.right, trial.rightBefore, trial.agreed, trial.diverged, trial.gained + trial.lost})
      if (part > trial.samples)
        throw Error(ErrorKind::InvalidInput, "it counts more samples than were measured");
    if (json.contains("latency")) measured.latency = json.at("latency").get<double>();
    if (json.contains("saliency")) measured.drift = driftFromJson(jsonText(json.at("saliency")));
    return {recipeFromJson(jsonText(json.at("recipe"))), measured};
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::InvalidInput, std::string("the line is not a measurement: ") + error.what());
  }
}

SearchJournal::SearchJournal(std::string path, const std::string& subject) : m_path(std::move(path)) {
  const std::string text = contentOf(m_path);
  withContext("journal " + m_path, [&] { read(text, subject); });
  m_file = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (m_file < 0)
    throw Error(ErrorKind::CannotWrite,
                "the journal " + m_path + " cannot be written: " + std::strerror(errno));
  if (text.empty())
    append(headerOf(subject) + '\n');
  else if (text.back() != '\n')
    append("\n");  // ends the torn line, which stays unread
}

SearchJournal::~SearchJournal() {
  if (m_file >= 0) ::close(m_file);
}

void SearchJournal::read(const std::string& text, const std::string& subject) {
  if (text.empty()) return;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  if (line != headerOf(subject)) {
    const Json header = parseOrderedJson(line, nullptr, false);
    const bool journal = header.is_object() && header.contains("format") && header["format"] == formatName;
    throw Error(ErrorKind::Usage,
                journal ? "it belongs to another model or other data: choose another file, or remove it"
                        : "the file is not the journal of a search: choose another name");
  }
  while (std::getline(lines, line)) {
    try {
      const auto [recipe, measured] = fromLine(line);
      remember(fingerprint(recipe), measured);
      ++m_count;
    } catch (const Error&) {
      continue;  // torn by a crash
    }
  }
}

void SearchJournal::remember(const std::string& fingerprint, const Measurement& measured) {
  auto& known = m_known[fingerprint];
  known.push_back(measured);
  std::ranges::stable_sort(known, {}, [](const Measurement& m) { return m.trial.samples; });
}

void SearchJournal::append(const std::string& line) {
  for (std::size_t at = 0; at < line.size();) {
    const ssize_t written = ::write(m_file, line.data() + at, line.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      throw Error(ErrorKind::CannotWrite,
                  "the journal " + m_path + " cannot be written: " + std::strerror(errno));
    at += static_cast<std::size_t>(written);
  }
}

void SearchJournal::add(const Recipe& recipe, const Measurement& measured) {
  append(toLine(recipe, measured) + '\n');
  remember(fingerprint(recipe), measured);
  ++m_count;
}

std::optional<Measurement> SearchJournal::find(const std::string& fingerprint, const RaceRule& rule,
                                               QualityKind kind) const {
  const auto it = m_known.find(fingerprint);
  if (it == m_known.end()) return std::nullopt;
  for (const Measurement& measured : it->second) {
    if (!endsHere(measured.trial, rule, kind)) continue;
    const bool complete = measured.trial.samples >= rule.samples;
    if (rule.latency && complete && !measured.latency) continue;
    if (rule.saliency && complete && !measured.drift) continue;
    return measured;
  }
  return std::nullopt;
}

std::optional<Measurement> SearchJournal::begun(const std::string& fingerprint, const RaceRule& rule) const {
  const auto it = m_known.find(fingerprint);
  std::optional<Measurement> longest;
  if (it == m_known.end()) return longest;
  for (const Measurement& measured : it->second)
    if (measured.trial.samples <= rule.samples) longest = measured;
  return longest;
}

}  // namespace lapidary::core
