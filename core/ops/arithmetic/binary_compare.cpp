// SPDX-License-Identifier: GPL-3.0-or-later
// Comparisons, logic and bits of two broadcast tensors.
#include <functional>
#include <limits>

#include "core/ops/arithmetic/binary.h"

namespace lapidary::core {
namespace {

template <class F>
std::vector<Activation> compare(const OpCall& call) {
  const Operands operands = operandsOf(call);
  return oneOutput(visitCompute(operands.a.dtype(),
                                [&]<class T>(T) { return mapPair<T, bool>(operands.a, operands.b, F{}); }));
}

template <class F>
std::vector<Activation> logic(const OpCall& call) {
  const Operands operands = operandsOf(call);
  if (operands.a.dtype() != DType::Bool)
    failInput(0, "A", "is " + std::string(name(operands.a.dtype())) + ", bool expected");
  return oneOutput(mapPair<bool, bool>(operands.a, operands.b, F{}));
}

void requireInteger(const Tensor& tensor) {
  if (isFloating(tensor.dtype()) || tensor.dtype() == DType::Bool)
    failInput(0, "A", "is " + std::string(name(tensor.dtype())) + ", an integer type expected");
}

template <class F>
std::vector<Activation> bitwise(const OpCall& call) {
  const Operands operands = operandsOf(call);
  requireInteger(operands.a);
  return oneOutput(arithmetic(operands.a, operands.b, [](auto a, auto b) {
    using T = decltype(a);
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(F{}(a, b));
    else
      return a;  // requireInteger has refused it
  }));
}

std::vector<Activation> bitShift(const OpCall& call) {
  const Operands operands = operandsOf(call);
  requireInteger(operands.a);
  const std::string direction = call.node.textOr("direction", "");
  if (direction != "LEFT" && direction != "RIGHT")
    failAttribute("direction", "is '" + direction + "', LEFT or RIGHT expected");
  const bool left = direction == "LEFT";
  const DType type = operands.a.dtype();
  const auto shift = [left](std::uint64_t a, std::uint64_t b) {
    return b >= 64 ? 0 : left ? a << b : a >> b;
  };
  return oneOutput(convert(mapPair<std::uint64_t, std::uint64_t>(operands.a, operands.b, shift), type));
}

constexpr Op binaryCompareRows[] = {
    {"", "Equal", compare<std::equal_to<>>},
    {"", "Less", compare<std::less<>>},
    {"", "LessOrEqual", compare<std::less_equal<>>},
    {"", "Greater", compare<std::greater<>>},
    {"", "GreaterOrEqual", compare<std::greater_equal<>>},
    {"", "And", logic<std::logical_and<>>},
    {"", "Or", logic<std::logical_or<>>},
    {"", "Xor", logic<std::not_equal_to<>>},
    {"", "BitwiseAnd", bitwise<std::bit_and<>>},
    {"", "BitwiseOr", bitwise<std::bit_or<>>},
    {"", "BitwiseXor", bitwise<std::bit_xor<>>},
    {"", "BitShift", bitShift},
};

}  // namespace

std::span<const Op> comparisonOps() { return binaryCompareRows; }

}  // namespace lapidary::core
