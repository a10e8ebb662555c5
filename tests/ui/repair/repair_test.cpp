// SPDX-License-Identifier: GPL-3.0-or-later
// Repair from the window: when it is offered, its run with pause, stop and discard, undo, and sessions that
// hold it.
#include <gmock/gmock.h>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTemporaryDir>

#include "core/finetune/repaired_recipe.h"
#include "tests/ui/demo.h"
#include "ui/actions/key_bindings.h"
#include "ui/cut/cut_values.h"
#include "ui/document/live_evaluation.h"
#include "ui/document/visited_recipes.h"
#include "ui/figures/figures_strip.h"
#include "ui/figures/repair_obstacle.h"
#include "ui/files/session_file.h"
#include "ui/jobs/long_job.h"
#include "ui/repair/repair_charts.h"
#include "ui/repair/repair_dialog.h"
#include "ui/repair/repair_form.h"
#include "ui/weights/layer_weights.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {
namespace {

const core::LayerEdit binary{{}, {core::Scheme::Binary}};

/// Repaired once for all tests, on the open data, in one epoch.
const core::Recipe& repairedRecipe() {
  static const core::Recipe recipe = [] {
    const auto session = demoSession();
    core::RepairRequest request;
    request.recipe = recipeOf(*session, binary);
    request.train.optimizer.kind = core::OptimizerKind::Adam;
    request.train.rate.base = 1e-3;
    request.train.epochs = 1;
    return core::recipeOf(session->model(), core::repair(*session, request, {}));
  }();
  return recipe;
}

double top1(const Document& document) {
  return *document.session()->evaluate(document.recipe(), {.measure = {}}, {}).quality->top1;
}

struct RepairWindow : testing::Test {
  RepairWindow() {
    document.open(demoSession());
    document.setRecipe(recipeOf(*document.session(), binary), "Cut");
    document.undoStack()->clear();
    dialog.setDemo(true);
    dialog.form()->epochs()->setValue(1);
  }
  bool ended() {
    return eventually([&] { return !dialog.running(); }, 120000);
  }
  Document document;
  RepairDialog dialog{document};
};

TEST(RepairObstacle, SaysWhyThereIsNothingToRepair) {
  KeyBindings::instance().declare(
      {{"edit.repair", "Edit", "Repair", {}, {QKeySequence("Ctrl+T")}, KeyContext::Window, true, {}}});
  Document document;
  VisitedRecipes visited(document);
  LiveEvaluation live(document);
  FiguresStrip strip(document, live, visited);
  EXPECT_FALSE(repairObstacle(document).isEmpty());
  document.open(demoSession());
  EXPECT_FALSE(strip.repairButton()->isEnabled());
  EXPECT_TRUE(strip.repairButton()->toolTip().contains("cut a layer first"));
  document.setRecipe(recipeOf(*document.session(), binary), "Cut");
  EXPECT_TRUE(strip.repairButton()->isEnabled());
  EXPECT_TRUE(strip.repairButton()->toolTip().contains("Ctrl+T"));
  document.open(
      std::make_shared<const core::Session>(demoSession()->model(), nullptr, core::Session::Options{}), true);
  EXPECT_FALSE(strip.repairButton()->isEnabled());
  EXPECT_TRUE(strip.repairButton()->toolTip().contains("open data first"));
}

TEST_F(RepairWindow, LearnsFromOtherDataAndIsOneStep) {
  EXPECT_EQ(dialog.form()->data().kind, TrainingData::Kind::Demo);
  EXPECT_TRUE(dialog.form()->warning()->text().contains("teach nothing"));
  const core::Recipe cut = document.recipe();
  const double before = top1(document);
  dialog.show();
  document.setOutcome(document.session()->evaluate(cut, {.measure = {}}, {}));
  ASSERT_TRUE(eventually([&] { return dialog.forecast()->text().startsWith("About"); }, 60000))
      << dialog.forecast()->text().toStdString();
  QTest::mouseClick(dialog.startButton(), Qt::LeftButton);
  ASSERT_TRUE(dialog.running());
  EXPECT_TRUE(dialog.startButton()->text().startsWith("Stop"));
  EXPECT_FALSE(dialog.form()->isEnabled());
  ASSERT_TRUE(ended());
  EXPECT_EQ(dialog.charts()->epochs().size(), 2u);
  EXPECT_EQ(dialog.charts()->best(), 1u);
  EXPECT_GT(dialog.charts()->steps(), 1) << "the loss is drawn within the epoch too";
  EXPECT_TRUE(dialog.state()->text().contains("best of epoch 1")) << dialog.state()->text().toStdString();
  EXPECT_EQ(document.recipe(), cut) << "it is offered, not imposed";
  ASSERT_TRUE(dialog.applyButton()->isVisible());
  QTest::mouseClick(dialog.applyButton(), Qt::LeftButton);
  EXPECT_FALSE(dialog.applyButton()->isVisible());
  ASSERT_EQ(document.undoStack()->count(), 1);
  EXPECT_EQ(document.undoStack()->undoText(), "Repair");
  const core::Recipe repaired = document.recipe();
  ASSERT_TRUE(repaired.repaired);
  EXPECT_EQ(repaired.edits, cut.edits) << "what is quantized goes on being so";
  EXPECT_GT(top1(document), before + 0.02) << "from " << before;
  document.undoStack()->undo();
  EXPECT_EQ(document.recipe(), cut);
  EXPECT_DOUBLE_EQ(top1(document), before);
  document.undoStack()->redo();
  EXPECT_EQ(document.recipe(), repaired);
  EXPECT_TRUE(document.recipe().repaired.held);
}

TEST_F(RepairWindow, WarnsWhereTheFiguresComeFromTheSameSamples) {
  auto* choice = dialog.form()->dataChoice();
  choice->setCurrentIndex(choice->findData(static_cast<int>(TrainingData::Kind::Open)));
  emit choice->activated(choice->currentIndex());
  EXPECT_EQ(dialog.form()->data().kind, TrainingData::Kind::Open);
  EXPECT_TRUE(dialog.form()->warning()->text().contains("flatter"));
}

TEST_F(RepairWindow, DataThatDoNotFitAreRefusedAndChangeNothing) {
  dialog.form()->setFile(QStringLiteral("/nowhere/x.npz"));
  EXPECT_EQ(dialog.form()->data().kind, TrainingData::Kind::File);
  const core::Recipe cut = document.recipe();
  dialog.start();
  ASSERT_TRUE(ended());
  EXPECT_TRUE(dialog.state()->text().contains("/nowhere/x.npz")) << dialog.state()->text().toStdString();
  EXPECT_EQ(document.recipe(), cut);
  EXPECT_EQ(document.undoStack()->count(), 0);
}

TEST_F(RepairWindow, PausesAndGoesOn) {
  dialog.form()->epochs()->setValue(2);
  dialog.start();
  ASSERT_TRUE(eventually([&] { return !dialog.charts()->epochs().empty(); }, 60000));
  QTest::mouseClick(dialog.pauseButton(), Qt::LeftButton);
  EXPECT_TRUE(dialog.paused());
  EXPECT_EQ(dialog.pauseButton()->text(), "Go on");
  ASSERT_TRUE(eventually([&] { return dialog.resting(); })) << "after the present step";
  QCoreApplication::sendPostedEvents();  // news that were under way
  EXPECT_LT(dialog.charts()->epochs().size(), 3u);
  EXPECT_TRUE(dialog.running());
  QTest::mouseClick(dialog.pauseButton(), Qt::LeftButton);
  ASSERT_TRUE(ended());
  EXPECT_EQ(dialog.charts()->epochs().size(), 3u);
  dialog.apply();
  EXPECT_TRUE(document.recipe().repaired);
}

TEST_F(RepairWindow, StoppingKeepsTheBestSoFarEvenWhilePaused) {
  dialog.form()->epochs()->setValue(1000);
  dialog.start();
  ASSERT_TRUE(eventually([&] { return dialog.charts()->epochs().size() > 1; }, 60000));
  dialog.setPaused(true);
  QTest::mouseClick(dialog.startButton(), Qt::LeftButton);
  ASSERT_TRUE(ended());
  EXPECT_LT(dialog.charts()->epochs().size(), 100u);
  dialog.apply();
  EXPECT_TRUE(document.recipe().repaired);
  EXPECT_EQ(document.undoStack()->count(), 1);
}

TEST_F(RepairWindow, DiscardingChangesNothing) {
  const core::Recipe cut = document.recipe();
  dialog.show();
  dialog.start();
  ASSERT_TRUE(eventually([&] { return !dialog.charts()->epochs().empty(); }, 60000));
  QTest::mouseClick(dialog.discardButton(), Qt::LeftButton);
  EXPECT_FALSE(dialog.running());
  EXPECT_TRUE(dialog.state()->text().startsWith("Discarded"));
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Idle);
  ASSERT_TRUE(quiet());
  EXPECT_EQ(document.recipe(), cut);
  EXPECT_EQ(document.undoStack()->count(), 0);
}

