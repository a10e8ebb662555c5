// SPDX-License-Identifier: GPL-3.0-or-later
// The cut panel: coupled sliders, mixed selections, and one undo command a gesture.
#include "ui/cut/cut_panel.h"

#include <gtest/gtest.h>

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <cmath>

#include "tests/ui/demo.h"
#include "ui/cut/activations_section.h"
#include "ui/cut/calibration_coach.h"
#include "ui/cut/channel_group_label.h"
#include "ui/cut/cut_values.h"
#include "ui/cut/low_rank_section.h"
#include "ui/cut/prune_section.h"
#include "ui/cut/quantize_section.h"
#include "ui/document/live_evaluation.h"
#include "ui/widgets/method_picker.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

using core::PruneMode;
using core::Scheme;

namespace {

class CutPanelTest : public testing::Test {
 protected:
  void SetUp() override {
    m_document.open(demoSession());
    m_panel = std::make_unique<CutPanel>(m_document);
    m_panel->resize(300, 800);
    m_panel->show();
    ASSERT_TRUE(eventually([&] { return m_panel->prune()->sparsity()->isEnabled(); }));
  }
  void click(MethodPicker* picker, int id) { picker->choose(id); }
  void click(SegmentedControl* control, int id) { QTest::mouseClick(control->button(id), Qt::LeftButton); }
  core::LayerEdit edit() const {
    const auto& layer = m_document.session()->model().layer(m_document.currentLayer());
    return m_document.recipe().editOf(layer.name);
  }
  void drag(ValueSlider* slider, double to) {
    auto* track = slider->track();
    QTest::mousePress(track, Qt::LeftButton, {}, track->handle());
    for (const double share : {0.3, 0.6, 1.0})
      QTest::mouseMove(track, track->handle() + (track->pointOf(to) - track->handle()) * share);
    QTest::mouseMove(track, track->pointOf(to));
    QTest::mouseRelease(track, Qt::LeftButton, {}, track->pointOf(to));
  }

  Document m_document;
  std::unique_ptr<CutPanel> m_panel;
};

}  // namespace

TEST_F(CutPanelTest, ActivationsAreChosenAndTakenBack) {
  ActivationsSection& section = *m_panel->activations();
  EXPECT_EQ(section.modes()->current(), static_cast<int>(core::ActivationMode::None));
  EXPECT_FALSE(section.ranges()->isVisibleTo(&section));
  section.modes()->button(static_cast<int>(core::ActivationMode::Static))->click();
  section.ranges()->button(static_cast<int>(core::RangeMethod::Entropy))->click();
  EXPECT_EQ(edit().activations,
            (core::Activations{core::ActivationMode::Static, core::RangeMethod::Entropy}));
  EXPECT_TRUE(section.ranges()->isVisibleTo(&section));
  section.modes()->button(static_cast<int>(core::ActivationMode::Dynamic))->click();
  EXPECT_EQ(edit().activations, (core::Activations{core::ActivationMode::Dynamic, {}}));
  EXPECT_FALSE(section.ranges()->isVisibleTo(&section));
  EXPECT_EQ(m_document.undoStack()->count(), 3);
  while (m_document.undoStack()->canUndo()) m_document.undoStack()->undo();
  EXPECT_TRUE(m_document.recipe().empty());
  EXPECT_EQ(section.modes()->current(), static_cast<int>(core::ActivationMode::None));
}

