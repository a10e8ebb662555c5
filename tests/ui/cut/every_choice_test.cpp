// SPDX-License-Identifier: GPL-3.0-or-later
// Every choice of the cut panel on every layer of the demos, alone and together: none ends the program, and
// none leaves a recipe that the model cannot follow.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QStandardItemModel>
#include <QTableView>

#include "tests/ui/demo.h"
#include "ui/cut/activations_section.h"
#include "ui/cut/cut_panel.h"
#include "ui/cut/low_rank_section.h"
#include "ui/cut/prune_section.h"
#include "ui/cut/quantize_section.h"
#include "ui/cut/refusals.h"
#include "ui/layers/layers_panel.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/method_picker.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"
#include "ui/window/main_window.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {

namespace {

/// The window with a demo, and a hand that chooses.
class EveryChoiceTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    m_window.resize(1440, 900);
    m_window.show();
    m_window.openModel({GetParam(), {}, {}});
    ASSERT_TRUE(eventually([&] { return document().session() && !m_window.opener().busy(); }));
    QObject::connect(&document(), &Document::viewFailed,
                     [](const QString& message) { ADD_FAILURE() << message.toStdString(); });
  }

  Document& document() { return m_window.document(); }
  CutPanel& panel() { return *m_window.workspace()->cut(); }
  std::size_t layers() { return document().session()->model().layers.size(); }

  /// Each layer alone, then all of them.
  void onEverySelection(const std::function<void()>& body) {
    for (std::uint32_t i = 0; i < layers(); ++i) on({core::LayerId{i}}, body);
    std::vector<core::LayerId> all;
    for (std::uint32_t i = 0; i < layers(); ++i) all.push_back(core::LayerId{i});
    on(all, body);
  }

  void on(const std::vector<core::LayerId>& selection, const std::function<void()>& body) {
    SCOPED_TRACE(testing::Message() << selection.size() << " layer(s), the first of number "
                                    << selection.front().index);
    document().select(selection);
    ASSERT_TRUE(eventually([&] { return panel().prune()->sparsity()->isEnabled(); }));
    body();
    panel().resetAll();
  }

  /// The numbers of the methods that can be chosen.
  static std::vector<int> offered(const MethodPicker& picker) {
    std::vector<int> ids;
    const auto* items = qobject_cast<QStandardItemModel*>(picker.list()->model());
    for (int i = 0; i < picker.list()->count(); ++i)
      if (items->item(i)->isEnabled()) ids.push_back(picker.list()->itemData(i).toInt());
    return ids;
  }

  /// Chooses and looks at what came of it.
  void choose(MethodPicker& picker, int id) {
    SCOPED_TRACE(testing::Message() << picker.list()->accessibleName().toStdString() << " " << id);
    ASSERT_NO_THROW(picker.choose(id));
    expectPossible();
  }

  /// Moves those that are shown to both ends.
  void moveToBothEnds(const std::vector<ValueSlider*>& sliders) {
    for (auto* slider : sliders)
      for (const auto key : {Qt::Key_Home, Qt::Key_End}) {
        if (!slider->isVisibleTo(&panel()) || !slider->isEnabled()) continue;
        SCOPED_TRACE(testing::Message() << slider->track()->accessibleName().toStdString() << " at its "
                                        << (key == Qt::Key_Home ? "low" : "high") << " end");
        ASSERT_NO_THROW(QTest::keyClick(slider->track(), key));
        expectPossible();
      }
  }

  void expectPossible() {
    core::Recipe recipe = document().recipe();
    EXPECT_EQ(refusalText(leaveOutImpossible(*document().session(), recipe)).toStdString(), "");
    EXPECT_NO_THROW(document().session()->footprint(document().recipe()));
    EXPECT_NE(panel().prune()->readout()->property("look").toString(), "warning")
        << panel().prune()->readout()->text().toStdString();
  }

  MainWindow m_window;
};

}  // namespace

TEST_P(EveryChoiceTest, OfPruningLeavesARecipeThatTheModelFollows) {
  PruneSection& prune = *panel().prune();
  onEverySelection([&] {
    for (const int mode : offered(*prune.modes())) {
      choose(*prune.modes(), mode);
      moveToBothEnds({prune.kept(), prune.of(), prune.threshold(), prune.sparsity()});
      panel().resetAll();
    }
  });
}

TEST_P(EveryChoiceTest, OfAScoreLeavesARecipeThatTheModelFollows) {
  PruneSection& prune = *panel().prune();
  onEverySelection([&] {
    for (const int mode : offered(*prune.modes())) {
      choose(*prune.modes(), mode);
      if (!prune.criteria()->isVisibleTo(&panel())) continue;
      for (const int criterion : offered(*prune.criteria())) choose(*prune.criteria(), criterion);
      panel().resetAll();
    }
  });
}

