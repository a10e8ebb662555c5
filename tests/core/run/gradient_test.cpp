// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients of whole graphs against central differences and against PyTorch 1.13.
#include "core/run/gradient.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>

#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::testing {
namespace {

/// The scalar is the sum of the first output times fixed weights.
struct WeightedSum {
  Tensor weights;
  double of(const Tensor& output) const {
    double sum = 0;
    for (std::size_t i = 0; i < output.as<float>().size(); ++i)
      sum += static_cast<double>(output.as<float>()[i]) * static_cast<double>(weights.as<float>()[i]);
    return sum;
  }
};

Tensor nudged(const Tensor& tensor, std::size_t i, float step) {
  TensorBuilder builder(DType::Float32, tensor.shape());
  std::ranges::copy(tensor.as<float>(), builder.as<float>().begin());
  builder.as<float>()[i] += step;
  return std::move(builder).build();
}

double scalarOf(const Model& model, const std::vector<Tensor>& inputs, const WeightedSum& sum) {
  return sum.of(Executor(model, {.fuse = false, .cache = nullptr}).run(model, inputs).outputs.at(0));
}

/// The scalar with one element of a graph input or weight moved.
double moved(const Model& model, std::vector<Tensor> inputs, ValueId id, std::size_t i, float step,
             const WeightedSum& sum) {
  const auto& graphInputs = model.graph->inputs;
  if (const auto found = std::ranges::find(graphInputs, id); found != graphInputs.end()) {
    Tensor& input = inputs[static_cast<std::size_t>(found - graphInputs.begin())];
    input = nudged(input, i, step);
    return scalarOf(model, inputs, sum);
  }
  Model edited = model;
  edited.weights[id] = nudged(edited.weights.at(id), i, step);
  return scalarOf(edited, inputs, sum);
}

void expectGradients(const Model& model, const std::vector<Tensor>& inputs, const std::vector<ValueId>& wrt,
                     float step = 1e-2f, double tolerance = 2e-2) {
  const Shape shape = Executor(model, {}).run(model, inputs).outputs.at(0).shape();
  const WeightedSum sum{randomTensor(shape, 55)};
  GradientRequest request{inputs, wrt, {}, [&](std::span<const Tensor>) { return std::vector{sum.weights}; }};
  const GradientResult result = gradients(model, request);
  ASSERT_EQ(result.gradients.size(), wrt.size());
  for (std::size_t k = 0; k < wrt.size(); ++k) {
    const auto gradient = result.gradients[k].as<float>();
    for (std::size_t i = 0; i < gradient.size(); i += std::max<std::size_t>(1, gradient.size() / 12)) {
      const double up = moved(model, inputs, wrt[k], i, step, sum),
                   down = moved(model, inputs, wrt[k], i, -step, sum);
      const double numeric = (up - down) / (2.0 * static_cast<double>(step));
      EXPECT_NEAR(static_cast<double>(gradient[i]), numeric, tolerance * (1 + std::abs(numeric)))
          << model.graph->value(wrt[k]).name << " element " << i;
    }
  }
}

TEST(GradientTest, OfAResidualNetwork) {
  const SmallNet net = smallNet();
  expectGradients(net.model, {randomTensor({2, 3, 8, 8}, 7)},
                  {net.model.graph->inputs[0], net.conv1, net.conv2, net.conv3, net.linear}, 2e-3f, 5e-2);
}

TEST(GradientTest, OfAPerceptron) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 6});
  const ValueId first = b.weight("first", randomTensor({6, 8}, 1)),
                bias = b.weight("bias", randomTensor({8}, 2));
  const ValueId second = b.weight("second", randomTensor({3, 8}, 3));
  const ValueId hidden = b.node("Tanh", {b.node("Add", {b.node("MatMul", {x, first}), bias})});
  b.output(b.node("Softmax", {b.node("Gemm", {hidden, second}, {{"transB", std::int64_t{1}}})},
                  {{"axis", std::int64_t{-1}}}));
  expectGradients(b.model(), {randomTensor({4, 6}, 4)}, {x, first, bias, second});
}

