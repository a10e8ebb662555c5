// SPDX-License-Identifier: GPL-3.0-or-later
// The Pareto front and the visits.
#include "ui/document/visited_recipes.h"

#include <gmock/gmock.h>

#include "tests/ui/demo.h"

namespace lapidary::ui {

namespace {

Visit visit(std::uint64_t bytes, double quality) {
  return {{}, bytes, QualityValue{quality, {quality, quality}, false}, 100};
}

core::Outcome outcomeOf(const core::Recipe& recipe, std::size_t samples, double top1) {
  core::Outcome outcome;
  outcome.recipe = recipe;
  outcome.footprint.fileAfter = 1000;
  outcome.quality = core::Quality{};
  outcome.quality->samples = samples;
  outcome.quality->top1 = top1;
  return outcome;
}

}  // namespace

TEST(ParetoFront, KeepsWhatNothingBeats) {
  EXPECT_THAT(paretoFront({}), testing::IsEmpty());
  // 1 is beaten by 0 (smaller and better); 4 has 3's size and less quality.
  EXPECT_THAT(
      paretoFront({visit(100, 0.9), visit(120, 0.8), visit(200, 0.95), visit(50, 0.5), visit(50, 0.4)}),
      testing::ElementsAre(3u, 0u, 2u));
}

TEST(ParetoFront, LeavesOutWhatWasMeasuredOnFewerSamples) {
  auto glimpse = visit(10, 1.0);
  glimpse.samples = 20;
  EXPECT_THAT(paretoFront({visit(100, 0.9), glimpse}), testing::ElementsAre(0u));
}

TEST(VisitedRecipes, MoreSamplesReplaceFewerOfTheSameRecipe) {
  Document document;
  document.open(demoSession());
  VisitedRecipes visited(document);
  visited.add(outcomeOf({}, 100, 0.9));
  visited.add(outcomeOf({}, 2000, 0.95));
  visited.add(outcomeOf({}, 500, 0.5));
  ASSERT_EQ(visited.visits().size(), 1u);
  EXPECT_EQ(visited.visits()[0].quality->value, 0.95);
  const auto other = recipeOf(*document.session(), {{core::PruneMode::Sparsity, 0.5}, {}});
  visited.add(outcomeOf(other, 100, 0.8));
  EXPECT_EQ(visited.visits().size(), 2u);
  EXPECT_EQ(visited.current(), 0u);
  document.open(demoSession());
  EXPECT_TRUE(visited.visits().empty());
}

TEST(VisitedRecipes, AnOutcomeWithoutQualityIsNoPoint) {
  Document document;
  document.open(demoSession());
  VisitedRecipes visited(document);
  core::Outcome outcome;
  visited.add(outcome);
  EXPECT_TRUE(visited.visits().empty());
}

}  // namespace lapidary::ui
