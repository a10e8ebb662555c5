// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/fusion.h"

#include <cmath>
#include <limits>

#include "core/model/standard_domain.h"
#include "core/ops/kernels/conv_shape.h"

namespace lapidary::core {
namespace {

bool hasOneOutput(const Node& node) {
  if (node.outputs.empty() || !node.outputs[0].valid()) return false;
  for (std::size_t i = 1; i < node.outputs.size(); ++i)
    if (node.outputs[i].valid()) return false;
  return true;
}

bool isFoldableNorm(const FusionContext& context, const Node& node, ValueId input) {
  if (!isStandard(node, "BatchNormalization") || node.inputs.size() < 5 || node.inputs[0] != input)
    return false;
  if (node.intOr("training_mode", 0) != 0 || node.intOr("spatial", 1) != 1 || !hasOneOutput(node))
    return false;
  for (std::size_t i = 1; i < 5; ++i)
    if (!context.constant(node.inputs[i])) return false;
  return true;
}

/// One scale for the whole tensor and an 8-bit zero point, both constant.
bool isFoldableQuantize(const FusionContext& context, const Node& node, ValueId input) {
  if (!isStandard(node, "QuantizeLinear") || node.inputs.size() != 3 || node.inputs[0] != input) return false;
  for (std::size_t i = 1; i < 3; ++i) {
    if (!node.inputs[i].valid() || !context.constant(node.inputs[i])) return false;
    const auto shape = context.constantShape(node.inputs[i]);
    if (!shape || (!shape->empty() && *shape != Shape{1})) return false;
  }
  return node.intOr("output_dtype", 0) == 0 && context.constantIsByte(node.inputs[2]);
}

ValueId otherOperand(const Node& add, ValueId one) {
  if (!isStandard(add, "Add") || add.inputs.size() != 2 || add.inputs[0] == add.inputs[1]) return {};
  return add.inputs[0] == one ? add.inputs[1] : add.inputs[0];
}

bool matchClip(const FusionContext& context, const Node& node, FusedTail& tail) {
  const auto bound = [&](std::size_t i) { return i < node.inputs.size() ? node.inputs[i] : ValueId{}; };
  tail.low = bound(1);
  tail.high = bound(2);
  for (const ValueId id : {tail.low, tail.high})
    if (id.valid() && !context.constant(id)) return false;
  return true;
}

/// The activation that the node is, or None.
FusedActivation activationOf(const FusionContext& context, const Node& node, ValueId input, FusedTail& tail) {
  if (node.inputs.empty() || node.inputs[0] != input || !hasOneOutput(node)) return FusedActivation::None;
  if (isStandard(node, "Clip"))
    return matchClip(context, node, tail) ? FusedActivation::Clip : FusedActivation::None;
  if (isStandard(node, "LeakyRelu")) {
    tail.alpha = node.floatOr("alpha", 0.01f);
    return FusedActivation::LeakyRelu;
  }
  if (isStandard(node, "Gelu"))
    return node.textOr("approximate", "none") == "none" ? FusedActivation::Gelu : FusedActivation::None;
  constexpr std::pair<std::string_view, FusedActivation> plain[] = {
      {"Relu", FusedActivation::Relu},
      {"Sigmoid", FusedActivation::Sigmoid},
      {"Tanh", FusedActivation::Tanh},
      {"HardSwish", FusedActivation::HardSwish}};
  for (const auto& [type, kind] : plain)
    if (isStandard(node, type)) return kind;
  return FusedActivation::None;
}

/// Walks from the head's output through the nodes that may be fused.
class Matcher {
 public:
  Matcher(const FusionContext& context, ValueId start) : m_context(context), m_at(start) {}

  FusedTail match(bool norms, bool biases, bool quantizes) {
    if (norms && next() && isFoldableNorm(m_context, *next(), m_at)) m_tail.norm = take();
    if (biases) matchBias();
    matchResidual();
    matchActivation();
    if (quantizes && next() && isFoldableQuantize(m_context, *next(), m_at)) m_tail.quantize = take();
    return m_tail;
  }

 private:
  const Node* next() const {
    const NodeId reader = m_context.onlyReader(m_at);
    return reader.valid() ? &m_context.graph.node(reader) : nullptr;
  }

  NodeId take() {
    const NodeId reader = m_context.onlyReader(m_at);
    m_at = m_context.graph.node(reader).outputs[0];
    return reader;
  }

  void matchBias() {
    const ValueId other = next() ? otherOperand(*next(), m_at) : ValueId{};
    if (!other.valid() || !m_context.constant(other)) return;
    const auto shape = m_context.constantShape(other);
    if (!shape || shape->size() != 1 || shape->front() < 2) return;
    m_tail.biasValue = other;
    m_tail.bias = take();
  }

  void matchResidual() {
    const ValueId other = next() ? otherOperand(*next(), m_at) : ValueId{};
    if (!other.valid() || m_context.constant(other)) return;
    m_tail.residual = other;
    m_tail.add = take();
  }

  void matchActivation() {
    if (next() == nullptr) return;
    m_tail.kind = activationOf(m_context, *next(), m_at, m_tail);
    if (m_tail.kind != FusedActivation::None) m_tail.activation = take();
  }

