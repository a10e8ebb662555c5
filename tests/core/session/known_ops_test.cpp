// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that are missing are named, once each, with the number of their nodes.
#include "core/session/known_ops.h"

#include <gmock/gmock.h>

#include "core/session/open.h"
#include "tests/core/run/graph_building.h"
#include "tests/support/demo_files.h"

namespace lapidary::core {
namespace {

using testing::GraphBuilder;

std::string missingOf(const Model& model) {
  std::string detail;
  for (const Warning& warning : warningsOf(model))
    if (warning.kind == WarningKind::UnknownOp) detail += warning.detail + "|";
  return detail;
}

Model withUnknownOps() {
  GraphBuilder b;
  ValueId x = b.input("x", {1, 4});
  x = b.node("Twist", {b.node("Relu", {b.node("Swirl", {x})})}, {}, "my.domain");
  b.output(b.node("Twist", {x}, {}, "my.domain"));
  return b.model();
}

TEST(KnownOps, TheMissingAreNamedInTheOrderOfTheGraph) {
  const Model model = withUnknownOps();
  EXPECT_FALSE(canRun(model));
  EXPECT_EQ(missingOf(model), "Swirl ×1, my.domain::Twist ×2|");
}

TEST(KnownOps, ADomainIsPartOfTheName) {
  GraphBuilder b;
  b.output(b.node("Relu", {b.node("Relu", {b.input("x", {1, 4})}, {}, "my.domain")}, {}, "ai.onnx"));
  EXPECT_EQ(missingOf(b.model()), "my.domain::Relu ×1|");
}

TEST(KnownOps, ThoseOfSubgraphsCount) {
  GraphBuilder inner, b;
  inner.output(inner.node("Swirl", {inner.capture("x")}));
  const ValueId x = b.input("x", {1, 4}), which = b.input("which", {}, DType::Bool);
  b.output(b.node("If", {which}, {{"then_branch", inner.graph()}, {"else_branch", inner.graph()}}));
  b.output(b.node("Swirl", {x}));
  EXPECT_FALSE(canRun(b.model()));
  EXPECT_EQ(missingOf(b.model()), "Swirl ×3|");
}

TEST(KnownOps, AnOlderVersionThanIsKnownIsMissing) {
  GraphBuilder b(17);
  b.output(b.node("Col2Im", {b.input("x", {1, 4, 4})}));
  EXPECT_FALSE(canRun(b.model()));
  EXPECT_EQ(missingOf(b.model()), "Col2Im-17 ×1|");
}

TEST(KnownOps, ManyNamesAreCounted) {
  GraphBuilder b;
  ValueId x = b.input("x", {1, 4});
  for (int i = 0; i < 20; ++i) x = b.node("Op" + std::to_string(i), {x});
  b.output(x);
  EXPECT_EQ(missingOf(b.model()), "Op0 ×1, Op1 ×1, Op2 ×1, Op3 ×1, Op4 ×1, Op5 ×1, Op6 ×1, Op7 ×1, … (+12)|");
}

TEST(KnownOps, WhatCanRunIsNotWarnedOf) {
  OpenRequest request;
  request.model = AtPath{demo + "lenet5.onnx"};
  const Opened opened = open(request);
  EXPECT_TRUE(canRun(opened.session->model()));
  EXPECT_TRUE(opened.warnings.empty());
  Model weights = opened.session->model();
  weights.graph = std::make_shared<const Graph>();
  EXPECT_FALSE(canRun(weights));
  EXPECT_EQ(missingOf(weights), "");
}

TEST(KnownOps, OpeningTellsOfThem) {
  OpenRequest request;
  request.model = withUnknownOps();
  const Opened opened = open(request);
  ASSERT_EQ(opened.warnings.size(), 1u);
  EXPECT_EQ(opened.warnings[0].kind, WarningKind::UnknownOp);
  EXPECT_FALSE(opened.session->obstacles().empty());
}

}  // namespace
}  // namespace lapidary::core
