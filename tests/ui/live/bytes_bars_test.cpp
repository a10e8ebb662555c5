// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of every form of file, beside those of the layers.
#include "ui/live/bytes_bars.h"

#include <gtest/gtest.h>

#include "core/analyze/sizes/footprint.h"
#include "tests/ui/demo.h"
#include "ui/look/number_text.h"

namespace lapidary::ui {
namespace {

core::LayerEdit zeros() {
  core::LayerEdit edit;
  edit.prune.mode = core::PruneMode::Sparsity;
  edit.prune.value = 0.9;
  return edit;
}

TEST(BytesBars, ShowEveryFormOnceItIsMeasuredAndWarnWhereZerosSaveNothing) {
  Document document;
  document.open(demoSession());
  BytesBars bars(document);
  const auto session = document.session();
  const core::Recipe recipe = recipeOf(*session, zeros());
  document.setRecipe(recipe, "zeros");
  std::vector<core::Outcome> outcomes;
  session->evaluate(recipe, {.measure = {core::measurement::forms}}, {},
                    [&](const core::Outcome& outcome) { outcomes.push_back(outcome); });
  document.setOutcome(outcomes.front());
  const std::size_t layers = session->model().layers.size();
  ASSERT_EQ(bars.rows().size(), 5 + layers);
  EXPECT_EQ(bars.rows()[2].numbers, bytesText(outcomes.front().footprint.fileAfter));
  EXPECT_EQ(bars.rows()[4].numbers, QStringLiteral("–"));
  EXPECT_TRUE(bars.warning().isEmpty());
  document.setOutcome(outcomes.back());
  const auto forms = outcomes.back().footprint.forms;
  ASSERT_TRUE(forms);
  for (const core::Form form : core::allForms) {
    const auto& row = bars.rows()[static_cast<std::size_t>(form)];
    EXPECT_EQ(row.numbers, bytesText(core::bytesIn(form, forms->total))) << row.name.toStdString();
    EXPECT_FALSE(row.tip.isEmpty());
    EXPECT_EQ(bars.table().back()[3 + static_cast<qsizetype>(form)],
              QString::number(core::bytesIn(form, forms->layers.back())));
  }
  EXPECT_TRUE(bars.rows()[5].tip.contains(bytesText(forms->layers[0].lapidary)));
  EXPECT_FALSE(bars.warning().isEmpty());
  document.setRecipe({}, "nothing");
  document.setOutcome(session->evaluate({}, {.measure = {core::measurement::forms}}, {}));
  EXPECT_TRUE(bars.warning().isEmpty());
}

}  // namespace
}  // namespace lapidary::ui