TEST_F(RepairWindow, ClosingLeavesItAtWorkAndTheResultWaits) {
  dialog.show();
  dialog.start();
  dialog.reject();
  EXPECT_FALSE(dialog.isVisible());
  EXPECT_TRUE(dialog.running());
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Running);
  ASSERT_TRUE(ended());
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Done);
  EXPECT_TRUE(dialog.longJob()->sentence().contains("best of epoch 1"));
  EXPECT_EQ(document.undoStack()->count(), 0);
  dialog.show();
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Done) << "it has not been taken";
  ASSERT_TRUE(dialog.holdsResult());
  dialog.apply();
  EXPECT_EQ(dialog.longJob()->state(), LongJob::State::Idle);
  EXPECT_TRUE(document.recipe().repaired);
}

TEST_F(RepairWindow, SaysThatTheCutHasChangedSince) {
  dialog.show();
  dialog.start();
  document.setRecipe({}, "Reset");
  ASSERT_TRUE(ended());
  EXPECT_TRUE(dialog.state()->text().contains("changed since")) << dialog.state()->text().toStdString();
  dialog.discard();
  EXPECT_FALSE(dialog.holdsResult());
  EXPECT_TRUE(document.recipe().empty());
}

TEST_F(RepairWindow, ANoLongerOpenModelEndsIt) {
  dialog.form()->epochs()->setValue(1000);
  dialog.start();
  ASSERT_TRUE(dialog.running());
  document.close();
  EXPECT_FALSE(dialog.running());
  EXPECT_FALSE(dialog.startButton()->isEnabled());
}

