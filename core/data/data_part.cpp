// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/data_part.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/data/column_words.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

struct PartWord {
  std::string_view word;
  DataPart part;
};
/// Longer words before those that they begin with.
constexpr std::array partWords{
    PartWord{"testing", DataPart::Test},          PartWord{"test", DataPart::Test},
    PartWord{"evaluation", DataPart::Test},       PartWord{"eval", DataPart::Test},
    PartWord{"validation", DataPart::Validation}, PartWord{"valid", DataPart::Validation},
    PartWord{"val", DataPart::Validation},        PartWord{"dev", DataPart::Validation},
    PartWord{"training", DataPart::Train},        PartWord{"train", DataPart::Train},
};

bool isSeparator(char c) { return c == '_' || c == '-' || c == '.' || c == '/' || c == ' '; }

/// What is left of a name without the word at one of its ends; words that are not set apart by a separator
/// must leave the name of samples or labels.
std::optional<std::string> restOf(std::string_view name, std::string_view word, bool atEnd) {
  if (name.size() <= word.size() || (atEnd ? !name.ends_with(word) : !name.starts_with(word)))
    return std::nullopt;
  std::string_view rest = atEnd ? name.substr(0, name.size() - word.size()) : name.substr(word.size());
  const bool apart = isSeparator(atEnd ? rest.back() : rest.front());
  while (!rest.empty() && isSeparator(rest.front())) rest.remove_prefix(1);
  while (!rest.empty() && isSeparator(rest.back())) rest.remove_suffix(1);
  if (rest.empty() || (!apart && !isSamplesWord(rest) && !isLabelWord(rest))) return std::nullopt;
  return std::string(rest);
}

}  // namespace

std::string_view wordOf(DataPart part) {
  switch (part) {
    case DataPart::Test:
      return "test";
    case DataPart::Validation:
      return "val";
    case DataPart::Train:
      return "train";
  }
  return "";
}

std::optional<DataPart> partNamed(std::string_view word) {
  const std::string lower = lowerCase(word);
  const auto found = std::ranges::find(partWords, lower, &PartWord::word);
  return found == partWords.end() ? std::nullopt : std::optional(found->part);
}

std::optional<PartName> partName(const std::string& name) {
  const std::string lower = lowerCase(name);
  for (const PartWord& known : partWords)
    for (const bool atEnd : {false, true})
      if (auto rest = restOf(lower, known.word, atEnd)) return PartName{known.part, std::move(*rest)};
  return std::nullopt;
}

DataPlace dataPlace(const std::string& where) {
  std::error_code ignored;
  const std::size_t colon = where.rfind(':');
  if (colon == std::string::npos || std::filesystem::exists(where, ignored)) return {where, std::nullopt};
  const auto part = partNamed(where.substr(colon + 1));
  return part ? DataPlace{where.substr(0, colon), part} : DataPlace{where, std::nullopt};
}

std::string pathOf(const DataPlace& place) {
  return place.part ? place.file + ":" + std::string(wordOf(*place.part)) : place.file;
}

DataPart chosenPart(const std::map<DataPart, std::size_t>& samplesOfParts, std::optional<DataPart> wanted) {
  if (!wanted) return samplesOfParts.begin()->first;
  if (samplesOfParts.contains(*wanted)) return *wanted;
  std::string there;
  for (const auto& [part, samples] : samplesOfParts)
    there += (there.empty() ? "" : ", ") + std::string(wordOf(part));
  throw invalidInput("there is no part '" + std::string(wordOf(*wanted)) + "', only " + there);
}

std::string pathOfPart(const std::string& path, const DataParts& parts, std::optional<DataPart> wanted) {
  return wanted || parts.samples.size() > 1 ? pathOf({path, parts.taken}) : path;
}

std::optional<DataWarning> partWarning(const std::map<DataPart, std::size_t>& samplesOfParts, DataPart chosen,
                                       std::optional<DataPart> wanted) {
  if (wanted || samplesOfParts.size() < 2) return std::nullopt;
  std::string text;
  for (const auto& [part, samples] : samplesOfParts)
    text += (text.empty() ? "" : ", ") + std::string(wordOf(part)) + " " + std::to_string(samples);
  return DataWarning{DataWarningKind::ChosenPart, text, samplesOfParts.at(chosen)};
}

}  // namespace lapidary::core
