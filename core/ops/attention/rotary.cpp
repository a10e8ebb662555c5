// SPDX-License-Identifier: GPL-3.0-or-later
// RotaryEmbedding: that of the standard, since opset 23, and that of com.microsoft.
#include "core/ops/attention/rotary.h"

#include <cmath>
#include <optional>

#include "core/ops/attention/attention.h"
#include "core/ops/attention/heads.h"
#include "core/ops/checks.h"
#include "core/ops/indexing/transpose.h"

namespace lapidary::core {
namespace {

struct Turn {
  std::int64_t pairs;
  bool interleaved;
  float sign;

  void operator()(const float* x, float* y, const float* cosines, const float* sines) const {
    for (std::int64_t i = 0; i < pairs; ++i) {
      const std::int64_t a = interleaved ? 2 * i : i, b = interleaved ? 2 * i + 1 : i + pairs;
      const float real = x[a], imaginary = x[b], s = sign * sines[i];
      y[a] = cosines[i] * real - s * imaginary;
      y[b] = s * real + cosines[i] * imaginary;
    }
  }
};

void requireAngles(const Rotation& rotation, const Shape& heads) {
  const Shape& shape = rotation.cosines.shape();
  if (shape.size() != 2 || rotation.sines.shape() != shape)
    invalid("the caches of cosines " + toText(shape) + " and sines " + toText(rotation.sines.shape()) +
            " were expected to be [positions, pairs] alike");
  if (2 * shape[1] > heads[3])
    invalid("a cache of " + std::to_string(shape[1]) + " pairs turns more than heads of " +
            std::to_string(heads[3]) + " hold");
  if (rotation.rows.size() != static_cast<std::size_t>(heads[0] * heads[2]))
    invalid("there are " + std::to_string(rotation.rows.size()) + " positions for " +
            std::to_string(heads[0]) + " samples of " + std::to_string(heads[2]));
  for (const std::int64_t row : rotation.rows)
    if (row < 0 || row >= shape[0])
      invalid("position " + std::to_string(row) + " is outside caches of " + std::to_string(shape[0]) +
              " positions");
}

/// Where an operator's inputs stand, and whether one position counts for a whole sample.
struct Inputs {
  std::size_t cosines, sines, positions;
  bool standard;
};
constexpr Inputs standardInputs{1, 2, 3, true}, microsoftInputs{2, 3, 1, false};

template <class Call>
std::vector<std::int64_t> positionsOf(const Call& call, const Inputs& at, std::int64_t batch,
                                      std::int64_t length) {
  std::vector<std::int64_t> positions = integersOf(call, at.positions, "position_ids");
  const auto all = static_cast<std::size_t>(batch * length);
  if (!at.standard && positions.size() == 1 && all != 1) {  // of the first; the others follow
    const std::int64_t first = positions[0];
    positions.resize(all);
    for (std::size_t i = 0; i < all; ++i) positions[i] = first + static_cast<std::int64_t>(i) % length;
  }
  if (positions.size() != all)
    failInput(at.positions, "position_ids",
              "holds " + std::to_string(positions.size()) + " positions for " + std::to_string(batch) +
                  " samples of " + std::to_string(length));
  return positions;
}

/// The number of heads; 1 where it follows from nothing that is given, and rows are turned as they are.
std::int64_t headCount(const Node& node, const Tensor& x, std::int64_t pairs) {
  const std::int64_t heads = node.intOr("num_heads", 0), turned = node.intOr("rotary_embedding_dim", 0);
  if (heads < 0) failAttribute("num_heads", "is " + std::to_string(heads));
  if (heads > 0 || x.rank() == 4) return std::max<std::int64_t>(heads, 1);
  if (turned > 0) failAttribute("num_heads", "is needed where only a part of each head is turned");
  return pairs > 0 && x.rank() == 3 ? x.shape()[2] / (2 * pairs) : 1;
}

template <class Call>
Rotation rotationOf(const Call& call, const Inputs& at, const Tensor& cosines, const Tensor& sines,
                    const Shape& heads) {
  Rotation rotation;
  const std::int64_t batch = heads[0], length = heads[2];
  if (inputOr(call, at.positions).defined() || !at.standard) {
    rotation.cosines = cosines;
    rotation.sines = sines;
    rotation.rows = positionsOf(call, at, batch, length);
  } else {  // a row for each position of each sample
    if (cosines.rank() != 3) invalid("without position_ids the caches are [samples, positions, pairs]");
    const Shape rows{cosines.shape()[0] * cosines.shape()[1], cosines.shape()[2]};
    rotation.cosines = cosines.reshaped(rows);
    rotation.sines = sines.size() == cosines.size() ? sines.reshaped(rows) : sines;
    for (std::int64_t i = 0; i < batch * length; ++i) rotation.rows.push_back(i);
  }
  const std::int64_t interleaved = call.node.intOr("interleaved", 0);
  if (interleaved != 0 && interleaved != 1) failAttribute("interleaved", "is " + std::to_string(interleaved));
  rotation.interleaved = interleaved == 1;
  const std::int64_t turned = call.node.intOr("rotary_embedding_dim", 0);
  if (turned != 0 && rotation.cosines.rank() == 2 && turned != 2 * rotation.cosines.shape()[1])
    failAttribute("rotary_embedding_dim", "is " + std::to_string(turned) + ", but the caches hold " +
                                              std::to_string(rotation.cosines.shape()[1]) + " pairs");
  return rotation;
}

Tensor turned(const Tensor& x, std::int64_t heads, const Rotation& rotation) {
  const Tensor y = rotated(partedHeads(x, heads, "input"), rotation);
  return x.rank() == 3 ? joinedHeads(y) : y;
}

template <class Call>
Tensor apply(const Call& call, const Inputs& at, const Tensor& x, bool backwards) {
  const Tensor cosines = floatOf(inputOr(call, at.cosines), "the cache of cosines"),
               sines = floatOf(inputOr(call, at.sines), "the cache of sines");
  if (cosines.rank() < 2) invalid("the cache of cosines has shape " + toText(cosines.shape()));
  const std::int64_t heads = headCount(call.node, x, cosines.shape().back());
  const Shape shape = partedHeads(x, heads, "input").shape();
  Rotation rotation = rotationOf(call, at, cosines, sines, shape);
  rotation.backwards = backwards;
  return turned(x, heads, rotation);
}

void refuseOthers(const Node& node) {
  if (node.floatOr("scale", 1) != 1) unsupported("a scale in RotaryEmbedding");
  if (node.intOr("is_packed_batching", 0) != 0) unsupported("packed batches in RotaryEmbedding");
}

template <const Inputs& at>
std::vector<Activation> rotary(const OpCall& call) {
  refuseOthers(call.node);
  for (const std::size_t i : {std::size_t{0}, at.cosines, at.sines}) call.input(i);  // names a missing one
  return oneOutput(convert(apply(call, at, floatInput(call, 0), false), call.inputs[0].dtype));
}

/// A turn by the same angles backwards.
template <const Inputs& at>
std::vector<Tensor> rotaryBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  return gradientOf(call, 0, apply(call, at, call.outputGradients[0], true));
}

Cost rotaryCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  return costPerOutput(3, inputs, outputs);
}

