// SPDX-License-Identifier: GPL-3.0-or-later
// The table of operators that pin every channel that reaches them, each with its reason.
#include <algorithm>

#include "core/compress/structure/trace_rules.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

namespace why {

constexpr std::string_view codes = "computes with integer codes, of which no channel is cut";
constexpr std::string_view picks = "picks elements by number";
constexpr std::string_view writes = "writes to elements by number";
constexpr std::string_view varies = "gives as many values as its input's values say";
constexpr std::string_view own = "makes values of its own";
constexpr std::string_view shaped = "makes values in the shape of its input";
constexpr std::string_view draws = "draws at random, one value after another";
constexpr std::string_view mixes = "mixes a whole signal";
constexpr std::string_view compares = "compares all the scores of a sample";
constexpr std::string_view subgraph = "runs a graph of its own";
constexpr std::string_view fused = "does several steps at once, and its weight is none of the layers";
constexpr std::string_view heads = "compares whole heads, of which it has a number of its own";
constexpr std::string_view turns = "turns pairs of the elements of each head";
constexpr std::string_view normalizes = "normalises over all of them";

}  // namespace why

constexpr PinRow pinTable[] = {
    {"ImageScaler", "has a number for each of them among its attributes"},
    {"Crop", "cuts pictures, and stands in front of all layers"},
    {"DynamicSlice", "cuts at positions that are computed"},
    {"Col2Im", "lays out the columns of its windows in the channels"},
    {"DeformConv", "shifts its windows by channels that count its weights"},
    {"Det", "needs whole matrices"},
    {"MaxUnpool", "writes to positions that are counted through all channels"},
    {"DynamicQuantizeLinear", "takes one range of all of them"},
    {"MatMulInteger", why::codes},
    {"QLinearMatMul", why::codes},
    {"ConvInteger", why::codes},
    {"QLinearConv", why::codes},
    {"GatherElements", why::picks},
    {"GatherND", why::picks},
    {"ScatterElements", why::writes},
    {"Scatter", why::writes},
    {"ScatterND", why::writes},
    {"TensorScatter", why::writes},
    {"Attention", why::heads},
    {"RotaryEmbedding", why::turns},
    {"OneHot", "makes positions of its values"},
    {"NonZero", why::varies},
    {"OptionalHasElement", "asks whether there is a value at all"},
    {"Unique", why::varies},
    {"Compress", why::varies},
    {"NonMaxSuppression", why::varies},
    {"Constant", why::own},  // tensors and whole numbers are followed; texts and the like have no channels
    {"Range", why::own},
    {"HannWindow", why::own},
    {"HammingWindow", why::own},
    {"BlackmanWindow", why::own},
    {"MelWeightMatrix", why::own},
    {"AffineGrid", why::own},
    {"RandomUniform", why::own},
    {"RandomNormal", why::own},
    {"EyeLike", why::shaped},
    {"RandomUniformLike", why::shaped},
    {"RandomNormalLike", why::shaped},
    {"Multinomial", why::draws},
    {"Bernoulli", why::draws},
    {"DFT", why::mixes},
    {"STFT", why::mixes},
    {"NegativeLogLikelihoodLoss", why::compares},
    {"SoftmaxCrossEntropyLoss", why::compares},
    {"If", why::subgraph},
    {"Loop", why::subgraph},
    {"Scan", why::subgraph},
    {"FusedMatMul", why::fused, "com.microsoft"},
    {"FusedGemm", why::fused, "com.microsoft"},
    {"FusedConv", why::fused, "com.microsoft"},
    {"SkipLayerNormalization", why::normalizes, "com.microsoft"},
    {"SkipSimplifiedLayerNormalization", why::normalizes, "com.microsoft"},
    {"EmbedLayerNormalization", why::normalizes, "com.microsoft"},
    {"Attention", why::heads, "com.microsoft"},
    {"MultiHeadAttention", why::heads, "com.microsoft"},
    {"GroupQueryAttention", why::heads, "com.microsoft"},
    {"RotaryEmbedding", why::turns, "com.microsoft"},
    {"MatMulNBits", why::codes, "com.microsoft"},
    {"QLinearAdd", why::codes, "com.microsoft"},
    {"QLinearMul", why::codes, "com.microsoft"},
    {"QLinearSigmoid", why::codes, "com.microsoft"},
    {"QLinearLeakyRelu", why::codes, "com.microsoft"},
    {"QLinearSoftmax", why::codes, "com.microsoft"},
    {"QLinearAveragePool", why::codes, "com.microsoft"},
    {"QLinearGlobalAveragePool", why::codes, "com.microsoft"},
    {"QLinearConcat", why::codes, "com.microsoft"},
};

}  // namespace

std::span<const PinRow> pinRows() { return pinTable; }

std::string_view whyPinned(std::string_view domain, std::string_view opType) {
  if (isStandardDomain(domain)) domain = "";
  const auto row = std::ranges::find_if(
      pinTable, [&](const PinRow& each) { return each.type == opType && each.domain == domain; });
  if (row != std::end(pinTable)) return row->why;
  return traceRuleFor(domain, opType) != nullptr ? "needs all of them" : "this program does not know";
}

}  // namespace lapidary::core
