// SPDX-License-Identifier: GPL-3.0-or-later
// The picker of methods, the verdict beside the map, and the view of activations.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QListWidget>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardItemModel>

#include "core/explain/saliency_methods.h"
#include "tests/ui/demo.h"
#include "ui/activations/activations_view.h"
#include "ui/heatmap/image_map.h"
#include "ui/saliency/faithfulness_note.h"
#include "ui/saliency/saliency_texts.h"
#include "ui/saliency/saliency_view.h"
#include "ui/widgets/method_picker.h"

namespace lapidary::ui {
namespace {

TEST(SaliencyTexts, SayNameLineAndPaperOfEveryMethod) {
  for (const core::SaliencyRow& row : core::saliencyMethods()) {
    const MethodText text = textOf(row.method);
    EXPECT_FALSE(text.name.isEmpty());
    EXPECT_FALSE(text.line.isEmpty());
    EXPECT_FALSE(text.paper.isEmpty());
    EXPECT_FALSE(unitOf(row.method).isEmpty());
  }
}

TEST(SaliencyTexts, AVerdictNamesTheChecksThatFail) {
  core::Faithfulness found;
  found.samples = 6;
  found.insertionArea = 0.8;
  found.randomInsertionArea = 0.5;
  found.deletionArea = 0.2;
  found.randomDeletionArea = 0.5;
  found.allLayersKept = 0.1;
  EXPECT_FALSE(verdictOf(found).contains("fails"));
  found.allLayersKept = 0.9;
  EXPECT_TRUE(verdictOf(found).contains("randomisation"));
  EXPECT_FALSE(verdictOf(found).contains("deletion"));
  EXPECT_TRUE(figuresOf(found).contains("0.90"));
}

TEST(SaliencyView, OffersWhatFitsTheModelAndSaysWhyNot) {
  Document document;
  SaliencyView view(document);
  document.open(demoSession());  // dense: no convolution
  auto* picker = view.findChild<MethodPicker*>();
  ASSERT_NE(picker, nullptr);
  const auto* items = qobject_cast<QStandardItemModel*>(picker->list()->model());
  const auto enabled = [&](core::SaliencyMethod method) {
    return items->item(picker->list()->findData(static_cast<int>(method)))->isEnabled();
  };
  EXPECT_TRUE(enabled(core::SaliencyMethod::KernelShap));
  EXPECT_TRUE(enabled(core::SaliencyMethod::LrpGamma));
  EXPECT_FALSE(enabled(core::SaliencyMethod::GradCam));
  const int gradCam = picker->list()->findData(static_cast<int>(core::SaliencyMethod::GradCam));
  EXPECT_TRUE(picker->list()->itemData(gradCam, Qt::ToolTipRole).toString().contains("no convolution"));
  EXPECT_FALSE(items->item(0)->isEnabled()) << "a heading";
  document.open(demoSession("demo:lenet5"));
  EXPECT_TRUE(enabled(core::SaliencyMethod::GradCam));
  EXPECT_FALSE(picker->list()->itemData(gradCam, Qt::ToolTipRole).toString().contains("no convolution"));
}

TEST(FaithfulnessNote, ComesToAVerdictAndRemembersIt) {
  FaithfulnessNote note;
  note.setSession(demoSession());
  note.showMethod(core::SaliencyMethod::GradientInput);
  EXPECT_FALSE(note.text().isEmpty());
  ASSERT_TRUE(eventually([&] { return !note.text().contains("Checking"); }));
  const QString verdict = note.text();
  EXPECT_FALSE(verdict.isEmpty());
  note.showMethod(core::SaliencyMethod::Gradient);
  note.showMethod(core::SaliencyMethod::GradientInput);
  EXPECT_EQ(note.text(), verdict);
  note.setSession(nullptr);
  EXPECT_TRUE(note.text().isEmpty());
}

TEST(ActivationsView, ListsTheSamplesThatExciteTheLayer) {
  Document document;
  ActivationsView view(document);
  view.resize(800, 500);
  view.show();
  document.open(demoSession("demo:lenet5"));
  document.select({core::LayerId{0}});  // a convolution of 20 channels, 24 x 24 each
  auto* list = view.findChild<QListWidget*>();
  auto* map = view.findChild<ImageMap*>();
  ASSERT_TRUE(
      eventually([&] { return list->count() == 12 && map->map() != nullptr && map->map()->width() == 24; }));
  auto* channel = view.findChild<QSpinBox*>();
  const QString whole = list->item(0)->text();
  channel->setValue(3);
  ASSERT_TRUE(eventually([&] { return list->count() == 12 && list->item(0)->text() != whole; }));
  QSignalSpy activated(&view, &ActivationsView::sampleActivated);
  emit list->itemActivated(list->item(0));
  EXPECT_EQ(activated.count(), 1);
}

}  // namespace
}  // namespace lapidary::ui