TEST_F(CutPanelTest, TheCoachSaysWhetherMoreSamplesWouldHelp) {
  LiveEvaluation live(m_document);
  CalibrationCoach& coach = *m_panel->activations()->coach();
  EXPECT_FALSE(coach.isVisibleTo(m_panel.get()));
  m_panel->activations()->modes()->button(static_cast<int>(core::ActivationMode::Static))->click();
  EXPECT_TRUE(coach.isVisibleTo(m_panel.get()));
  ASSERT_TRUE(eventually([&] { return coach.points() > 0; }));
  const auto calibration = m_document.session()->calibration({});
  const auto rest = calibration->of(m_document.currentLayer())->convergence(core::RangeMethod::MinMax);
  EXPECT_EQ(coach.points(), static_cast<int>(calibration->of(m_document.currentLayer())->history.size()));
  EXPECT_EQ(coach.sentence()->text().contains("would not help"), !rest.moreHelps);
  m_panel->activations()->ranges()->button(static_cast<int>(core::RangeMethod::Entropy))->click();
  EXPECT_EQ(coach.points(), 0);  // that was another method's curve
  ASSERT_TRUE(eventually([&] { return coach.points() > 0; }));
  m_panel->activations()->modes()->button(static_cast<int>(core::ActivationMode::Dynamic))->click();
  EXPECT_FALSE(coach.isVisibleTo(m_panel.get()));
}

TEST_F(CutPanelTest, DraggingSparsityMovesTheThresholdInOneCommand) {
  drag(m_panel->prune()->sparsity(), 0.8);
  EXPECT_EQ(edit().prune.mode, PruneMode::Sparsity);
  EXPECT_NEAR(edit().prune.value, 0.8, 0.01);
  EXPECT_EQ(m_panel->prune()->modes()->current(), static_cast<int>(PruneMode::Sparsity));
  const double threshold =
      m_document.session()->cutter().threshold(m_document.recipe(), m_document.currentLayer());
  EXPECT_GT(threshold, 0);
  EXPECT_DOUBLE_EQ(m_panel->prune()->threshold()->value(), threshold);
  EXPECT_EQ(m_document.undoStack()->count(), 1);
}

TEST_F(CutPanelTest, DraggingTheThresholdMovesTheSparsity) {
  auto* slider = m_panel->prune()->threshold();
  drag(slider, slider->track()->high() / 4);
  EXPECT_EQ(edit().prune.mode, PruneMode::Threshold);
  const auto layer = m_document.currentLayer();
  const auto& statistics = m_document.session()->cutter().statistics(layer);
  const double share = static_cast<double>(statistics.countBelow(edit().prune.value)) /
                       static_cast<double>(statistics.count());
  EXPECT_NEAR(m_panel->prune()->sparsity()->value(), share, 0.001);
}

TEST_F(CutPanelTest, ChangingTheModeKeepsTheCut) {
  drag(m_panel->prune()->sparsity(), 0.7);
  const auto layer = m_document.currentLayer();
  const auto zeros = m_document.session()->cutter().prunedZeros(m_document.recipe(), layer);
  click(m_panel->prune()->modes(), static_cast<int>(PruneMode::Threshold));
  EXPECT_EQ(edit().prune.mode, PruneMode::Threshold);
  EXPECT_NEAR(static_cast<double>(m_document.session()->cutter().prunedZeros(m_document.recipe(), layer)),
              static_cast<double>(zeros), 2);
}

TEST_F(CutPanelTest, GlobalModeSetsTheSparsityOfTheRecipe) {
  m_document.select({core::LayerId{0}, core::LayerId{1}});
  ASSERT_TRUE(eventually([&] { return m_panel->prune()->sparsity()->isEnabled(); }));
  click(m_panel->prune()->modes(), static_cast<int>(PruneMode::Global));
  drag(m_panel->prune()->sparsity(), 0.6);
  EXPECT_NEAR(m_document.recipe().globalSparsity, 0.6, 0.01);
  EXPECT_EQ(m_document.recipe().edits.size(), 2u);
  EXPECT_FALSE(m_panel->prune()->threshold()->isEnabled());
}

