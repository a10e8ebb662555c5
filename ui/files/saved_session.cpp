// SPDX-License-Identifier: GPL-3.0-or-later
// Goes between the document and the values that a session's file holds.
#include "ui/files/saved_session.h"

#include <QFileInfo>
#include <algorithm>

#include "ui/document/document.h"
#include "ui/document/visited_recipes.h"

namespace lapidary::ui {

void SavedSession::measureOn(const QString& data) {
  request.data = data;
  visits.clear();
  otherData = true;
}

bool SessionState::edited() const { return m_document.recipe() != m_savedRecipe; }

bool SessionState::unsaved() const { return edited() || m_visited.visits().size() > m_savedVisits; }

SavedSession SessionState::snapshot(const OpenRequest& request, int tab, int liveChart) const {
  SavedSession saved;
  saved.request = request;
  if (!request.demo()) saved.request.model = QFileInfo(request.model).absoluteFilePath();
  saved.request.data = absoluteData(request.data);
  saved.recipe = m_document.recipe();
  saved.visits = m_visited.visits();
  for (const auto layer : m_document.selection())
    saved.selection << QString::fromStdString(m_document.session()->model().layer(layer).name);
  saved.tab = tab;
  saved.liveChart = liveChart;
  return saved;
}

void SessionState::restore(const SavedSession& saved, const core::Recipe& recipe) {
  m_visited.restore(saved.visits);
  std::vector<core::LayerId> selection;
  for (const auto& name : saved.selection) {
    const auto layer = m_document.session()->model().findLayer(name.toStdString());
    if (layer.valid()) selection.push_back(layer);
  }
  m_document.select(std::move(selection));
  m_document.setRecipe(recipe, {});
  m_document.undoStack()->clear();
  noteSaved(saved, m_path);
}

void SessionState::begin(const QString& path) {
  noteUnsaved();
  m_path = path;
}

void SessionState::noteSaved(const SavedSession& saved, const QString& path) {
  m_path = path;
  m_savedRecipe = saved.recipe;
  m_savedVisits = std::max<std::size_t>(1, saved.visits.size());
}

void SessionState::noteUnsaved() {
  m_savedRecipe = {};
  m_savedVisits = 1;
}

core::Recipe SessionState::recipeFrom(const QString& text) const {
  auto recipe = core::recipeFromJson(text.toStdString());
  if (recipe.repaired) recipe.repaired = knownRepaired(recipe.repaired.id);
  for (const auto& [name, edit] : recipe.edits)
    if (!m_document.session()->model().findLayer(name).valid())
      throw core::Error(core::ErrorKind::InvalidInput,
                        "pasted recipe: this model has no layer '" + name + "'");
  return recipe;
}

core::TrainedWeights SessionState::knownRepaired(const std::string& id) const {
  if (m_document.recipe().repaired.id == id) return m_document.recipe().repaired;
  for (const Visit& visit : m_visited.visits())
    if (visit.recipe.repaired.id == id) return visit.recipe.repaired;
  throw core::Error(core::ErrorKind::InvalidInput,
                    "pasted recipe: it is of weights that a repair has trained, which are not in this "
                    "session: open the session that it was copied from");
}

}  // namespace lapidary::ui
