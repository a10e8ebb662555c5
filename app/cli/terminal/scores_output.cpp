// SPDX-License-Identifier: GPL-3.0-or-later
#include "scores_output.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace lapidary::cli {
namespace {

using core::ScoresChoice;

std::optional<ScoresChoice>& toldScores() {
  static std::optional<ScoresChoice> told;
  return told;
}

std::string reasonText(const ScoresChoice& choice) {
  switch (choice.why) {
    case ScoresChoice::Why::Given:
      return "as given";
    case ScoresChoice::Why::Only:
      return "no other can hold scores";
    case ScoresChoice::Why::FitsData:
      return "its " + std::to_string(choice.classes) + " scores fit the labels";
    case ScoresChoice::Why::Name:
      return "by its name";
    case ScoresChoice::Why::Form:
      return "by its form, [samples, classes]";
    case ScoresChoice::Why::First:
      return "the first of several that could be";
  }
  return {};
}

}  // namespace

void tellScores(const ScoresChoice& choice) {
  toldScores() = choice;
  note("scores of the classes: output '" + choice.name + "' (" + reasonText(choice) + "; --scores chooses)");
}

void addScores(Json& json) {
  const auto& told = toldScores();
  if (!told || !json.is_object() || json.contains("output")) return;
  json["output"] = {{"name", told->name}, {"why", std::string(core::wordOf(told->why))}};
}

}  // namespace lapidary::cli
