// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/channel_split.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/model/standard_domain.h"
#include "core/ops/kernels/int8_layout.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// Channels that a kernel computes together: a multiple of the blocks of oneDNN's kernels.
constexpr std::int64_t channelBlock = 16;

/// A kernel may be chosen because all channels lie in whole blocks of this many; parts of another number
/// would run by another kernel, with other bits.
constexpr std::int64_t kernelBlock = 8;

bool isSplitConv(const Node& head, const Tensor& weight) {
  return weight.rank() > 2 && head.intOr("group", 1) == 1 && weight.shape()[0] % kernelBlock == 0;
}

/// The axis of the output channels in the weight, or nothing where such a node is not split.
std::optional<std::size_t> weightAxis(const Node& head, const Tensor& weight) {
  if (isStandard(head, "Conv"))
    return isSplitConv(head, weight) ? std::optional<std::size_t>(0) : std::nullopt;
  if (weight.rank() != 2) return std::nullopt;
  if (isStandard(head, "MatMul")) return 1;
  if (isStandard(head, "Gemm")) return head.intOr("transB", 0) != 0 ? 0 : 1;
  return std::nullopt;
}

std::size_t outputAxis(const Node& head, const Shape& output) {
  return isStandard(head, "Conv") ? 1 : output.size() - 1;
}

/// How a tensor lies around one of its axes: `outer` runs of `length` indices of `inner` bytes each.
struct AxisBytes {
  std::size_t outer = 1, length = 1, inner = 1;

  AxisBytes(const Tensor& tensor, std::size_t axis) : AxisBytes(tensor.shape(), axis) {}
  AxisBytes(const Shape& shape, std::size_t axis) : inner(sizeof(float)) {
    for (std::size_t i = 0; i < shape.size(); ++i)
      (i < axis ? outer : i == axis ? length : inner) *= static_cast<std::size_t>(shape[i]);
  }
};

/// Indices [first, end) of an axis of a Float32 tensor.
Tensor sliceOf(const Tensor& tensor, std::size_t axis, std::int64_t first, std::int64_t end) {
  const AxisBytes from(tensor, axis);
  Shape shape = tensor.shape();
  shape[axis] = end - first;
  TensorBuilder builder(DType::Float32, shape);
  const std::size_t row = static_cast<std::size_t>(end - first) * from.inner;
  for (std::size_t i = 0; i < from.outer; ++i)
    std::memcpy(builder.bytes().data() + i * row,
                tensor.bytes().data() + (i * from.length + static_cast<std::size_t>(first)) * from.inner,
                row);
  return std::move(builder).build();
}

/// Writes a part where it belongs along an axis of the whole.
void writePart(const Tensor& part, std::size_t axis, std::int64_t first, TensorBuilder& whole) {
  const AxisBytes to(whole.shape(), axis), from(part, axis);
  const std::size_t row = from.length * from.inner;
  for (std::size_t i = 0; i < from.outer; ++i)
    std::memcpy(whole.bytes().data() + (i * to.length + static_cast<std::size_t>(first)) * to.inner,
                part.bytes().data() + i * row, row);
}

bool isFloats(const Tensor& tensor) { return tensor.defined() && tensor.dtype() == DType::Float32; }

bool channelsOrNothing(const Tensor& tensor, std::int64_t channels) {
  return !tensor.defined() || (isFloats(tensor) && tensor.size() == channels);
}

/// The beginnings of the parts, and the end: as even as whole blocks allow.
std::vector<std::int64_t> boundsOf(std::int64_t channels, unsigned parts) {
  const std::int64_t blocks = (channels + channelBlock - 1) / channelBlock;
  const std::int64_t count = std::min<std::int64_t>(parts, channels / channelBlock);
  std::vector<std::int64_t> bounds;
  for (std::int64_t p = 0; p <= count; ++p)
    bounds.push_back(count == 0 ? 0 : std::min(channels, blocks * p / count * channelBlock));
  return bounds;
}

/// A bias of one value for all channels, or one row for each sample, is not cut: the former is shared, the
/// latter keeps the step whole.
enum class BiasForm { None, Shared, Split, Odd };

