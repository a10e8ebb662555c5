// SPDX-License-Identifier: GPL-3.0-or-later
// Add, Sub, Mul, Div, Mod, Pow, PRelu, with NumPy broadcasting, and their gradients.
#include <algorithm>
#include <cmath>

#include "core/ops/arithmetic/binary.h"
#include "core/ops/arithmetic/elementwise_blocked.h"

namespace lapidary::core {
namespace {

struct Add {
  static constexpr auto blocked = BlockedArithmetic::Add;
  template <class T>
  T operator()(T a, T b) const {
    return wrapping(a, b, std::plus<>{});
  }
};
struct Sub {
  static constexpr auto blocked = BlockedArithmetic::Sub;
  template <class T>
  T operator()(T a, T b) const {
    return wrapping(a, b, std::minus<>{});
  }
};
struct Mul {
  static constexpr auto blocked = BlockedArithmetic::Mul;
  template <class T>
  T operator()(T a, T b) const {
    return wrapping(a, b, std::multiplies<>{});
  }
};
struct Div {  // integers truncate towards zero; the divisor is never 0
  static constexpr auto blocked = BlockedArithmetic::Div;
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_signed_v<T> && std::is_integral_v<T>) {
      if (b == T{-1}) return wrapping(T{}, a, std::minus<>{});
    }
    return static_cast<T>(a / b);
  }
};

void refuseZeroDivisor(const Tensor& divisor) {
  if (isFloating(divisor.dtype())) return;
  visitCompute(divisor.dtype(), [&]<class T>(T) {
    const Tensor values = convert(divisor, dtypeOf<T>());
    if (std::ranges::find(values.template as<T>(), T{}) != values.template as<T>().end())
      failInput(1, "B", "holds a zero, and integers cannot be divided by it");
  });
}

template <class F>
std::vector<Activation> binaryForward(const OpCall& call) {
  if (call.has(0) && call.has(1)) {
    if (auto result = blockedArithmetic(F::blocked, call.inputs[0], call.inputs[1]))
      return oneOutput(*result);
  }
  const Operands operands = operandsOf(call);
  if constexpr (std::is_same_v<F, Div>) refuseZeroDivisor(operands.b);
  return oneOutput(arithmetic(operands.a, operands.b, F{}));
}

std::vector<Tensor> addBackward(const BackwardCall& call) {
  const auto same = [](const Tensor& g) { return g; };
  return pairGradients(call, same, same);
}

std::vector<Tensor> subBackward(const BackwardCall& call) {
  return pairGradients(
      call, [](const Tensor& g) { return g; },
      [](const Tensor& g) { return broadcastMap(g, Tensor::scalar(-1.0f), Mul{}); });
}

std::vector<Tensor> mulBackward(const BackwardCall& call) {
  return pairGradients(
      call, [&](const Tensor& g) { return broadcastMap(g, call.inputs[1], Mul{}); },
      [&](const Tensor& g) { return broadcastMap(g, call.inputs[0], Mul{}); });
}

std::vector<Tensor> divBackward(const BackwardCall& call) {
  return pairGradients(
      call, [&](const Tensor& g) { return broadcastMap(g, call.inputs[1], Div{}); },
      [&](const Tensor& g) {
        const Tensor ratio =
            broadcastMap(call.outputs[0], call.inputs[1], [](float y, float b) { return -y / b; });
        return broadcastMap(g, ratio, Mul{});
      });
}

/// The remainder with the sign of the divisor, as in Python.
struct FloorMod {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      const T r = std::fmod(a, b);
      return r != T{} && (r < T{}) != (b < T{}) ? r + b : r;
    } else if constexpr (std::is_signed_v<T>) {
      if (b == T{-1}) return T{};
      const T r = static_cast<T>(a % b);
      return r != T{} && (r < T{}) != (b < T{}) ? static_cast<T>(r + b) : r;
    } else {
      return static_cast<T>(a % b);
    }
  }
};
/// The remainder with the sign of the dividend, as in C.
struct TruncMod {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>)
      return std::fmod(a, b);
    else if constexpr (std::is_signed_v<T>)
      return b == T{-1} ? T{} : static_cast<T>(a % b);
    else
      return static_cast<T>(a % b);
  }
};

std::vector<Activation> mod(const OpCall& call) {
  const Operands operands = operandsOf(call);
  refuseZeroDivisor(operands.b);
  const bool truncate = call.node.intOr("fmod", 0) != 0;
  return oneOutput(truncate ? arithmetic(operands.a, operands.b, TruncMod{})
                            : arithmetic(operands.a, operands.b, FloorMod{}));
}