  const FusionContext& m_context;
  ValueId m_at;
  FusedTail m_tail;
};

Shape matrixShape(const Node& node, std::span<const Shape> inputs) {
  const Shape &a = inputs[0], &b = inputs[1];
  if (isStandard(node, "Gemm")) {
    if (a.size() != 2 || b.size() != 2) return {};
    return {a[node.intOr("transA", 0) != 0 ? 1 : 0], b[node.intOr("transB", 0) != 0 ? 0 : 1]};
  }
  if (a.size() < 2 || b.size() < 2) return {};
  Shape result(std::max(a.size(), b.size()), 1);
  const auto at = [&](const Shape& shape, std::size_t fromEnd) {
    return fromEnd < shape.size() ? shape[shape.size() - 1 - fromEnd] : 1;
  };
  for (std::size_t i = 2; i < result.size(); ++i)
    result[result.size() - 1 - i] = at(a, i) == 1 ? at(b, i) : at(a, i);
  result[result.size() - 2] = at(a, 1);
  result[result.size() - 1] = at(b, 0);
  return result;
}

/// y = (x - mean) / sqrt(variance + epsilon) * gain + offset, as one scale and one shift a channel.
void foldNorm(const Node& norm, const std::function<Tensor(ValueId)>& constant, Fusion& fusion) {
  const Tensor gain = toFloat32(constant(norm.inputs[1])), offset = toFloat32(constant(norm.inputs[2]));
  const Tensor mean = toFloat32(constant(norm.inputs[3])), variance = toFloat32(constant(norm.inputs[4]));
  for (const Tensor* part : {&offset, &mean, &variance})
    if (part->size() != gain.size())
      throw Error(ErrorKind::InvalidInput, "its parameters have " + std::to_string(gain.size()) + " and " +
                                               std::to_string(part->size()) + " values");
  const double epsilon = static_cast<double>(norm.floatOr("epsilon", 1e-5f));
  TensorBuilder scale(DType::Float32, {gain.size()}), shift(DType::Float32, {gain.size()});
  for (std::size_t c = 0; c < gain.as<float>().size(); ++c) {
    const double factor = static_cast<double>(gain.as<float>()[c]) /
                          std::sqrt(static_cast<double>(variance.as<float>()[c]) + epsilon);
    scale.as<float>()[c] = static_cast<float>(factor);
    shift.as<float>()[c] = static_cast<float>(static_cast<double>(offset.as<float>()[c]) -
                                              static_cast<double>(mean.as<float>()[c]) * factor);
  }
  fusion.channelScale = std::move(scale).build();
  fusion.channelShift = std::move(shift).build();
}

float boundOf(const Node& clip, const char* attribute, ValueId value,
              const std::function<Tensor(ValueId)>& constant, float fallback) {
  if (!value.valid()) return clip.floatOr(attribute, fallback);
  const Tensor bound = toFloat32(constant(value));
  if (bound.size() != 1)
    throw Error(ErrorKind::InvalidInput,
                "a bound has shape " + toText(bound.shape()) + ", a scalar was expected");
  return bound.as<float>()[0];
}

void foldQuantize(const Node& node, const std::function<Tensor(ValueId)>& constant, Fusion& fusion) {
  const Tensor scale = toFloat32(constant(node.inputs[1])), zero = constant(node.inputs[2]);
  if (scale.size() != 1 || zero.size() != 1 || !(scale.as<float>()[0] > 0))
    throw Error(ErrorKind::InvalidInput, "its scale is not one positive number");
  fusion.codeScale = scale.as<float>()[0];
  fusion.codeZero = convert(zero, DType::Int32).as<std::int32_t>()[0];
  fusion.codeType = zero.dtype();
}

}  // namespace

std::vector<NodeId> FusedTail::nodes() const {
  std::vector<NodeId> result;
  for (const NodeId id : {norm, bias, add, activation, quantize})
    if (id.valid()) result.push_back(id);
  return result;
}

FusedTail matchTail(const FusionContext& context, NodeId head) {
  const Node& node = context.graph.node(head);
  if (!hasOneOutput(node)) return {};
  const bool convolves = isStandard(node, "Conv") || isStandard(node, "ConvTranspose");
  const bool multiplies = isStandard(node, "MatMul");
  if (!convolves && !multiplies && !isStandard(node, "Gemm")) return {};
  return Matcher(context, node.outputs[0]).match(!multiplies, multiplies, !isStandard(node, "ConvTranspose"));
}

Fusion fusionOf(const Graph& graph, const FusedTail& tail, const std::function<Tensor(ValueId)>& constant) {
  Fusion fusion;
  fusion.activation = tail.kind;
  fusion.alpha = tail.alpha;
  if (tail.norm.valid())
    withContext(describe(graph, tail.norm), [&] { foldNorm(graph.node(tail.norm), constant, fusion); });
  if (tail.bias.valid()) fusion.channelShift = toFloat32(constant(tail.biasValue));
  if (tail.kind == FusedActivation::Clip)
    withContext(describe(graph, tail.activation), [&] {
      const Node& clip = graph.node(tail.activation);
      const float widest = std::numeric_limits<float>::max();
      fusion.alpha = boundOf(clip, "min", tail.low, constant, -widest);
      fusion.beta = boundOf(clip, "max", tail.high, constant, widest);
    });
  if (tail.quantize.valid())
    withContext(describe(graph, tail.quantize),
                [&] { foldQuantize(graph.node(tail.quantize), constant, fusion); });
  return fusion;
}

Shape headShape(const Node& head, std::span<const Shape> inputs) {
  if (isStandard(head, "Conv")) return convShape(head, inputs[0], inputs[1]).output();
  if (isStandard(head, "ConvTranspose")) return convTransposeShape(head, inputs[0], inputs[1]).output();
  return matrixShape(head, inputs);
}

}  // namespace lapidary::core
