// SPDX-License-Identifier: GPL-3.0-or-later
// Elementwise mathematics: roots, exponentials, trigonometry, rounding, tests for special values.
#include <cmath>
#include <limits>
#include <numbers>

#include "core/ops/arithmetic/elementwise.h"
#include "core/ops/kernels/vector_math.h"

namespace lapidary::core {
namespace {

struct Stateless {
  explicit Stateless(const Node&) {}
};

struct Abs : Stateless {
  using Stateless::Stateless;
  static constexpr bool integers = true;
  template <class T>
  T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>)
      return std::abs(x);
    else if constexpr (std::is_signed_v<T>)
      return x < 0 ? wrapping(T{}, x, std::minus<>{}) : x;
    else
      return x;
  }
  float derivative(float x, float) const { return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f; }
};
struct Neg : Stateless {
  using Stateless::Stateless;
  static constexpr bool integers = true;
  template <class T>
  T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>)
      return -x;
    else
      return wrapping(T{}, x, std::minus<>{});
  }
  float derivative(float, float) const { return -1.0f; }
};
struct Sign : Stateless {
  using Stateless::Stateless;
  static constexpr bool integers = true;
  template <class T>
  T operator()(T x) const {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(x)) return x;
    }
    return static_cast<T>(static_cast<int>(x > T{}) - static_cast<int>(x < T{}));
  }
};
struct Sqrt : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::sqrt(x);
  }
  float derivative(float, float y) const { return 0.5f / y; }
};
struct Exp : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::exp(x);
  }
  void array(const float* from, float* to, std::size_t n) const { expArray(from, to, n); }
  float derivative(float, float y) const { return y; }
};
struct Log : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::log(x);
  }
  float derivative(float x, float) const { return 1.0f / x; }
};
struct Reciprocal : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return T{1} / x;
  }
  float derivative(float, float y) const { return -y * y; }
};
struct Floor : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::floor(x);
  }
};
struct Ceil : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::ceil(x);
  }
};
struct Round : Stateless {  // halves to even
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::nearbyint(x);
  }
};
struct Erf : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::erf(x);
  }
  void array(const float* from, float* to, std::size_t n) const { erfArray(from, to, n); }
  float derivative(float x, float) const { return 2 * std::numbers::inv_sqrtpi_v<float> * std::exp(-x * x); }
};
struct Sin : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::sin(x);
  }
  float derivative(float x, float) const { return std::cos(x); }
};
struct Cos : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::cos(x);
  }
  float derivative(float x, float) const { return -std::sin(x); }
};
struct Tan : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::tan(x);
  }
  float derivative(float, float y) const { return 1 + y * y; }
};
struct Asin : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::asin(x);
  }
  float derivative(float x, float) const { return 1 / std::sqrt(1 - x * x); }
};
struct Acos : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::acos(x);
  }
  float derivative(float x, float) const { return -1 / std::sqrt(1 - x * x); }
};
struct Atan : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::atan(x);
  }
  float derivative(float x, float) const { return 1 / (1 + x * x); }
};
struct Sinh : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::sinh(x);
  }
  float derivative(float x, float) const { return std::cosh(x); }
};
struct Cosh : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::cosh(x);
  }
  float derivative(float x, float) const { return std::sinh(x); }
};
struct Asinh : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::asinh(x);
  }
  float derivative(float x, float) const { return 1 / std::sqrt(x * x + 1); }
};
struct Acosh : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::acosh(x);
  }
  float derivative(float x, float) const { return 1 / std::sqrt(x * x - 1); }
};
struct Atanh : Stateless {
  using Stateless::Stateless;
  template <class T>
  T operator()(T x) const {
    return std::atanh(x);
  }
  float derivative(float x, float) const { return 1 / (1 - x * x); }
};
struct BitwiseNot : Stateless {
  using Stateless::Stateless;
  static constexpr bool integers = true;
  template <class T>
  T operator()(T x) const {
    if constexpr (std::is_integral_v<T>)
      return static_cast<T>(~x);
    else
      throw Error(ErrorKind::InvalidInput, "input 0 (X): bits of a floating tensor cannot be inverted");
  }
};

/// A Bool tensor of `test(x)` for every element of a floating tensor.
template <class Test>
std::vector<Activation> testElements(const OpCall& call, Test test) {
  const Tensor x = call.input(0);
  TensorBuilder out(DType::Bool, x.shape());
  visitFloating(x.dtype(), [&]<class T>(T) {
    const Tensor from = convert(x, dtypeOf<T>());
    std::ranges::transform(from.template as<T>(), out.as<bool>().begin(), test);
  });
  return oneOutput(std::move(out).build());
}

std::vector<Activation> isNaN(const OpCall& call) {
  return testElements(call, [](auto x) { return std::isnan(x); });
}

std::vector<Activation> isInf(const OpCall& call) {
  const bool negative = call.node.intOr("detect_negative", 1) != 0;
  const bool positive = call.node.intOr("detect_positive", 1) != 0;
  return testElements(call, [=](auto x) { return std::isinf(x) && (x < 0 ? negative : positive); });
}

std::vector<Activation> logicalNot(const OpCall& call) {
  const Tensor x = call.input(0);
  TensorBuilder out(DType::Bool, x.shape());
  std::ranges::transform(x.as<bool>(), out.as<bool>().begin(), std::logical_not<>{});
  return oneOutput(std::move(out).build());
}

constexpr Op elementwiseMathRows[] = {
    unaryOp<Abs>("Abs"),
    unaryOp<Neg>("Neg"),
    unaryOp<Sign>("Sign"),
    unaryOp<Sqrt>("Sqrt"),
    unaryOp<Exp>("Exp"),
    unaryOp<Log>("Log"),
    unaryOp<Reciprocal>("Reciprocal"),
    unaryOp<Floor>("Floor"),
    unaryOp<Ceil>("Ceil"),
    unaryOp<Round>("Round"),
    unaryOp<Erf>("Erf"),
    unaryOp<Sin>("Sin"),
    unaryOp<Cos>("Cos"),
    unaryOp<Tan>("Tan"),
    unaryOp<Asin>("Asin"),
    unaryOp<Acos>("Acos"),
    unaryOp<Atan>("Atan"),
    unaryOp<Sinh>("Sinh"),
    unaryOp<Cosh>("Cosh"),
    unaryOp<Asinh>("Asinh"),
    unaryOp<Acosh>("Acosh"),
    unaryOp<Atanh>("Atanh"),
    unaryOp<BitwiseNot>("BitwiseNot"),
    {"", "IsNaN", isNaN},
    {"", "IsInf", isInf},
    {"", "Not", logicalNot},
};

}  // namespace

std::span<const Op> mathOps() { return elementwiseMathRows; }

}  // namespace lapidary::core
