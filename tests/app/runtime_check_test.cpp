// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line says of the runtime that a written file is meant for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "command.h"
#include "core/io/common/format.h"
#include "tests/core/run/graph_building.h"

namespace lapidary {
namespace {

using test::Finished;
using test::Folder;
using test::lapidary;
using test::lenet;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr const char* checked =
    "Checked: answers as shown, by the rules proved against ONNX Runtime at every optimisation level";

TEST(RuntimeCheck, CompressSaysThatTheRulesCoverWhatItWrote) {
  const Folder folder;
  for (const char* settings :
       {"--bits 8", "--bits 4 --scheme affine --per group:32", "--bits 4 --scheme codebook"}) {
    const Finished told = lapidary("compress " + lenet + " " + settings + " -o " + (folder / "cut.onnx"));
    EXPECT_EQ(told.status, 0) << told.err;
    EXPECT_THAT(told.out, HasSubstr(checked)) << settings;
    EXPECT_THAT(told.err, Not(HasSubstr("not proved")));
  }
  const Json json = lapidary("compress " + lenet + " --bits 8 --json -o " + (folder / "cut.lapidary")).json();
  EXPECT_EQ(json["runtime_check"], Json::parse(R"({"proved": true, "unproved": []})"));
}

TEST(CutWithoutEffect, ALayerThatHasTheCodesAlreadyIsNamed) {
  const Folder folder;
  ASSERT_EQ(lapidary("compress " + lenet + " --bits 8 -o " + (folder / "once.onnx")).status, 0);
  const std::string again = "compress " + (folder / "once.onnx") + " --bits 8 -o " + (folder / "twice.onnx");
  EXPECT_THAT(lapidary(again).err, HasSubstr("stays in the 8-bit codes of the file"));
  const Json warnings = lapidary(again + " --json").json()["warnings"];
  EXPECT_TRUE(std::ranges::any_of(warnings, [](const Json& each) {
    return each["id"] == "cut-without-effect";
  })) << warnings;
  EXPECT_THAT(lapidary("compress " + (folder / "once.onnx") + " --bits 4 --dry-run").err,
              Not(HasSubstr("stays in the")));
}

TEST(RuntimeCheck, NothingIsSaidOfWhatDoesNotRun) {
  const Folder folder;
  const Finished weights = lapidary("compress " + lenet + " --bits 8 -o " + (folder / "cut.safetensors"));
  EXPECT_THAT(weights.out, Not(HasSubstr("Checked")));
  const Finished dry = lapidary("compress " + lenet + " --bits 8 --dry-run --json");
  EXPECT_FALSE(dry.json().contains("runtime_check"));
}

/// A deformable convolution was not tried there.
TEST(RuntimeCheck, ANodeThatNoRuleCoversIsNamed) {
  const Folder folder;
  core::testing::GraphBuilder b(19);
  const core::ValueId x = b.input("x", {1, 2, 6, 6}), offsets = b.input("offsets", {1, 18, 4, 4});
  b.output(b.node("DeformConv", {x, b.weight("w", core::testing::randomTensor({3, 2, 3, 3}, 1)), offsets}));
  core::Model model = b.model();
  model.source.irVersion = 9;
  model.layers = core::findLayers(*model.graph);
  core::writeModel(model, folder / "m.onnx");
  const std::string command = "compress " + (folder / "m.onnx") + " --bits 8 -o " + (folder / "cut.onnx");
  const Finished told = lapidary(command);
  EXPECT_EQ(told.status, 0) << told.err;
  EXPECT_THAT(told.err, HasSubstr("DeformConv_0 (DeformConv): their operators were not tried there"));
  EXPECT_THAT(told.out, Not(HasSubstr("Checked")));
  EXPECT_EQ(lapidary(command + " --strict").status, 3);
  const Json json = lapidary(command + " --json").json();
  EXPECT_EQ(json["runtime_check"]["proved"], false);
  EXPECT_EQ(json["runtime_check"]["unproved"][0]["why"], "operator");
  EXPECT_THAT(json["warnings"].dump(), HasSubstr("unproved-node"));
}

}  // namespace
}  // namespace lapidary
