// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of the standard, since opset 23: heads as an axis or side by side, a past, a mask.
//
// The score of a masked key is minus infinity whatever softcap says, and the steps are numbered in the order
// in which they are computed, as ONNX 1.22 corrected both and ONNX Runtime has them in every version.
#include <cmath>
#include <limits>

#include "core/model/element_codes.h"
#include "core/ops/attention/attention.h"
#include "core/ops/attention/heads.h"
#include "core/ops/attention/scaled_product.h"
#include "core/ops/checks.h"

namespace lapidary::core {
namespace {

constexpr std::size_t maskInput = 3, pastKeyInput = 4, pastValueInput = 5, lengthsInput = 6;

struct Parsed {
  ScaledProduct product;
  Tensor presentKey, presentValue;  ///< in the type that they were given in
  std::int64_t past = 0;
  bool rows = false;  ///< heads stand side by side
};

template <class Call>
Tensor required(const Call& call, std::size_t i, const char* what) {
  const Tensor tensor = inputOr(call, i);
  if (!tensor.defined()) failInput(i, what, "is missing");
  if (!isFloating(tensor.dtype())) failInput(i, what, "is " + std::string(name(tensor.dtype())));
  return tensor;
}

/// Of the heads that the attribute counts where these stand side by side.
template <class Call>
Tensor headsAt(const Call& call, std::size_t i, const char* what, const std::string& attribute) {
  const Tensor given = required(call, i, what);
  const std::int64_t heads = call.node.intOr(attribute, 0);
  if (given.rank() == 3 && heads < 1)
    failAttribute(attribute, "is needed where heads stand side by side, as in " + toText(given.shape()));
  return partedHeads(given, heads, what);
}

template <class Call>
void readPast(const Call& call, Parsed& parsed) {
  const Tensor key = inputOr(call, pastKeyInput), value = inputOr(call, pastValueInput);
  if (key.defined() != value.defined())
    failInput(pastKeyInput, "past_key", "comes with past_value, or neither does");
  if (!key.defined()) return;
  parsed.past = key.rank() == 4 ? key.shape()[2] : 0;
  parsed.presentKey = behindPast(key, parsed.presentKey, "past_key");
  parsed.presentValue = behindPast(value, parsed.presentValue, "past_value");
}

/// How many keys of each sample count; empty where all do.
template <class Call>
std::vector<std::int64_t> lengthsOf(const Call& call, std::int64_t batch, std::int64_t keys) {
  if (!inputOr(call, lengthsInput).defined()) return {};
  if (call.opset < 24) failInput(lengthsInput, "nonpad_kv_seqlen", "is there since opset 24");
  const std::vector<std::int64_t> lengths = integersOf(call, lengthsInput, "nonpad_kv_seqlen");
  if (lengths.size() != static_cast<std::size_t>(batch))
    failInput(
        lengthsInput, "nonpad_kv_seqlen",
        "holds " + std::to_string(lengths.size()) + " lengths for " + std::to_string(batch) + " samples");
  for (const std::int64_t length : lengths)
    if (length < 0 || length > keys)
      failInput(lengthsInput, "nonpad_kv_seqlen",
                "is " + std::to_string(length) + " of " + std::to_string(keys) + " keys");
  return lengths;
}

/// The last query of a block sees the last key that counts, where the keys before them are told by a past or
/// by lengths; without either the first query sees the first key alone.
template <class Call>
void hideKeys(const Call& call, Parsed& parsed) {
  const std::int64_t causal = call.node.intOr("is_causal", 0);
  if (causal != 0 && causal != 1) failAttribute("is_causal", "is " + std::to_string(causal));
  const std::int64_t batch = parsed.product.q.shape()[0], queries = parsed.product.q.shape()[2],
                     keys = parsed.product.k.shape()[2];
  const auto lengths = lengthsOf(call, batch, keys);
  if (causal == 0 && lengths.empty()) return;
  for (std::int64_t b = 0; b < batch; ++b) {
    const std::int64_t length = lengths.empty() ? keys : lengths[static_cast<std::size_t>(b)];
    const std::int64_t before = lengths.empty() || parsed.past > 0 ? parsed.past : length - queries;
    for (std::int64_t i = 0; i < queries; ++i)
      parsed.product.visible.push_back({0, causal != 0 ? std::min(length, before + i + 1) : length});
  }
}

float scaleOf(const Node& node, std::int64_t size) {
  const float scale =
      node.floatOr("scale", 1 / std::sqrt(static_cast<float>(std::max<std::int64_t>(size, 1))));
  if (!std::isfinite(scale) || scale < 0) failAttribute("scale", "is " + std::to_string(scale));
  return scale;
}

float softcapOf(const Node& node) {
  const float softcap = node.floatOr("softcap", 0);
  if (!std::isfinite(softcap) || softcap < 0) failAttribute("softcap", "is " + std::to_string(softcap));
  return softcap;
}

/// The softmax is computed in float32 whatever is asked for.
void checkPrecision(const Node& node) {
  const std::int64_t code = node.intOr("softmax_precision", codeOf(DType::Float32));
  const auto type = dtypeOfCode(code);
  if (!type || !isFloating(*type) || bitsOf(*type) < 16)
    failAttribute("softmax_precision", "is " + nameOfCode(code) + ", a floating type was expected");
}

AttentionStep stepOf(const Node& node) {
  constexpr AttentionStep steps[] = {AttentionStep::Scores, AttentionStep::Capped, AttentionStep::Masked,
                                     AttentionStep::Shares};
  const std::int64_t mode = node.intOr("qk_matmul_output_mode", 0);
  if (mode < 0 || mode > 3)
    failAttribute("qk_matmul_output_mode", "is " + std::to_string(mode) + ", 0 to 3 was expected");
  return steps[mode];
}

template <class Call>
Parsed parse(const Call& call) {
  Parsed parsed;
  const Tensor q = headsAt(call, 0, "Q", "q_num_heads");
  parsed.rows = inputOr(call, 0).rank() == 3;
  parsed.presentKey = headsAt(call, 1, "K", "kv_num_heads");
  parsed.presentValue = headsAt(call, 2, "V", "kv_num_heads");
  readPast(call, parsed);
  parsed.product.q = toFloat32(q);
  parsed.product.k = toFloat32(parsed.presentKey);
  parsed.product.v = toFloat32(parsed.presentValue);
  parsed.product.scale = scaleOf(call.node, q.shape()[3]);
  parsed.product.softcap = softcapOf(call.node);
  checkPrecision(call.node);
  hideKeys(call, parsed);
  if (const Tensor mask = inputOr(call, maskInput); mask.defined())
    parsed.product.mask = scoreMask(
        mask, {q.shape()[0], q.shape()[1], q.shape()[2], parsed.presentKey.shape()[2]}, "attn_mask");
  return parsed;
}

std::vector<Activation> attention(const OpCall& call) {
  const AttentionStep step = stepOf(call.node);
  const Parsed parsed = parse(call);
  const Attended attended = attend(parsed.product, omitted(call, 3) ? AttentionStep::None : step);
  const DType type = call.inputs[0].dtype;
  std::vector<Activation> outputs =
      oneOutput(convert(parsed.rows ? joinedHeads(attended.y) : attended.y, type));
  outputs.resize(std::max<std::size_t>(call.node.outputs.size(), 1));
  if (!omitted(call, 1)) outputs[1] = parsed.presentKey;
  if (!omitted(call, 2)) outputs[2] = parsed.presentValue;
  if (!omitted(call, 3)) outputs[3] = convert(attended.step, type);
  return outputs;
}

/// What flows back to keys or values, from the result and from the present.
Tensor flowToPresent(const BackwardCall& call, std::size_t output, const Tensor& fromResult) {
  if (output >= call.outputGradients.size() || !call.outputGradients[output].defined()) return fromResult;
  const Tensor& present = call.outputGradients[output];
  TensorBuilder sum(DType::Float32, fromResult.shape());
  for (std::size_t i = 0; i < sum.as<float>().size(); ++i)
    sum.as<float>()[i] = fromResult.as<float>()[i] + present.as<float>()[i];
  return std::move(sum).build();
}

std::vector<Tensor> attentionBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  if (call.outputGradients.size() > 3 && call.outputGradients[3].defined())
    unsupported("a gradient through the scores of Attention");
  const Parsed parsed = parse(call);
  const Shape &q = parsed.product.q.shape(), &v = parsed.product.v.shape();
  Tensor dy = call.outputGradients[0];
  if (!dy.defined()) dy = zeros({q[0], q[1], q[2], v[3]}).build();
  const AttentionGradients found =
      attendBackward(parsed.product, dy.rank() == 3 ? partedHeads(dy, q[1], "the gradient of Y") : dy);
  const auto put = [&](std::size_t i, const Tensor& gradient) {
    if (i >= gradients.size() || !call.wanted[i] || !call.inputs[i].defined() || !gradient.defined()) return;
    gradients[i] = call.inputs[i].rank() == 3 && i < 3 ? joinedHeads(gradient) : gradient;
  };
  const Tensor dk = flowToPresent(call, 1, found.k), dv = flowToPresent(call, 2, found.v);
  const std::int64_t fresh = dk.shape()[2] - parsed.past;
  put(0, found.q);
  put(1, lengthSlice(dk, parsed.past, fresh));
  put(2, lengthSlice(dv, parsed.past, fresh));
  put(pastKeyInput, lengthSlice(dk, 0, parsed.past));
  put(pastValueInput, lengthSlice(dv, 0, parsed.past));
  if (maskInput < gradients.size() && call.wanted[maskInput] && found.mask.defined() &&
      isFloating(call.inputs[maskInput].dtype()))
    gradients[maskInput] = maskGradient(found.mask, call.inputs[maskInput].shape());
  return gradients;
}

constexpr Op attentionStandardRows[] = {
    {.domain = "",
     .type = "Attention",
     .forward = attention,
     .backward = attentionBackward,
     .cost = attentionCost,
     .sinceOpset = 23},
};

}  // namespace

std::span<const Op> standardAttentionOps() { return attentionStandardRows; }

}  // namespace lapidary::core
