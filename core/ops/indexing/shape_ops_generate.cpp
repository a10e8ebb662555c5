// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that make a tensor from little: Constant, ConstantOfShape, Range, EyeLike, NonZero.
#include <cmath>

#include "core/ops/broadcast.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/indexing/shape_ops.h"

namespace lapidary::core {
namespace {

template <class T>
Tensor vectorOf(const std::vector<T>& values) {
  return Tensor::from<T>({static_cast<std::int64_t>(values.size())}, values);
}

std::vector<Activation> constant(const OpCall& call) {
  const Node& node = call.node;
  if (const auto* value = node.find<Tensor>("value")) return oneOutput(*value);
  if (const auto* value = node.find<float>("value_float")) return oneOutput(Tensor::scalar(*value));
  if (const auto* value = node.find<std::int64_t>("value_int")) return oneOutput(Tensor::scalar(*value));
  if (const auto* value = node.find<std::vector<float>>("value_floats")) return oneOutput(vectorOf(*value));
  if (const auto* value = node.find<std::vector<std::int64_t>>("value_ints"))
    return oneOutput(vectorOf(*value));
  throw Error(ErrorKind::Unsupported, "a constant that is neither a dense tensor nor numbers");
}

std::vector<Activation> constantOfShape(const OpCall& call) {
  const Shape shape = checkedShape(integersOf(call, 0, "shape"));
  const auto* given = call.node.find<Tensor>("value");
  const Tensor value = given ? *given : Tensor::scalar(0.0f);
  if (value.size() != 1)
    failAttribute("value", "holds " + std::to_string(value.size()) + " values, 1 expected");
  return oneOutput(expandTo(value.reshaped({}), shape));
}

/// Number of steps from start to limit; throws Error where it is not finite or too large.
std::int64_t rangeLength(double start, double limit, double delta) {
  if (delta == 0 || !std::isfinite(delta)) failInput(2, "delta", "is zero or not finite");
  const double count = std::ceil((limit - start) / delta);
  if (!(count > 0)) return std::isnan(count) ? (failInput(1, "limit", "is not a number"), 0) : 0;
  if (count > 1e15) failInput(1, "limit", "makes a range too long to hold");
  return checkedShape({static_cast<std::int64_t>(count)})[0];
}

std::vector<Activation> range(const OpCall& call) {
  const DType type = call.input(0).dtype();
  return oneOutput(visitCompute(type, [&]<class T>(T) {
    T bounds[3];
    for (std::size_t i = 0; i < 3; ++i) {
      const Tensor given = convert(call.input(i), dtypeOf<T>());
      if (given.size() != 1)
        failInput(i, "range", "holds " + std::to_string(given.size()) + " values, 1 expected");
      bounds[i] = given.template as<T>()[0];
    }
    const std::int64_t count = rangeLength(static_cast<double>(bounds[0]), static_cast<double>(bounds[1]),
                                           static_cast<double>(bounds[2]));
    TensorBuilder out(dtypeOf<T>(), {count});
    T step{};
    for (T& value : out.as<T>()) {
      const auto offset = wrapping(step, bounds[2], std::multiplies<>{});
      value = wrapping(bounds[0], offset, std::plus<>{});
      step = wrapping(step, T{1}, std::plus<>{});
    }
    return convert(std::move(out).build(), type);
  }));
}

std::vector<Activation> eyeLike(const OpCall& call) {
  const Tensor like = call.input(0);
  if (like.rank() != 2) failInput(0, "input", "has rank " + std::to_string(like.rank()) + ", 2 expected");
  const auto* number = call.node.find<std::int64_t>("dtype");
  const std::int64_t shift = call.node.intOr("k", 0);
  const std::int64_t rows = like.shape()[0], columns = like.shape()[1];
  TensorBuilder out(DType::UInt8, like.shape());
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c)
      out.as<std::uint8_t>()[static_cast<std::size_t>(r * columns + c)] = c - r == shift;
  return oneOutput(convert(std::move(out).build(), number ? dtypeOfNumber(*number, "dtype") : like.dtype()));
}

std::vector<Activation> nonZero(const OpCall& call) {
  const Tensor mask = convert(call.input(0), DType::Bool);
  const auto flags = mask.as<bool>();
  std::vector<std::int64_t> found;
  for (std::size_t i = 0; i < flags.size(); ++i)
    if (flags[i]) found.push_back(static_cast<std::int64_t>(i));
  const auto count = static_cast<std::int64_t>(found.size());
  TensorBuilder out(DType::Int64, checkedShape({static_cast<std::int64_t>(mask.rank()), count}));
  for (std::size_t d = 0; d < mask.rank(); ++d) {
    const Lines lines = linesAlong(mask.shape(), d);
    for (std::size_t i = 0; i < found.size(); ++i)
      out.as<std::int64_t>()[d * found.size() + i] = found[i] / lines.inner % lines.length;
  }
  return oneOutput(std::move(out).build());
}

constexpr Op shapeOpsGenerateRows[] = {
    {"", "Constant", constant, nullptr, viewCost},
    {"", "ConstantOfShape", constantOfShape},
    {"", "Range", range},
    {"", "EyeLike", eyeLike},
    {"", "NonZero", nonZero},
};

}  // namespace

std::span<const Op> generateOps() { return shapeOpsGenerateRows; }

}  // namespace lapidary::core
