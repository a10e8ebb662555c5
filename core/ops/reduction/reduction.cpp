// SPDX-License-Identifier: GPL-3.0-or-later
// The Reduce family: the reduced axes are brought to the back, then every row gives one value.
#include "core/ops/reduction/reduction.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/ops/families.h"
#include "core/ops/indexing/transpose.h"

namespace lapidary::core {
namespace {

/// Floating sums are kept in double, integer ones wrap in their own type.
template <class T>
using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, T>;

/// Sum of f(x) over a row; four partial sums, always in the same order.
template <class T, class F>
Accumulator<T> accumulated(std::span<const T> row, F f) {
  using A = Accumulator<T>;
  A sums[4] = {};
  const std::size_t whole = row.size() / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4)
    for (std::size_t k = 0; k < 4; ++k)
      sums[k] = wrapping(sums[k], f(static_cast<A>(row[i + k])), std::plus<>{});
  for (std::size_t i = whole; i < row.size(); ++i)
    sums[0] = wrapping(sums[0], f(static_cast<A>(row[i])), std::plus<>{});
  return wrapping(wrapping(sums[0], sums[1], std::plus<>{}), wrapping(sums[2], sums[3], std::plus<>{}),
                  std::plus<>{});
}

template <class T>
constexpr T lowest() {
  return std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                              : std::numeric_limits<T>::lowest();
}
template <class T>
constexpr T highest() {
  return std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity()
                                              : std::numeric_limits<T>::max();
}

// A reduction R has `reduce(row)` and, where a gradient flows, `gradient(row, y, to)`: d y / d row[i].

struct Sum {
  template <class T>
  static T reduce(std::span<const T> row) {
    return static_cast<T>(accumulated(row, [](auto x) { return x; }));
  }
  static void gradient(std::span<const float>, float, std::span<float> to) { std::ranges::fill(to, 1.0f); }
};
struct Mean {
  template <class T>
  static T reduce(std::span<const T> row) {
    if (row.empty()) return T{};  // which the standard leaves open; ONNX Runtime gives 0
    const auto sum = accumulated(row, [](auto x) { return x; });
    if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(sum / static_cast<T>(row.size()));
    } else {
      return static_cast<T>(sum / static_cast<double>(row.size()));
    }
  }
  static void gradient(std::span<const float> row, float, std::span<float> to) {
    std::ranges::fill(to, 1.0f / static_cast<float>(row.size()));
  }
};
struct L1 {
  template <class T>
  static T reduce(std::span<const T> row) {
    return static_cast<T>(accumulated(
        row, [](auto x) { return x < decltype(x){} ? wrapping(decltype(x){}, x, std::minus<>{}) : x; }));
  }
  static void gradient(std::span<const float> row, float, std::span<float> to) {
    std::ranges::transform(row, to.begin(), [](float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f; });
  }
};
struct SumSquare {
  template <class T>
  static T reduce(std::span<const T> row) {
    return static_cast<T>(accumulated(row, [](auto x) { return wrapping(x, x, std::multiplies<>{}); }));
  }
  static void gradient(std::span<const float> row, float, std::span<float> to) {
    std::ranges::transform(row, to.begin(), [](float x) { return 2 * x; });
  }
};
struct L2 {
  template <class T>
  static T reduce(std::span<const T> row) {
    return static_cast<T>(std::sqrt(
        static_cast<double>(accumulated(row, [](auto x) { return wrapping(x, x, std::multiplies<>{}); }))));
  }
  static void gradient(std::span<const float> row, float y, std::span<float> to) {
    std::ranges::transform(row, to.begin(), [y](float x) { return y == 0 ? 0.0f : x / y; });
  }
};
struct LogSum {
  template <class T>
  static T reduce(std::span<const T> row) {
    return static_cast<T>(std::log(static_cast<double>(accumulated(row, [](auto x) { return x; }))));
  }
  static void gradient(std::span<const float>, float y, std::span<float> to) {
    std::ranges::fill(to, std::exp(-y));
  }
};
struct LogSumExp {
  template <class T>
  static T reduce(std::span<const T> row) {
    if (row.empty()) return lowest<T>();
    const auto top = static_cast<double>(*std::ranges::max_element(row));
    const double shift = std::isfinite(top) ? top : 0;
    double sum = 0;
    for (const T x : row) sum += std::exp(static_cast<double>(x) - shift);
    return static_cast<T>(shift + std::log(sum));
  }
  static void gradient(std::span<const float> row, float y, std::span<float> to) {
    std::ranges::transform(row, to.begin(), [y](float x) { return std::exp(x - y); });
  }
};
struct Prod {
  template <class T>
  static T reduce(std::span<const T> row) {
    T product{1};
    for (const T x : row) product = wrapping(product, x, std::multiplies<>{});
    return product;
  }
  /// The product of all others: of those before, times those behind.
  static void gradient(std::span<const float> row, float, std::span<float> to) {
    float before = 1;
    for (std::size_t i = 0; i < row.size(); before *= row[i++]) to[i] = before;
    float behind = 1;
    for (std::size_t i = row.size(); i-- > 0; behind *= row[i]) to[i] *= behind;
  }
};