BiasForm biasForm(const Node& head, const std::vector<Tensor>& constants, std::int64_t channels) {
  if (head.inputs.size() < 3 || !head.inputs[2].valid()) return BiasForm::None;
  const Tensor& bias = constants[head.inputs[2].index];
  if (!isFloats(bias)) return BiasForm::Odd;
  if (bias.size() == 1) return channels == 1 ? BiasForm::Odd : BiasForm::Shared;
  const bool vector = bias.size() == channels && bias.shape().back() == channels;
  return vector ? BiasForm::Split : BiasForm::Odd;
}

}  // namespace

std::shared_ptr<const ChannelSplit> ChannelSplit::of(const Graph& graph, const Step& step,
                                                     const Fusion& fusion,
                                                     const std::vector<Tensor>& constants, unsigned parts) {
  const Node& head = graph.node(step.head);
  if (head.inputs.size() < 2 || !head.inputs[1].valid() || step.hasSubgraphs) return nullptr;
  const Tensor& weight = constants[head.inputs[1].index];
  if (!isFloats(weight)) return nullptr;
  const auto axis = weightAxis(head, weight);
  if (!axis) return nullptr;
  const std::int64_t channels = weight.shape()[*axis];
  const BiasForm bias = biasForm(head, constants, channels);
  const auto bounds = boundsOf(channels, parts);
  if (bounds.size() < 3 || bias == BiasForm::Odd || !channelsOrNothing(fusion.channelScale, channels) ||
      !channelsOrNothing(fusion.channelShift, channels))
    return nullptr;
  auto split = std::make_shared<ChannelSplit>();
  split->m_step = step;
  // The step's store may hold this very split: they would keep each other for ever.
  split->m_step.prepared = nullptr;
  split->m_channels = channels;
  split->m_weightAxis = *axis;
  split->m_biasSplits = bias == BiasForm::Split;
  for (std::size_t p = 0; p + 1 < bounds.size(); ++p)
    split->m_parts.push_back(split->partOf(head, fusion, constants, bounds[p], bounds[p + 1]));
  return split;
}

ChannelSplit::Part ChannelSplit::partOf(const Node& head, const Fusion& fusion,
                                        const std::vector<Tensor>& constants, std::int64_t first,
                                        std::int64_t end) const {
  const auto cut = [&](const Tensor& tensor) {
    return tensor.defined() ? sliceOf(tensor.reshaped({tensor.size()}), 0, first, end) : Tensor();
  };
  Part part;
  part.first = first;
  part.end = end;
  part.weight = sliceOf(constants[head.inputs[1].index], m_weightAxis, first, end);
  if (m_biasSplits) part.bias = cut(constants[head.inputs[2].index]);
  part.fusion = fusion;
  part.fusion.channelScale = cut(fusion.channelScale);
  part.fusion.channelShift = cut(fusion.channelShift);
  part.step = m_step;
  part.step.prepared = std::make_shared<RecentlyPrepared>();
  return part;
}

double ChannelSplit::largestShare() const {
  std::int64_t largest = 0;
  for (const Part& part : m_parts) largest = std::max(largest, part.end - part.first);
  return static_cast<double>(largest) / static_cast<double>(m_channels);
}

Shape ChannelSplit::outputShape(const Graph& graph, const ValueOf& valueOf) const {
  const Node& head = graph.node(m_step.head);
  std::vector<Shape> shapes;
  for (const ValueId id : head.inputs) shapes.push_back(id.valid() ? valueOf(id).shape : Shape{0});
  return withContext(describe(graph, m_step.head), [&] { return headShape(head, shapes); });
}

/// Fused parts must stay fused in every part, or a tail would see parameters of all channels.
bool ChannelSplit::fits(const Graph& graph, const ValueOf& valueOf) const {
  const Activation& input = valueOf(graph.node(m_step.head).inputs[0]);
  if (!input.defined() || input.dtype != DType::Float32 || input.shape.size() < 2 || liesInCodes(input) ||
      m_step.tail.quantize.valid())
    return false;
  if (!m_step.tail.residual.valid()) return true;
  const Activation& residual = valueOf(m_step.tail.residual);
  return residual.defined() && residual.dtype == DType::Float32 &&
         residual.shape == outputShape(graph, valueOf);
}

