// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/arithmetic/binary.h"

#include "core/ops/families.h"

namespace lapidary::core {
namespace {

/// `b` with ones behind it, so that its first axis lies on axis `axis` of `a`.
Tensor alignedTo(const Tensor& a, const Tensor& b, std::int64_t axis) {
  const std::size_t first = axisOf(axis, a.rank());
  if (first + b.rank() > a.rank())
    failAttribute("axis", "leaves too few axes for a second input " + toText(b.shape()));
  Shape shape = b.shape();
  shape.resize(a.rank() - first, 1);
  return b.reshaped(std::move(shape));
}

}  // namespace

Operands operandsOf(const OpCall& call) {
  Operands operands{call.input(0), call.input(1)};
  if (operands.a.dtype() != operands.b.dtype())
    failInput(1, "B",
              "is " + std::string(name(operands.b.dtype())) + " while the first is " +
                  std::string(name(operands.a.dtype())));
  const auto* axis = call.node.find<std::int64_t>("axis");
  if (call.opset < 7 && axis != nullptr) operands.b = alignedTo(operands.a, operands.b, *axis);
  return operands;
}

std::span<const Op> binaryOps() {
  static const std::vector<Op> all = joinOps({arithmeticOps(), comparisonOps(), variadicOps()});
  return all;
}

}  // namespace lapidary::core
