// SPDX-License-Identifier: GPL-3.0-or-later
// GroupQueryAttention of com.microsoft: each query sees the keys before it, with a past that grows in place.
#include <algorithm>
#include <cmath>

#include "core/ops/attention/attention.h"
#include "core/ops/attention/heads.h"
#include "core/ops/attention/rotary.h"
#include "core/ops/attention/scaled_product.h"
#include "core/ops/checks.h"

namespace lapidary::core {
namespace {

enum Input : std::size_t {
  query,
  key,
  value,
  pastKey,
  pastValue,
  lastKeys,
  totalLength,
  cosines,
  sines,
  positions,
  bias,
  sink,
  firstUnread
};

struct Counts {
  std::int64_t heads = 0, groups = 0, batch = 0, fresh = 0, total = 0;
  std::vector<std::int64_t> keys;  ///< by sample: how many there are with the fresh ones

  /// How many of a sample's keys are from the past. The first block of all has none, however short it is.
  std::int64_t before(std::int64_t sample) const {
    return total == fresh ? 0 : keys[static_cast<std::size_t>(sample)] - fresh;
  }
};

std::int64_t positiveAttribute(const Node& node, const std::string& attribute) {
  const std::int64_t count = node.intOr(attribute, 0);
  if (count < 1) failAttribute(attribute, "is " + std::to_string(count));
  return count;
}

void refuseOthers(const OpCall& call) {
  for (std::size_t i = firstUnread; i < call.inputs.size(); ++i)
    if (call.has(i))
      unsupported("a past in codes, as input " + std::to_string(i) + " of GroupQueryAttention");
  for (const char* each : {"k_quant_type", "v_quant_type"})
    if (call.node.textOr(each, "NONE") != "NONE") unsupported("a past in codes of GroupQueryAttention");
  const std::int64_t mode = call.node.intOr("qk_output", 0);
  if (mode < 0 || mode > 2) failAttribute("qk_output", "is " + std::to_string(mode));
}

Counts countsOf(const OpCall& call) {
  Counts counts;
  counts.heads = positiveAttribute(call.node, "num_heads");
  counts.groups = positiveAttribute(call.node, "kv_num_heads");
  if (counts.heads % counts.groups != 0)
    failAttribute("kv_num_heads", "is " + std::to_string(counts.groups) + ", which does not divide " +
                                      std::to_string(counts.heads) + " heads");
  const Tensor rows = call.input(query);
  if (rows.rank() != 3) failInput(query, "query", "has shape " + toText(rows.shape()));
  counts.batch = rows.shape()[0];
  counts.fresh = rows.shape()[1];
  counts.total = integerOf(call, totalLength, "total_sequence_length");
  counts.keys = integersOf(call, lastKeys, "seqlens_k");
  if (counts.keys.size() != static_cast<std::size_t>(counts.batch))
    failInput(lastKeys, "seqlens_k",
              "holds " + std::to_string(counts.keys.size()) + " values for " + std::to_string(counts.batch) +
                  " samples");
  for (std::int64_t& last : counts.keys) {
    if (last < 0 || last >= counts.total || (counts.total != counts.fresh && last + 1 < counts.fresh))
      failInput(lastKeys, "seqlens_k",
                "is " + std::to_string(last) + " of " + std::to_string(counts.total) + " keys with " +
                    std::to_string(counts.fresh) + " new ones");
    ++last;
  }
  return counts;
}

struct Heads {
  Tensor q, k, v;  ///< [batch, heads or groups, fresh, size]
};

/// Queries, keys and values in one row where key and value are not given.
Heads headsOf(const OpCall& call, const Counts& counts) {
  const Tensor rows = call.input(query);
  if (call.has(key) != call.has(value)) failInput(key, "key", "comes with value, or neither does");
  if (call.has(key))
    return {partedHeads(rows, counts.heads, "query"), partedHeads(call.input(key), counts.groups, "key"),
            partedHeads(call.input(value), counts.groups, "value")};
  const Tensor all = partedHeads(rows, counts.heads + 2 * counts.groups, "query");
  return {headSlice(all, 0, counts.heads), headSlice(all, counts.heads, counts.groups),
          headSlice(all, counts.heads + counts.groups, counts.groups)};
}

/// The place of every fresh position: as given, or behind the past.
std::vector<std::int64_t> placesOf(const OpCall& call, const Counts& counts) {
  std::vector<std::int64_t> places;
  if (call.has(positions)) {
    places = integersOf(call, positions, "position_ids");
    if (places.size() != static_cast<std::size_t>(counts.batch * counts.fresh))
      failInput(positions, "position_ids", "holds " + std::to_string(places.size()) + " positions");
    return places;
  }
  for (std::int64_t b = 0; b < counts.batch; ++b)
    for (std::int64_t i = 0; i < counts.fresh; ++i) places.push_back(counts.before(b) + i);
  return places;
}

void turn(const OpCall& call, const Counts& counts, Heads& heads) {
  if (call.node.intOr("do_rotary", 0) == 0) return;
  Rotation rotation{floatInput(call, cosines), floatInput(call, sines), placesOf(call, counts)};
  rotation.interleaved = call.node.intOr("rotary_interleaved", 0) != 0;
  const DType type = heads.q.dtype();
  heads.q = convert(rotated(toFloat32(heads.q), rotation), type);
  heads.k = convert(rotated(toFloat32(heads.k), rotation), type);
}

/// The past with the fresh lines written behind what counts of it, and as long as it was or as all are.
Tensor present(const OpCall& call, std::size_t input, const Counts& counts, const Tensor& fresh) {
  const Tensor past = inputOr(call, input);
  const char* what = input == pastKey ? "past_key" : "past_value";
  Shape shape = fresh.shape();
  if (past.defined() && (past.rank() != 4 || past.dtype() != fresh.dtype() || past.shape()[0] != shape[0] ||
                         past.shape()[1] != shape[1] || past.shape()[3] != shape[3]))
    failInput(input, what, "is " + describe(past) + ", which does not continue in " + describe(fresh));
  shape[2] = std::max(counts.total, past.defined() ? past.shape()[2] : 0);
  TensorBuilder all(fresh.dtype(), checkedShape(shape));
  std::ranges::fill(all.bytes(), std::byte{0});
  for (std::int64_t b = 0; b < counts.batch; ++b) {
    const std::int64_t before = counts.before(b);
    if (before > (past.defined() ? past.shape()[2] : 0))
      failInput(input, what,
                "holds fewer than the " + std::to_string(before) + " keys that seqlens_k counts");
    for (std::int64_t g = 0; g < shape[1]; ++g) {
      const std::int64_t head = b * shape[1] + g;
      if (before > 0) copyLines(past, head, 0, all, head, 0, before);
      copyLines(fresh, head, 0, all, head, before, std::min(counts.fresh, shape[2] - before));
    }
  }
  return std::move(all).build();
}

void hideKeys(const Node& node, const Counts& counts, ScaledProduct& product) {
  const std::int64_t window = node.intOr("local_window_size", -1);
  if (window == 0 || window < -1) failAttribute("local_window_size", "is " + std::to_string(window));
  for (std::int64_t b = 0; b < counts.batch; ++b)
    for (std::int64_t i = 0; i < counts.fresh; ++i) {
      const std::int64_t end = std::min(counts.keys[static_cast<std::size_t>(b)], counts.before(b) + i + 1);
      product.visible.push_back({window < 0 ? 0 : std::max<std::int64_t>(0, end - window), end});
    }
}

void addSinks(const OpCall& call, const Counts& counts, ScaledProduct& product) {
  const auto heads = static_cast<std::size_t>(counts.heads);
  if (call.has(sink)) {
    const Tensor sinks = floatInput(call, sink);
    if (sinks.size() != counts.heads)
      failInput(sink, "head_sink",
                "has shape " + toText(sinks.shape()) + " for " + std::to_string(counts.heads) + " heads");
    product.sinks.assign(sinks.as<float>().begin(), sinks.as<float>().end());
  } else if (call.node.intOr("smooth_softmax", 0) == 1) {
    product.sinks.assign(heads, 0.0f);
  }
}

std::vector<Activation> groupQueryAttention(const OpCall& call) {
  refuseOthers(call);
  const Counts counts = countsOf(call);
  Heads heads = headsOf(call, counts);
  turn(call, counts, heads);
  const Tensor keys = present(call, pastKey, counts, heads.k),
               values = present(call, pastValue, counts, heads.v);
  ScaledProduct product;
  product.q = floatOf(heads.q, "query");
  product.k = floatOf(lengthSlice(keys, 0, counts.total), "key");
  product.v = floatOf(lengthSlice(values, 0, counts.total), "value");
  product.scale = call.node.floatOr("scale", 0);
  if (product.scale == 0) product.scale = 1 / std::sqrt(static_cast<float>(heads.q.shape()[3]));
  product.softcap = call.node.floatOr("softcap", 0);
  if (!(product.softcap >= 0)) failAttribute("softcap", "is " + std::to_string(product.softcap));
  hideKeys(call.node, counts, product);
  addSinks(call, counts, product);
  if (call.has(bias))
    product.mask = scoreMask(call.input(bias), {counts.batch, counts.heads, counts.fresh, counts.total},
                             "attention_bias");
  const bool shown = !omitted(call, 3);
  const AttentionStep step =
      call.node.intOr("qk_output", 0) == 1 ? AttentionStep::Masked : AttentionStep::Shares;
  const Attended attended = attend(product, shown ? step : AttentionStep::None);
  std::vector<Activation> outputs = oneOutput(convert(joinedHeads(attended.y), call.inputs[0].dtype));
  outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  if (!omitted(call, 1)) outputs[1] = keys;
  if (!omitted(call, 2)) outputs[2] = values;
  if (shown) outputs[3] = convert(attended.step, call.inputs[0].dtype);
  return outputs;
}

constexpr Op attentionGroupedRows[] = {
    {.domain = "com.microsoft",
     .type = "GroupQueryAttention",
     .forward = groupQueryAttention,
     .cost = attentionCost},
};

}  // namespace

std::span<const Op> groupedAttentionOps() { return attentionGroupedRows; }

}  // namespace lapidary::core