constexpr Op rotaryRows[] = {
    {.domain = "",
     .type = "RotaryEmbedding",
     .forward = rotary<standardInputs>,
     .backward = rotaryBackward<standardInputs>,
     .cost = rotaryCost,
     .sinceOpset = 23},
    {.domain = "com.microsoft",
     .type = "RotaryEmbedding",
     .forward = rotary<microsoftInputs>,
     .backward = rotaryBackward<microsoftInputs>,
     .cost = rotaryCost},
};

}  // namespace

Tensor rotated(const Tensor& heads, const Rotation& rotation) {
  const Shape& shape = heads.shape();
  requireAngles(rotation, shape);
  const Turn turn{rotation.cosines.shape()[1], rotation.interleaved, rotation.backwards ? -1.0f : 1.0f};
  TensorBuilder out(DType::Float32, shape);
  const float* x = heads.as<float>().data();
  float* y = out.as<float>().data();
  for (std::int64_t line = 0; line < shape[0] * shape[1] * shape[2]; ++line) {
    const std::int64_t sample = line / (shape[1] * shape[2]), position = line % shape[2];
    const std::int64_t row = rotation.rows[static_cast<std::size_t>(sample * shape[2] + position)];
    const float* from = x + line * shape[3];
    float* to = y + line * shape[3];
    turn(from, to, rotation.cosines.as<float>().data() + row * turn.pairs,
         rotation.sines.as<float>().data() + row * turn.pairs);
    std::copy(from + 2 * turn.pairs, from + shape[3], to + 2 * turn.pairs);
  }
  return std::move(out).build();
}

std::span<const Op> rotaryOps() { return rotaryRows; }

}  // namespace lapidary::core