TEST_F(CutPanelTest, BitsTurnQuantizationOnAndPlanesShowWithBitPlanesAlone) {
  EXPECT_FALSE(m_panel->quantize()->droppedPlanes()->isVisible());
  drag(m_panel->quantize()->bits(), 4);
  EXPECT_EQ(edit().quantize.scheme, Scheme::Symmetric);
  EXPECT_EQ(edit().quantize.bits, 4);
  click(m_panel->quantize()->schemes(), static_cast<int>(Scheme::BitPlane));
  EXPECT_TRUE(m_panel->quantize()->droppedPlanes()->isVisible());
  drag(m_panel->quantize()->droppedPlanes(), 2);
  EXPECT_EQ(edit().quantize.droppedPlanes, 2);
  click(m_panel->quantize()->schemes(), static_cast<int>(Scheme::Affine));
  EXPECT_EQ(edit().quantize.droppedPlanes, 0) << "planes mean nothing elsewhere";
  click(m_panel->quantize()->schemes(), static_cast<int>(Scheme::None));
  EXPECT_TRUE(m_document.recipe().empty());
}

TEST_F(CutPanelTest, PatternsTakeAnyNumbersAndKeepFewerThanTheGroupHas) {
  PruneSection& prune = *m_panel->prune();
  EXPECT_FALSE(prune.kept()->isVisibleTo(&prune));
  click(prune.modes(), static_cast<int>(PruneMode::Pattern));
  EXPECT_EQ(edit().prune, (core::Prune{PruneMode::Pattern, 0, core::Criterion::Magnitude, 2, 4}));
  EXPECT_TRUE(prune.kept()->isVisibleTo(&prune));
  EXPECT_FALSE(prune.sparsity()->isVisibleTo(&prune));
  drag(prune.of(), 8);
  drag(prune.kept(), 7);
  EXPECT_EQ(edit().prune.keep, 7);
  drag(prune.of(), 4);
  EXPECT_EQ(edit().prune.of, 4);
  EXPECT_EQ(edit().prune.keep, 3);
}

TEST_F(CutPanelTest, BlocksAndChannelsKeepTheirShareAndTheirCriterion) {
  PruneSection& prune = *m_panel->prune();
  click(prune.modes(), static_cast<int>(PruneMode::Blocks));
  click(prune.criteria(), static_cast<int>(core::Criterion::Squares));
  click(prune.blocks(), 2);
  drag(prune.sparsity(), 0.5);
  EXPECT_EQ(edit().prune.mode, PruneMode::Blocks);
  EXPECT_NEAR(edit().prune.value, 0.5, 0.01);
  EXPECT_EQ(edit().prune.rows, 4);
  EXPECT_EQ(edit().prune.columns, 4);
  EXPECT_EQ(edit().prune.criterion, core::Criterion::Squares);
  EXPECT_FALSE(prune.threshold()->isVisibleTo(&prune)) << "blocks have no threshold of single weights";
  click(prune.modes(), static_cast<int>(PruneMode::Channels));
  EXPECT_EQ(edit().prune.value, 0) << "half of the blocks is not half of the channels";
  EXPECT_EQ(prune.sparsity()->track()->accessibleName(), "Share removed");
  EXPECT_EQ(edit().prune.criterion, core::Criterion::Squares);
}

TEST_F(CutPanelTest, WhatGoesWithTheChannelsIsSaidBeforeTheCut) {
  const core::Session& session = *m_document.session();
  const core::LayerId first{0}, last{static_cast<std::uint32_t>(session.model().layers.size() - 1)};
  const QString told = describe(session.channelGroup(first), session.model(), first);
  EXPECT_TRUE(told.contains("300 channels, of which 299 may go")) << told.toStdString();
  EXPECT_TRUE(told.contains(QString::fromStdString("Read by " + session.model().layers[1].name)))
      << told.toStdString();
  const QString pinned = describe(session.channelGroup(last), session.model(), last);
  EXPECT_TRUE(pinned.contains("of which 0 may go")) << pinned.toStdString();
}