/// Those that equal the extreme share its gradient.
void shareAmongEqual(std::span<const float> row, float y, std::span<float> to) {
  const auto count = static_cast<float>(std::ranges::count(row, y));
  std::ranges::transform(row, to.begin(), [=](float x) { return x == y ? 1 / count : 0.0f; });
}
struct Max {  // not-a-number wins
  template <class T>
  static T reduce(std::span<const T> row) {
    T best = lowest<T>();
    for (const T x : row) best = best > x || best != best ? best : x;
    return best;
  }
  static constexpr auto gradient = shareAmongEqual;
};
struct Min {
  template <class T>
  static T reduce(std::span<const T> row) {
    T best = highest<T>();
    for (const T x : row) best = best < x || best != best ? best : x;
    return best;
  }
  static constexpr auto gradient = shareAmongEqual;
};

/// The arrangement of what is reduced: kept axes first, then reduced ones.
struct Arrangement {
  std::vector<std::size_t> permutation;
  Shape kept;     ///< the result with reduced axes left out
  Shape keptAs1;  ///< the result with reduced axes of size 1
  std::int64_t rows = 1, length = 1;
};

Arrangement arrange(const Shape& shape, const std::vector<std::size_t>& axes) {
  Arrangement a;
  a.keptAs1 = shape;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (std::ranges::find(axes, d) != axes.end()) continue;
    a.permutation.push_back(d);
    a.kept.push_back(shape[d]);
    a.rows *= shape[d];
  }
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (std::ranges::find(axes, d) == axes.end()) continue;
    a.permutation.push_back(d);
    a.keptAs1[d] = 1;
    a.length *= shape[d];
  }
  return a;
}

/// Since when the axes are an input: 13 for ReduceSum, 18 for the others.
bool axesAreInput(const Node& node, std::int64_t opset) {
  return opset >= (node.opType == "ReduceSum" ? 13 : 18);
}

