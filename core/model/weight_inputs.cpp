// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/weight_inputs.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

constexpr std::string_view standard = "", microsoft = "com.microsoft";

int firstAxis(const Node&, std::size_t, std::size_t) { return 0; }
int secondAxis(const Node&, std::size_t, std::size_t) { return 1; }
int lastAxis(const Node&, std::size_t, std::size_t rank) { return static_cast<int>(rank) - 1; }
int lastAxisButOne(const Node&, std::size_t, std::size_t rank) {
  return rank < 2 ? 0 : static_cast<int>(rank) - 2;
}

/// Columns of the second factor, rows of the first, or the other way round where it is transposed.
int ofFactor(const Node& node, std::size_t input, std::size_t rank) {
  const bool right = input != 0;
  const bool turned = node.intOr(right ? "transB" : "transA", 0) != 0;
  return right != turned ? lastAxis(node, input, rank) : lastAxisButOne(node, input, rank);
}

int axisOfTable(const Node& node, std::size_t, std::size_t rank) {
  const std::int64_t axis = node.intOr("axis", 0), count = static_cast<std::int64_t>(rank);
  return static_cast<int>(std::clamp<std::int64_t>(axis < 0 ? axis + count : axis, 0, count - 1));
}

struct Equation {
  std::vector<std::string> operands;
  std::string result;  ///< empty where it follows from the operands
};

Equation equationOf(const Node& node) {
  std::string text = node.textOr("equation", "");
  std::erase(text, ' ');
  Equation equation;
  const std::size_t arrow = text.find("->");
  if (arrow != std::string::npos) equation.result = text.substr(arrow + 2);
  const std::string operands = text.substr(0, arrow);
  for (std::size_t from = 0; from <= operands.size();) {
    const std::size_t comma = std::min(operands.find(',', from), operands.size());
    equation.operands.push_back(operands.substr(from, comma - from));
    from = comma + 1;
  }
  return equation;
}

/// The last axis of the weight that the result has and no other operand.
int ofEinsum(const Node& node, std::size_t input, std::size_t rank) {
  const Equation equation = equationOf(node);
  if (input >= equation.operands.size()) return 0;
  const std::string& own = equation.operands[input];
  for (std::size_t i = own.size(); i-- > 0;) {
    if (own[i] == '.') continue;
    bool elsewhere = false;
    for (std::size_t o = 0; o < equation.operands.size(); ++o)
      elsewhere |= o != input && equation.operands[o].find(own[i]) != std::string::npos;
    const bool given = equation.result.empty() || equation.result.find(own[i]) != std::string::npos;
    if (elsewhere || !given) continue;
    const bool behindDots = own.rfind('.', i) != std::string::npos;
    return static_cast<int>(behindDots ? rank - std::min(rank, own.size() - i) : i);
  }
  return 0;
}

struct Row {
  std::string_view domain, opType;
  WeightInput weight;
};