/// Whole powers of integers by squaring (wrapping on overflow); a negative exponent gives 0 but for
/// bases 1 and -1.
struct IntegerPower {
  std::int64_t operator()(std::int64_t base, std::int64_t exponent) const {
    if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
    std::uint64_t result = 1;
    for (auto factor = static_cast<std::uint64_t>(base); exponent > 0; exponent >>= 1, factor *= factor)
      if (exponent & 1) result *= factor;
    return static_cast<std::int64_t>(result);
  }
};
struct Power {
  template <class T>
  T operator()(T base, T exponent) const {
    return std::pow(base, exponent);
  }
};

/// A single exponent 2 or 3, which exporters write for squares and for gelu, needs no pow.
template <class T>
Tensor floatPower(const Tensor& base, const Tensor& exponent) {
  const Tensor e = convert(exponent, dtypeOf<T>());
  if (e.size() == 1 && e.template as<T>()[0] == T{2})
    return mapPair<T, T>(base, e, [](T x, T) { return x * x; });
  if (e.size() == 1 && e.template as<T>()[0] == T{3})
    return mapPair<T, T>(base, e, [](T x, T) { return x * x * x; });
  return mapPair<T, T>(base, e, Power{});
}

std::vector<Activation> pow(const OpCall& call) {
  const Tensor base = call.input(0);
  Tensor exponent = call.input(1);
  if (call.opset < 7 && call.node.find<std::int64_t>("axis") != nullptr) exponent = operandsOf(call).b;
  const bool integers = !isFloating(base.dtype()) && !isFloating(exponent.dtype());
  if (integers)
    return oneOutput(
        convert(mapPair<std::int64_t, std::int64_t>(base, exponent, IntegerPower{}), base.dtype()));
  const bool narrow = computeType(base.dtype()) == DType::Float32;
  return oneOutput(
      convert(narrow ? floatPower<float>(base, exponent) : floatPower<double>(base, exponent), base.dtype()));
}

std::vector<Tensor> powBackward(const BackwardCall& call) {
  const Tensor &base = call.inputs[0], &exponent = call.inputs[1];
  return pairGradients(
      call,
      [&](const Tensor& g) {
        const auto derivative = [](float x, float e) { return e == 0 ? 0.0f : e * std::pow(x, e - 1); };
        return broadcastMap(g, broadcastMap(base, exponent, derivative), Mul{});
      },
      [&](const Tensor& g) {
        const auto derivative = [](float y, float x) { return x > 0 ? y * std::log(x) : 0.0f; };
        return broadcastMap(g, broadcastMap(call.outputs[0], base, derivative), Mul{});
      });
}

/// The slope as it broadcasts against x; before opset 7 a vector holds one value per channel.
Tensor preluSlope(const Tensor& slope, const Shape& x, std::int64_t opset) {
  if (opset >= 7 || slope.rank() != 1 || x.size() < 2 || slope.size() == 1) return slope;
  Shape shape(x.size() - 1, 1);
  shape[0] = slope.size();
  return slope.reshaped(std::move(shape));
}

std::vector<Activation> prelu(const OpCall& call) {
  const Tensor x = call.input(0);
  const Tensor slope = preluSlope(call.input(1), x.shape(), call.opset);
  const Tensor y = arithmetic(x, slope, [](auto value, auto s) {
    using T = decltype(value);
    return value < T{} ? wrapping(value, s, std::multiplies<>{}) : value;
  });
  if (y.shape() != x.shape())
    failInput(1, "slope", toText(slope.shape()) + " does not broadcast to " + toText(x.shape()));
  return oneOutput(y);
}

std::vector<Tensor> preluBackward(const BackwardCall& call) {
  const Tensor& x = call.inputs[0];
  const Tensor slope = preluSlope(call.inputs[1], x.shape(), call.opset);
  std::vector<Tensor> gradients = noGradients(call);
  const Tensor& g = call.outputGradients[0];
  if (flowsTo(call, 0)) {
    const auto factor = [](float value, float s) { return value < 0 ? s : 1.0f; };
    gradients[0] = broadcastMap(g, broadcastMap(x, slope, factor), Mul{});
  }
  if (flowsTo(call, 1)) {
    const auto below = [](float flow, float value) { return value < 0 ? flow * value : 0.0f; };
    gradients[1] = sumTo(broadcastMap(g, x, below), slope.shape()).reshaped(call.inputs[1].shape());
  }
  return gradients;
}

constexpr Op binaryArithmeticRows[] = {
    {"", "Add", binaryForward<Add>, addBackward, nullptr, true},
    {"", "Sub", binaryForward<Sub>, subBackward, nullptr, true},
    {"", "Mul", binaryForward<Mul>, mulBackward, nullptr, true},
    {"", "Div", binaryForward<Div>, divBackward, nullptr, true},
    {"", "Mod", mod},
    {"", "Pow", pow, powBackward},
    {"", "PRelu", prelu, preluBackward},
};

}  // namespace

std::span<const Op> arithmeticOps() { return binaryArithmeticRows; }

}  // namespace lapidary::core
