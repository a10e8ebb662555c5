// SPDX-License-Identifier: GPL-3.0-or-later
// The output that is taken for scores of classes is the one that can be, by labels, name and form.
#include "core/analyze/answers/scores_choice.h"

#include <gmock/gmock.h>

#include "tests/support/messages.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Why = ScoresChoice::Why;

OutputForm form(const std::string& name, const std::vector<std::int64_t>& sizes,
                DType type = DType::Float32) {
  OutputForm made{name, type, std::vector<Dimension>{{std::nullopt, "N"}}};
  for (const std::int64_t size : sizes) made.shape->push_back({size, {}});
  return made;
}

ScoresChoice chosen(const std::vector<OutputForm>& outputs, std::size_t classes) {
  const auto choice = chooseScores(outputs, classes);
  EXPECT_TRUE(choice);
  return choice.value_or(ScoresChoice{});
}

TEST(ScoresChoice, LabelsDecideFirst) {
  const auto choice = chosen({form("features", {64}), form("logits", {4})}, 4);
  EXPECT_EQ(choice.name, "logits");
  EXPECT_EQ(choice.output, 1u);
  EXPECT_EQ(choice.why, Why::FitsData);
  EXPECT_EQ(choice.classes, 4u);
  EXPECT_THAT(choice.rivals, IsEmpty());
  // Whatever they are called.
  EXPECT_EQ(chosen({form("a", {64}), form("b", {4})}, 4).name, "b");
  EXPECT_EQ(chosen({form("output", {64}), form("b", {4, 1, 1})}, 4).name, "b");
  // Fewer scores than classes cannot be the scores.
  EXPECT_EQ(chosen({form("scores", {2}), form("b", {12})}, 10).name, "b");
}

TEST(ScoresChoice, ThenTheName) {
  EXPECT_EQ(chosen({form("features", {64}), form("logits", {1000})}, 0).why, Why::Name);
  EXPECT_EQ(chosen({form("features", {64}), form("logits", {1000})}, 10).name, "logits");
  EXPECT_EQ(chosen({form("aux_logits", {10}), form("logits", {10})}, 10).name, "logits");
  EXPECT_EQ(chosen({form("last_hidden_state", {128, 64}), form("probabilities", {3})}, 0).name,
            "probabilities");
}

TEST(ScoresChoice, ThenTheForm) {
  const auto choice = chosen({form("a", {16, 10}), form("b", {10})}, 10);
  EXPECT_EQ(choice.name, "b");
  EXPECT_EQ(choice.why, Why::Form);
}

TEST(ScoresChoice, EqualsAreNamed) {
  const auto choice = chosen({form("a", {4}), form("b", {4}), form("c", {9})}, 4);
  EXPECT_EQ(choice.name, "a");
  EXPECT_EQ(choice.why, Why::First);
  EXPECT_THAT(choice.rivals, ElementsAre("b"));
}

TEST(ScoresChoice, WhatCannotHoldScoresIsNone) {
  EXPECT_FALSE(chooseScores(std::vector{form("ids", {4}, DType::Int64), form("number", {}),
                                        form("picture", {3, 8, 8}), form("one", {1})},
                            4));
  EXPECT_EQ(chosen({form("label", {}, DType::Int64), form("probabilities", {4})}, 4).why, Why::Only);
  EXPECT_EQ(chosen({{"undeclared", std::nullopt, std::nullopt}, form("n", {4}, DType::Int64)}, 4).name,
            "undeclared");
}

TEST(ScoresChoice, ANameIsTakenAsItIs) {
  const std::vector<OutputForm> outputs{form("features", {64}), form("logits", {4})};
  EXPECT_EQ(namedScores(outputs, "features").output, 0u);
  EXPECT_EQ(namedScores(outputs, "features").why, Why::Given);
  EXPECT_THAT(messageOf([&] { namedScores(outputs, "logit"); }),
              HasSubstr("no output 'logit'; it has 'features', 'logits'"));
}

}  // namespace
}  // namespace lapidary::core::testing
