// SPDX-License-Identifier: GPL-3.0-or-later
// Reductions along any axes: against a naiveReduction loop, by finite differences, at the edges.
#include <functional>
#include <limits>

#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

struct ReduceCase {
  std::string type;
  std::function<double(const std::vector<double>&)> exact;
};

double sumWith(const std::vector<double>& values, const std::function<double(double)>& f) {
  double sum = 0;
  for (const double value : values) sum += f(value);
  return sum;
}

const ReduceCase reduceCases[] = {
    {"ReduceSum", [](const auto& v) { return sumWith(v, [](double x) { return x; }); }},
    {"ReduceMean",
     [](const auto& v) { return sumWith(v, [](double x) { return x; }) / static_cast<double>(v.size()); }},
    {"ReduceL1", [](const auto& v) { return sumWith(v, [](double x) { return std::abs(x); }); }},
    {"ReduceL2", [](const auto& v) { return std::sqrt(sumWith(v, [](double x) { return x * x; })); }},
    {"ReduceSumSquare", [](const auto& v) { return sumWith(v, [](double x) { return x * x; }); }},
    {"ReduceLogSum", [](const auto& v) { return std::log(sumWith(v, [](double x) { return x; })); }},
    {"ReduceLogSumExp",
     [](const auto& v) { return std::log(sumWith(v, [](double x) { return std::exp(x); })); }},
    {"ReduceMax", [](const auto& v) { return *std::ranges::max_element(v); }},
    {"ReduceMin", [](const auto& v) { return *std::ranges::min_element(v); }},
    {"ReduceProd",
     [](const auto& v) { return std::accumulate(v.begin(), v.end(), 1.0, std::multiplies<>{}); }},
};
const std::vector<std::int64_t> axisSets[] = {{0}, {1}, {-1}, {0, 2}, {1, 2}, {2, 0, 1}, {3, 1}};
const Shape shape{2, 3, 4, 2};

/// Collects the values of every result element by walking the data once.
Tensor naiveReduction(const Tensor& data, const std::vector<std::int64_t>& axes, const ReduceCase& row) {
  Shape kept = data.shape();
  for (const std::int64_t axis : axes) kept[static_cast<std::size_t>(axis < 0 ? axis + 4 : axis)] = 1;
  std::vector<std::vector<double>> groups(static_cast<std::size_t>(elementCount(kept)));
  for (std::int64_t i = 0; i < data.size(); ++i) {
    std::int64_t rest = i, index = 0, step = 1;
    for (std::size_t d = 4; d-- > 0;) {
      index += (kept[d] == 1 ? 0 : rest % data.shape()[d]) * step;
      rest /= data.shape()[d];
      step *= kept[d];
    }
    groups[static_cast<std::size_t>(index)].push_back(
        static_cast<double>(data.as<float>()[static_cast<std::size_t>(i)]));
  }
  TensorBuilder out(DType::Float32, kept);
  std::ranges::transform(groups, out.as<float>().begin(),
                         [&](const auto& group) { return static_cast<float>(row.exact(group)); });
  return std::move(out).build();
}

TEST(Reduction, MatchesANaiveLoopInBothForms) {
  const Tensor data = randomTensor(shape, 7, 0.5f, 1.5f);
  for (const ReduceCase& row : reduceCases)
    for (const auto& axes : axisSets) {
      const Tensor expected = naiveReduction(data, axes, row);
      EXPECT_TRUE(isClose(runOp(row.type, {data}, {{"axes", ints(axes)}}, 11)[0], expected)) << row.type;
      const Tensor given = Tensor::from<std::int64_t>({static_cast<std::int64_t>(axes.size())}, axes);
      EXPECT_TRUE(isClose(runOp(row.type, {data, given}, {}, 18)[0], expected)) << row.type;
      const Tensor flat = runOp(row.type, {data, given}, {{"keepdims", number(0)}}, 18)[0];
      EXPECT_EQ(flat.rank(), 4 - axes.size());
      EXPECT_TRUE(isClose(flat.reshaped(expected.shape()), expected)) << row.type;
    }
}

TEST(Reduction, OtherTypesAndEmptyAxes) {
  const Tensor bytes = Tensor::from<std::uint8_t>({3}, {200, 100, 50});
  EXPECT_TRUE(isClose(runOne("ReduceMax", {bytes}), Tensor::from<std::uint8_t>({1}, {200})));
  EXPECT_TRUE(isClose(runOne("ReduceSum", {Tensor::from<std::int32_t>({2}, {5, -9})}),
                      Tensor::from<std::int32_t>({1}, {-4})));
  const Tensor half = convert(floats({3}, {1, 2, 4}), DType::Float16);
  EXPECT_TRUE(isClose(runOne("ReduceMean", {half}), convert(floats({1}, {7.0f / 3}), DType::Float16), 1e-3));
  const Tensor x = randomTensor({2, 3}, 1);
  EXPECT_TRUE(
      isClose(runOp("ReduceSum", {x, int64s({})}, {{"noop_with_empty_axes", number(1)}}, 13)[0], x, 0, 0));
  EXPECT_EQ(runOp("ReduceSum", {x, int64s({})}, {{"keepdims", number(0)}}, 13)[0].shape(), Shape{});
  const Tensor nothing = randomTensor({2, 0}, 1);
  EXPECT_TRUE(isClose(runOp("ReduceSum", {nothing, int64s({1})}, {}, 20)[0], floats({2, 1}, {0, 0})));
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(
      isClose(runOp("ReduceMax", {nothing, int64s({1})}, {}, 20)[0], floats({2, 1}, {-infinity, -infinity})));
}

