// SPDX-License-Identifier: GPL-3.0-or-later
// The document: undo as earlier values, one command a drag, stale outcomes dropped.
#include "ui/document/document.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

#include "tests/ui/demo.h"

namespace lapidary::ui {

namespace {

class DocumentTest : public testing::Test {
 protected:
  void SetUp() override { m_document.open(demoSession()); }

  void setSparsity(double value) {
    m_document.editSelection(
        [value](core::LayerEdit& e) {
          e.prune = {core::PruneMode::Sparsity, value};
        },
        "sparsity");
  }

  Document m_document;
};

}  // namespace

TEST_F(DocumentTest, TheLargestLayerIsSelectedFirst) {
  const auto& model = m_document.session()->model();
  for (const auto& layer : model.layers)
    EXPECT_LE(layer.parameters(), model.layer(m_document.currentLayer()).parameters());
}

TEST_F(DocumentTest, UndoGivesTheEarlierRecipeBack) {
  setSparsity(0.5);
  const auto half = m_document.recipe();
  setSparsity(0.9);
  m_document.undoStack()->undo();
  EXPECT_EQ(m_document.recipe(), half);
  m_document.undoStack()->undo();
  EXPECT_TRUE(m_document.recipe().empty());
  m_document.undoStack()->redo();
  EXPECT_EQ(m_document.recipe(), half);
}

TEST_F(DocumentTest, ADragIsOneCommandAndTwoDragsAreTwo) {
  for (int drag = 0; drag < 2; ++drag) {
    m_document.beginDrag();
    for (int i = 1; i <= 10; ++i) setSparsity(drag * 0.5 + i * 0.01);
    m_document.endDrag();
  }
  EXPECT_EQ(m_document.undoStack()->count(), 2);
}

TEST_F(DocumentTest, ADragThatEndsWhereItBeganLeavesNothing) {
  setSparsity(0.3);
  m_document.beginDrag();
  setSparsity(0.6);
  setSparsity(0.3);
  m_document.endDrag();
  EXPECT_EQ(m_document.undoStack()->count(), 1);
}

TEST_F(DocumentTest, TheSameValueIsNoChange) {
  setSparsity(0.3);
  QSignalSpy changed(&m_document, &Document::recipeChanged);
  setSparsity(0.3);
  EXPECT_EQ(changed.count(), 0);
  EXPECT_EQ(m_document.undoStack()->count(), 1);
}

TEST_F(DocumentTest, WhileHeldTheOriginalIsShownAndNothingIsLost) {
  setSparsity(0.3);
  m_document.setHoldingOriginal(true);
  EXPECT_TRUE(m_document.shownRecipe().empty());
  EXPECT_FALSE(m_document.recipe().empty());
  m_document.setHoldingOriginal(false);
  EXPECT_EQ(m_document.shownRecipe(), m_document.recipe());
}

TEST_F(DocumentTest, StaleOutcomesAreDropped) {
  setSparsity(0.3);
  core::Outcome stale;
  QSignalSpy changed(&m_document, &Document::outcomeChanged);
  m_document.setOutcome(stale);
  EXPECT_EQ(changed.count(), 0);
  core::Outcome fresh;
  fresh.recipe = m_document.recipe();
  m_document.setOutcome(fresh);
  EXPECT_EQ(changed.count(), 1);
}

TEST_F(DocumentTest, OtherDataKeepsRecipeAndUndo) {
  setSparsity(0.3);
  const auto recipe = m_document.recipe();
  m_document.open(demoSession(), true);
  EXPECT_EQ(m_document.recipe(), recipe);
  EXPECT_TRUE(m_document.undoStack()->canUndo());
  m_document.open(demoSession());
  EXPECT_TRUE(m_document.recipe().empty());
  EXPECT_FALSE(m_document.undoStack()->canUndo());
}

}  // namespace lapidary::ui
