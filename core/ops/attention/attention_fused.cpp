// SPDX-License-Identifier: GPL-3.0-or-later
// MultiHeadAttention and Attention of com.microsoft, which ONNX Runtime's optimiser writes for transformers.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops/attention/attention.h"
#include "core/ops/attention/heads.h"
#include "core/ops/attention/scaled_product.h"
#include "core/ops/broadcast.h"
#include "core/ops/checks.h"
#include "core/ops/kernels/gemm_kernel.h"

namespace lapidary::core {
namespace {

struct Sizes {
  std::int64_t batch, heads, queries, keys, past;
};

std::int64_t headCountOf(const Node& node) {
  const std::int64_t heads = node.intOr("num_heads", 0);
  if (heads < 1) failAttribute("num_heads", "is " + std::to_string(heads));
  return heads;
}

float fusedScale(const Node& node, std::int64_t size) {
  const float scale = node.floatOr("scale", 0);
  return scale != 0 ? scale : 1 / std::sqrt(static_cast<float>(std::max<std::int64_t>(size, 1)));
}

/// `filter` where `seen(sample, query, key)` is false, else 0: [batch, 1, 1 or queries, keys].
template <class Seen>
Tensor filterMask(const Sizes& sizes, std::int64_t queries, float filter, Seen&& seen) {
  TensorBuilder mask(DType::Float32, {sizes.batch, 1, queries, sizes.keys});
  float* to = mask.as<float>().data();
  for (std::int64_t b = 0; b < sizes.batch; ++b)
    for (std::int64_t i = 0; i < queries; ++i)
      for (std::int64_t j = 0; j < sizes.keys; ++j) *to++ = seen(b, i, j) ? 0.0f : filter;
  return std::move(mask).build();
}

/// A mask of whole numbers: how many keys of each sample count, the ends and then the starts of what counts,
/// or which keys do, for all queries or for each.
Tensor paddingMask(const Tensor& given, const Sizes& sizes, std::size_t input, const char* what,
                   float filter) {
  const std::vector<std::int64_t> values = toInt64(given);
  const auto at = [&](std::int64_t i) { return values[static_cast<std::size_t>(i)]; };
  const Shape& shape = given.shape();
  if (shape == Shape{sizes.batch})
    return filterMask(sizes, 1, filter, [&](auto b, auto, auto j) { return j < at(b); });
  if (shape == Shape{2 * sizes.batch})
    return filterMask(sizes, 1, filter,
                      [&](auto b, auto, auto j) { return j < at(b) && j >= at(b + sizes.batch); });
  if (shape == Shape{3 * sizes.batch + 2})
    return filterMask(sizes, 1, filter, [&](auto b, auto, auto j) { return j < at(b); });
  if (shape == Shape{sizes.batch, sizes.keys})
    return filterMask(sizes, 1, filter, [&](auto b, auto, auto j) { return at(b * sizes.keys + j) > 0; });
  if (shape == Shape{sizes.batch, sizes.queries, sizes.keys})
    return filterMask(sizes, sizes.queries, filter, [&](auto b, auto i, auto j) {
      return at((b * sizes.queries + i) * sizes.keys + j) > 0;
    });
  failInput(input, what,
            "has shape " + toText(shape) + " for " + std::to_string(sizes.batch) + " samples of " +
                std::to_string(sizes.keys) + " keys");
}

Tensor summed(const Tensor& a, const Tensor& b, const Shape& scores) {
  if (!a.defined()) return b;
  if (!b.defined()) return a;
  const Tensor sum = broadcastMap(a, b, [](float x, float y) { return x + y; });
  return scoreMask(sum, scores, "the masks");
}

/// Padding and bias as one mask; with `unidirectional` a query sees no key behind its own.
void addMasks(const OpCall& call, const Sizes& sizes, std::size_t padding, std::size_t bias,
              ScaledProduct& product) {
  const Shape scores{sizes.batch, sizes.heads, sizes.queries, sizes.keys};
  const float filter = call.node.floatOr("mask_filter_value", -10000.0f);
  Tensor hidden, added;
  if (call.has(padding)) {
    const char* what = padding == 4 ? "key_padding_mask" : "mask_index";
    hidden = scoreMask(paddingMask(call.input(padding), sizes, padding, what, filter), scores, what);
  }
  if (call.has(bias)) added = scoreMask(call.input(bias), scores, "attention_bias");
  product.mask = summed(hidden, added, scores);
  if (call.node.intOr("unidirectional", 0) == 0) return;
  for (std::int64_t b = 0; b < sizes.batch; ++b)
    for (std::int64_t i = 0; i < sizes.queries; ++i)
      product.visible.push_back({0, std::min(sizes.keys, sizes.past + i + 1)});
}

void refuseInputs(const OpCall& call, std::size_t from) {
  for (std::size_t i = from; i < call.inputs.size(); ++i)
    if (call.has(i))
      unsupported("a cache that is written in place, as input " + std::to_string(i) + " of " +
                  call.node.opType);
}

/// The part [from, from + width) of a bias, added to rows.
Tensor withBias(const Tensor& rows, const Tensor& bias, std::int64_t from) {
  if (!bias.defined()) return rows;
  const std::int64_t width = rows.shape().back();
  if (from + width > bias.size())
    failInput(3, "bias", "has shape " + toText(bias.shape()) + ", more values were expected");
  TensorBuilder sum(DType::Float32, rows.shape());
  const float* b = bias.as<float>().data() + from;
  for (std::size_t i = 0; i < sum.as<float>().size(); ++i)
    sum.as<float>()[i] = rows.as<float>()[i] + b[static_cast<std::int64_t>(i) % width];
  return std::move(sum).build();
}

/// [batch, length, heads, parts, size] as `parts` tensors of [batch, length, heads * size].
Tensor packedPart(const Tensor& packed, std::int64_t part) {
  const Shape& shape = packed.shape();
  const std::int64_t lines = shape[0] * shape[1] * shape[2], parts = shape[3], size = shape[4];
  TensorBuilder out(DType::Float32, {shape[0], shape[1], shape[2] * size});
  for (std::int64_t line = 0; line < lines; ++line)
    std::copy_n(packed.as<float>().data() + (line * parts + part) * size, size,
                out.as<float>().data() + line * size);
  return std::move(out).build();
}

void requirePacked(const Tensor& packed, std::int64_t heads, std::int64_t parts, std::size_t input) {
  if (packed.rank() != 5 || packed.shape()[2] != heads || packed.shape()[3] != parts)
    failInput(input, "packed heads",
              "have shape " + toText(packed.shape()) + ", samples x positions x " + std::to_string(heads) +
                  " x " + std::to_string(parts) + " x size was expected");
}

struct Rows {
  Tensor q, k, v;
};

/// Queries, keys and values in any of the ways in which they may be packed, without their bias.
Rows fusedRows(const OpCall& call, std::int64_t heads) {
  const Tensor q = floatInput(call, 0);
  if (!call.has(1)) {
    requirePacked(q, heads, 3, 0);
    return {packedPart(q, 0), packedPart(q, 1), packedPart(q, 2)};
  }
  const Tensor k = floatInput(call, 1);
  if (call.has(2)) return {q, k, floatInput(call, 2)};
  requirePacked(k, heads, 2, 1);
  return {q, packedPart(k, 0), packedPart(k, 1)};
}

std::vector<Activation> multiHeadAttention(const OpCall& call) {
  refuseInputs(call, 8);
  const std::int64_t heads = headCountOf(call.node);
  const Rows rows = fusedRows(call, heads);
  if (rows.q.rank() != 3) failInput(0, "query", "has shape " + toText(rows.q.shape()));
  const Tensor bias = call.has(3) ? floatInput(call, 3) : Tensor();
  const std::int64_t width = rows.q.shape()[2];
  ScaledProduct product;
  product.q = partedHeads(withBias(rows.q, bias, 0), heads, "query");
  // Keys that come in heads are those of an encoder, which have their bias already.
  const bool crossed = rows.k.rank() == 4;
  product.k = partedHeads(crossed ? rows.k : withBias(rows.k, bias, width), heads, "key");
  product.v = partedHeads(crossed ? rows.v : withBias(rows.v, bias, 2 * width), heads, "value");
  Sizes sizes{rows.q.shape()[0], heads, rows.q.shape()[1], 0, 0};
  if (call.has(6) != call.has(7)) failInput(6, "past_key", "comes with past_value, or neither does");
  if (call.has(6)) {
    const Tensor past = floatInput(call, 6);
    product.k = behindPast(past, product.k, "past_key");
    product.v = behindPast(floatInput(call, 7), product.v, "past_value");
    sizes.past = past.shape()[2];
  }
  sizes.keys = product.k.shape()[2];
  product.scale = fusedScale(call.node, product.q.shape()[3]);
  addMasks(call, sizes, 4, 5, product);
  const Attended attended = attend(product, omitted(call, 3) ? AttentionStep::None : AttentionStep::Scores);
  const DType type = call.inputs[0].dtype;
  std::vector<Activation> outputs = oneOutput(convert(joinedHeads(attended.y), type));
  outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  if (!omitted(call, 1)) outputs[1] = convert(product.k, type);
  if (!omitted(call, 2)) outputs[2] = convert(product.v, type);
  if (!omitted(call, 3)) outputs[3] = convert(attended.step, type);
  return outputs;
}

/// x [batch, length, in] times w [in, out] plus the bias.
Tensor projected(const Tensor& x, const Tensor& w, const Tensor& bias) {
  if (x.rank() != 3 || w.rank() != 2 || w.shape()[0] != x.shape()[2])
    invalid("an input of shape " + toText(x.shape()) + " does not multiply weights of " + toText(w.shape()));
  const std::int64_t rows = x.shape()[0] * x.shape()[1], depth = w.shape()[0], width = w.shape()[1];
  TensorBuilder y(DType::Float32, checkedShape({x.shape()[0], x.shape()[1], width}));
  multiply({.m = rows,
            .n = width,
            .k = depth,
            .a = x.as<float>().data(),
            .lda = depth,
            .b = w.as<float>().data(),
            .ldb = width,
            .c = y.as<float>().data(),
            .ldc = width});
  return withBias(std::move(y).build(), bias, 0);
}

Tensor columns(const Tensor& rows, std::int64_t from, std::int64_t width) {
  const std::int64_t all = rows.shape()[2], lines = rows.shape()[0] * rows.shape()[1];
  TensorBuilder out(DType::Float32, {rows.shape()[0], rows.shape()[1], width});
  for (std::int64_t line = 0; line < lines; ++line)
    std::copy_n(rows.as<float>().data() + line * all + from, width, out.as<float>().data() + line * width);
  return std::move(out).build();
}

/// The widths of queries, keys and values in the product.
std::vector<std::int64_t> widthsOf(const Node& node, std::int64_t all) {
  const auto widths = node.intsOr("qkv_hidden_sizes", {all / 3, all / 3, all / 3});
  if (widths.size() != 3 || widths[0] < 1 || widths[0] != widths[1] || widths[2] < 1 ||
      widths[0] + widths[1] + widths[2] != all)
    failAttribute("qkv_hidden_sizes", "is " + toText(widths) + " of " + std::to_string(all));
  return widths;
}

/// Keys and values of the past stand in one tensor, [2, batch, heads, length, size].
Tensor pastPart(const Tensor& past, std::int64_t part) {
  if (past.rank() != 5 || past.shape()[0] != 2) failInput(4, "past", "has shape " + toText(past.shape()));
  const Shape shape(past.shape().begin() + 1, past.shape().end());
  const std::int64_t count = elementCount(shape);
  return Tensor::from<float>(shape, past.as<float>().subspan(static_cast<std::size_t>(part * count),
                                                             static_cast<std::size_t>(count)));
}

Tensor presentOf(const Tensor& k, const Tensor& v) {
  if (k.shape() != v.shape()) unsupported("a present of keys and values that differ in size");
  Shape shape{2};
  shape.insert(shape.end(), k.shape().begin(), k.shape().end());
  TensorBuilder both(DType::Float32, checkedShape(shape));
  std::ranges::copy(k.as<float>(), both.as<float>().begin());
  std::ranges::copy(v.as<float>(), both.as<float>().begin() + k.size());
  return std::move(both).build();
}

std::vector<Activation> fusedAttention(const OpCall& call) {
  refuseInputs(call, 6);
  if (call.node.intOr("do_rotary", 0) != 0) unsupported("rotary positions in Attention of com.microsoft");
  const std::int64_t heads = headCountOf(call.node);
  const Tensor bias = call.has(2) ? floatInput(call, 2) : Tensor();
  const Tensor rows = projected(floatInput(call, 0), floatInput(call, 1), bias);
  const auto widths = widthsOf(call.node, rows.shape()[2]);
  ScaledProduct product;
  product.q = partedHeads(columns(rows, 0, widths[0]), heads, "the product");
  product.k = partedHeads(columns(rows, widths[0], widths[1]), heads, "the product");
  product.v = partedHeads(columns(rows, widths[0] + widths[1], widths[2]), heads, "the product");
  Sizes sizes{rows.shape()[0], heads, rows.shape()[1], 0, 0};
  if (call.has(4)) {
    const Tensor past = floatInput(call, 4);
    sizes.past = past.rank() == 5 ? past.shape()[3] : 0;
    product.k = behindPast(pastPart(past, 0), product.k, "past");
    product.v = behindPast(pastPart(past, 1), product.v, "past");
  }
  sizes.keys = product.k.shape()[2];
  product.scale = fusedScale(call.node, product.q.shape()[3]);
  addMasks(call, sizes, 3, 5, product);
  const DType type = call.inputs[0].dtype;
  std::vector<Activation> outputs = oneOutput(convert(joinedHeads(attend(product).y), type));
  outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  if (!omitted(call, 1)) outputs[1] = convert(presentOf(product.k, product.v), type);
  return outputs;
}

Cost fusedAttentionCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  const double keys = inputs.empty() || inputs[0].size() < 2 ? 0 : static_cast<double>(inputs[0][1]);
  const double width = inputs.size() < 2 || inputs[1].size() < 2 ? 0 : static_cast<double>(inputs[1][1]);
  Cost cost = costPerOutput(4 * keys, inputs, outputs);
  if (!inputs.empty()) cost.flops += 2 * static_cast<double>(elementCount(inputs[0])) * width;
  return cost;
}

constexpr Op attentionFusedRows[] = {
    {.domain = "com.microsoft",
     .type = "MultiHeadAttention",
     .forward = multiHeadAttention,
     .cost = attentionCost},
    {.domain = "com.microsoft", .type = "Attention", .forward = fusedAttention, .cost = fusedAttentionCost},
};

}  // namespace

std::span<const Op> fusedAttentionOps() { return attentionFusedRows; }

}  // namespace lapidary::core
