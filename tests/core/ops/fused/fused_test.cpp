// SPDX-License-Identifier: GPL-3.0-or-later
// The operators of ONNX Runtime's domain against the standard ones that they stand for, and the losses.
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

const std::string microsoft = "com.microsoft";

Tensor fusedOne(const std::string& type, const std::vector<Tensor>& inputs, Attributes attributes = {}) {
  return runOp(type, inputs, std::move(attributes), 17, 1, microsoft)[0];
}

TEST(Fused, MatMulTransposesAndScales) {
  const Tensor a = randomTensor({2, 3, 4}, 1), b = randomTensor({2, 4, 5}, 2);
  const Tensor expected = runOne("Mul", {runOne("MatMul", {a, b}), Tensor::scalar(0.5f)});
  const Tensor turnedA = runOne("Transpose", {a}, {{"perm", ints({0, 2, 1})}});
  const Tensor turnedB = runOne("Transpose", {b}, {{"perm", ints({0, 2, 1})}});
  const Attributes half{{"alpha", 0.5f}};
  EXPECT_TRUE(isClose(fusedOne("FusedMatMul", {a, b}, half), expected));
  EXPECT_TRUE(isClose(fusedOne("FusedMatMul", {turnedA, turnedB},
                               {{"alpha", 0.5f}, {"transA", number(1)}, {"transB", number(1)}}),
                      expected));
  const Tensor batched = runOne("Transpose", {a}, {{"perm", ints({1, 0, 2})}});
  EXPECT_TRUE(isClose(fusedOne("FusedMatMul", {batched, b}, {{"alpha", 0.5f}, {"transBatchA", number(1)}}),
                      expected));
}

TEST(Fused, GelusOfASum) {
  const Tensor x = randomTensor({2, 3, 6}, 3, -3, 3), bias = randomTensor({6}, 4);
  const Tensor sum = runOne("Add", {x, bias});
  EXPECT_TRUE(isClose(fusedOne("BiasGelu", {x, bias}), runOne("Gelu", {sum}, {}, 20)));
  const Attributes tanh{{"approximate", text("tanh")}};
  EXPECT_TRUE(isClose(fusedOne("FastGelu", {x, bias}), runOne("Gelu", {sum}, tanh, 20)));
  EXPECT_TRUE(isClose(fusedOne("FastGelu", {x}), runOne("Gelu", {x}, tanh, 20)));
  const Tensor gate = runOne("Sigmoid", {runOne("Mul", {x, Tensor::scalar(1.5f)})});
  EXPECT_TRUE(isClose(fusedOne("QuickGelu", {x}, {{"alpha", 1.5f}}), runOne("Mul", {x, gate}), 1e-4, 1e-5));
}

TEST(Fused, NormalisesASum) {
  const Tensor x = randomTensor({2, 3, 6}, 5), skip = randomTensor({2, 3, 6}, 6),
               gamma = randomTensor({6}, 7), beta = randomTensor({6}, 8), bias = randomTensor({6}, 9);
  const Tensor sum = runOne("Add", {runOne("Add", {x, skip}), bias});
  const Attributes epsilon{{"epsilon", 1e-3f}};
  Node node = makeNode("SkipLayerNormalization", {x, skip, gamma, beta, bias}, epsilon, 4, microsoft);
  node.outputs[1] = node.outputs[2] = ValueId{};
  const auto outputs = runNode(node, {x, skip, gamma, beta, bias});
  EXPECT_TRUE(isClose(outputs[0], runOne("LayerNormalization", {sum, gamma, beta}, epsilon)));
  EXPECT_TRUE(isClose(outputs[3], sum));
  EXPECT_TRUE(isClose(fusedOne("SkipSimplifiedLayerNormalization", {x, skip, gamma, bias}, epsilon),
                      runOne("SimplifiedLayerNormalization", {sum, gamma}, epsilon)));
  expectError([&] { runOp("SkipLayerNormalization", {x, skip, gamma}, {}, 17, 2, microsoft); }, "statistics");
  expectError([&] { fusedOne("SkipLayerNormalization", {x, skip}); }, "input 2");
}

