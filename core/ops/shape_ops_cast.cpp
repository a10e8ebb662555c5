// Cast and CastLike.
#include "core/ops/shape_ops.h"

namespace lapidary::core {
namespace {

std::vector<Activation> cast(const OpCall& call) {
  const auto* to = call.node.find<std::int64_t>("to");
  if (!to) failAttribute("to", "is missing");
  return oneOutput(convert(call.input(0), dtypeOfNumber(*to, "to")));
}

std::vector<Activation> castLike(const OpCall& call) {
  return oneOutput(convert(call.input(0), call.input(1).dtype()));
}

std::vector<Tensor> castBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0) || !isFloating(call.outputs[0].dtype())) return noGradients(call);
  return gradientOf(call, 0, call.outputGradients[0]);
}

constexpr Op rows[] = {
    {"", "Cast", cast, castBackward},
    {"", "CastLike", castLike, castBackward},
};

}  // namespace

// The numbers are those of onnx.proto's TensorProto.DataType.
DType dtypeOfNumber(std::int64_t number, std::string_view attribute) {
  switch (number) {
    case 1:
      return DType::Float32;
    case 2:
      return DType::UInt8;
    case 3:
      return DType::Int8;
    case 4:
      return DType::UInt16;
    case 5:
      return DType::Int16;
    case 6:
      return DType::Int32;
    case 7:
      return DType::Int64;
    case 9:
      return DType::Bool;
    case 10:
      return DType::Float16;
    case 11:
      return DType::Float64;
    case 12:
      return DType::UInt32;
    case 13:
      return DType::UInt64;
    case 16:
      return DType::BFloat16;
    case 21:
      return DType::UInt4;
    case 22:
      return DType::Int4;
    default:
      break;
  }
  throw Error(ErrorKind::Unsupported, "attribute '" + std::string(attribute) + "': element type " +
                                          std::to_string(number) + " is not supported");
}

std::span<const Op> castOps() { return rows; }

}  // namespace lapidary::core
