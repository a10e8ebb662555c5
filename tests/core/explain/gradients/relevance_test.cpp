// SPDX-License-Identifier: GPL-3.0-or-later
// Rules that change the backward pass, against loops over a small dense network.
#include <gtest/gtest.h>

#include "core/explain/explain_sample.h"
#include "core/explain/gradients/elementwise_tensors.h"
#include "core/run/executor.h"
#include "tests/core/explain/explained_digit.h"
#include "tests/core/explain/gradients/dense_net.h"

namespace lapidary::core {
namespace {

SaliencyOptions withEpsilon(double epsilon) {
  SaliencyOptions options;
  options.lrpEpsilon = epsilon;
  return options;
}

double away(double z, double least) { return z + (z < 0 ? -least : least); }

double rootMeanSquare(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

TEST(Relevance, EpsilonRuleIsThatOfLoops) {
  const DenseNet net(0.5f);
  const double epsilon = 0.05;
  const std::size_t cls = 1;
  const auto z = net.sumsOfHidden();
  std::vector<double> outputs;
  for (std::size_t c = 0; c < DenseNet::classes; ++c) outputs.push_back(net.score(c));
  const double top = outputs[cls] / away(outputs[cls], epsilon * rootMeanSquare(outputs));
  std::vector<double> hidden(DenseNet::hidden);
  for (std::size_t j = 0; j < hidden.size(); ++j) hidden[j] = std::max(0.0, z[j]) * net.w2(j, cls) * top;
  const SaliencyMap map = net.map(SaliencyMethod::LrpEpsilon, withEpsilon(epsilon), 1);
  for (std::size_t i = 0; i < DenseNet::inputs; ++i) {
    double relevance = 0;
    for (std::size_t j = 0; j < hidden.size(); ++j)
      relevance +=
          DenseNet::at(net.x, i) * net.w1(i, j) * hidden[j] / away(z[j], epsilon * rootMeanSquare(z));
    EXPECT_NEAR(static_cast<double>(map.values[i]), relevance, 1e-4) << i;
  }
}

TEST(Relevance, IsConservedWithoutBiases) {
  const DenseNet net(0);
  for (const auto method : {SaliencyMethod::LrpEpsilon, SaliencyMethod::LrpGamma})
    for (std::int64_t cls = 0; cls < 3; ++cls) {
      const SaliencyMap map = net.map(method, withEpsilon(1e-7), cls);
      ASSERT_TRUE(map.completeness);
      EXPECT_NEAR(map.completeness->expected, net.score(static_cast<std::size_t>(cls)), 1e-4);
      EXPECT_NEAR(map.completeness->error(), 0, 1e-3 * std::abs(map.completeness->expected));
    }
}

TEST(Relevance, GammaRuleIsThatOfLoops) {
  const DenseNet net(0.5f);
  const double gamma = 0.3;
  SaliencyOptions options;
  options.lrpGamma = gamma;
  const auto favoured = [&](double value, double sign) {
    return value * sign > 0 ? value * (1 + gamma) : value;
  };
  /// Shares of one output of sum z among its inputs.
  const auto shared = [&](double z, double bias, const std::vector<double>& x, const std::vector<double>& w) {
    const double sign = z >= 0 ? 1 : -1;
    double sums = favoured(bias, sign);
    std::vector<double> parts;
    for (std::size_t i = 0; i < x.size(); ++i)
      sums += parts.emplace_back(x[i] * favoured(w[i], x[i] >= 0 ? sign : -sign));
    for (double& part : parts) part /= sums;
    return parts;
  };
  const std::size_t cls = 2;
  const auto z = net.sumsOfHidden();
  std::vector<double> h, w, x;
  for (std::size_t j = 0; j < z.size(); ++j) h.push_back(std::max(0.0, z[j])), w.push_back(net.w2(j, cls));
  for (std::size_t i = 0; i < DenseNet::inputs; ++i) x.push_back(DenseNet::at(net.x, i));
  std::vector<double> hidden = shared(net.score(cls), DenseNet::at(net.secondBias, cls), h, w),
                      found(x.size(), 0);
  for (std::size_t j = 0; j < z.size(); ++j) {
    std::vector<double> column;
    for (std::size_t i = 0; i < x.size(); ++i) column.push_back(net.w1(i, j));
    const auto parts = shared(z[j], DenseNet::at(net.firstBias, j), x, column);
    for (std::size_t i = 0; i < x.size(); ++i) found[i] += hidden[j] * net.score(cls) * parts[i];
  }
  const SaliencyMap map = net.map(SaliencyMethod::LrpGamma, options, 2);
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(static_cast<double>(map.values[i]), found[i], 2e-4) << i;
}

TEST(GuidedBackpropagation, StopsWhatIsNegativeAtTheRectifier) {
  const DenseNet net(0.5f);
  const auto z = net.sumsOfHidden();
  const SaliencyMap map = net.map(SaliencyMethod::GuidedBackpropagation, {}, 0),
                    plain = net.map(SaliencyMethod::Gradient, {}, 0);
  for (std::size_t i = 0; i < DenseNet::inputs; ++i) {
    double guided = 0, gradient = 0;
    for (std::size_t j = 0; j < z.size(); ++j) {
      if (z[j] <= 0) continue;
      guided += net.w1(i, j) * std::max(0.0, net.w2(j, 0));
      gradient += net.w1(i, j) * net.w2(j, 0);
    }
    EXPECT_NEAR(static_cast<double>(map.values[i]), std::abs(guided), 1e-4);
    EXPECT_NEAR(static_cast<double>(plain.values[i]), std::abs(gradient), 1e-4);
  }
}

TEST(Relevance, OfAConvolutionalNetIsTheScoreLessWhatBiasesTake) {
  const ExplainedDigit digit;
  for (const auto method : {SaliencyMethod::LrpEpsilon, SaliencyMethod::LrpGamma}) {
    const SaliencyMap map = digit.map(method, withEpsilon(1e-6));
    ASSERT_TRUE(map.completeness);
    const ClassScores scores = digit.scores(digit.inputs[0]);
    EXPECT_NEAR(map.completeness->expected,
                static_cast<double>(scores.values[scores.indexOf(0, map.targetClass)]), 1e-3);
    EXPECT_LT(std::abs(map.completeness->error()), 0.5 * std::abs(map.completeness->expected));
    for (std::size_t i = 0; i < 784; ++i)
      if (digit.inputs[0].as<float>()[i] == 0) {
        EXPECT_EQ(map.values[i], 0.0f);
      }
  }
}

TEST(Relevance, TakesAnAdditionApartAndSharesAProduct) {
  testing::GraphBuilder builder;
  const ValueId x = builder.input("x", {-1, 2});
  const ValueId product = builder.node("Mul", {x, x});
  builder.output(builder.node("Add", {product, x}));
  const Model model = builder.model();
  const Executor executor(model, {});
  const Tensor point = Tensor::from<float>({1, 2}, {3, 1});
  const SaliencyMap map =
      saliency(model, executor, std::span(&point, 1), SaliencyMethod::LrpEpsilon, 0, {}, withEpsilon(1e-7));
  EXPECT_NEAR(map.values[0], 12, 1e-3);  // 9 by the product, 3 by the sum
  EXPECT_EQ(map.values[1], 0);
}

TEST(Relevance, NamesAnOperatorThatItCannotPass) {
  testing::GraphBuilder builder;
  const ValueId x = builder.input("x", {-1, 2});
  const ValueId steps = builder.node("Floor", {x});
  builder.output(builder.node("Add", {steps, steps}));
  const Model model = builder.model();
  const Executor executor(model, {});
  const Tensor point = Tensor::from<float>({1, 2}, {3, 1});
  try {
    saliency(model, executor, std::span(&point, 1), SaliencyMethod::LrpEpsilon, 0, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Unsupported);
    EXPECT_NE(std::string(error.what()).find("Floor"), std::string::npos) << error.what();
  }
}

TEST(ElementwiseTensors, SumOverWhatWasBroadcast) {
  const Tensor wide = Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor row = summedTo(wide, {3}), column = summedTo(wide, {2, 1});
  EXPECT_EQ(std::vector<float>(row.as<float>().begin(), row.as<float>().end()),
            (std::vector<float>{5, 7, 9}));
  EXPECT_EQ(std::vector<float>(column.as<float>().begin(), column.as<float>().end()),
            (std::vector<float>{6, 15}));
}

}  // namespace
}  // namespace lapidary::core
