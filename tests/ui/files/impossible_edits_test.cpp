// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes that the model cannot follow, wherever they come from, are told of; the program goes on.
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "app/gui/guarded_application.h"
#include "tests/ui/demo.h"
#include "ui/cut/cut_panel.h"
#include "ui/cut/cut_values.h"
#include "ui/cut/prune_section.h"
#include "ui/cut/refusals.h"
#include "ui/look/settings.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/method_picker.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace lapidary::ui {

#if defined(__SANITIZE_ADDRESS__)
using LeaksOfOthers = __lsan::ScopedDisabler;
#else
struct [[maybe_unused]] LeaksOfOthers {};
#endif

using core::Criterion;
using core::PruneMode;

namespace {

std::string lastLayer(const core::Session& session) { return session.model().layers.back().name; }

/// One edit that can be followed and two that cannot.
core::Recipe impossible(const core::Session& session) {
  core::Recipe recipe;
  recipe.set(session.model().layers.front().name, {{PruneMode::Sparsity, 0.5}, {}});
  recipe.set(lastLayer(session), {{PruneMode::Channels, 0.5}, {core::Scheme::Affine, 8}});
  recipe.set("nowhere", {{PruneMode::Channels, 0.5}, {}});
  return recipe;
}

/// What `impossible` is without the two.
core::Recipe possible(const core::Session& session) {
  core::Recipe recipe;
  recipe.set(session.model().layers.front().name, {{PruneMode::Sparsity, 0.5}, {}});
  recipe.set(lastLayer(session), {{}, {core::Scheme::Affine, 8}});
  return recipe;
}

class ImpossibleEditsTest : public testing::Test {
 protected:
  void SetUp() override {
    m_window.resize(1440, 900);
    m_window.show();
    QObject::connect(&m_window.document(), &Document::viewFailed,
                     [](const QString& message) { ADD_FAILURE() << message.toStdString(); });
  }
  void open(const char* model = "demo:lenet300") {
    m_window.openModel({model, {}, {}});
    ASSERT_TRUE(opened());
  }
  bool opened() {
    return eventually([&] {
      return m_window.document().session() && !m_window.opener().busy() && prune().sparsity()->isEnabled();
    });
  }
  PruneSection& prune() { return *m_window.workspace()->cut()->prune(); }
  std::string banner() {
    return m_window.banner()->isVisible() ? m_window.banner()->text().toStdString() : "";
  }

  MainWindow m_window;
};

/// Throws where an event is handled.
class Thrower : public QObject {
 public:
  bool event(QEvent* event) override {
    if (event->type() == QEvent::User)
      throw core::Error(core::ErrorKind::InvalidInput, "the seventh seal broke");
    return QObject::event(event);
  }
};

}  // namespace

TEST_F(ImpossibleEditsTest, ASessionThatHoldsThemOpensAndSaysSo) {
  const auto demo = demoSession();
  SavedSession saved;
  saved.request.model = "demo:lenet300";
  saved.recipe = impossible(*demo);
  saved.visits.push_back({saved.recipe, 1234, QualityValue{0.98, {0.97, 0.99}, false}, 2000});
  saved.selection = {QString::fromStdString(lastLayer(*demo))};
  const QTemporaryDir folder;
  const QString path = folder.filePath("impossible.lapidary-session");
  writeSession(saved, path);
  m_window.openPath(path);
  ASSERT_TRUE(opened());
  EXPECT_EQ(m_window.document().recipe(), possible(*demo));
  EXPECT_NE(banner().find("they were left out"), std::string::npos) << banner();
  EXPECT_NE(banner().find(lastLayer(*demo) + ": the channels cannot be removed"), std::string::npos)
      << banner();
  EXPECT_NE(banner().find("nowhere: the model has no layer of this name"), std::string::npos) << banner();
  EXPECT_TRUE(eventually([&] { return m_window.document().outcome().final; }));
}

TEST_F(ImpossibleEditsTest, APastedRecipeThatHoldsOneIsTakenWithoutIt) {
  open();
  const core::Session& session = *m_window.document().session();
  core::Recipe recipe = impossible(session);
  recipe.edits.erase("nowhere");
  QApplication::clipboard()->setText(QString::fromStdString(core::toJson(recipe)));
  ASSERT_NO_THROW(m_window.pasteRecipe());
  EXPECT_EQ(m_window.document().recipe(), possible(session));
  EXPECT_NE(banner().find(lastLayer(session) + ": the channels cannot be removed"), std::string::npos)
      << banner();
}

/// As a visited recipe or a search could bring it.
TEST_F(ImpossibleEditsTest, OneThatComesAnotherWayIsExplainedInThePanelAndTakenBackThere) {
  open();
  auto& document = m_window.document();
  core::Recipe recipe = impossible(*document.session());
  recipe.edits.erase("nowhere");
  ASSERT_NO_THROW(document.setRecipe(recipe, "from elsewhere"));
  const auto last = document.session()->model().findLayer(lastLayer(*document.session()));
  for (const auto layer : {core::LayerId{0}, last}) {
    ASSERT_NO_THROW(document.select({layer}));
    ASSERT_TRUE(eventually([&] { return prune().sparsity()->isEnabled(); }));
    EXPECT_TRUE(prune().readout()->isVisibleTo(m_window.workspace()));
    EXPECT_TRUE(prune().readout()->text().contains("the channels cannot be removed"))
        << prune().readout()->text().toStdString();
    EXPECT_TRUE(prune().readout()->text().contains(QString::fromStdString(lastLayer(*document.session()))));
  }
  EXPECT_TRUE(
      eventually([&] { return banner().find("the channels cannot be removed") != std::string::npos; }));
  EXPECT_DOUBLE_EQ(prune().sparsity()->value(), 0.5);
  prune().modes()->choose(static_cast<int>(PruneMode::None));
  EXPECT_EQ(document.recipe(), possible(*document.session()));
  EXPECT_FALSE(prune().readout()->text().contains("cannot"));
}