TEST_P(EveryChoiceTest, OfQuantizationLeavesARecipeThatTheModelFollows) {
  QuantizeSection& quantize = *panel().quantize();
  onEverySelection([&] {
    for (const int scheme : offered(*quantize.schemes())) {
      choose(*quantize.schemes(), scheme);
      moveToBothEnds({quantize.bits(), quantize.droppedPlanes()});
      panel().resetAll();
    }
  });
}

TEST_P(EveryChoiceTest, OfLowRankLeavesARecipeThatTheModelFollows) {
  LowRankSection& lowRank = *panel().lowRank();
  onEverySelection([&] {
    for (const int mode : offered(*lowRank.modes())) {
      choose(*lowRank.modes(), mode);
      moveToBothEnds({lowRank.rank(), lowRank.energy()});
      // With channels gone beside it.
      choose(*panel().prune()->modes(), static_cast<int>(core::PruneMode::Channels));
      moveToBothEnds({panel().prune()->sparsity()});
      panel().resetAll();
    }
  });
}

TEST_P(EveryChoiceTest, HeadsWhereThereAreNoneAreRefusedWithTheReason) {
  PruneSection& prune = *panel().prune();
  onEverySelection([&] {
    choose(*prune.modes(), static_cast<int>(core::PruneMode::Heads));
    EXPECT_TRUE(document().recipe().empty());
    EXPECT_EQ(prune.modes()->current(), static_cast<int>(core::PruneMode::None));
    EXPECT_TRUE(prune.refused()->isVisibleTo(&panel()));
    const QString text = prune.refused()->text();
    EXPECT_TRUE(text.startsWith("Nothing was changed:")) << text.toStdString();
    EXPECT_TRUE(text.contains("no attention heads")) << text.toStdString();
    document().select({document().selection().size() > 1 || layers() == 1 ? core::LayerId{0}
                       : document().currentLayer().index == 0             ? core::LayerId{1}
                                                                          : core::LayerId{0}});
    EXPECT_FALSE(prune.refused()->isVisibleTo(&panel())) << "of another selection";
  });
}

/// The layer that makes the outputs has to keep its channels.
TEST_P(EveryChoiceTest, OfChannelsOnAllLayersCutsThoseThatCanBeAndNamesTheRest) {
  PruneSection& prune = *panel().prune();
  m_window.workspace()->layers()->table()->selectAll();
  ASSERT_EQ(document().selection().size(), layers());
  ASSERT_TRUE(eventually([&] { return prune.sparsity()->isEnabled(); }));
  choose(*prune.modes(), static_cast<int>(core::PruneMode::Channels));
  const std::string last = document().session()->model().layers.back().name;
  EXPECT_EQ(document().recipe().edits.size(), layers() - 1);
  EXPECT_FALSE(document().recipe().edits.contains(last));
  const QString text = prune.refused()->text();
  EXPECT_TRUE(prune.refused()->isVisibleTo(&panel()));
  EXPECT_TRUE(text.startsWith("These layers stay as they were:")) << text.toStdString();
  EXPECT_TRUE(text.contains(QString::fromStdString(last) + ": the channels cannot be removed"))
      << text.toStdString();
  EXPECT_EQ(document().undoStack()->count(), 1);
}

TEST_P(EveryChoiceTest, AppliedToAllOfAnOperatorLeavesOthersTheirPruning) {
  const auto& model = document().session()->model();
  const auto& last = model.layers.back();
  std::uint32_t source = 0;
  while (model.layers[source].opType != last.opType) ++source;
  ASSERT_LT(source + 1, model.layers.size());
  core::Recipe recipe;
  recipe.set(model.layers[source].name, {{core::PruneMode::Channels, 0.5}, {core::Scheme::Affine, 4}});
  recipe.set(last.name, {{core::PruneMode::Sparsity, 0.25}, {}});
  document().setRecipe(recipe, "cut");
  document().select({core::LayerId{source}});
  ASSERT_NO_THROW(panel().applyToSameOperator());
  expectPossible();
  EXPECT_EQ(document().recipe().editOf(last.name).prune, (core::Prune{core::PruneMode::Sparsity, 0.25}));
  EXPECT_EQ(document().recipe().editOf(last.name).quantize.scheme, core::Scheme::Affine);
  EXPECT_TRUE(panel().refused()->text().contains(QString::fromStdString(last.name)));
}

INSTANTIATE_TEST_SUITE_P(OfTheDemos, EveryChoiceTest, testing::Values("demo:lenet5", "demo:lenet300"),
                         [](const auto& each) { return std::string(each.param).substr(5); });

}  // namespace lapidary::ui
