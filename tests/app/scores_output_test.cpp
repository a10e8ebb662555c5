// SPDX-License-Identifier: GPL-3.0-or-later
// Of several outputs the one that fits the labels is measured, which is said; another is taken where asked
// for.
#include <gmock/gmock.h>

#include "command.h"
#include "core/files/bytes.h"
#include "core/io/common/format.h"
#include "core/io/numpy/npz.h"
#include "tests/core/run/graph_building.h"

namespace lapidary {
namespace {

using core::Tensor;
using core::ValueId;
using core::testing::GraphBuilder;
using core::testing::randomTensor;
using test::Finished;
using test::Folder;
using test::lapidary;
using ::testing::HasSubstr;

constexpr std::int64_t samples = 24, classes = 4;

/// Features first, then logits that are right for every sample.
struct Files {
  Folder folder;
  std::string model = folder / "m.onnx", data = folder / "d.npz";

  explicit Files(bool twice = false) {
    GraphBuilder b;
    const ValueId x = b.input("x", {-1, 8});
    const ValueId features = b.node("MatMul", {x, b.weight("f", randomTensor({8, 16}, 1))});
    const ValueId logits = b.node("MatMul", {features, b.weight("w", randomTensor({16, classes}, 2))});
    if (!twice) b.output(features);
    b.output(logits);
    if (twice) b.output(b.node("Neg", {logits}));
    core::Model made = b.model();
    const Tensor inputs = randomTensor({samples, 8}, 3);
    const auto outputs = core::Executor(made, {}).run(made, {&inputs, 1}).outputs;
    auto graph = *made.graph;
    const std::vector<std::int64_t> widths =
        twice ? std::vector<std::int64_t>{classes, classes} : std::vector<std::int64_t>{16, classes};
    const std::vector<std::string> names =
        twice ? std::vector<std::string>{"a", "b"} : std::vector<std::string>{"features", "logits"};
    for (std::size_t i = 0; i < 2; ++i) {
      core::Value& value = graph.values[graph.outputs[i].index];
      value.name = names[i];
      value.shape = std::vector<core::Dimension>{{std::nullopt, "N"}, {widths[i], ""}};
    }
    made.graph = std::make_shared<const core::Graph>(graph);
    core::writeModel(made, model);
    const auto scores = outputs[twice ? 0 : 1].as<float>();
    std::vector<std::int64_t> labels;
    for (std::size_t s = 0; s < samples; ++s) {
      const auto row = scores.subspan(s * classes, classes);
      labels.push_back(std::ranges::max_element(row) - row.begin());
    }
    core::writeFileAtomically(data, [&](const core::Append& append) {
      core::writeNpz({{"x", inputs}, {"y", Tensor::from<std::int64_t>({samples}, labels)}}, append);
    });
  }
};

TEST(ScoresOutput, TheOneThatFitsTheLabelsIsMeasuredAndNamed) {
  const Files files;
  const Finished found = lapidary("evaluate " + files.model + " --data " + files.data + " --json");
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json()["top1"], 1.0);
  EXPECT_EQ(found.json()["output"]["name"], "logits");
  EXPECT_EQ(found.json()["output"]["why"], "fits-labels");
  EXPECT_THAT(found.err, HasSubstr("scores of the classes: output 'logits'"));
  EXPECT_FALSE(found.json().contains("warnings"));
  // What is written answers by the same output.
  const Finished cut = lapidary("compress " + files.model + " --data " + files.data + " --bits 8 -o " +
                                (files.folder / "q.onnx") + " --json");
  ASSERT_EQ(cut.status, 0) << cut.err;
  EXPECT_EQ(cut.json()["top1_before"], 1.0);
}

TEST(ScoresOutput, AnotherIsTakenWhereAskedFor) {
  const Files files;
  const std::string command = "evaluate " + files.model + " --data " + files.data + " --json ";
  const Finished given = lapidary(command + "--output features");
  ASSERT_EQ(given.status, 0) << given.err;
  EXPECT_EQ(given.json()["output"]["why"], "given");
  EXPECT_LT(given.json()["top1"], 1.0);
  const Finished wrong = lapidary(command + "--scores logit");
  EXPECT_EQ(wrong.status, 3);
  EXPECT_THAT(wrong.err, HasSubstr("the model has no output 'logit'; it has 'features', 'logits'"));
}

TEST(ScoresOutput, WhereSeveralCouldBeAWarningSaysSo) {
  const Files files(true);
  const Finished found = lapidary("evaluate " + files.model + " --data " + files.data + " --json");
  ASSERT_EQ(found.status, 0) << found.err;
  EXPECT_EQ(found.json()["output"]["name"], "a");
  EXPECT_EQ(found.json()["output"]["why"], "first");
  EXPECT_EQ(found.json()["warnings"][0]["id"], "scores-output");
  EXPECT_THAT(found.err, HasSubstr("taken was 'a', not 'b'; choose another by --scores"));
}

}  // namespace
}  // namespace lapidary