/// The reduced axes. There may be none: then every element is reduced by itself, which makes a square of it,
/// or a logarithm, as in ONNX Runtime.
template <class Call>
std::vector<std::size_t> reducedAxes(const Call& call, std::size_t rank, bool given) {
  std::vector<std::int64_t> axes;
  if (!axesAreInput(call.node, call.opset))
    axes = call.node.intsOr("axes", {});
  else if (given)
    axes = integersOf(call, 1, "axes");
  if (!axes.empty()) return axesOf(axes, rank);
  if (call.node.intOr("noop_with_empty_axes", 0) != 0) return {};
  std::vector<std::size_t> all(rank);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

template <class R>
Tensor reduceRows(const Tensor& data, const Arrangement& arrangement) {
  return visitCompute(data.dtype(), [&]<class T>(T) {
    const Tensor rows = transposed(convert(data, dtypeOf<T>()), arrangement.permutation);
    const auto length = static_cast<std::size_t>(arrangement.length);
    TensorBuilder out(dtypeOf<T>(), checkedShape(arrangement.kept));
    const auto from = rows.template as<T>();
    for (std::size_t r = 0; r < static_cast<std::size_t>(arrangement.rows); ++r)
      out.as<T>()[r] = R::template reduce<T>(from.subspan(r * length, length));
    return convert(std::move(out).build(), data.dtype());
  });
}

template <class R>
std::vector<Activation> reduce(const OpCall& call) {
  const Tensor data = call.input(0);
  const auto axes = reducedAxes(call, data.rank(), call.has(1));
  const Arrangement arrangement = arrange(data.shape(), axes);
  const Tensor result = reduceRows<R>(data, arrangement);
  const bool keep = call.node.intOr("keepdims", 1) != 0;
  return oneOutput(keep ? result.reshaped(arrangement.keptAs1) : result);
}

template <class R>
std::vector<Tensor> reduceBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Tensor data = toFloat32(call.inputs[0]);
  const auto axes = reducedAxes(call, data.rank(), call.inputs.size() > 1 && call.inputs[1].defined());
  const Arrangement arrangement = arrange(data.shape(), axes);
  const Tensor rows = transposed(data, arrangement.permutation);
  const Tensor output = toFloat32(call.outputs[0]);
  const auto flow = call.outputGradients[0].as<float>();
  const auto length = static_cast<std::size_t>(arrangement.length);
  TensorBuilder out(DType::Float32, rows.shape());
  for (std::size_t r = 0; r < flow.size(); ++r) {
    const auto to = out.as<float>().subspan(r * length, length);
    R::gradient(rows.as<float>().subspan(r * length, length), output.as<float>()[r], to);
    for (float& value : to) value *= flow[r];
  }
  return gradientOf(call, 0, transposed(std::move(out).build(), inversePermutation(arrangement.permutation)));
}

/// Every input element is read once.
Cost reduceCost(const Node&, std::span<const Shape> inputs, std::span<const Shape> outputs) {
  const double read = inputs.empty() ? 0 : static_cast<double>(elementCount(inputs[0]));
  const double written = outputs.empty() ? 0 : static_cast<double>(elementCount(outputs[0]));
  return {read, 4 * (read + written)};
}

constexpr Op reductionRows[] = {
    {"", "ReduceSum", reduce<Sum>, reduceBackward<Sum>, reduceCost},
    {"", "ReduceMean", reduce<Mean>, reduceBackward<Mean>, reduceCost},
    {"", "ReduceL1", reduce<L1>, reduceBackward<L1>, reduceCost},
    {"", "ReduceL2", reduce<L2>, reduceBackward<L2>, reduceCost},
    {"", "ReduceSumSquare", reduce<SumSquare>, reduceBackward<SumSquare>, reduceCost},
    {"", "ReduceLogSum", reduce<LogSum>, reduceBackward<LogSum>, reduceCost},
    {"", "ReduceLogSumExp", reduce<LogSumExp>, reduceBackward<LogSumExp>, reduceCost},
    {"", "ReduceProd", reduce<Prod>, reduceBackward<Prod>, reduceCost},
    {"", "ReduceMax", reduce<Max>, reduceBackward<Max>, reduceCost},
    {"", "ReduceMin", reduce<Min>, reduceBackward<Min>, reduceCost},
};

}  // namespace

std::span<const Op> reduceOps() { return reductionRows; }

std::span<const Op> reductionOps() {
  static const std::vector<Op> all = joinOps({reduceOps(), lineOps()});
  return all;
}

}  // namespace lapidary::core