std::vector<Activation> ChannelSplit::run(const Graph& graph, const ValueOf& valueOf) const {
  const Node& head = graph.node(m_step.head);
  const Shape shape = outputShape(graph, valueOf);
  const std::size_t axis = outputAxis(head, shape);
  const ValueId residual = m_step.tail.residual;
  const Activation plainResidual = residual.valid() ? Activation(toPlain(valueOf(residual))) : Activation();
  // Constants become activations when they are first read, which the parts must not do at once.
  for (const ValueId id : m_step.named) valueOf(id);
  TensorBuilder whole(DType::Float32, shape);
  parallelFor(m_parts.size(), static_cast<unsigned>(m_parts.size()), [&](std::size_t p, unsigned) {
    useOneThreadPerWorker();
    const Part& part = m_parts[p];
    Activation ofPart;
    if (plainResidual.defined()) ofPart = sliceOf(plainResidual.tensor, axis, part.first, part.end);
    writePart(runPart(graph, part, valueOf, ofPart), axis, part.first, whole);
  });
  return {Activation(std::move(whole).build())};
}

Tensor ChannelSplit::runPart(const Graph& graph, const Part& part, const ValueOf& valueOf,
                             const Activation& residual) const {
  const Node& head = graph.node(m_step.head);
  const ValueOf ofPart = [&](ValueId id) -> const Activation& {
    if (id == head.inputs[1]) return part.weight;
    if (m_biasSplits && id == head.inputs[2]) return part.bias;
    if (residual.defined() && id == m_step.tail.residual) return residual;
    return valueOf(id);
  };
  return toPlain(runStep(graph, part.step, part.fusion, ofPart).at(0));
}

namespace {

std::shared_ptr<const ChannelSplit> rememberedSplit(const Graph& graph, const Step& step,
                                                    const Fusion& fusion,
                                                    const std::vector<Tensor>& constants, unsigned parts) {
  const Node& head = graph.node(step.head);
  std::array<std::uint64_t, 6> words{0x53706c6974, parts, fusion.channelScale.id(), fusion.channelShift.id()};
  for (std::size_t i = 1; i < std::min<std::size_t>(3, head.inputs.size()); ++i)
    if (head.inputs[i].valid()) words[3 + i] = constants[head.inputs[i].index].id();
  const Key key = hashWords(words);
  if (step.prepared)
    if (const auto known = step.prepared->find(key))
      return std::static_pointer_cast<const ChannelSplit>(known);
  auto split = ChannelSplit::of(graph, step, fusion, constants, parts);
  if (split && step.prepared)
    step.prepared->insert(key, split, constants[head.inputs[1].index].bytes().size());
  return split;
}

}  // namespace

std::optional<std::vector<Activation>> runInParts(const Graph& graph, const Step& step, const Fusion& fusion,
                                                  const std::vector<Tensor>& constants,
                                                  const ValueOf& valueOf, const SplitOptions& options) {
  if (options.workers < 2 || insideParallelFor()) return std::nullopt;
  const Node& head = graph.node(step.head);
  if (head.inputs.size() < 2 || !head.inputs[1].valid() || !isFloats(constants[head.inputs[1].index]) ||
      !weightAxis(head, constants[head.inputs[1].index]))
    return std::nullopt;
  std::vector<Shape> shapes;
  for (const ValueId id : head.inputs) shapes.push_back(id.valid() ? valueOf(id).shape : Shape{0});
  const Shape outputs[] = {withContext(describe(graph, step.head), [&] { return headShape(head, shapes); })};
  if (costOf(*step.op, head, shapes, outputs).flops < options.leastFlops) return std::nullopt;
  const auto split = rememberedSplit(graph, step, fusion, constants, options.workers);
  if (!split || !split->fits(graph, valueOf)) return std::nullopt;
  return split->run(graph, valueOf);
}

}  // namespace lapidary::core
