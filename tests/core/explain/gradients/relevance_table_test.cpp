// SPDX-License-Identifier: GPL-3.0-or-later
// Every operator says how it hands relevance down, and the sum of it stays what it was.
#include "core/explain/gradients/relevance_table.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "core/explain/gradients/elementwise_tensors.h"
#include "core/explain/gradients/relevance_rules.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core {
namespace {

using OpName = std::pair<std::string_view, std::string_view>;

template <class Rows>
std::multiset<OpName> namesOf(const Rows& rows) {
  std::multiset<OpName> names;
  for (const auto& row : rows) names.insert({row.domain, row.type});
  return names;
}

TEST(RelevanceTable, EveryOperatorHasARowOrAReason) {
  const auto explained = namesOf(relevanceRows()), unexplained = namesOf(unexplainedRows());
  for (const Op& op : allOps()) {
    const OpName name{op.domain, op.type};
    EXPECT_EQ(explained.count(name), op.backward != nullptr ? 1u : 0u)
        << op.domain << "::" << op.type << " has a gradient, so it needs one row of relevanceRows()";
    EXPECT_EQ(unexplained.count(name), op.backward == nullptr ? 1u : 0u)
        << op.domain << "::" << op.type << " has no gradient: unexplainedRows() says why";
  }
}

TEST(RelevanceTable, EveryRowIsOfAnOperator) {
  for (const auto& names : {namesOf(relevanceRows()), namesOf(unexplainedRows())})
    for (const auto& [domain, type] : names)
      EXPECT_NE(findOp(domain, type), nullptr) << domain << "::" << type << " is no operator";
}

/// One step, what it reads, and which of its inputs depend on what is explained.
struct Step {
  std::string type;
  std::vector<Tensor> inputs;
  std::map<std::string, Attribute> attributes = {};
  std::string domain = {};
  std::vector<bool> wanted = {true};
  std::size_t outputs = 1;
};

/// Away from 0, where quotients would not be defined, and below 1, where all functions are.
Tensor positive(const Shape& shape, unsigned seed) {
  TensorBuilder builder(DType::Float32, shape);
  const Tensor drawn = testing::randomTensor(shape, seed);
  for (std::size_t i = 0; i < builder.as<float>().size(); ++i)
    builder.as<float>()[i] = 0.2f + 0.5f * std::abs(std::sin(drawn.as<float>()[i]));
  return std::move(builder).build();
}

Tensor whole(const std::vector<std::int64_t>& values) {
  return Tensor::from<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

double total(const Tensor& tensor) {
  return std::accumulate(tensor.as<float>().begin(), tensor.as<float>().end(), 0.0);
}

/// What arrives at the inputs of a step, of a relevance that is drawn for each output.
struct Handed {
  std::vector<Tensor> inputs;
  double arrived = 0, given = 0;
};

Handed handed(Step step) {
  const Op* op = findOp(step.domain, step.type);
  step.wanted.resize(step.inputs.size(), false);
  Node node;
  node.opType = step.type;
  node.domain = step.domain;
  node.attributes = step.attributes;
  for (std::uint32_t i = 0; i < step.outputs; ++i) node.outputs.push_back(ValueId{i});
  std::vector<Activation> given;
  for (const Tensor& input : step.inputs) given.push_back(input.defined() ? Activation(input) : Activation());
  std::vector<Tensor> outputs, relevance;
  Handed result;
  for (const Activation& each : op->forward(OpCall{node, 23, given})) {
    outputs.push_back(each.defined() ? toPlain(each) : Tensor());
    const bool explained = each.defined() && isFloating(each.dtype);  // positions have no relevance
    relevance.push_back(explained ? positive(outputs.back().shape(), 77) : Tensor());
    if (explained) result.given += total(relevance.back());
  }
  result.inputs =
      epsilonRule(1e-9)(*op, BackwardCall{node, 23, step.inputs, outputs, relevance, step.wanted});
  for (std::size_t i = 0; i < result.inputs.size(); ++i)
    if (step.wanted[i] && result.inputs[i].defined()) result.arrived += total(result.inputs[i]);
  return result;
}

void PrintTo(const Step& step, std::ostream* out) { *out << step.domain << step.type; }

class RelevanceOf : public ::testing::TestWithParam<Step> {};

TEST_P(RelevanceOf, IsConserved) {
  const Handed found = handed(GetParam());
  EXPECT_NEAR(found.arrived, found.given, 1e-3 * found.given);
}

const Tensor rows = positive({3, 4}, 1), others = positive({3, 4}, 2), picture = positive({1, 3, 4, 4}, 3),
             scales = positive({4}, 4);
const std::vector<bool> both{true, true};

INSTANTIATE_TEST_SUITE_P(
    Steps, RelevanceOf,
    ::testing::Values(
        Step{"ReduceProd", {rows, whole({1})}}, Step{"ReduceProd", {rows}},
        Step{"ReduceSum", {rows, whole({1})}}, Step{"ReduceMean", {rows, whole({0})}},
        Step{"ReduceSumSquare", {rows, whole({1})}}, Step{"ReduceL1", {rows, whole({1})}},
        Step{"ReduceL2", {rows, whole({1})}}, Step{"ReduceLogSum", {rows, whole({1})}},
        Step{"ReduceLogSumExp", {rows, whole({1})}}, Step{"ReduceMax", {rows, whole({1})}},
        Step{"Mul", {rows, others}, {}, "", both}, Step{"Mul", {rows, scales}},
        Step{"MatMul", {rows, positive({4, 2}, 5)}, {}, "", both},
        Step{"Gemm", {rows, positive({4, 2}, 5), positive({3, 2}, 6)}, {}, "", {true, false, true}},
        Step{"Gemm", {rows, positive({4, 2}, 5), positive({3, 2}, 6)}, {}, "", {true, true, true}},
        Step{"FusedMatMul", {rows, positive({4, 2}, 5)}, {}, "com.microsoft", both},
        Step{"Einsum", {rows, others}, {{"equation", std::string("ij,kj->ik")}}, "", both},
        Step{"Add", {rows, scales}, {}, "", both},
        Step{"Sum", {rows, others, scales}, {}, "", {true, true, true}}, Step{"Div", {rows, others}},
        Step{"Div", {rows, scales}, {}, "", {false, true}},
        Step{"Pow", {Tensor::scalar(2.0f), rows}, {}, "", {false, true}},
        Step{"LRN", {picture}, {{"size", std::int64_t{3}}}}, Step{"MeanVarianceNormalization", {picture}},
        Step{"RMSNormalization", {rows, scales}},
        Step{"LpPool", {picture}, {{"kernel_shape", testing::ints({2, 2})}}},
        Step{"SpaceToDepth", {picture}, {{"blocksize", std::int64_t{2}}}},
        Step{"Tile", {rows, whole({2, 3})}}, Step{"CastLike", {rows, scales}},
        Step{"TopK", {rows, whole({4})}}, Step{"ReverseSequence", {rows, whole({2, 3, 3, 1})}},
        Step{"CumSum", {rows, Tensor::scalar<std::int64_t>(1)}},
        Step{"FastGelu", {rows}, {}, "com.microsoft"},
        Step{"FastGelu", {rows, scales}, {}, "com.microsoft", both},
        Step{"BiasGelu", {rows, scales}, {}, "com.microsoft", both},
        Step{"QuickGelu", {rows}, {}, "com.microsoft"}, Step{"Affine", {rows}, {{"alpha", 2.0f}}},
        Step{"Scale", {rows}, {{"scale", 2.0f}}},
        Step{"Crop", {picture}, {{"border", testing::ints({1, 0, 1, 2})}}},
        Step{"DynamicSlice", {picture, whole({1}), whole({3}), whole({2})}},
        Step{"TensorScatter", {picture, positive({1, 3, 2, 4}, 7), whole({1})}, {}, "", both},
        Step{"RotaryEmbedding", {picture, positive({5, 2}, 8), positive({5, 2}, 9), whole({0, 1, 2, 4})}},
        Step{"RotaryEmbedding",
             {picture, whole({1}), positive({5, 2}, 8), positive({5, 2}, 9)},
             {},
             "com.microsoft"},
        Step{"Attention", {picture, picture, picture}, {}, "", {true, true, true}},
        Step{"SkipLayerNormalization", {rows, others, scales}, {}, "com.microsoft", both},
        Step{"SkipSimplifiedLayerNormalization", {rows, others, scales}, {}, "com.microsoft", both}));

/// Of one input each: whatever the function, what arrives is what was given.
TEST(RelevanceTable, FunctionsOfOneElementKeepIt) {
  for (const RelevanceRow& row : relevanceRows()) {
    if (row.sharing != Sharing::HandsOn || row.type.ends_with("Normalization") || row.type == "PRelu" ||
        row.type == "Div" || row.type == "Pow" || row.type == "LRN")
      continue;
    const Tensor x =
        row.type == "Acosh" ? sum(rows, Tensor::from<float>({3, 4}, std::vector<float>(12, 1))) : rows;
    const bool parametric = row.type == "ParametricSoftplus" || row.type == "ScaledTanh";
    const std::map<std::string, Attribute> parameters{{"alpha", 1.5f}, {"beta", 0.8f}};
    const Handed found = handed({std::string(row.type),
                                 {x},
                                 parametric ? parameters : std::map<std::string, Attribute>{},
                                 std::string(row.domain)});
    EXPECT_NEAR(found.arrived, found.given, 1e-4 * found.given) << row.domain << row.type;
  }
}

TEST(RelevanceTable, AFusedSumIsSharedAsTheSumAlone) {
  const Handed fused = handed({"SkipLayerNormalization", {rows, others, scales}, {}, "com.microsoft", both});
  const Handed alone = handed({"Add", {rows, others}, {}, "", both});
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t k = 0; k < 12; ++k)
      EXPECT_NEAR(fused.inputs[i].as<float>()[k], alone.inputs[i].as<float>()[k], 1e-5f);
}

TEST(RelevanceTable, AFusedBiasKeepsItsPart) {
  const Handed fused = handed({"FastGelu", {rows, scales}, {}, "com.microsoft"}),
               alone = handed({"Add", {rows, scales}});
  EXPECT_LT(fused.arrived, 0.9 * fused.given);
  EXPECT_NEAR(fused.arrived, alone.arrived, 1e-4);
}

TEST(ElementwiseTensors, RepeatWhatIsBroadcast) {
  const Tensor column = repeatedTo(Tensor::from<float>({2, 1}, {1, 2}), {2, 2, 3});
  EXPECT_EQ(std::vector<float>(column.as<float>().begin(), column.as<float>().end()),
            (std::vector<float>{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}));
}

}  // namespace
}  // namespace lapidary::core
