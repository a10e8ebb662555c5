// SPDX-License-Identifier: GPL-3.0-or-later
// The content of a file of a session, and how the open model differs from the file that was written last.
#pragma once

#include <QStringList>
#include <vector>

#include "core/files/bytes.h"
#include "ui/document/visit.h"
#include "ui/files/open_model.h"

namespace lapidary::ui {

class Document;
class VisitedRecipes;

/// The model and the data, the preprocess, the recipe, the recipes visited, the weights that repairs have
/// trained, and the view.
struct SavedSession {
  OpenRequest request;
  core::Recipe recipe;
  std::vector<Visit> visits;
  QStringList selection;  ///< names of layers
  int tab = 0;
  int liveChart = 0;
  core::Bytes archive;  ///< the file that was read, where it holds repaired weights: see restoreRepaired

  bool otherData = false;  ///< than the session was saved with: see measureOn

  /// Takes other data; what was measured on those of the session is left out.
  void measureOn(const QString& data);
};

/// The open model as a session: taken down, put back, and compared with what its file has.
class SessionState {
 public:
  SessionState(Document& document, VisitedRecipes& visited) : m_document(document), m_visited(visited) {}

  /// Of the file that the session was read from or written to last; empty: there is none.
  const QString& path() const { return m_path; }
  /// The recipe is not the one that the file has.
  bool edited() const;
  /// The file lacks the recipe, or recipes that were visited since.
  bool unsaved() const;

  /// Gives what a file of now would hold, with paths that do not depend on the folder; a model must be open.
  SavedSession snapshot(const OpenRequest& request, int tab, int liveChart) const;
  /// Gives the document, which has the model open, the session's selection and visits, and `recipe`: that of
  /// the session, without what the model cannot follow.
  void restore(const SavedSession& saved, const core::Recipe& recipe);

  /// Another model was opened: nothing of it is in a file, or all of it in the one at `path`.
  void begin(const QString& path = {});
  /// A file now holds `saved`.
  void noteSaved(const SavedSession& saved, const QString& path);
  /// The session goes on in no file that the user knows of, as one that was kept before a crash.
  void noteUnsaved();

  /// The recipe that a text holds, with the repaired weights that this session has for it. Throws
  /// core::Error(InvalidInput) for layers or weights that are not in this session.
  core::Recipe recipeFrom(const QString& text) const;

 private:
  core::TrainedWeights knownRepaired(const std::string& id) const;

  Document& m_document;
  VisitedRecipes& m_visited;
  QString m_path;
  core::Recipe m_savedRecipe;
  std::size_t m_savedVisits = 1;  ///< opening a model makes one
};

}  // namespace lapidary::ui
