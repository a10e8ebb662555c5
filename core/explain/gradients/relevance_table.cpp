// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/relevance_table.h"

#include <algorithm>

#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

constexpr RelevanceRow sharingTable[] = {
    // Each output element is an input element, or the only one that its gradient goes to.
    {"Reshape", Sharing::Moves},
    {"Flatten", Sharing::Moves},
    {"Squeeze", Sharing::Moves},
    {"Unsqueeze", Sharing::Moves},
    {"Transpose", Sharing::Moves},
    {"Identity", Sharing::Moves},
    {"Dropout", Sharing::Moves},
    {"Cast", Sharing::Moves},
    {"CastLike", Sharing::Moves},
    {"Slice", Sharing::Moves},
    {"Split", Sharing::Moves},
    {"Concat", Sharing::Moves},
    {"Gather", Sharing::Moves},
    {"GatherND", Sharing::Moves},
    {"GatherElements", Sharing::Moves},
    {"ScatterElements", Sharing::Moves},
    {"Scatter", Sharing::Moves},
    {"ScatterND", Sharing::Moves},
    {"Pad", Sharing::Moves},
    {"CenterCropPad", Sharing::Moves},
    {"Trilu", Sharing::Moves},
    {"ReverseSequence", Sharing::Moves},
    {"TopK", Sharing::Moves},
    {"Where", Sharing::Moves},
    {"MaxPool", Sharing::Moves},
    {"GlobalMaxPool", Sharing::Moves},
    {"ReduceMax", Sharing::Moves},
    {"ReduceMin", Sharing::Moves},
    {"Max", Sharing::Moves},
    {"Min", Sharing::Moves},
    {"Expand", Sharing::Moves},
    {"Tile", Sharing::Moves},
    {"DepthToSpace", Sharing::Moves},
    {"SpaceToDepth", Sharing::Moves},
    // Its derivatives are the shares of the exponentials, which add up to 1.
    {"ReduceLogSumExp", Sharing::Moves},
    // Functions of one element. Of a quotient the numerator, of a power the base.
    {"Relu", Sharing::HandsOn},
    {"LeakyRelu", Sharing::HandsOn},
    {"PRelu", Sharing::HandsOn},
    {"ThresholdedRelu", Sharing::HandsOn},
    {"Shrink", Sharing::HandsOn},
    {"Elu", Sharing::HandsOn},
    {"Selu", Sharing::HandsOn},
    {"Celu", Sharing::HandsOn},
    {"Sigmoid", Sharing::HandsOn},
    {"HardSigmoid", Sharing::HandsOn},
    {"HardSwish", Sharing::HandsOn},
    {"Mish", Sharing::HandsOn},
    {"Softplus", Sharing::HandsOn},
    {"Softsign", Sharing::HandsOn},
    {"Gelu", Sharing::HandsOn},
    {"Gelu", Sharing::HandsOn, "com.microsoft"},
    {"QuickGelu", Sharing::HandsOn, "com.microsoft"},
    {"Clip", Sharing::HandsOn},
    {"Abs", Sharing::HandsOn},
    {"Sqrt", Sharing::HandsOn},
    {"Exp", Sharing::HandsOn},
    {"Log", Sharing::HandsOn},
    {"Erf", Sharing::HandsOn},
    {"Sin", Sharing::HandsOn},
    {"Cos", Sharing::HandsOn},
    {"Tan", Sharing::HandsOn},
    {"Asin", Sharing::HandsOn},
    {"Acos", Sharing::HandsOn},
    {"Atan", Sharing::HandsOn},
    {"Sinh", Sharing::HandsOn},
    {"Cosh", Sharing::HandsOn},
    {"Tanh", Sharing::HandsOn},
    {"Asinh", Sharing::HandsOn},
    {"Acosh", Sharing::HandsOn},
    {"Atanh", Sharing::HandsOn},
    {"Reciprocal", Sharing::HandsOn},
    {"Div", Sharing::HandsOn},
    {"Pow", Sharing::HandsOn},
    // Normalisations over features.
    {"LayerNormalization", Sharing::HandsOn},
    {"RMSNormalization", Sharing::HandsOn},
    {"SimplifiedLayerNormalization", Sharing::HandsOn},
    {"GroupNormalization", Sharing::HandsOn},
    {"InstanceNormalization", Sharing::HandsOn},
    {"LpNormalization", Sharing::HandsOn},
    {"MeanVarianceNormalization", Sharing::HandsOn},
    {"LRN", Sharing::HandsOn},
    // Sums, averages, and norms, which grow as their inputs do.
    {"Conv", Sharing::Parts},
    {"ConvTranspose", Sharing::Parts},
    {"BatchNormalization", Sharing::Parts},
    {"DequantizeLinear", Sharing::Parts},
    {"AveragePool", Sharing::Parts},
    {"GlobalAveragePool", Sharing::Parts},
    {"LpPool", Sharing::Parts},
    {"GlobalLpPool", Sharing::Parts},
    {"Neg", Sharing::Parts},
    {"Add", Sharing::Parts},
    {"Sub", Sharing::Parts},
    {"Sum", Sharing::Parts},
    {"Mean", Sharing::Parts},
    {"ReduceSum", Sharing::Parts},
    {"ReduceMean", Sharing::Parts},
    {"ReduceL1", Sharing::Parts},
    {"ReduceL2", Sharing::Parts},
    {"CumSum", Sharing::Parts},
    {"Resize", Sharing::Parts},
    {"Upsample", Sharing::Parts},
    // The rule of Achtibat et al. 2024, which keeps the sum only where the scores have no common part.
    {"Softmax", Sharing::Parts},
    {"LogSoftmax", Sharing::Parts},
    // Products: of values that depend on the input, or of a value with itself.
    {"Mul", Sharing::Factors},
    {"MatMul", Sharing::Factors},
    {"Gemm", Sharing::Factors},
    {"Einsum", Sharing::Factors},
    {"FusedMatMul", Sharing::Factors, "com.microsoft"},
    {"ReduceProd", Sharing::Factors},
    {"ReduceSumSquare", Sharing::Factors},
    // A residual sum that is normalised, a bias before an activation.
    {"SkipLayerNormalization", Sharing::Addends, "com.microsoft"},
    {"SkipSimplifiedLayerNormalization", Sharing::Addends, "com.microsoft"},
    {"BiasGelu", Sharing::Addends, "com.microsoft"},
    {"FastGelu", Sharing::Addends, "com.microsoft"},
    {"ReduceLogSum", Sharing::InsideLog},
};

