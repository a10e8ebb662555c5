// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/arithmetic/elementwise_blocked.h"

#include <algorithm>

#include "core/ops/kernels/channel_blocks.h"

namespace lapidary::core {
namespace {

dnnl::algorithm algorithmOf(BlockedFunction::Kind kind) {
  using Kind = BlockedFunction::Kind;
  switch (kind) {
    case Kind::Relu:
      return dnnl::algorithm::eltwise_relu;
    case Kind::Logistic:
      return dnnl::algorithm::eltwise_logistic;
    case Kind::Tanh:
      return dnnl::algorithm::eltwise_tanh;
    case Kind::Clip:
      return dnnl::algorithm::eltwise_clip;
    case Kind::HardSwish:
      return dnnl::algorithm::eltwise_hardswish;
    case Kind::Gelu:
      return dnnl::algorithm::eltwise_gelu_erf;
    case Kind::Linear:
      break;
  }
  return dnnl::algorithm::eltwise_linear;
}

dnnl::algorithm algorithmOf(BlockedArithmetic op) {
  switch (op) {
    case BlockedArithmetic::Add:
      return dnnl::algorithm::binary_add;
    case BlockedArithmetic::Sub:
      return dnnl::algorithm::binary_sub;
    case BlockedArithmetic::Mul:
      return dnnl::algorithm::binary_mul;
    case BlockedArithmetic::Div:
      break;
  }
  return dnnl::algorithm::binary_div;
}

Activation sameShape(BlockedArithmetic op, const Activation& a, const Activation& b) {
  return guardDnnl("arithmetic on a blocked layout", [&] {
    const dnnl::memory::desc desc = descOf(a.layout ? a : b);
    const Activation x = reordered(a, desc);
    const Activation y = reordered(b, desc);
    FreshActivation out = allocate(desc, x.shape);
    const dnnl::binary::desc operation(algorithmOf(op), desc, desc, desc);
    const dnnl::binary::primitive_desc chosen(operation, dnnlEngine());
    dnnl::binary(chosen).execute(
        dnnlStream(),
        {{DNNL_ARG_SRC_0, memoryOf(x)}, {DNNL_ARG_SRC_1, memoryOf(y)}, {DNNL_ARG_DST, out.memory}});
    dnnlStream().wait();
    return std::move(out.activation);
  });
}

bool isPlainScalar(const Activation& a, std::size_t rank) {
  return !a.layout && a.dtype == DType::Float32 && a.tensor.size() == 1 && a.shape.size() <= rank;
}

/// a op scalar as a linear function of a; division multiplies by the reciprocal.
BlockedFunction withScalar(BlockedArithmetic op, float scalar) {
  using Kind = BlockedFunction::Kind;
  switch (op) {
    case BlockedArithmetic::Add:
      return {Kind::Linear, 1, scalar};
    case BlockedArithmetic::Sub:
      return {Kind::Linear, 1, -scalar};
    case BlockedArithmetic::Mul:
      return {Kind::Linear, scalar, 0};
    case BlockedArithmetic::Div:
      break;
  }
  return {Kind::Linear, 1 / scalar, 0};
}

}  // namespace

Activation blockedMap(const Activation& input, const BlockedFunction& function) {
  return guardDnnl("an elementwise function on a blocked layout", [&] {
    const dnnl::memory::desc desc = descOf(input);
    FreshActivation out = allocate(desc, input.shape);
    const dnnl::eltwise_forward::desc operation(
        dnnl::prop_kind::forward_inference, algorithmOf(function.kind), desc, function.alpha, function.beta);
    const dnnl::eltwise_forward::primitive_desc chosen(operation, dnnlEngine());
    dnnl::eltwise_forward(chosen).execute(dnnlStream(),
                                          {{DNNL_ARG_SRC, memoryOf(input)}, {DNNL_ARG_DST, out.memory}});
    dnnlStream().wait();
    return std::move(out.activation);
  });
}

std::optional<Activation> blockedArithmetic(BlockedArithmetic op, const Activation& a, const Activation& b) {
  if (!a.layout && !b.layout) return std::nullopt;
  if (a.dtype != DType::Float32 || b.dtype != DType::Float32) return std::nullopt;
  if (a.shape == b.shape) return sameShape(op, a, b);
  if (a.layout && isPlainScalar(b, a.shape.size()))
    return blockedMap(a, withScalar(op, b.tensor.as<float>()[0]));
  const bool commutes = op == BlockedArithmetic::Add || op == BlockedArithmetic::Mul;
  if (commutes && isPlainScalar(a, b.shape.size()))
    return blockedMap(b, withScalar(op, a.tensor.as<float>()[0]));
  return std::nullopt;
}

namespace {

/// Whole blocks of channels one behind the other, copied as they lie; only the last part may end within a
/// block.
std::optional<Activation> joinedBlocks(std::span<const Activation> inputs, const Shape& shape) {
  std::vector<ChannelBlocks> parts;
  for (const Activation& input : inputs) {
    const auto view = channelBlocks(input);
    if (!view || view->block == 1 || (!parts.empty() && view->block != parts[0].block)) return std::nullopt;
    if (!parts.empty() && parts.back().channels % parts.back().block != 0) return std::nullopt;
    parts.push_back(*view);
  }
  FreshActivation out = allocateLike(inputs[0], shape);
  auto* to = static_cast<float*>(out.memory.get_data_handle());
  for (std::int64_t n = 0; n < shape[0]; ++n)
    for (const ChannelBlocks& part : parts)
      to = std::copy_n(part.plane(n, 0), part.blocks * part.spatial * part.block, to);
  return std::move(out.activation);
}

}  // namespace

std::optional<Activation> blockedConcat(std::span<const Activation> inputs, std::size_t axis) {
  const auto blocked = std::ranges::find_if(inputs, [](const Activation& a) { return a.layout != nullptr; });
  if (blocked == inputs.end()) return std::nullopt;
  Shape shape = inputs[0].shape;
  shape[axis] = 0;
  std::vector<dnnl::memory::desc> descs;
  for (const Activation& input : inputs) {
    if (!input.defined() || input.dtype != DType::Float32) return std::nullopt;
    shape[axis] += input.shape[axis];
    descs.push_back(descOf(input));
  }
  return guardDnnl("joining blocked layouts", [&]() -> Activation {
    if (axis == 1)
      if (auto joined = joinedBlocks(inputs, shape)) return std::move(*joined);
    const dnnl::concat::primitive_desc chosen(static_cast<int>(axis), descs, dnnlEngine());
    FreshActivation out = allocate(chosen.dst_desc(), shape);
    std::unordered_map<int, dnnl::memory> arguments{{DNNL_ARG_DST, out.memory}};
    for (std::size_t i = 0; i < inputs.size(); ++i)
      arguments.emplace(DNNL_ARG_MULTIPLE_SRC + static_cast<int>(i), memoryOf(inputs[i]));
    dnnl::concat(chosen).execute(dnnlStream(), arguments);
    dnnlStream().wait();
    return std::move(out.activation);
  });
}

}  // namespace lapidary::core