TEST_F(CutPanelTest, ACriterionThatTheModeCannotRankByIsLeft) {
  PruneSection& prune = *m_panel->prune();
  click(prune.modes(), static_cast<int>(PruneMode::Sparsity));
  click(prune.criteria(), static_cast<int>(core::Criterion::Wanda));
  EXPECT_EQ(edit().prune.criterion, core::Criterion::Wanda);
  click(prune.modes(), static_cast<int>(PruneMode::Channels));
  EXPECT_EQ(edit().prune.criterion, core::Criterion::Magnitude);
  EXPECT_FALSE(goTogether(PruneMode::Channels, core::Criterion::Wanda));
}

TEST_F(CutPanelTest, QuantizationShowsOnlyWhatTheSchemeHas) {
  QuantizeSection& quantize = *m_panel->quantize();
  EXPECT_FALSE(quantize.granularities()->isVisibleTo(&quantize));
  click(quantize.schemes(), static_cast<int>(Scheme::Symmetric));
  click(quantize.granularities(), static_cast<int>(core::Granularity::Group));
  click(quantize.groups(), 32);
  click(quantize.ranges(), static_cast<int>(core::RangeMethod::MeanSquaredError));
  click(quantize.roundings(), static_cast<int>(core::Rounding::Gptq));
  quantize.biasCorrection()->click();
  quantize.inputScaling()->click();
  const core::Quantize wanted{Scheme::Symmetric,
                              8,
                              core::Granularity::Group,
                              0,
                              32,
                              core::RangeMethod::MeanSquaredError,
                              core::Rounding::Gptq,
                              true,
                              true};
  EXPECT_EQ(edit().quantize, wanted);
  click(quantize.schemes(), static_cast<int>(Scheme::NormalFloat));
  EXPECT_FALSE(quantize.bits()->isVisibleTo(&quantize));
  EXPECT_FALSE(quantize.ranges()->isVisibleTo(&quantize));
  EXPECT_FALSE(quantize.roundings()->isVisibleTo(&quantize));
  EXPECT_EQ(edit().quantize.rounding, core::Rounding::Nearest);
  quantize.equalization()->click();
  EXPECT_TRUE(m_document.recipe().equalize);
  m_document.undoStack()->undo();
  EXPECT_FALSE(m_document.recipe().equalize);
}

TEST_F(CutPanelTest, LowRankGoesFromRankToEnergyAndBack) {
  LowRankSection& lowRank = *m_panel->lowRank();
  click(lowRank.modes(), static_cast<int>(core::LowRankMode::Rank));
  EXPECT_EQ(edit().lowRank.mode, core::LowRankMode::Rank);
  drag(lowRank.rank(), 10);
  EXPECT_NEAR(edit().lowRank.value, 10, 2);
  EXPECT_EQ(edit().lowRank.value, std::round(edit().lowRank.value));
  click(lowRank.modes(), static_cast<int>(core::LowRankMode::Energy));
  EXPECT_EQ(edit().lowRank.value, 0.9);
  click(lowRank.modes(), static_cast<int>(core::LowRankMode::None));
  EXPECT_TRUE(m_document.recipe().empty());
}

TEST_F(CutPanelTest, MixedSelectionsSayMixed) {
  m_document.select({core::LayerId{0}});
  drag(m_panel->quantize()->bits(), 4);
  m_document.select({core::LayerId{0}, core::LayerId{1}});
  EXPECT_EQ(m_panel->quantize()->schemes()->current(), -1);
  EXPECT_EQ(m_panel->quantize()->bits()->editor()->text(), "mixed");
}

TEST_F(CutPanelTest, ResetAndApplyToAll) {
  drag(m_panel->quantize()->bits(), 4);
  m_panel->applyToSameOperator();
  EXPECT_EQ(m_document.recipe().edits.size(), m_document.session()->model().layers.size())
      << "all layers are Gemm";
  m_panel->resetLayers();
  EXPECT_EQ(m_document.recipe().edits.size(), m_document.session()->model().layers.size() - 1);
  m_panel->resetAll();
  EXPECT_TRUE(m_document.recipe().empty());
  m_document.undoStack()->undo();
  EXPECT_FALSE(m_document.recipe().empty());
}

}  // namespace lapidary::ui
