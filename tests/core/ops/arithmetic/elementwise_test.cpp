// SPDX-License-Identifier: GPL-3.0-or-later
// Unary mathematics and activations: against the C library, by finite differences, in blocked layouts.
#include <functional>
#include <limits>

#include "core/ops/kernels/vector_math.h"
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return std::log1p(std::exp(x)); }

/// One operator: what it computes, where it is defined, and whether a gradient flows.
struct UnaryCase {
  std::string type;
  std::function<double(double)> exact;
  float low = -2, high = 2;
  Attributes attributes = {};
  bool differentiable = true;
};

const std::vector<UnaryCase>& unaryCases() {
  static const std::vector<UnaryCase> cases = {
      {"Abs", [](double x) { return std::abs(x); }},
      {"Neg", std::negate<>{}},
      {"Sqrt", [](double x) { return std::sqrt(x); }, 0.3f, 4},
      {"Exp", [](double x) { return std::exp(x); }},
      {"Log", [](double x) { return std::log(x); }, 0.3f, 4},
      {"Reciprocal", [](double x) { return 1 / x; }, 0.5f, 3},
      {"Floor", [](double x) { return std::floor(x); }, -4, 4, {}, false},
      {"Ceil", [](double x) { return std::ceil(x); }, -4, 4, {}, false},
      {"Round", [](double x) { return std::nearbyint(x); }, -4, 4, {}, false},
      {"Sign", [](double x) { return x > 0   ? 1.0
                                     : x < 0 ? -1.0
                                             : 0.0; }, -1, 1, {}, false},
      {"Sin", [](double x) { return std::sin(x); }},
      {"Cos", [](double x) { return std::cos(x); }},
      {"Tan", [](double x) { return std::tan(x); }, -1, 1},
      {"Asin", [](double x) { return std::asin(x); }, -0.8f, 0.8f},
      {"Acos", [](double x) { return std::acos(x); }, -0.8f, 0.8f},
      {"Atan", [](double x) { return std::atan(x); }},
      {"Sinh", [](double x) { return std::sinh(x); }},
      {"Cosh", [](double x) { return std::cosh(x); }},
      {"Tanh", [](double x) { return std::tanh(x); }},
      {"Asinh", [](double x) { return std::asinh(x); }},
      {"Acosh", [](double x) { return std::acosh(x); }, 1.3f, 4},
      {"Atanh", [](double x) { return std::atanh(x); }, -0.8f, 0.8f},
      {"Erf", [](double x) { return std::erf(x); }},
      {"Relu", [](double x) { return std::max(x, 0.0); }},
      {"LeakyRelu", [](double x) { return x < 0 ? 0.25 * x : x; }, -2, 2, {{"alpha", 0.25f}}},
      {"ThresholdedRelu", [](double x) { return x > 0.5 ? x : 0; }, 0.6f, 2, {{"alpha", 0.5f}}},
      {"Elu", [](double x) { return x < 0 ? 1.5 * std::expm1(x) : x; }, -2, 2, {{"alpha", 1.5f}}},
      {"Selu",
       [](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); }},
      {"Celu",
       [](double x) { return std::max(0.0, x) + std::min(0.0, 2 * std::expm1(x / 2)); },
       -2,
       2,
       {{"alpha", 2.0f}}},
      {"Sigmoid", sigmoid, -5, 5},
      {"HardSigmoid", [](double x) { return std::clamp(0.2 * x + 0.5, 0.0, 1.0); }, -2, 2},
      {"HardSwish", [](double x) { return x * std::clamp(x / 6 + 0.5, 0.0, 1.0); }, -2.8f, 2.8f},
      {"Softplus", softplus, -5, 5},
      {"Softsign", [](double x) { return x / (1 + std::abs(x)); }},
      {"Mish", [](double x) { return x * std::tanh(softplus(x)); }, -4, 4},
      {"Gelu", [](double x) { return x / 2 * (1 + std::erf(x / std::sqrt(2.0))); }, -4, 4},
      {"Gelu",
       [](double x) { return x / 2 * (1 + std::tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))); },
       -4,
       4,
       {{"approximate", text("tanh")}}},
      {"Shrink",
       [](double x) { return x < -0.5  ? x + 0.25
                             : x > 0.5 ? x - 0.25
                                       : 0; },
       0.6f,
       2,
       {{"bias", 0.25f}}},
      {"Identity", [](double x) { return x; }},
      {"Dropout", [](double x) { return x; }},
  };
  return cases;
}