/// Factors on the left come after those on the right: a node is a layer by one of them.
constexpr Row weightRows[] = {
    {standard, "Conv", {1, 2, {}, firstAxis}},
    {standard, "ConvTranspose", {1, 2, {}, secondAxis}},
    {standard, "DeformConv", {1, 3, {}, firstAxis}},
    {standard, "Gemm", {1, 2, {}, ofFactor}},
    {standard, "Gemm", {0, 2, {}, ofFactor}},
    {standard, "MatMul", {1, 0, {}, ofFactor}},
    {standard, "MatMul", {0, 0, {}, ofFactor}},
    {standard, "Einsum", {1, 0, {}, ofEinsum}},
    {standard, "Einsum", {0, 0, {}, ofEinsum}},
    {standard, "Einsum", {2, 0, {}, ofEinsum}},
    {standard, "Gather", {0, 0, {}, axisOfTable}},
    {standard, "LSTM", {1, 3, "W", lastAxisButOne}},
    {standard, "LSTM", {2, 3, "R", lastAxisButOne}},
    {standard, "GRU", {1, 3, "W", lastAxisButOne}},
    {standard, "GRU", {2, 3, "R", lastAxisButOne}},
    {standard, "RNN", {1, 3, "W", lastAxisButOne}},
    {standard, "RNN", {2, 3, "R", lastAxisButOne}},
    {standard, "QLinearConv", {3, 8, {}, firstAxis}},
    {standard, "ConvInteger", {1, 0, {}, firstAxis}},
    {standard, "QLinearMatMul", {3, 0, {}, lastAxis}},
    {standard, "QLinearMatMul", {0, 0, {}, lastAxisButOne}},
    {standard, "MatMulInteger", {1, 0, {}, lastAxis}},
    {standard, "MatMulInteger", {0, 0, {}, lastAxisButOne}},
    {microsoft, "FusedConv", {1, 2, {}, firstAxis}},
    {microsoft, "NhwcFusedConv", {1, 2, {}, firstAxis}},
    {microsoft, "ConvTransposeWithDynamicPads", {1, 3, {}, secondAxis}},
    {microsoft, "FusedGemm", {1, 2, {}, ofFactor}},
    {microsoft, "FusedGemm", {0, 2, {}, ofFactor}},
    {microsoft, "GemmFastGelu", {1, 2, {}, ofFactor}},
    {microsoft, "FusedMatMul", {1, 0, {}, ofFactor}},
    {microsoft, "FusedMatMul", {0, 0, {}, ofFactor}},
    {microsoft, "TransposeMatMul", {1, 0, {}, ofFactor}},
    {microsoft, "TransposeMatMul", {0, 0, {}, ofFactor}},
    {microsoft, "FusedMatMulActivation", {1, 0, {}, ofFactor}},
    {microsoft, "FusedMatMulActivation", {0, 0, {}, ofFactor}},
    {microsoft, "Attention", {1, 2, {}, lastAxis}},
    {microsoft, "PackedAttention", {1, 2, {}, lastAxis}},
    {microsoft, "LongformerAttention", {1, 2, "local", lastAxis}},
    {microsoft, "LongformerAttention", {4, 5, "global", lastAxis}},
    {microsoft, "DecoderAttention", {2, 4, "query", lastAxis}},
    {microsoft, "DecoderAttention", {3, 4, "keyvalue", lastAxis}},
    {microsoft, "QAttention", {1, 2, {}, lastAxis}},
    {microsoft, "QLinearConv", {3, 8, {}, firstAxis}},
    {microsoft, "QGemm", {3, 6, {}, ofFactor}},
    {microsoft, "MatMulIntegerToFloat", {1, 6, {}, lastAxis}},
    {microsoft, "DynamicQuantizeMatMul", {1, 4, {}, lastAxis}},
    {microsoft, "EmbedLayerNormalization", {2, 0, "words", firstAxis}},
    {microsoft, "EmbedLayerNormalization", {3, 0, "positions", firstAxis}},
    {microsoft, "EmbedLayerNormalization", {4, 0, "segments", firstAxis}},
    {microsoft, "MoE", {2, 3, "fc1", lastAxis}},
    {microsoft, "MoE", {4, 5, "fc2", lastAxis}},
    {microsoft, "MoE", {6, 7, "fc3", lastAxis}},
};

bool isOf(const Row& row, const Node& node) {
  const bool domain = row.domain == standard ? isStandardDomain(node.domain) : node.domain == row.domain;
  return domain && row.opType == node.opType;
}

}  // namespace

std::vector<WeightInput> weightInputs(const Node& node) {
  std::vector<WeightInput> found;
  for (const Row& row : weightRows)
    if (isOf(row, node)) found.push_back(row.weight);
  return found;
}

bool looksUp(const Node& node) { return isStandard(node, "Gather"); }

}  // namespace lapidary::core
