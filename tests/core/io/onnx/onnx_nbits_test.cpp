// SPDX-License-Identifier: GPL-3.0-or-later
// MatMulNBits is opened as what it stands for: it answers the same, is a layer, is cut and is written.
#include "core/io/onnx/onnx_nbits.h"

#include <gtest/gtest.h>

#include "core/io/common/format.h"
#include "tests/core/run/graph_building.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

using testing::GraphBuilder;
using testing::randomTensor;
using testing::sameBits;

struct Form {
  std::int64_t bits = 4, depth = 64;
  bool zeros = false, bias = false;
  std::int64_t opset = 21;
};

/// The name of the test must not hold the bytes between its members.
void PrintTo(const Form& form, std::ostream* out) {
  *out << form.bits << " bits, depth " << form.depth << ", opset " << form.opset
       << (form.zeros ? ", zeros" : "") << (form.bias ? ", bias" : "");
}

constexpr std::int64_t rows = 5, block = 32;

Tensor drawnBytes(Shape shape, unsigned seed) {
  std::mt19937 engine(seed);
  TensorBuilder builder(DType::UInt8, std::move(shape));
  for (std::uint8_t& byte : builder.as<std::uint8_t>()) byte = static_cast<std::uint8_t>(engine());
  return std::move(builder).build();
}

Attribute whole(std::int64_t value) { return value; }

Model nbitsModel(const Form& form) {
  GraphBuilder b(form.opset);
  const std::int64_t blocks = (form.depth + block - 1) / block;
  const ValueId x = b.input("x", {2, form.depth});
  std::vector<ValueId> inputs{x, b.weight("fc.codes", drawnBytes({rows, blocks, block * form.bits / 8}, 1)),
                              b.weight("fc.scales", randomTensor({rows * blocks}, 2, 0.1f))};
  if (form.zeros)
    inputs.push_back(b.weight("fc.zeros", drawnBytes({rows * ((blocks * form.bits + 7) / 8)}, 3)));
  inputs.resize(form.bias ? 5 : inputs.size());
  if (form.bias) inputs.push_back(b.weight("fc.bias", randomTensor({rows}, 4)));
  b.output(b.node("MatMulNBits", inputs,
                  {{"N", whole(rows)},
                   {"K", whole(form.depth)},
                   {"bits", whole(form.bits)},
                   {"block_size", whole(block)}},
                  "com.microsoft"));
  Model model = b.model();
  model.source.opsets.push_back({"com.microsoft", 1});
  model.source.irVersion = 10;
  return model;
}

Tensor answer(const Model& model, const Tensor& x) {
  return Executor(model, {}).run(model, std::vector<Tensor>{x}).outputs.at(0);
}

Model reopened(const Model& model) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/model.onnx";
  writeModel(model, path);
  return readModel(path);
}

class NBitsOf : public ::testing::TestWithParam<Form> {};

TEST_P(NBitsOf, AnswersTheSameAndIsALayer) {
  const Model given = nbitsModel(GetParam());
  const Tensor x = randomTensor({2, GetParam().depth}, 5);
  const Model opened = reopened(given);
  ASSERT_EQ(opened.layers.size(), 1u);
  EXPECT_EQ(opened.layers[0].opType, "MatMul");
  EXPECT_EQ(opened.layers[0].name, "MatMulNBits_0");
  EXPECT_EQ(elementCount(opened.layers[0].shape), rows * GetParam().depth);
  EXPECT_LT(testing::largestDifference(answer(opened, x), answer(given, x)), 1e-5);
  ASSERT_EQ(opened.warnings.size(), 1u) << "that nodes were put in the place of another is said";
  EXPECT_EQ(opened.warnings[0].kind, WarningKind::UnpackedWeights);
  EXPECT_EQ(opened.warnings[0].detail, "MatMulNBits ×1");
  const Model again = reopened(opened);
  EXPECT_EQ(again.layers.size(), 1u);
  EXPECT_TRUE(again.warnings.empty());
  EXPECT_LT(testing::largestDifference(answer(again, x), answer(opened, x)), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Forms, NBitsOf,
                         ::testing::Values(Form{}, Form{8}, Form{2}, Form{4, 80}, Form{8, 80}, Form{2, 80},
                                           Form{4, 64, true}, Form{4, 80, true}, Form{8, 64, true},
                                           Form{2, 96, true}, Form{4, 64, true, true},
                                           Form{4, 64, false, true}, Form{4, 64, true, true, 17}));

/// Of whole blocks the codes stay where the file has them.
TEST(NBits, KeepsTheBytesOfWholeBlocks) {
  Model model = nbitsModel({});
  Graph graph = *model.graph;
  const Tensor before = graph.initializers.at(graph.findValue("fc.codes"));
  EXPECT_EQ(expandNBits(graph, model.source), 1u);
  const Tensor after = graph.initializers.at(graph.findValue("fc.codes_codes"));
  EXPECT_EQ(after.bytes().data(), before.bytes().data());
  EXPECT_EQ(after.dtype(), DType::UInt4);
  EXPECT_FALSE(graph.initializers.contains(graph.findValue("fc.codes")));
}

TEST(NBits, StayWhereTheyStandForSomethingElse) {
  Model model = nbitsModel({});
  Graph graph = *model.graph;
  graph.nodes[0].attributes["K"] = whole(63);  // the codes do not fit
  graph.nodes[0].attributes["block_size"] = whole(16);
  EXPECT_EQ(expandNBits(graph, model.source), 0u);
  graph = *model.graph;
  graph.nodes[0].attributes["bits"] = whole(3);
  EXPECT_EQ(expandNBits(graph, model.source), 0u);
  graph = *model.graph;
  graph.nodes[0].attributes["N"] = whole(std::int64_t{1} << 62);
  EXPECT_EQ(expandNBits(graph, model.source), 0u);
  graph = *model.graph;
  graph.initializers.erase(graph.findValue("fc.scales"));
  EXPECT_EQ(expandNBits(graph, model.source), 0u);
}

}  // namespace
}  // namespace lapidary::core