struct Attention {
  Model model;
  ValueId embedded, table, query;
};

/// softmax(q k^T / 2) v over embedded tokens, with a residual and a layer normalisation.
Attention attention() {
  GraphBuilder b;
  Attention result;
  const ValueId ids = b.input("ids", {-1, 5}, DType::Int64);
  result.table = b.weight("table", randomTensor({10, 4}, 1));
  result.query = b.weight("query", randomTensor({4, 4}, 2));
  result.embedded = b.node("Gather", {result.table, ids});
  const ValueId x = result.embedded;
  const ValueId q = b.node("MatMul", {x, result.query}),
                k = b.node("MatMul", {x, b.weight("key", randomTensor({4, 4}, 3))});
  const ValueId v = b.node("MatMul", {x, b.weight("value", randomTensor({4, 4}, 4))});
  const ValueId scores = b.node("MatMul", {q, b.node("Transpose", {k}, {{"perm", ints({0, 2, 1})}})});
  const ValueId weights =
      b.node("Softmax", {b.node("Mul", {scores, b.weight("half", Tensor::scalar<float>(0.5f))})},
             {{"axis", std::int64_t{-1}}});
  const ValueId mixed = b.node("Add", {b.node("MatMul", {weights, v}), x});
  b.output(b.node("LayerNormalization",
                  {mixed, b.weight("gain", randomTensor({4}, 5)), b.weight("offset", randomTensor({4}, 6))}));
  result.model = b.model();
  return result;
}

TEST(GradientTest, OfAttentionWithTokens) {
  const Attention net = attention();
  const std::vector inputs{Tensor::from<std::int64_t>({2, 5}, {1, 2, 3, 4, 5, 9, 8, 7, 1, 0})};
  expectGradients(net.model, inputs, {net.table, net.query}, 3e-3f, 3e-2);
  const auto shape = Shape{2, 5, 4};
  GradientRequest request{
      inputs, {net.embedded, net.table, net.model.graph->inputs[0]}, {net.embedded}, [&](auto) {
        return std::vector{randomTensor(shape, 55)};
      }};
  const GradientResult result = gradients(net.model, request);
  EXPECT_EQ(result.gradients[0].shape(), shape);
  EXPECT_EQ(result.kept[0].shape(), shape);
  // Token 1 stands at two positions: its row of the table gets the sum of both.
  for (std::size_t c = 0; c < 4; ++c)
    EXPECT_NEAR(result.gradients[1].as<float>()[4 + c],
                result.gradients[0].as<float>()[c] + result.gradients[0].as<float>()[32 + c], 1e-5f);
  for (const float g : result.gradients[2].as<float>()) EXPECT_EQ(g, 0) << "tokens have no gradient";
}

TEST(GradientTest, OfAValueThatIsReadTwiceIsTheSum) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 3});
  b.output(b.node("Add", {b.node("Mul", {x, x}), x}));
  const std::vector inputs{Tensor::from<float>({1, 3}, {1, -2, 3})};
  GradientRequest request{inputs, {x}, {}, [](auto) {
                            return std::vector{Tensor::from<float>({1, 3}, {1, 1, 1})};
                          }};
  const GradientResult result = gradients(b.model(), request);
  EXPECT_FLOAT_EQ(result.gradients[0].as<float>()[0], 3);
  EXPECT_FLOAT_EQ(result.gradients[0].as<float>()[1], -3);
  EXPECT_FLOAT_EQ(result.gradients[0].as<float>()[2], 7);
}

TEST(GradientTest, OfAWeightBehindConstantNodes) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 3}), w = b.weight("w", randomTensor({2, 3}, 1));
  b.output(b.node("MatMul", {x, b.node("Transpose", {w})}));
  expectGradients(b.model(), {randomTensor({2, 3}, 2)}, {w});
}