namespace why {

constexpr std::string_view steps = "its output is constant but for jumps";
constexpr std::string_view truths = "it gives truth values";
constexpr std::string_view positions = "it gives positions or sizes";
constexpr std::string_view own = "it makes values of its own";
constexpr std::string_view codes = "it computes with integer codes";
constexpr std::string_view subgraph = "it runs a graph of its own";
constexpr std::string_view chosen = "which values it gives depends on the values";
constexpr std::string_view unwritten = "its gradient is not written";

}  // namespace why

constexpr UnexplainedRow unexplainedTable[] = {
    {"Sign", why::steps},
    {"Floor", why::steps},
    {"Ceil", why::steps},
    {"Round", why::steps},
    {"Hardmax", why::steps},
    {"QuantizeLinear", why::steps},  // in front of DequantizeLinear both are passed as one
    {"DynamicQuantizeLinear", why::steps},
    {"IsNaN", why::truths},
    {"IsInf", why::truths},
    {"Not", why::truths},
    {"Equal", why::truths},
    {"Less", why::truths},
    {"LessOrEqual", why::truths},
    {"Greater", why::truths},
    {"GreaterOrEqual", why::truths},
    {"And", why::truths},
    {"Or", why::truths},
    {"Xor", why::truths},
    {"BitwiseNot", why::codes},
    {"BitwiseAnd", why::codes},
    {"BitwiseOr", why::codes},
    {"BitwiseXor", why::codes},
    {"BitShift", why::codes},
    {"MatMulInteger", why::codes},
    {"QLinearMatMul", why::codes},
    {"ConvInteger", why::codes},
    {"QLinearConv", why::codes},
    {"QLinearAdd", why::codes, "com.microsoft"},
    {"QLinearMul", why::codes, "com.microsoft"},
    {"QLinearSigmoid", why::codes, "com.microsoft"},
    {"QLinearLeakyRelu", why::codes, "com.microsoft"},
    {"QLinearSoftmax", why::codes, "com.microsoft"},
    {"QLinearAveragePool", why::codes, "com.microsoft"},
    {"QLinearGlobalAveragePool", why::codes, "com.microsoft"},
    {"QLinearConcat", why::codes, "com.microsoft"},
    {"ArgMax", why::positions},
    {"ArgMin", why::positions},
    {"Shape", why::positions},
    {"Size", why::positions},
    {"NonZero", why::positions},
    {"OneHot", why::positions},
    {"NonMaxSuppression", why::positions},
    {"Constant", why::own},
    {"ConstantOfShape", why::own},
    {"Range", why::own},
    {"EyeLike", why::own},
    {"HannWindow", why::own},
    {"HammingWindow", why::own},
    {"BlackmanWindow", why::own},
    {"MelWeightMatrix", why::own},
    {"RandomUniform", why::own},
    {"RandomNormal", why::own},
    {"RandomUniformLike", why::own},
    {"RandomNormalLike", why::own},
    {"Multinomial", why::own},
    {"Bernoulli", why::own},
    {"Unique", why::chosen},
    {"Compress", why::chosen},
    {"If", why::subgraph},
    {"Loop", why::subgraph},
    {"Scan", why::subgraph},
    {"Mod", why::unwritten},
    {"Col2Im", why::unwritten},
    {"DeformConv", why::unwritten},
    {"Det", why::unwritten},
    {"MaxUnpool", why::unwritten},
    {"DFT", why::unwritten},
    {"STFT", why::unwritten},
    {"RoiAlign", why::unwritten},
    {"MaxRoiPool", why::unwritten},
    {"GridSample", why::unwritten},
    {"AffineGrid", why::unwritten},
    {"RNN", why::unwritten},
    {"GRU", why::unwritten},
    {"LSTM", why::unwritten},
    {"NegativeLogLikelihoodLoss", why::unwritten},
    {"SoftmaxCrossEntropyLoss", why::unwritten},
    {"FusedGemm", why::unwritten, "com.microsoft"},
    {"FusedConv", why::unwritten, "com.microsoft"},
};

}  // namespace

std::span<const RelevanceRow> relevanceRows() { return sharingTable; }
std::span<const UnexplainedRow> unexplainedRows() { return unexplainedTable; }

Sharing sharingOf(std::string_view domain, std::string_view opType) {
  if (isStandardDomain(domain)) domain = "";
  const auto row = std::ranges::find_if(
      sharingTable, [&](const RelevanceRow& each) { return each.type == opType && each.domain == domain; });
  return row == std::end(sharingTable) ? Sharing::Parts : row->sharing;
}

}  // namespace lapidary::core