/// Moves values that lie on a kink at zero away from it.
Tensor sample(const UnaryCase& row) {
  const Tensor drawn = randomTensor({3, 41}, 5, row.low, row.high);
  TensorBuilder builder(DType::Float32, drawn.shape());
  std::ranges::transform(drawn.as<float>(), builder.as<float>().begin(),
                         [](float x) { return std::abs(x) < 0.03f ? 0.1f : x; });
  return std::move(builder).build();
}

TEST(Elementwise, MatchesTheCLibrary) {
  for (const UnaryCase& row : unaryCases()) {
    SCOPED_TRACE(row.type);
    const Tensor x = sample(row);
    for (const DType type : {DType::Float32, DType::Float64, DType::Float16}) {
      const Tensor given = convert(x, type);
      const Tensor wide = convert(given, DType::Float64);
      TensorBuilder expected(DType::Float64, x.shape());
      std::ranges::transform(wide.as<double>(), expected.as<double>().begin(), row.exact);
      const double tolerance = type == DType::Float16 ? 2e-3 : 2e-6;
      EXPECT_TRUE(isClose(runOne(row.type, {given}, row.attributes),
                          convert(std::move(expected).build(), type), tolerance, tolerance))
          << name(type);
    }
  }
}

TEST(Elementwise, GradientsAgreeWithDifferences) {
  for (const UnaryCase& row : unaryCases())
    if (row.differentiable) checkGradients({row.type, row.type, {sample(row)}, row.attributes});
  const Tensor x = separatedTensor({4, 5}, 3);
  checkGradients({"Clip", "Clip", {x, Tensor::scalar(-0.4f), Tensor::scalar(0.6f)}, {}, 13, 1, {1, 2}});
  checkGradients({"Clip6", "Clip", {x}, {{"min", -0.4f}, {"max", 0.6f}}, 6});
}

TEST(Elementwise, IntegersKeepTheirType) {
  const Tensor x = Tensor::from<std::int8_t>({4}, {-128, -1, 0, 7});
  EXPECT_TRUE(isClose(runOne("Abs", {x}), Tensor::from<std::int8_t>({4}, {-128, 1, 0, 7})));
  EXPECT_TRUE(isClose(runOne("Neg", {x}), Tensor::from<std::int8_t>({4}, {-128, 1, 0, -7})));
  EXPECT_TRUE(isClose(runOne("Sign", {x}), Tensor::from<std::int8_t>({4}, {-1, -1, 0, 1})));
  EXPECT_TRUE(isClose(runOne("Relu", {x}), Tensor::from<std::int8_t>({4}, {0, 0, 0, 7})));
  EXPECT_TRUE(isClose(runOne("BitwiseNot", {x}), Tensor::from<std::int8_t>({4}, {127, 0, -1, -8})));
  EXPECT_TRUE(isClose(runOne("Clip", {x, Tensor::scalar<std::int8_t>(-3), Tensor()}),
                      Tensor::from<std::int8_t>({4}, {-3, -1, 0, 7})));
  expectError([&] { runOne("Exp", {x}); }, "a floating type expected");
  expectError([&] { runOne("BitwiseNot", {floats({1}, {1})}); }, "bits");
}

TEST(Elementwise, DropoutGivesAMaskAndRefusesToTrain) {
  const Tensor x = randomTensor({2, 3}, 1);
  const auto outputs = runOp("Dropout", {x}, {}, 13, 2);
  EXPECT_TRUE(isClose(outputs[0], x, 0, 0));
  EXPECT_TRUE(isClose(outputs[1], Tensor::from<bool>({2, 3}, {true, true, true, true, true, true})));
  expectError([&] { runOp("Dropout", {x, Tensor::scalar(0.3f), Tensor::scalar(true)}, {}, 13); }, "training");
}

TEST(Elementwise, SpecialValuesAreFound) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor x = floats({4}, {1, nan, infinity, -infinity});
  EXPECT_TRUE(isClose(runOne("IsNaN", {x}), Tensor::from<bool>({4}, {false, true, false, false})));
  EXPECT_TRUE(isClose(runOne("IsInf", {x}), Tensor::from<bool>({4}, {false, false, true, true})));
  EXPECT_TRUE(isClose(runOne("IsInf", {x}, {{"detect_negative", number(0)}}),
                      Tensor::from<bool>({4}, {false, false, true, false})));
  for (const char* type : {"Relu", "Exp", "Sigmoid", "Tanh", "Erf", "Gelu", "Clip"})
    EXPECT_TRUE(std::isnan(runOne(type, {x}).as<float>()[1])) << type;
}

