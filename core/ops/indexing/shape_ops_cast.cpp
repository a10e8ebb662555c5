// SPDX-License-Identifier: GPL-3.0-or-later
// Cast, CastLike and BitCast.
#include "core/model/element_codes.h"
#include "core/ops/checks.h"
#include "core/ops/indexing/shape_ops.h"
#include "core/ops/small_casts.h"

namespace lapidary::core {
namespace {

/// Before opset 6 the type was given by its name in TensorProto, such as "FLOAT".
std::vector<Activation> cast(const OpCall& call) {
  if (const auto* text = call.node.find<std::string>("to")) {
    const auto code = codeOfName(*text);
    if (!code) failAttribute("to", "is '" + *text + "', which no tensor here can hold");
    return oneOutput(castTo(call.input(0), dtypeOfNumber(*code, "to")));
  }
  const auto* to = call.node.find<std::int64_t>("to");
  if (!to) failAttribute("to", "is missing");
  return oneOutput(castTo(call.input(0), dtypeOfNumber(*to, "to"), castRules(call.node)));
}

std::vector<Activation> castLike(const OpCall& call) {
  return oneOutput(castTo(call.input(0), call.input(1).dtype(), castRules(call.node)));
}

/// The same bytes under another type of as many bits.
std::vector<Activation> bitCast(const OpCall& call) {
  const auto* to = call.node.find<std::int64_t>("to");
  if (!to) failAttribute("to", "is missing");
  const Tensor x = call.input(0);
  const DType type = dtypeOfNumber(*to, "to");
  if (bitsOf(type) != bitsOf(x.dtype()))
    failAttribute("to", "is " + std::string(name(type)) + " of " + std::to_string(bitsOf(type)) +
                            " bits, but the input is " + std::string(name(x.dtype())));
  if (type == DType::Bool && isFloating(x.dtype())) unsupported("the bits of floats as truth values");
  if (type == DType::Bool) return oneOutput(convert(x, type));  // of which only 0 and 1 are such bits
  return oneOutput(Tensor(type, x.shape(), Bytes{x.owner(), x.bytes()}));
}

std::vector<Tensor> castBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0) || !isFloating(call.outputs[0].dtype())) return noGradients(call);
  return gradientOf(call, 0, call.outputGradients[0]);
}

constexpr Op shapeOpsCastRows[] = {
    {"", "Cast", cast, castBackward},
    {"", "CastLike", castLike, castBackward},
    {.domain = "", .type = "BitCast", .forward = bitCast, .cost = viewCost, .sinceOpset = 26},
};

}  // namespace

DType dtypeOfNumber(std::int64_t number, std::string_view attribute) {
  if (const auto type = dtypeOfCode(number)) return *type;
  throw Error(ErrorKind::Unsupported, "attribute '" + std::string(attribute) + "': element type " +
                                          std::to_string(number) + " is not supported");
}

std::span<const Op> castOps() { return shapeOpsCastRows; }

}  // namespace lapidary::core
