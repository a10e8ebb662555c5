// A saved session: which model and data, the preprocess, the recipe, the recipes visited, and the view.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "ui/live/visited_recipes.h"
#include "ui/open_model.h"

namespace lapidary::ui {

struct SavedSession {
  OpenRequest request;
  core::Recipe recipe;
  std::vector<Visit> visits;
  QStringList selection;  ///< names of layers
  int tab = 0;
  int liveChart = 0;
};

inline constexpr auto sessionEnding = ".lapidary-session";

/// JSON, written beside the target and renamed over it. Throws core::Error(CannotWrite).
void writeSession(const SavedSession& session, const QString& path);
/// A model or data that is no longer where it was is looked for beside the session file.
/// Throws core::Error(InvalidInput) with file, key and what was expected.
SavedSession readSession(const QString& path);

}  // namespace lapidary::ui