TEST_F(ImpossibleEditsTest, AnUnknownLayerInTheRecipeIsNamed) {
  open();
  core::Recipe recipe;
  recipe.set("nowhere", {{}, {}, {}, {core::LowRankMode::Rank, 4}});
  ASSERT_NO_THROW(m_window.document().setRecipe(recipe, "from elsewhere"));
  EXPECT_TRUE(prune().readout()->text().contains("nowhere")) << prune().readout()->text().toStdString();
}

/// A score that needs samples, and no data.
TEST(ImpossibleReadouts, GiveTheReasonInPlaceOfAValue) {
  const core::Session session(demoSession()->model(), nullptr, {});
  const core::LayerId first{0}, second{1};
  core::Recipe recipe;
  recipe.set(session.model().layer(first).name, {{PruneMode::Channels, 0.5, Criterion::Taylor}, {}});
  const std::vector layers{second};
  const auto readout = pruneReadout(session, recipe, layers);
  ASSERT_FALSE(readout);
  EXPECT_TRUE(readout.reason().contains("open data")) << readout.reason().toStdString();
  const auto threshold = converted(session, recipe, second, PruneMode::Threshold);
  ASSERT_FALSE(threshold);
  EXPECT_TRUE(threshold.reason().contains("open data"));
  const auto none = converted(session, recipe, first, PruneMode::None);
  ASSERT_TRUE(none) << "what takes an edit back always can";
  EXPECT_EQ(none->mode, PruneMode::None);
}

/// Repaired weights that are not there.
TEST(ImpossibleReadouts, SayWhereWeightsAreMissing) {
  const auto session = demoSession();
  core::Recipe recipe;
  recipe.repaired.id = std::string(64, 'a');
  recipe.set(lastLayer(*session), {{PruneMode::Channels, 0.5}, {}});
  const std::vector layers{core::LayerId{0}};
  EXPECT_TRUE(pruneReadout(*session, recipe, layers).reason().contains("which are not here"));
  EXPECT_TRUE(
      obstacleTo(PruneMode::Channels, *session, recipe, core::LayerId{0}).contains("which are not here"));
}

TEST(RefusalText, JoinsLayersOfOneReason) {
  EXPECT_EQ(refusalText({{"a", "too small"}, {"b", "too great"}, {"c", "too small"}}),
            "a, c: too small\nb: too great");
  EXPECT_EQ(refusalText({}), "");
}

TEST_F(ImpossibleEditsTest, WhatLeavesAnEventHandlerIsToldAndTheWorkIsKept) {
  auto* application = dynamic_cast<GuardedApplication*>(QCoreApplication::instance());
  ASSERT_NE(application, nullptr);
  m_window.startAutosaving();
  m_window.autosave()->setInterval(1);
  open();
  core::Recipe recipe;
  recipe.set(lastLayer(*m_window.document().session()), {{PruneMode::Sparsity, 0.5}, {}});
  m_window.document().setRecipe(recipe, "cut");
  QSignalSpy written(m_window.autosave(), &Autosave::written);
  application->onFailure([&](const QString& message) { m_window.tellFailure(message); });
  Thrower thrower;
  QCoreApplication::postEvent(&thrower, new QEvent(QEvent::User));
  EXPECT_TRUE(eventually([&] { return banner().find("the seventh seal broke") != std::string::npos; }));
  EXPECT_NE(banner().find("Ctrl+Z"), std::string::npos) << banner();
  EXPECT_TRUE(eventually([&] { return written.count() > 0; }));
  EXPECT_TRUE(QFile::exists(m_window.autosave()->path()));
  EXPECT_EQ(m_window.document().recipe(), recipe);
  // By way of a button, through frames of the toolkit.
  QPushButton button("Break");
  QObject::connect(&button, &QPushButton::clicked, [] { throw std::runtime_error("the button broke"); });
  button.show();
  {
    const LeaksOfOthers unasked;  // the toolkit's own notes of the click, over which the exception goes
    EXPECT_NO_THROW(QTest::mouseClick(&button, Qt::LeftButton));
  }
  EXPECT_NE(banner().find("the button broke"), std::string::npos) << banner();
  application->onFailure({});
}

TEST(DocumentFailures, AViewThatThrowsLeavesRecipeAndUndoInStep) {
  Document document;
  document.open(demoSession());
  QObject::connect(&document, &Document::recipeChanged, [] { throw std::runtime_error("no view of it"); });
  QSignalSpy failed(&document, &Document::viewFailed);
  core::Recipe recipe;
  recipe.set(lastLayer(*document.session()), {{PruneMode::Sparsity, 0.5}, {}});
  ASSERT_NO_THROW(document.setRecipe(recipe, "cut"));
  ASSERT_EQ(failed.count(), 1);
  EXPECT_EQ(failed.front().front().toString(), "no view of it");
  EXPECT_EQ(document.recipe(), recipe);
  document.undoStack()->undo();
  EXPECT_TRUE(document.recipe().empty());
}

}  // namespace lapidary::ui
