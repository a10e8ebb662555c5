// SPDX-License-Identifier: GPL-3.0-or-later
// Recipe changes as values: a command holds the recipe before and after, and one drag is one command.
#include "ui/document/document.h"

#include <QUndoCommand>
#include <utility>

#include "ui/look/failure_text.h"

namespace lapidary::ui {

class SetRecipeCommand : public QUndoCommand {
 public:
  /// `drag` 0 stands alone; commands of the same drag merge.
  SetRecipeCommand(Document& document, core::Recipe after, const QString& what, int drag)
      : QUndoCommand(what),
        m_document(document),
        m_before(document.m_recipe),
        m_after(std::move(after)),
        m_drag(drag) {}

  void redo() override { m_document.store(m_after); }
  void undo() override { m_document.store(m_before); }
  int id() const override { return m_drag == 0 ? -1 : 1; }
  bool mergeWith(const QUndoCommand* other) override {
    const auto* next = dynamic_cast<const SetRecipeCommand*>(other);
    if (next == nullptr || next->m_drag != m_drag) return false;
    m_after = next->m_after;
    setObsolete(m_before == m_after);
    return true;
  }

 private:
  Document& m_document;
  core::Recipe m_before, m_after;
  int m_drag;
};

namespace {

core::Recipe edited(core::Recipe recipe, const std::vector<std::string>& layers,
                    const std::function<void(core::LayerEdit&)>& change) {
  for (const auto& layer : layers) {
    auto edit = recipe.editOf(layer);
    change(edit);
    recipe.set(layer, edit);
  }
  return recipe;
}

/// The layer with most weights: the one that is worth cutting first.
std::vector<core::LayerId> firstSelection(const core::Model& model) {
  if (model.layers.empty()) return {};
  std::uint32_t best = 0;
  for (std::uint32_t i = 1; i < model.layers.size(); ++i)
    if (model.layers[i].parameters() > model.layers[best].parameters()) best = i;
  return {core::LayerId{best}};
}

}  // namespace

Document::Document(QObject* parent) : QObject(parent) {}

void Document::open(std::shared_ptr<const core::Session> session, bool keepRecipe) {
  m_session = std::move(session);
  m_holdingOriginal = false;
  m_outcome = {};
  m_lastMove.reset();
  if (!keepRecipe) {
    m_undo.clear();
    m_recipe = {};
    m_selection = m_session ? firstSelection(m_session->model()) : std::vector<core::LayerId>{};
  }
  emit opened();
  emit selectionChanged();
  emit recipeChanged();
  emit outcomeChanged();
}

void Document::close() { open(nullptr); }

const core::Recipe& Document::shownRecipe() const {
  static const core::Recipe untouched;
  return m_holdingOriginal ? untouched : m_recipe;
}

core::LayerId Document::currentLayer() const {
  return m_selection.empty() ? core::LayerId{} : m_selection.front();
}

void Document::select(std::vector<core::LayerId> layers) {
  if (!m_session || layers.empty() || layers == m_selection) return;
  m_selection = std::move(layers);
  emit selectionChanged();
}

void Document::setRecipe(const core::Recipe& recipe, const QString& what) {
  if (!m_session || recipe == m_recipe) return;
  m_undo.push(new SetRecipeCommand(*this, recipe, what, m_dragging ? m_drag : 0));
}

void Document::editSelection(const std::function<void(core::LayerEdit&)>& change, const QString& what) {
  if (m_session) setRecipe(edited(m_recipe, selectedNames(), change), what);
}

std::vector<std::string> Document::selectedNames() const {
  std::vector<std::string> names;
  for (const auto layer : m_selection) names.push_back(m_session->model().layer(layer).name);
  return names;
}

void Document::moveSlider(SliderMove move, const QString& what) {
  const core::Recipe recipe = move.recipeAt(move.motion.value);
  m_moving = std::move(move);
  setRecipe(recipe, what);
  m_moving.reset();
}

void Document::moveSelection(const SliderMotion& motion, const SliderChange& change, const QString& what) {
  if (!m_session) return;
  const auto recipeAt = [recipe = m_recipe, layers = selectedNames(), change](double value) {
    return edited(recipe, layers, [&](core::LayerEdit& edit) { change(edit, value); });
  };
  moveSlider({motion, recipeAt}, what);
}

void Document::beginDrag() {
  ++m_drag;
  m_dragging = true;
}

void Document::endDrag() {
  m_dragging = false;
  if (m_lastMove) m_lastMove->motion.held.reset();
  emit dragEnded();
}

void Document::setHoldingOriginal(bool holding) {
  if (holding == m_holdingOriginal) return;
  m_holdingOriginal = holding;
  emit recipeChanged();
}

void Document::setOutcome(const core::Outcome& outcome) {
  if (!m_session || outcome.recipe != shownRecipe()) return;
  m_outcome = outcome;
  emit outcomeChanged();
}

void Document::store(const core::Recipe& recipe) {
  m_recipe = recipe;
  m_lastMove = std::exchange(m_moving, std::nullopt);
  if (m_holdingOriginal) return;
  // The undo stack takes up a command once it was done: an exception would leave it behind the recipe.
  try {
    emit recipeChanged();
  } catch (...) {
    emit viewFailed(caughtText());
  }
}

}  // namespace lapidary::ui
