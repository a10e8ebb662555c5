// SPDX-License-Identifier: GPL-3.0-or-later
// EmbedLayerNormalization: the sum of the embeddings of words, positions and segments, normalised.
#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/fused/fused.h"

namespace lapidary::core {
namespace {

enum Input : std::size_t {
  words,
  segments,
  wordTable,
  positionTable,
  segmentTable,
  scale,
  shift,
  mask,
  positions
};

Tensor lookedUp(const Tensor& table, const Tensor& indices) { return Part("Gather")({table, indices}); }

/// 0, 1, 2 and so on in every sample.
Tensor countedPositions(const Shape& shape) {
  TensorBuilder builder(DType::Int64, shape);
  for (std::size_t i = 0; i < builder.as<std::int64_t>().size(); ++i)
    builder.as<std::int64_t>()[i] = static_cast<std::int64_t>(i) % shape[1];
  return std::move(builder).build();
}

/// How many positions of each sample the mask leaves; zeros without a mask.
Tensor maskCounts(const OpCall& call, std::int64_t batch) {
  TensorBuilder counts(DType::Int32, {batch});
  std::ranges::fill(counts.as<std::int32_t>(), 0);
  if (call.has(mask)) {
    const auto values = integersOf(call, mask, "mask");
    const std::size_t length = batch == 0 ? 0 : values.size() / static_cast<std::size_t>(batch);
    for (std::size_t i = 0; i < length * static_cast<std::size_t>(batch); ++i)
      counts.as<std::int32_t>()[i / length] += values[i] == 1;
  }
  return std::move(counts).build();
}

Tensor embedded(const OpCall& call, const Shape& shape) {
  const Tensor place = call.has(positions) ? call.input(positions) : countedPositions(shape);
  Tensor sum = Part("Add")(
      {lookedUp(call.input(wordTable), call.input(words)), lookedUp(call.input(positionTable), place)});
  if (call.has(segments) != call.has(segmentTable))
    failInput(segments, "segment_ids", "come with a table of their embeddings, or neither does");
  return call.has(segments) ? Part("Add")({sum, lookedUp(call.input(segmentTable), call.input(segments))})
                            : sum;
}

std::vector<Activation> embedLayerNorm(const OpCall& call) {
  const Shape shape = call.input(words).shape();
  if (shape.size() != 2)
    failInput(words, "input_ids", "has shape " + toText(shape) + ", 2 dimensions were expected");
  const Tensor sum = embedded(call, shape);
  std::vector<Activation> outputs =
      oneOutput(Part("LayerNormalization", {{"epsilon", call.node.floatOr("epsilon", 1e-12f)}})(
          {sum, call.input(scale), call.input(shift)}));
  outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  if (!omitted(call, 1)) outputs[1] = maskCounts(call, shape[0]);
  if (!omitted(call, 2)) outputs[2] = sum;
  return outputs;
}

constexpr Op fusedEmbedRows[] = {{microsoft, "EmbedLayerNormalization", embedLayerNorm}};

}  // namespace

std::span<const Op> fusedEmbedOps() { return fusedEmbedRows; }

}  // namespace lapidary::core