TEST(VectorMath, StaysWithinAFewUnitsOfTheLibrary) {
  struct Row {
    void (*array)(const float*, float*, std::size_t);
    double (*exact)(double);
  };
  const Row rows[] = {{expArray, [](double x) { return std::exp(x); }},
                      {sigmoidArray, [](double x) { return 1 / (1 + std::exp(-x)); }},
                      {tanhArray, [](double x) { return std::tanh(x); }},
                      {erfArray, [](double x) { return std::erf(x); }},
                      {geluArray, [](double x) { return x / 2 * std::erfc(-x / std::sqrt(2.0)); }}};
  std::vector<float> x;
  for (float value = -20; value < 20; value += 0.0037f) x.push_back(value);
  x.insert(x.end(), {0.0f, 1e-30f, -1e-30f});
  std::vector<float> y(x.size());
  for (const Row& row : rows) {
    row.array(x.data(), y.data(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double exact = row.exact(static_cast<double>(x[i]));
      EXPECT_NEAR(y[i], exact, 1e-6 * std::max(std::abs(exact), 1.0)) << x[i];
    }
  }
  const float edges[] = {-200, 200};
  float ends[2];
  expArray(edges, ends, 2);
  EXPECT_EQ(ends[0], 0.0f);
  EXPECT_EQ(ends[1], std::numeric_limits<float>::infinity());
}

/// A value in whatever layout a convolution leaves behind: 20 channels do not fill whole blocks.
Activation convolved(const Activation& x, unsigned seed, std::int64_t outChannels = 20) {
  const std::int64_t channels = x.shape[1];
  const Tensor weight = randomTensor({outChannels, channels, 3, 3}, seed, -0.3f, 0.3f);
  const Node node = makeNode("Conv", {weight, weight}, {{"pads", ints({1, 1, 1, 1})}});
  const Activation inputs[] = {x, weight};
  return findOp("", "Conv")->forward(OpCall{node, 17, inputs})[0];
}

std::vector<Tensor> plain(const std::vector<Activation>& values) {
  std::vector<Tensor> tensors;
  for (const Activation& value : values) tensors.push_back(toPlain(value));
  return tensors;
}

/// The operator on blocked values gives what it gives on plain ones, also to a convolution behind it.
void checkBlocked(const std::string& type, const std::vector<Activation>& inputs,
                  Attributes attributes = {}) {
  SCOPED_TRACE(type);
  const std::vector<Tensor> tensors = plain(inputs);
  const Node node = makeNode(type, tensors, std::move(attributes));
  const Activation blocked = findOp("", type)->forward(OpCall{node, 17, inputs})[0];
  const Tensor expected = runNode(node, tensors)[0];
  EXPECT_TRUE(isClose(toPlain(blocked), expected, 1e-5, 1e-5));
  EXPECT_TRUE(isClose(toPlain(convolved(blocked, 9)), toPlain(convolved(expected, 9)), 1e-4, 1e-4));
}

TEST(Elementwise, BlockedLayoutsGiveTheSame) {
  const Activation a = convolved(randomTensor({2, 20, 6, 6}, 1), 2);
  const Activation b = convolved(randomTensor({2, 20, 6, 6}, 3), 4);
  if (!a.layout) GTEST_SKIP() << "skipped: the convolution left a plain layout";
  for (const char* type : {"Relu", "Sigmoid", "Tanh", "HardSwish", "Identity", "Exp"})
    checkBlocked(type, {a});
  checkBlocked("LeakyRelu", {a}, {{"alpha", 0.2f}});
  checkBlocked("Clip", {a, Tensor::scalar(0.25f), Tensor::scalar(0.5f)});
  const Activation three(Tensor::scalar(3.0f));
  const Activation perChannel(randomTensor({20, 1, 1}, 8, 1, 2));
  for (const char* type : {"Add", "Sub", "Mul", "Div"}) {
    if (type != std::string("Div")) checkBlocked(type, {a, b});
    checkBlocked(type, {a, three});
    checkBlocked(type, {a, perChannel});
  }
  checkBlocked("Add", {three, a});
  checkBlocked("Sub", {three, a});
  checkBlocked("Add", {a, Activation(toPlain(b))});
  checkBlocked("Concat", {a, b}, {{"axis", number(1)}});
  checkBlocked("Concat", {Activation(toPlain(a)), b, a}, {{"axis", number(1)}});
  const Activation whole = convolved(randomTensor({2, 20, 6, 6}, 5), 6, 16);
  checkBlocked("Concat", {whole, whole, a}, {{"axis", number(1)}});
  checkBlocked("Concat", {whole, a, whole}, {{"axis", number(1)}});
}

}  // namespace
}  // namespace lapidary::core::testing