TEST(GradientTest, NamesTheNodeThatHasNone) {
  GraphBuilder b;
  const ValueId x = b.input("x", {-1, 3});
  b.output(b.node("Hardmax", {x}));
  const Model model = b.model();
  GradientRequest request{{randomTensor({1, 3}, 1)}, {x}, {}, [](auto) {
                            return std::vector{Tensor::from<float>({1, 3}, {1, 1, 1})};
                          }};
  try {
    gradients(model, request);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Unsupported);
    EXPECT_STREQ(error.what(), "node 0 'Hardmax_0' (Hardmax): no gradient flows through this operator");
  }
}

/// d(cross entropy)/d(logits), summed over samples.
std::vector<Tensor> crossEntropySeed(const Tensor& logits, const std::vector<std::size_t>& labels) {
  TensorBuilder builder(DType::Float32, logits.shape());
  const auto classes = static_cast<std::size_t>(logits.shape()[1]);
  for (std::size_t n = 0; n < labels.size(); ++n) {
    double total = 0;
    for (std::size_t c = 0; c < classes; ++c)
      total += std::exp(static_cast<double>(logits.as<float>()[n * classes + c]));
    for (std::size_t c = 0; c < classes; ++c)
      builder.as<float>()[n * classes + c] =
          static_cast<float>(std::exp(static_cast<double>(logits.as<float>()[n * classes + c])) / total -
                             (c == labels[n] ? 1 : 0));
  }
  return {std::move(builder).build()};
}

void expectAt(const Tensor& gradient, std::initializer_list<std::pair<std::size_t, float>> expected) {
  for (const auto& [index, value] : expected)
    EXPECT_NEAR(gradient.as<float>()[index], value, 1e-3f * (1 + std::abs(value))) << index;
}

double sumOfMagnitudes(const Tensor& gradient) {
  double sum = 0;
  for (const float g : gradient.as<float>()) sum += static_cast<double>(std::abs(g));
  return sum;
}

TEST(GradientTest, OfResNet20MatchesPyTorch) {
  const std::string path = std::string(LAPIDARY_ASSETS_DIR) + "/resnet/resnet20_cifar10_nofold_bn.onnx";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no ../shared";
  const Model model = readModel(path);
  TensorBuilder builder(DType::Float32, {3, 3, 32, 32});
  for (std::size_t k = 0; k < 9216; ++k)
    builder.as<float>()[k] = static_cast<float>(k * 7919 % 2001) / 1000 - 1;
  const auto named = [&](const char* name) { return model.graph->findValue(name); };
  GradientRequest request{{std::move(builder).build()},
                          {model.graph->inputs[0], named("conv1.weight"), named("linear.weight"),
                           named("linear.bias"), named("layer2.0.conv1.weight")},
                          {},
                          [](std::span<const Tensor> outputs) {
                            return crossEntropySeed(outputs[0], {3, 5, 1});
                          }};
  const auto g = gradients(model, request).gradients;
  expectAt(g[0], {{0, -0.0159637f},
                  {100, -0.0463998f},
                  {1000, -0.342973f},
                  {2000, -0.437911f},
                  {3072, 0.0138248f},
                  {5000, -0.133086f},
                  {7000, -0.338897f},
                  {9215, -0.0177611f}});
  EXPECT_NEAR(sumOfMagnitudes(g[0]), 1788.4446, 0.5);
  expectAt(g[1], {{0, -0.906049f}, {13, -1.8253f}, {57, 0.657636f}, {200, 3.37393f}, {431, 0.0884453f}});
  EXPECT_NEAR(sumOfMagnitudes(g[1]), 359.2578, 0.1);
  expectAt(g[2], {{77, -0.215571f}, {300, 0.0102964f}, {639, 3.9429e-06f}});
  expectAt(g[3], {{1, -0.999983f}, {2, 2.54722f}, {3, -0.999294f}, {5, -0.999999f}, {6, 0.433966f}});
  expectAt(g[4], {{0, 1.17764f}, {100, 1.09036f}, {2000, -0.147752f}, {4607, 0.913745f}});
  EXPECT_NEAR(sumOfMagnitudes(g[4]), 4235.338, 1.0);
}

}  // namespace
}  // namespace lapidary::core::testing
