// SPDX-License-Identifier: GPL-3.0-or-later
// Gemm, MatMul and Einsum against naive loops, with every broadcast, fused tails, and gradients.
#include <gtest/gtest.h>

#include "core/ops/kernels/epilogue.h"
#include "core/ops/kernels/vector_sums.h"
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core {
namespace {

using testing::Attributes;
using testing::expectError;
using testing::floats;
using testing::GradientCase;
using testing::isClose;
using testing::makeNode;
using testing::number;
using testing::randomTensor;
using testing::runOne;
using testing::runOp;
using testing::text;
using testing::valueAt;

struct GemmCase {
  bool transA, transB;
  float alpha, beta;
  std::int64_t m, n, k;
  Shape bias;
  bool biased = true;
};

Tensor naiveGemm(const GemmCase& row, const Tensor& a, const Tensor& b, const Tensor& c) {
  TensorBuilder y(DType::Float32, {row.m, row.n});
  const std::int64_t rows = row.bias.size() < 2 ? 1 : row.bias[row.bias.size() - 2];
  const std::int64_t columns = row.bias.empty() ? 1 : row.bias.back();
  for (std::int64_t i = 0; i < row.m; ++i)
    for (std::int64_t j = 0; j < row.n; ++j) {
      double sum = 0;
      for (std::int64_t l = 0; l < row.k; ++l)
        sum += valueAt(a, row.transA ? l * row.m + i : i * row.k + l) *
               valueAt(b, row.transB ? j * row.k + l : l * row.n + j);
      sum *= static_cast<double>(row.alpha);
      if (row.biased)
        sum += static_cast<double>(row.beta) *
               valueAt(c, (rows == 1 ? 0 : i * columns) + (columns == 1 ? 0 : j));
      y.as<float>()[static_cast<std::size_t>(i * row.n + j)] = static_cast<float>(sum);
    }
  return std::move(y).build();
}

TEST(Gemm, MatchesNaiveLoops) {
  const GemmCase table[] = {
      {false, false, 1, 1, 3, 5, 4, {5}},         {true, false, 1, 1, 3, 5, 4, {1, 5}},
      {false, true, 0.5f, 2, 7, 9, 31, {7, 9}},   {true, true, -1.5f, 0.25f, 13, 6, 17, {13, 1}},
      {false, false, 1, 1, 1, 1, 1, {}},          {false, true, 1, 1, 1, 500, 80, {500}},
      {false, true, 1, 1, 50, 500, 800, {500}},   {false, false, 2, 1, 4, 4, 300, {1}},
      {false, false, 1, 1, 33, 17, 5, {1, 1}},    {false, false, 1, 0, 8, 8, 8, {8}},
      {true, false, 1, 1, 64, 10, 65, {}, false}, {false, true, 3, 1, 5, 3, 0, {3}},
  };
  unsigned seed = 1;
  for (const GemmCase& row : table) {
    const Tensor a = randomTensor(row.transA ? Shape{row.k, row.m} : Shape{row.m, row.k}, seed++);
    const Tensor b = randomTensor(row.transB ? Shape{row.n, row.k} : Shape{row.k, row.n}, seed++);
    const Tensor c = row.biased ? randomTensor(row.bias, seed++) : Tensor();
    std::vector<Tensor> inputs{a, b};
    if (row.biased) inputs.push_back(c);
    const Attributes attributes{{"alpha", row.alpha},
                                {"beta", row.beta},
                                {"transA", number(row.transA)},
                                {"transB", number(row.transB)}};
    EXPECT_TRUE(isClose(runOne("Gemm", inputs, attributes), naiveGemm(row, a, b, c), 1e-4, 1e-4))
        << row.m << "x" << row.k << "x" << row.n;
  }
}

TEST(Gemm, ComputesOtherTypes) {
  const Tensor a = randomTensor({3, 4}, 1), b = randomTensor({5, 4}, 2), c = randomTensor({5}, 3);
  const Attributes attributes{{"transB", number(1)}, {"alpha", 0.5f}};
  const Tensor expected = runOne("Gemm", {a, b, c}, attributes);
  for (const DType type : {DType::Float64, DType::Float16}) {
    const Tensor y = runOne("Gemm", {convert(a, type), convert(b, type), convert(c, type)}, attributes);
    ASSERT_EQ(y.dtype(), type);
    EXPECT_TRUE(isClose(toFloat32(y), expected, 1e-2, type == DType::Float16 ? 3e-3 : 1e-6));
  }
  const Tensor m = Tensor::from<std::int64_t>({2, 2}, {1, 2, 3, std::int64_t{1} << 53});
  const Tensor one = Tensor::from<std::int64_t>({2, 2}, {1, 0, 0, 1});
  EXPECT_TRUE(isClose(runOne("Gemm", {m, one}), m));
}

TEST(Gemm, NamesWhatDoesNotFit) {
  const Tensor a = randomTensor({3, 4}, 1), b = randomTensor({5, 6}, 2);
  expectError([&] { runOne("Gemm", {a, b}); }, "3x4 and 5x6 do not multiply");
  expectError([&] { runOne("Gemm", {a, randomTensor({4}, 1)}); }, "Gemm multiplies matrices");
  expectError(
      [&] {
        runOne("Gemm", {a, randomTensor({4, 2}, 1), randomTensor({3}, 1)});
      },
      "does not broadcast");
  expectError([&] { runOne("Gemm", {a}); }, "input 1");
  expectError(
      [&] {
        runOne("Gemm", {a, convert(randomTensor({4, 2}, 1), DType::Float64)});
      },
      "different types");
}

struct MatMulCase {
  Shape a, b, y;
};

const MatMulCase matMulTable[] = {
    {{3, 4}, {4, 5}, {3, 5}},
    {{4}, {4, 5}, {5}},
    {{3, 4}, {4}, {3}},
    {{7}, {7}, {}},
    {{2, 3, 4}, {4, 5}, {2, 3, 5}},
    {{2, 3, 4}, {2, 4, 5}, {2, 3, 5}},
    {{4, 5}, {6, 5, 2}, {6, 4, 2}},
    {{2, 1, 3, 4}, {1, 3, 4, 2}, {2, 3, 3, 2}},
    {{2, 1, 3, 4}, {5, 4, 2}, {2, 5, 3, 2}},
    {{3, 2, 4}, {4}, {3, 2}},
    {{4}, {3, 4, 2}, {3, 2}},
    {{1, 3, 4}, {1, 1, 4, 2}, {1, 1, 3, 2}},
    {{2, 3, 1, 1}, {2, 3, 1, 4}, {2, 3, 1, 4}},
    {{12, 64, 64}, {12, 64, 64}, {12, 64, 64}},
    {{50, 800}, {800, 500}, {50, 500}},
    {{0, 4}, {4, 3}, {0, 3}},
    {{2, 0}, {0, 3}, {2, 3}},
};

/// Element by element: positions of the output give the batch, row and column, aligned from the right.
Tensor naiveMatMul(const MatMulCase& row, const Tensor& a, const Tensor& b) {
  Shape sa = row.a.size() == 1 ? Shape{1, row.a[0]} : row.a;
  Shape sb = row.b.size() == 1 ? Shape{row.b[0], 1} : row.b;
  Shape full = row.y;
  if (row.b.size() == 1) full.push_back(1);
  if (row.a.size() == 1) full.insert(full.end() - 1, 1);
  while (sa.size() < full.size()) sa.insert(sa.begin(), 1);
  while (sb.size() < full.size()) sb.insert(sb.begin(), 1);
  const std::size_t r = full.size();
  TensorBuilder y(DType::Float32, row.y);
  for (std::int64_t flat = 0; flat < y.size(); ++flat) {
    std::vector<std::int64_t> p(r);
    std::int64_t rest = flat;
    for (std::size_t d = r; d-- > 0; rest /= full[d]) p[d] = rest % full[d];
    double sum = 0;
    for (std::int64_t l = 0; l < sa[r - 1]; ++l) {
      std::int64_t ia = 0, ib = 0;
      for (std::size_t d = 0; d < r; ++d) {
        ia = ia * sa[d] + (d == r - 1 ? l : (sa[d] == 1 ? 0 : p[d]));
        ib = ib * sb[d] + (d == r - 2 ? l : (sb[d] == 1 ? 0 : p[d]));
      }
      sum += valueAt(a, ia) * valueAt(b, ib);
    }
    y.as<float>()[static_cast<std::size_t>(flat)] = static_cast<float>(sum);
  }
  return std::move(y).build();
}

TEST(MatMul, MatchesNaiveLoops) {
  unsigned seed = 10;
  for (const MatMulCase& row : matMulTable) {
    const Tensor a = randomTensor(row.a, seed++), b = randomTensor(row.b, seed++);
    const Tensor expected = naiveMatMul(row, a, b);
    EXPECT_TRUE(isClose(runOne("MatMul", {a, b}), expected, 1e-4, 1e-4))
        << toText(row.a) << " " << toText(row.b);
    const Tensor wide = runOne("MatMul", {convert(a, DType::Float64), convert(b, DType::Float64)});
    EXPECT_TRUE(isClose(toFloat32(wide), expected, 1e-5, 1e-5));
  }
}

TEST(MatMul, WrapsIntegersAround) {
  const Tensor a = Tensor::from<std::int32_t>({1, 2}, {2147483647, 1});
  const Tensor b = Tensor::from<std::int32_t>({2, 1}, {2, 3});
  EXPECT_EQ(runOne("MatMul", {a, b}).as<std::int32_t>()[0], 1);  // 2 (2^31 - 1) + 3 - 2^32
  const Tensor c = Tensor::from<std::uint64_t>({1, 1}, {std::uint64_t{1} << 60});
  EXPECT_EQ(runOne("MatMul", {c, c}).as<std::uint64_t>()[0], 0u);
}

TEST(MatMul, NamesWhatDoesNotFit) {
  const Tensor a = randomTensor({2, 3, 4}, 1);
  expectError([&] { runOne("MatMul", {a, randomTensor({5, 4}, 2)}); }, "do not multiply");
  expectError([&] { runOne("MatMul", {a, randomTensor({3, 4, 4}, 2)}); }, "do not broadcast");
  expectError([&] { runOne("MatMul", {a, randomTensor({}, 2)}); }, "scalar");
  expectError(
      [&] {
        runOne("MatMul", {a, convert(randomTensor({4, 4}, 2), DType::Int32)});
      },
      "float32 times one of int32");
  expectError(
      [&] {
        runOne("MatMul", {convert(a, DType::Int8), convert(randomTensor({4, 4}, 2), DType::Int8)});
      },
      "int8");
  const Tensor tall(DType::Float32, {std::int64_t{1} << 40, 0}, {}),
      wide(DType::Float32, {0, std::int64_t{1} << 20}, {});
  expectError([&] { runOne("MatMul", {tall, wide}); }, "larger than");
}

double activated(double x, const Fusion& fusion) {
  switch (fusion.activation) {
    case FusedActivation::None:
      return x;
    case FusedActivation::Relu:
      return std::max(x, 0.0);
    case FusedActivation::LeakyRelu:
      return x < 0 ? x * static_cast<double>(fusion.alpha) : x;
    case FusedActivation::Clip:
      return std::clamp(x, static_cast<double>(fusion.alpha), static_cast<double>(fusion.beta));
    case FusedActivation::Sigmoid:
      return 1 / (1 + std::exp(-x));
    case FusedActivation::Tanh:
      return std::tanh(x);
    case FusedActivation::HardSwish:
      return x * std::clamp(x / 6 + 0.5, 0.0, 1.0);
    case FusedActivation::Gelu:
      return x * 0.5 * (1 + std::erf(x / std::sqrt(2.0)));
  }
  return x;
}

/// Runs the operator with the fusion and checks it against the plain result and a scalar tail.
void checkFused(const std::string& type, const std::vector<Tensor>& inputs, const Attributes& attributes,
                Fusion fusion) {
  const Node node = makeNode(type, inputs, attributes);
  const Tensor plain = toFloat32(runOne(type, inputs, attributes));
  const std::size_t channels = static_cast<std::size_t>(plain.shape().empty() ? 1 : plain.shape().back());
  const std::vector<Activation> given = testing::activations(inputs);
  const OpCall call{.node = node, .opset = 17, .inputs = given, .fusion = &fusion};
  const Tensor y = findOp("", type)->forward(call).at(0).tensor;
  ASSERT_EQ(y.dtype(), inputs[0].dtype());
  const Tensor residual = fusion.residual.defined() ? toFloat32(toPlain(fusion.residual)) : Tensor();
  TensorBuilder expected(DType::Float32, plain.shape());
  for (std::int64_t i = 0; i < plain.size(); ++i) {
    double x = valueAt(plain, i);
    const auto channel = static_cast<std::int64_t>(static_cast<std::size_t>(i) % channels);
    if (fusion.channelScale.defined()) x *= valueAt(fusion.channelScale, channel);
    if (fusion.channelShift.defined()) x += valueAt(fusion.channelShift, channel);
    if (residual.defined()) x += valueAt(residual, i);
    expected.as<float>()[static_cast<std::size_t>(i)] = static_cast<float>(activated(x, fusion));
  }
  EXPECT_TRUE(isClose(toFloat32(y), std::move(expected).build(), 1e-4,
                      inputs[0].dtype() == DType::Float16 ? 2e-2 : 1e-5))
      << type << " activation " << static_cast<int>(fusion.activation);
}

TEST(Fusion, IsHonouredByMatrixProducts) {
  for (int i = 0; i <= static_cast<int>(FusedActivation::Gelu); ++i) {
    Fusion fusion;
    fusion.activation = static_cast<FusedActivation>(i);
    fusion.alpha = fusion.activation == FusedActivation::Clip ? -0.3f : 0.1f;
    fusion.beta = 0.8f;
    checkFused("MatMul", {randomTensor({250, 6}, 1), randomTensor({6, 700}, 2)}, {}, fusion);
    fusion.channelScale = randomTensor({9}, 3);
    fusion.channelShift = randomTensor({9}, 4);
    checkFused("Gemm", {randomTensor({5, 6}, 1), randomTensor({9, 6}, 2), randomTensor({9}, 5)},
               {{"transB", number(1)}}, fusion);
    fusion.residual = randomTensor({2, 3, 9}, 6);
    checkFused("MatMul", {randomTensor({2, 3, 6}, 1), randomTensor({6, 9}, 2)}, {}, fusion);
    checkFused("MatMul", {randomTensor({2, 3, 6}, 1), randomTensor({2, 6, 9}, 2)}, {}, fusion);
    checkFused("MatMul",
               {convert(randomTensor({2, 3, 6}, 1), DType::Float64),
                convert(randomTensor({6, 9}, 2), DType::Float64)},
               {}, fusion);
    fusion.channelShift = {};
    checkFused("MatMul",
               {convert(randomTensor({2, 3, 6}, 1), DType::Float16),
                convert(randomTensor({6, 9}, 2), DType::Float16)},
               {}, fusion);
  }
  Fusion relu;
  relu.activation = FusedActivation::Relu;
  checkFused("MatMul", {randomTensor({4, 6}, 1), randomTensor({6}, 2)}, {}, relu);
  checkFused("MatMul", {randomTensor({6}, 1), randomTensor({6}, 2)}, {}, relu);
}

TEST(Fusion, RefusesWhatDoesNotFit) {
  const std::vector<Tensor> inputs{randomTensor({2, 3}, 1), randomTensor({3, 4}, 2)};
  Fusion fusion;
  fusion.channelScale = randomTensor({3}, 1);
  expectError([&] { checkFused("MatMul", inputs, {}, fusion); }, "3 values for 4 channels");
  fusion = {};
  fusion.residual = randomTensor({4}, 1);
  expectError([&] { checkFused("Gemm", inputs, {}, fusion); }, "fused residual has shape 4");
}

struct EinsumCase {
  const char* equation;
  std::vector<Shape> inputs;
  Shape output;
};

/// Walks every assignment of all letters; only equations with an arrow and without an ellipsis.
Tensor naiveEinsum(const EinsumCase& row, const std::vector<Tensor>& inputs) {
  const std::string equation = row.equation;
  std::vector<std::string> terms(1);
  for (const char c : equation.substr(0, equation.find("->")))
    if (c == ',')
      terms.emplace_back();
    else
      terms.back() += c;
  const std::string out = equation.substr(equation.find("->") + 2);
  std::map<char, std::int64_t> sizes, position;
  for (std::size_t i = 0; i < terms.size(); ++i)
    for (std::size_t d = 0; d < terms[i].size(); ++d) sizes[terms[i][d]] = row.inputs[i][d];
  std::vector<double> sums(static_cast<std::size_t>(elementCount(row.output)), 0);
  std::int64_t total = 1;
  for (const auto& [letter, size] : sizes) total *= size;
  for (std::int64_t flat = 0; flat < total; ++flat) {
    std::int64_t rest = flat;
    for (const auto& [letter, size] : sizes) {
      position[letter] = rest % size;
      rest /= size;
    }
    double term = 1;
    const auto offset = [&](const std::string& letters) {
      std::int64_t at = 0;
      for (const char c : letters) at = at * sizes[c] + position[c];
      return at;
    };
    for (std::size_t i = 0; i < terms.size(); ++i) term *= valueAt(inputs[i], offset(terms[i]));
    sums[static_cast<std::size_t>(offset(out))] += term;
  }
  TensorBuilder y(DType::Float32, row.output);
  std::ranges::transform(sums, y.as<float>().begin(), [](double x) { return static_cast<float>(x); });
  return std::move(y).build();
}

TEST(Einsum, MatchesNaiveSums) {
  const EinsumCase table[] = {
      {"ij,jk->ik", {{3, 4}, {4, 5}}, {3, 5}},
      {"bhid,bhjd->bhij", {{2, 3, 4, 5}, {2, 3, 6, 5}}, {2, 3, 4, 6}},
      {"bij,bjk->kib", {{2, 3, 4}, {2, 4, 5}}, {5, 3, 2}},
      {"ij,k->jk", {{3, 4}, {5}}, {4, 5}},
      {"ii->i", {{4, 4}}, {4}},
      {"ij->ji", {{3, 4}}, {4, 3}},
      {"ij->", {{3, 4}}, {}},
      {"i,i->", {{7}, {7}}, {}},
      {"iij,j->i", {{3, 3, 4}, {4}}, {3}},
      {"ab,bc,cd->ad", {{2, 3}, {3, 4}, {4, 5}}, {2, 5}},
  };
  unsigned seed = 50;
  for (const EinsumCase& row : table) {
    std::vector<Tensor> inputs;
    for (const Shape& shape : row.inputs) inputs.push_back(randomTensor(shape, seed++));
    const Tensor y = runOne("Einsum", inputs, {{"equation", text(row.equation)}});
    EXPECT_TRUE(isClose(y, naiveEinsum(row, inputs), 1e-4, 1e-5)) << row.equation;
  }
}

TEST(Einsum, UnderstandsEllipsisAndImplicitOutputs) {
  const Tensor a = randomTensor({2, 3, 4, 5}, 1), b = randomTensor({3, 5, 6}, 2);
  EXPECT_TRUE(isClose(runOne("Einsum", {a, b}, {{"equation", text("...ij,...jk->...ik")}}),
                      runOne("MatMul", {a, b}), 1e-4, 1e-5));
  EXPECT_TRUE(isClose(runOne("Einsum", {a, b}, {{"equation", text("... ij, ...jk")}}),
                      runOne("MatMul", {a, b}), 1e-4, 1e-5));
  const Tensor m = randomTensor({3, 4}, 3);
  EXPECT_TRUE(isClose(runOne("Einsum", {m}, {{"equation", text("ba")}}),
                      runOne("Einsum", {m}, {{"equation", text("ba->ab")}})));
}

TEST(Einsum, RefusesDamagedEquations) {
  const Tensor a = randomTensor({3, 4}, 1);
  const auto run = [&](const char* equation) {
    return [&a, equation] { runOne("Einsum", {a}, {{"equation", text(equation)}}); };
  };
  expectError(run("ijk->i"), "3 dimensions");
  expectError(run("ij,jk->ik"), "2 terms for 1 inputs");
  expectError(run("ij->k"), "no input has");
  expectError(run("ij->ii"), "twice");
  expectError(run("i$->i"), "'$'");
  expectError(run(""), "0 dimensions");
  expectError([&] { runOne("Einsum", {a, a}, {{"equation", text("ij,jk->ik")}}); }, "disagree");
}

TEST(MatrixGradients, MatchFiniteDifferences) {
  for (const MatMulCase& row : matMulTable) {
    if (elementCount(row.a) * elementCount(row.b) == 0 || elementCount(row.y) > 1000) continue;
    checkGradients(GradientCase{.name = toText(row.a) + " " + toText(row.b),
                                .type = "MatMul",
                                .inputs = {randomTensor(row.a, 1), randomTensor(row.b, 2)}});
  }
  for (const bool transA : {false, true})
    for (const bool transB : {false, true})
      for (const Shape& bias : {Shape{}, Shape{5}, Shape{1, 5}, Shape{3, 1}, Shape{3, 5}}) {
        const Attributes attributes{
            {"transA", number(transA)}, {"transB", number(transB)}, {"alpha", 0.7f}, {"beta", 1.3f}};
        checkGradients(GradientCase{
            .name = "Gemm" + toText(bias),
            .type = "Gemm",
            .inputs = {randomTensor(transA ? Shape{4, 3} : Shape{3, 4}, 1),
                       randomTensor(transB ? Shape{5, 4} : Shape{4, 5}, 2), randomTensor(bias, 3)},
            .attributes = attributes});
      }
}

TEST(MatrixCost, CountsTwoPerMultiplyAdd) {
  const Shape in[] = {{2, 3, 4}, {4, 5}}, out[] = {{2, 3, 5}};
  const Cost cost = costOf(*findOp("", "MatMul"), Node{}, in, out);
  EXPECT_EQ(cost.flops, 2.0 * 2 * 3 * 4 * 5);
  EXPECT_EQ(cost.bytes, 4.0 * (24 + 20 + 30));
  const Shape transposed[] = {{4, 3}, {4, 5}}, gemmOut[] = {{3, 5}};
  Node node;
  node.attributes["transA"] = number(1);
  EXPECT_EQ(costOf(*findOp("", "Gemm"), node, transposed, gemmOut).flops, 2.0 * 3 * 4 * 5);
}

TEST(Vectorized, SumsMatchPlainOnes) {
  for (const std::int64_t count : {0, 1, 7, 8, 9, 63, 1000}) {
    const Tensor x = randomTensor({count}, 3), y = randomTensor({count}, 4);
    double sum = 0, dot = 0, squares = 0, top = -INFINITY;
    for (std::int64_t i = 0; i < count; ++i) {
      sum += valueAt(x, i);
      dot += valueAt(x, i) * valueAt(y, i);
      squares += (valueAt(x, i) - 0.25) * (valueAt(x, i) - 0.25);
      top = std::max(top, valueAt(x, i));
    }
    EXPECT_NEAR(static_cast<double>(sumOf(x.as<float>().data(), count)), sum, 1e-4);
    EXPECT_NEAR(static_cast<double>(dotOf(x.as<float>().data(), y.as<float>().data(), count)), dot, 1e-4);
    EXPECT_NEAR(static_cast<double>(squaresAround(x.as<float>().data(), count, 0.25f)), squares, 1e-3);
    EXPECT_EQ(static_cast<double>(maxOf(x.as<float>().data(), count)), top);
  }
}

}  // namespace
}  // namespace lapidary::core
