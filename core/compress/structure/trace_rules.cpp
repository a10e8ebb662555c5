// SPDX-License-Identifier: GPL-3.0-or-later
// The table of operators that channels are followed through.
#include <algorithm>
#include <array>
#include <utility>

#include "core/compress/structure/node_trace.h"

namespace lapidary::core {
namespace {

using Row = std::pair<std::string_view, TraceRule>;

constexpr std::array rules{
    Row{"Conv", traceConv},
    Row{"ConvTranspose", traceConvTranspose},
    Row{"Gemm", traceGemm},
    Row{"MatMul", traceMatMul},
    Row{"MaxPool", tracePool},
    Row{"AveragePool", tracePool},
    Row{"LpPool", tracePool},
    Row{"GlobalAveragePool", traceGlobalPool},
    Row{"GlobalMaxPool", traceGlobalPool},
    Row{"GlobalLpPool", traceGlobalPool},
    Row{"BatchNormalization", traceBatchNorm},
    Row{"InstanceNormalization", traceBatchNorm},
    Row{"GroupNormalization", traceGroupNorm},
    Row{"LayerNormalization", traceLayerNorm},
    Row{"Softmax", traceAlongAxis},
    Row{"LogSoftmax", traceAlongAxis},
    Row{"Hardmax", traceAlongAxis},
    Row{"LpNormalization", traceAlongAxis},
    Row{"CumSum", traceAlongInputAxis},
    Row{"ReduceMean", traceReduce},
    Row{"ReduceMax", traceReduce},
    Row{"ReduceMin", traceReduce},
    Row{"ReduceProd", traceReduce},
    Row{"ReduceSum", traceReduce},
    Row{"ReduceL1", traceReduce},
    Row{"ReduceL2", traceReduce},
    Row{"ReduceSumSquare", traceReduce},
    Row{"LSTM", traceRecurrent},
    Row{"GRU", traceRecurrent},
    Row{"RNN", traceRecurrent},
    Row{"QuantizeLinear", traceCodes},
    Row{"DequantizeLinear", traceCodes},
    Row{"PRelu", traceSlope},
    Row{"Shape", traceShape},
    Row{"ConstantOfShape", traceConstantOfShape},
    Row{"Reshape", traceReshape},
    Row{"Flatten", traceFlatten},
    Row{"Transpose", traceTranspose},
    Row{"Squeeze", traceSqueeze},
    Row{"Unsqueeze", traceUnsqueeze},
    Row{"Expand", traceExpand},
    Row{"Resize", traceResize},
    Row{"Upsample", traceResize},
    Row{"DepthToSpace", traceDepthToSpace},
    Row{"Concat", traceConcat},
    Row{"Split", traceSplit},
    Row{"Slice", traceSlice},
    Row{"Gather", traceGather},
    Row{"Pad", tracePad},
};

/// Element by element, with no other input that has an axis.
constexpr std::array<std::string_view, 45> unary{
    "Abs",       "Acos",     "Acosh", "Asin",     "Asinh",
    "Atan",      "Atanh",    "Cast",  "Ceil",     "Celu",
    "Clip",      "Cos",      "Cosh",  "Dropout",  "Elu",
    "Erf",       "Exp",      "Floor", "Gelu",     "HardSigmoid",
    "HardSwish", "Identity", "IsInf", "IsNaN",    "LeakyRelu",
    "Log",       "Mish",     "Neg",   "Not",      "Reciprocal",
    "Relu",      "Round",    "Selu",  "Shrink",   "Sigmoid",
    "Sign",      "Sin",      "Sinh",  "Softplus", "Softsign",
    "Sqrt",      "Swish",    "Tan",   "Tanh",     "ThresholdedRelu"};

constexpr std::array<std::string_view, 18> broadcasting{
    "Add",  "And",         "Div", "Equal", "Greater", "GreaterOrEqual",
    "Less", "LessOrEqual", "Max", "Mean",  "Min",     "Mod",
    "Mul",  "Or",          "Pow", "Sub",   "Sum",     "Where"};

}  // namespace

TraceRule traceRuleFor(std::string_view opType) {
  if (std::ranges::find(unary, opType) != unary.end()) return traceUnary;
  if (std::ranges::find(broadcasting, opType) != broadcasting.end()) return traceBroadcasting;
  const auto row = std::ranges::find(rules, opType, &Row::first);
  return row == rules.end() ? nullptr : row->second;
}

}  // namespace lapidary::core