TEST(RepairFormTest, AsksForPruningThatGrows) {
  RepairForm form;
  EXPECT_EQ(form.request({}).ramp, 0);
  form.ramp()->setValue(0.5);
  form.temperature()->setValue(2);
  EXPECT_EQ(form.request({}).ramp, 0.5);
  EXPECT_EQ(form.request({}).loss.temperature, 2);
}

TEST(RepairCurves, LongTrainingsAreDrawnCoarser) {
  RepairCharts charts;
  charts.begin(3, "Accuracy");
  for (int step = 0; step < 5000; ++step) charts.addStep(step / 5000.0 * 3, 2);
  EXPECT_GT(charts.steps(), 400);
  EXPECT_LE(charts.steps(), 1000);
  for (const double quality : {0.5, 0.9, 0.9, 0.8}) {
    charts.addEpoch({charts.epochs().size(), 1, quality, 0.001});
  }
  EXPECT_EQ(charts.best(), 1u) << "the first of equals";
}

TEST(RepairedViews, ShowTheWeightsThatTheSlidersMove) {
  const auto session = demoSession();
  const core::Recipe& recipe = repairedRecipe();
  const core::LayerId first{0};
  const auto own = readOriginal(*session, {}, first, {}), trained = readOriginal(*session, recipe, first, {});
  EXPECT_FALSE(std::ranges::equal(own->values.as<float>(), trained->values.as<float>()));
  const auto cut = readCut(recipe, *trained, {});
  EXPECT_TRUE(cut->encoding) << "the repaired weights are binary still";
  const auto made = session->cutter().cut(recipe, first);
  EXPECT_TRUE(std::ranges::equal(cut->values.as<float>(), made->values.as<float>()));
  const core::LayerId layers[] = {first};
  EXPECT_EQ(pruneReadout(*session, recipe, layers)->largestMagnitude,
            trained->statistics->largestMagnitude());
  EXPECT_EQ(pruneReadout(*session, {}, layers)->largestMagnitude, own->statistics->largestMagnitude());
}

