// A saved session: which model and data, the preprocess, the recipe, the recipes visited, the weights that
// repairs have trained, and the view.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/files/bytes.h"
#include "ui/document/visit.h"
#include "ui/files/open_model.h"

namespace lapidary::ui {

struct SavedSession {
  OpenRequest request;
  core::Recipe recipe;
  std::vector<Visit> visits;
  QStringList selection;  ///< names of layers
  int tab = 0;
  int liveChart = 0;
  core::Bytes archive;  ///< the file that was read, where it holds repaired weights: see restoreRepaired
};

inline constexpr auto sessionEnding = ".lapidary-session";

/// JSON; where recipes are of repaired weights a zip of "session.json" and "repaired/ID.onnx", uncompressed.
/// Written beside the target and renamed over it. Throws core::Error(CannotWrite).
void writeSession(const SavedSession& session, const QString& path, const core::Progress& progress = {});
/// A model or data that is no longer where it was is looked for beside the session file. Recipes that are of
/// repaired weights have their names alone. Throws core::Error(InvalidInput) with file, key and what was
/// expected.
SavedSession readSession(const QString& path);
/// Gives recipes and visits of a session that was read their weights, once its model is open; for background
/// jobs. Throws core::Error(InvalidInput), and leaves the session as it was, where weights are missing,
/// damaged, or of another model.
void restoreRepaired(SavedSession& session, const core::Model& model, const QString& path,
                     const core::Progress& progress);

}  // namespace lapidary::ui