TEST(Fused, ConvolutionAddsAndActivates) {
  const Tensor x = randomTensor({1, 2, 5, 5}, 1), w = randomTensor({3, 2, 3, 3}, 2),
               z = randomTensor({1, 3, 3, 3}, 3);
  const Tensor y = runOne("Conv", {x, w});
  EXPECT_TRUE(isClose(fusedOne("FusedConv", {x, w, Tensor(), z}, {{"activation", text("Relu")}}),
                      runOne("Relu", {runOne("Add", {y, z})})));
  const Attributes clip{{"activation", text("Clip")},
                        {"activation_params", std::vector<float>{-0.5f, 0.25f}}};
  EXPECT_TRUE(
      isClose(fusedOne("FusedConv", {x, w}, clip), runOne("Clip", {y}, {{"min", -0.5f}, {"max", 0.25f}}, 6)));
  const Attributes leaky{
      {"activation", text("LeakyRelu")}, {"activation_alpha", 0.3f}, {"transB", number(1)}};
  const Tensor a = randomTensor({3, 4}, 4), b = randomTensor({5, 4}, 5);
  EXPECT_TRUE(
      isClose(fusedOne("FusedGemm", {a, b}, leaky),
              runOne("LeakyRelu", {runOne("Gemm", {a, b}, {{"transB", number(1)}})}, {{"alpha", 0.3f}})));
  expectError([&] { fusedOne("FusedConv", {x, w}, {{"activation", text("Odd")}}); }, "'Odd'");
}

TEST(Fused, QuantizedOperatorsWorkOnWhatCodesStandFor) {
  const auto codes = [](Shape shape, unsigned seed) {
    return convert(randomTensor(std::move(shape), seed, 0, 255), DType::UInt8);
  };
  const Tensor a = codes({2, 3, 4}, 1), b = codes({3, 4}, 2), scaleA = Tensor::scalar(0.02f),
               scaleB = Tensor::scalar(0.03f), scaleY = Tensor::scalar(0.05f);
  const auto zero = [](int value) { return Tensor::scalar(static_cast<std::uint8_t>(value)); };
  const Tensor fa = runOne("DequantizeLinear", {a, scaleA, zero(120)}),
               fb = runOne("DequantizeLinear", {b, scaleB, zero(100)});
  for (const std::string type : {"Add", "Mul"})
    EXPECT_TRUE(
        isClose(fusedOne("QLinear" + type, {a, scaleA, zero(120), b, scaleB, zero(100), scaleY, zero(128)}),
                runOne("QuantizeLinear", {runOne(type, {fa, fb}), scaleY, zero(128)})));
  EXPECT_TRUE(
      isClose(fusedOne("QLinearLeakyRelu", {a, scaleA, zero(120), scaleY, zero(9)}, {{"alpha", 0.2f}}),
              runOne("QuantizeLinear", {runOne("LeakyRelu", {fa}, {{"alpha", 0.2f}}), scaleY, zero(9)})));
  const Tensor joined = runOne("Concat", {fa, fa}, {{"axis", number(1)}});
  EXPECT_TRUE(isClose(fusedOne("QLinearConcat", {scaleY, zero(7), a, scaleA, zero(120), a, scaleA, zero(120)},
                               {{"axis", number(1)}}),
                      runOne("QuantizeLinear", {joined, scaleY, zero(7)})));
  expectError(
      [&] {
        fusedOne("QLinearGlobalAveragePool", {a, scaleA, zero(120), scaleY, zero(9)},
                 {{"channels_last", number(1)}});
      },
      "channels last");
}