TEST(Reduction, AxesAreChecked) {
  const Tensor x = randomTensor({2, 3}, 1);
  expectError([&] { runOp("ReduceSum", {x, int64s({2})}, {}, 13); }, "axis 2 is outside a tensor of rank 2");
  expectError([&] { runOp("ReduceSum", {x, int64s({1, -1})}, {}, 13); }, "given twice");
  expectError([&] { runOp("ReduceSum", {x, floats({1}, {0})}, {}, 13); }, "input 1 (axes)");
  expectError([&] { runOne("ArgMax", {x}, {{"axis", number(5)}}); }, "axis 5");
  expectError([&] { runOne("ArgMax", {randomTensor({0, 3}, 1)}); }, "no elements");
  expectError([&] { runOp("TopK", {x, int64s({4})}, {}, 11, 2); }, "input 1 (K): is 4");
  expectError([&] { runOne("CumSum", {x, int64s({0, 1})}); }, "holds 2 values");
}

TEST(Reduction, TopKKeepsTheOrderOfEquals) {
  const Tensor x = floats({2, 4}, {3, 1, 3, 2, 5, 5, 5, 6});
  const auto best = runOp("TopK", {x, int64s({3})}, {}, 11, 2);
  EXPECT_TRUE(isClose(best[0], floats({2, 3}, {3, 3, 2, 6, 5, 5})));
  EXPECT_TRUE(isClose(best[1], Tensor::from<std::int64_t>({2, 3}, {0, 2, 3, 3, 0, 1})));
  const auto old = runOp("TopK", {x}, {{"k", number(1)}, {"axis", number(0)}}, 9, 2);
  EXPECT_TRUE(isClose(old[0], floats({1, 4}, {5, 5, 5, 6})));
  const auto least = runOp("TopK", {x, int64s({1})}, {{"largest", number(0)}}, 11, 2);
  EXPECT_TRUE(isClose(least[0], floats({2, 1}, {1, 5})));
}

TEST(Reduction, GradientsAgreeWithDifferences) {
  const Tensor positive = randomTensor(shape, 11, 0.5f, 1.5f);
  for (const ReduceCase& row : reduceCases) {
    const bool extreme = row.type == "ReduceMax" || row.type == "ReduceMin";
    const Tensor data = extreme ? separatedTensor(shape, 3) : positive;
    for (const auto& axes : axisSets) {
      GradientCase check{row.type, row.type, {data}, {{"axes", ints(axes)}}, 11};
      check.step = 3e-3f;
      checkGradients(check);
    }
    checkGradients(
        {row.type + "All", row.type, {data.reshaped({6, 8}), int64s({1})}, {{"keepdims", number(0)}}, 18});
  }
  checkGradients(
      {"CumSum", "CumSum", {positive, Tensor::scalar<std::int64_t>(2)}, {{"exclusive", number(1)}}});
  checkGradients(
      {"CumSumBack", "CumSum", {positive, Tensor::scalar<std::int64_t>(1)}, {{"reverse", number(1)}}});
  checkGradients(
      {"TopK", "TopK", {separatedTensor({3, 5, 2}, 2), int64s({2})}, {{"axis", number(1)}}, 11, 2});
}

TEST(Reduction, ProductOfRowsWithZerosHasAGradient) {
  const Tensor x = floats({2, 3}, {0, 2, 3, 0, 0, 4});
  checkGradients({"ReduceProd", "ReduceProd", {x, int64s({1})}, {}, 18});
}

TEST(Reduction, MeanOfNothingIsZero) {
  const Tensor nothing = Tensor::from<float>({2, 0, 1}, {});
  EXPECT_TRUE(isClose(runOne("ReduceMean", {nothing, int64s({1})}, {}, 18), floats({2, 1, 1}, {0, 0})));
  const auto of = [&](DType type) {
    return runOne("ReduceMean", {convert(nothing, type), int64s({0, 1})}, {}, 18);
  };
  EXPECT_TRUE(isClose(of(DType::Int32), Tensor::from<std::int32_t>({1, 1, 1}, {0})));
}

TEST(Reduction, WithoutAxesEveryElementIsReducedByItself) {
  const Tensor x = floats({2, 2}, {1, -2, 3, 4});
  const Tensor none = Tensor::from<std::int64_t>({0}, {});
  const Attributes noop{{"noop_with_empty_axes", number(1)}};
  EXPECT_TRUE(isClose(runOne("ReduceSum", {x, none}, noop, 18), x));
  EXPECT_TRUE(isClose(runOne("ReduceSumSquare", {x, none}, noop, 18), floats({2, 2}, {1, 4, 9, 16})));
  EXPECT_TRUE(isClose(runOne("ReduceL2", {x}, noop, 18), floats({2, 2}, {1, 2, 3, 4})));
  EXPECT_TRUE(isClose(runOne("ReduceSum", {x, none}, {}, 18), floats({1, 1}, {6})));
}

TEST(Reduction, ExtremesOfTruthValues) {
  const Tensor x = convert(floats({2, 3}, {0, 1, 0, 1, 1, 1}), DType::Bool);
  const Attributes flat{{"keepdims", number(0)}};
  EXPECT_TRUE(
      isClose(runOne("ReduceMax", {x, int64s({0})}, flat, 20), convert(floats({3}, {1, 1, 1}), DType::Bool)));
  EXPECT_TRUE(
      isClose(runOne("ReduceMin", {x, int64s({1})}, flat, 20), convert(floats({2}, {0, 1}), DType::Bool)));
}

}  // namespace
}  // namespace lapidary::core::testing
