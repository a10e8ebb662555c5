// SPDX-License-Identifier: GPL-3.0-or-later
// A model with operators that are not known: inspect names them, and it can be cut, but not run.
#include <gmock/gmock.h>

#include "command.h"
#include "core/io/common/format.h"
#include "tests/core/run/graph_building.h"

namespace lapidary {
namespace {

using core::ValueId;
using core::testing::GraphBuilder;
using core::testing::randomTensor;
using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet;
using ::testing::HasSubstr;

const std::string named =
    "operators that this program does not know, and in how many nodes they stand: my.domain::Twist ×2, "
    "Swirl ×1; the model can be cut, but not run";

/// A layer between operators of another domain, and one that ONNX has not.
std::string strangeModel(const Folder& folder) {
  GraphBuilder b;
  const ValueId x = b.node("Twist", {b.input("x", {1, 3, 8, 8})}, {}, "my.domain");
  const ValueId y = b.node("Conv", {x, b.weight("w", randomTensor({4, 3, 3, 3}, 1))});
  b.output(b.node("Swirl", {b.node("Twist", {y}, {}, "my.domain")}));
  core::Model model = b.model();
  model.source.opsets.push_back({"my.domain", 1});
  core::writeModel(model, folder / "strange.onnx");
  return folder / "strange.onnx";
}

TEST(UnknownOps, InspectNamesThemAndHowManyNodes) {
  const Folder folder;
  const std::string model = strangeModel(folder);
  const Finished json = lapidary("inspect " + model + " --json"), text = lapidary("inspect " + model);
  ASSERT_EQ(json.status, 0) << json.err;
  EXPECT_EQ(json.json()["runnable"], false);
  ASSERT_EQ(json.json()["warnings"].size(), 1u);
  EXPECT_EQ(json.json()["warnings"][0]["id"], "unknown-operators");
  EXPECT_EQ(json.json()["warnings"][0]["text"], named);
  EXPECT_EQ(json.json()["layers"].size(), 1u);
  EXPECT_EQ(json.json()["inputs"].size(), 1u) << "there is a graph all the same";
  ASSERT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.err, HasSubstr("warning: " + named));
}

TEST(UnknownOps, InspectSaysThatAKnownModelRuns) {
  const auto json = lapidary("inspect " + lenet + " --json").json();
  EXPECT_EQ(json["runnable"], true);
  EXPECT_FALSE(json.contains("warnings"));
}

/// Whoever wants no surprise asks for an exit status of its own.
TEST(UnknownOps, AWarningFailsWhereItIsAskedFor) {
  const Folder folder;
  const std::string model = strangeModel(folder);
  const Finished strict = lapidary("inspect " + model + " --json --strict");
  EXPECT_EQ(strict.status, 3);
  EXPECT_EQ(strict.json()["layers"].size(), 1u) << "what was asked for is done all the same";
  EXPECT_THAT(strict.err, HasSubstr("--strict: 1 warning stands above"));
  EXPECT_EQ(lapidary("inspect " + lenet + " --strict").status, 0);
}

TEST(UnknownOps, TheModelIsCutWithTheWarning) {
  const Folder folder;
  const Finished cut =
      lapidary("compress " + strangeModel(folder) + " --bits 4 -o " + (folder / "less.onnx"));
  EXPECT_EQ(cut.status, 0) << cut.err;
  EXPECT_THAT(cut.err, HasSubstr("warning: " + named));
  const auto less = lapidary("inspect " + (folder / "less.onnx") + " --json").json();
  EXPECT_EQ(less["layers"].size(), 1u);
  EXPECT_EQ(less["runnable"], false);
}

}  // namespace
}  // namespace lapidary
