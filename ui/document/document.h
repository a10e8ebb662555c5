// SPDX-License-Identifier: GPL-3.0-or-later
// The open model, the current recipe and the undo stack: the only place that a recipe changes.
#pragma once

#include <QObject>
#include <QUndoStack>
#include <memory>
#include <vector>

#include "core/session/session.h"
#include "ui/document/likely_recipes.h"

namespace lapidary::ui {

/// Lives on the GUI thread. Views read from it and ask it for changes; it never asks views anything.
class Document : public QObject {
  Q_OBJECT

 public:
  explicit Document(QObject* parent = nullptr);

  /// Null while nothing is open.
  const std::shared_ptr<const core::Session>& session() const { return m_session; }
  /// Starts over with another model or other data. With `keepRecipe` recipe and undo stay (same model).
  void open(std::shared_ptr<const core::Session> session, bool keepRecipe = false);
  void close();

  const core::Recipe& recipe() const { return m_recipe; }
  /// The recipe that views should show: the empty recipe while the original is held, else recipe().
  const core::Recipe& shownRecipe() const;

  /// The layers that the cut panel works on, never empty while a model with layers is open; the first
  /// is the one shown in detail.
  const std::vector<core::LayerId>& selection() const { return m_selection; }
  core::LayerId currentLayer() const;
  void select(std::vector<core::LayerId> layers);

  /// One undo command each; between beginDrag and endDrag all changes are one command.
  void setRecipe(const core::Recipe& recipe, const QString& what);
  /// Changes the edit of every selected layer by `change`.
  void editSelection(const std::function<void(core::LayerEdit&)>& change, const QString& what);
  /// The same for a slider, whose move is remembered.
  void moveSlider(SliderMove move, const QString& what);
  using SliderChange = std::function<void(core::LayerEdit&, double value)>;
  void moveSelection(const SliderMotion& motion, const SliderChange& change, const QString& what);
  /// Nothing where the recipe changed in another way since. After a drag the handle is free.
  const std::optional<SliderMove>& lastMove() const { return m_lastMove; }
  void beginDrag();
  void endDrag();
  bool dragging() const { return m_dragging; }

  void setHoldingOriginal(bool holding);
  bool holdingOriginal() const { return m_holdingOriginal; }

  QUndoStack* undoStack() { return &m_undo; }

  /// The newest outcome of the shown recipe; empty recipe field while none is known.
  const core::Outcome& outcome() const { return m_outcome; }
  /// LiveEvaluation hands outcomes in here; one of another recipe than shownRecipe() is dropped.
  void setOutcome(const core::Outcome& outcome);

 signals:
  void opened();         ///< session() changed (also when closed)
  void recipeChanged();  ///< shownRecipe() changed
  void selectionChanged();
  void outcomeChanged();  ///< outcome() changed
  void dragEnded();       ///< a drag is over: axes may adapt now
  /// A view could not follow the recipe, though none should throw; the recipe and undo are as asked.
  void viewFailed(const QString& message);

 private:
  friend class SetRecipeCommand;
  void store(const core::Recipe& recipe);
  std::vector<std::string> selectedNames() const;

  std::shared_ptr<const core::Session> m_session;
  core::Recipe m_recipe;
  std::vector<core::LayerId> m_selection;
  QUndoStack m_undo;
  core::Outcome m_outcome;
  std::optional<SliderMove> m_moving, m_lastMove;
  int m_drag = 0;  ///< counts drags, so that commands of one drag merge
  bool m_dragging = false;
  bool m_holdingOriginal = false;
};

}  // namespace lapidary::ui