struct RepairSession : testing::Test {
  RepairSession() {
    window.resize(1200, 800);
    window.show();
  }
  bool settled() {
    return eventually([&] {
      const auto& d = window.document();
      return d.session() && d.outcome().final && d.outcome().recipe == d.shownRecipe();
    });
  }
  void openRepaired() {
    window.openModel({"demo:lenet300", {}, {}});
    ASSERT_TRUE(settled());
    window.document().setRecipe(repairedRecipe(), "Repair");
    ASSERT_TRUE(settled());
  }
  QTemporaryDir folder;
  MainWindow window;
};

TEST_F(RepairSession, TheSessionFileBringsTheWeightsBack) {
  openRepaired();
  const core::Outcome shown = window.document().outcome();
  const QString path = folder.filePath("a.lapidary-session");
  ASSERT_TRUE(window.saveSessionTo(path));
  window.document().setRecipe({}, "Reset");
  window.openPath(path);
  ASSERT_TRUE(eventually([&] { return window.document().recipe() == repairedRecipe(); }));
  ASSERT_TRUE(settled());
  const auto& held = window.document().recipe().repaired.held;
  ASSERT_TRUE(held);
  EXPECT_NE(held, repairedRecipe().repaired.held) << "it was read from the file";
  EXPECT_EQ(*window.document().outcome().quality->top1, *shown.quality->top1);
  EXPECT_EQ(window.document().outcome().footprint.fileAfter, shown.footprint.fileAfter);
  EXPECT_EQ(window.document().undoStack()->count(), 0);
  for (const Visit& visit : window.visited().visits())
    if (visit.recipe.repaired) {
      EXPECT_TRUE(visit.recipe.repaired.held);
    }
  // Saved anew it is the same file; without a repair it is plain JSON again.
  const QString again = folder.filePath("b.lapidary-session");
  ASSERT_TRUE(window.saveSessionTo(again));
  EXPECT_EQ(readSession(again).recipe, repairedRecipe());
}

TEST_F(RepairSession, ADamagedSessionSaysSoAndChangesNothing) {
  openRepaired();
  const QString path = folder.filePath("a.lapidary-session");
  ASSERT_TRUE(window.saveSessionTo(path));
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QByteArray whole = file.readAll();
  file.close();
  const core::Recipe before = window.document().recipe();
  const auto session = window.document().session();
  QByteArray flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 1);
  QByteArray renamed = whole;  // the weights that the recipe names are not in it
  renamed.replace("repaired/", "replaced/");
  for (const QByteArray& damaged : {flipped, renamed, whole.left(whole.size() / 3), whole.left(100)}) {
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(damaged);
    file.close();
    window.banner()->hide();
    window.openPath(path);
    ASSERT_TRUE(eventually([&] { return window.banner()->isVisible(); }));
    EXPECT_TRUE(window.banner()->text().contains("a.lapidary-session"))
        << window.banner()->text().toStdString();
    EXPECT_FALSE(window.opener().busy());
    EXPECT_EQ(window.document().session(), session);
    EXPECT_EQ(window.document().recipe(), before);
  }
}

TEST_F(RepairSession, ACopiedRecipeFindsItsWeightsAgain) {
  openRepaired();
  window.copyRecipe();
  window.document().undoStack()->undo();
  EXPECT_TRUE(window.document().recipe().empty());
  window.pasteRecipe();
  EXPECT_EQ(window.document().recipe(), repairedRecipe());
  EXPECT_TRUE(window.document().recipe().repaired.held);
  QString text = QApplication::clipboard()->text();
  text.replace(QString::fromStdString(repairedRecipe().repaired.id), QString(64, 'a'));
  QApplication::clipboard()->setText(text);
  window.pasteRecipe();
  EXPECT_TRUE(window.banner()->isVisible()) << "weights that nobody has";
  EXPECT_EQ(window.document().recipe(), repairedRecipe());
}

}  // namespace
}  // namespace lapidary::ui