TEST(Fused, QuantizedOperatorsOfOneInput) {
  const Tensor codes = convert(randomTensor({1, 3, 4, 5}, 1, 0, 255), DType::UInt8);
  const Tensor scale = Tensor::scalar(0.02f), scaleY = Tensor::scalar(0.03f);
  const auto zero = [](int value) { return Tensor::scalar(static_cast<std::uint8_t>(value)); };
  const Tensor x = runOne("DequantizeLinear", {codes, scale, zero(120)});
  const Attributes window{{"kernel_shape", ints({2, 3})}, {"pads", ints({0, 1, 1, 1})}};
  const std::pair<const char*, Attributes> rows[] = {{"Sigmoid", {}},
                                                     {"Softmax", {{"axis", number(1)}}},
                                                     {"AveragePool", window},
                                                     {"GlobalAveragePool", {}}};
  for (const auto& [type, attributes] : rows)
    EXPECT_TRUE(isClose(
        fusedOne(std::string("QLinear") + type, {codes, scale, zero(120), scaleY, zero(9)}, attributes),
        runOne("QuantizeLinear", {runOne(type, {x}, attributes), scaleY, zero(9)})))
        << type;
  Attributes old{{"opset", number(11)}, {"axis", number(1)}};  // everything from the axis on is one line
  EXPECT_TRUE(isClose(fusedOne("QLinearSoftmax", {codes, scale, zero(120), scaleY, zero(9)}, old),
                      runOne("QuantizeLinear", {runOne("Softmax", {x}, old, 11), scaleY, zero(9)})));
}

TEST(Fused, GradientsAgreeWithDifferences) {
  const Tensor x = randomTensor({2, 3, 6}, 1), skip = randomTensor({2, 3, 6}, 2), row = randomTensor({6}, 3),
               other = randomTensor({6}, 4);
  const auto check = [](std::string type, std::vector<Tensor> inputs, Attributes attributes = {}) {
    checkGradients({.name = type,
                    .type = type,
                    .inputs = std::move(inputs),
                    .attributes = std::move(attributes),
                    .domain = microsoft});
  };
  check("BiasGelu", {x, row});
  check("FastGelu", {x, row});
  check("FastGelu", {x});
  check("QuickGelu", {x});
  check("SkipLayerNormalization", {x, skip, row, other, other}, {{"epsilon", 1e-2f}});
  check("SkipSimplifiedLayerNormalization", {x, skip, row, other}, {{"epsilon", 1e-2f}});
  check("FusedMatMul", {randomTensor({2, 4, 3}, 5), randomTensor({4, 5}, 6)},
        {{"alpha", 0.7f}, {"transA", number(1)}});
}

TEST(Losses, AreWeightedMeansOfLogarithms) {
  const Tensor logs = runOne("LogSoftmax", {randomTensor({2, 3, 2}, 1)}, {{"axis", number(1)}});
  const Tensor labels = Tensor::from<std::int64_t>({2, 2}, {0, 2, 1, 7}), weights = floats({3}, {1, 2, 4});
  const auto log = [&](std::size_t n, std::size_t c, std::size_t p) {
    return logs.as<float>()[(n * 3 + c) * 2 + p];
  };
  const float sum = -(log(0, 0, 0) + 4 * log(0, 2, 1) + 2 * log(1, 1, 0));
  const auto loss = [&](const char* reduction) {
    return runOne("NegativeLogLikelihoodLoss", {logs, labels, weights},
                  {{"reduction", text(reduction)}, {"ignore_index", number(7)}});
  };
  EXPECT_TRUE(isClose(loss("sum"), Tensor::scalar(sum)));
  EXPECT_TRUE(isClose(loss("mean"), Tensor::scalar(sum / 7)));
  EXPECT_TRUE(
      isClose(loss("none"), floats({2, 2}, {-log(0, 0, 0), -4 * log(0, 2, 1), -2 * log(1, 1, 0), 0})));
  const auto both = runOp("SoftmaxCrossEntropyLoss", {logs, labels}, {{"ignore_index", number(7)}}, 13, 2);
  EXPECT_TRUE(isClose(both[1], logs, 1e-5, 1e-6));
  expectError([&] { runOne("NegativeLogLikelihoodLoss", {logs, labels}); }, "holds 7 for 3 classes");
  expectError([&] { runOne("NegativeLogLikelihoodLoss", {logs, int64s({0, 1})}); }, "input 1 (labels)");
  expectError(
      [&] {
        runOne("NegativeLogLikelihoodLoss", {logs, labels, floats({2}, {1, 1})});
      },
      "input 2 (weights)");
  expectError([&] { loss("odd"); }, "'reduction'");
}

}  // namespace
}  // namespace lapidary::core::testing
