// SPDX-License-Identifier: GPL-3.0-or-later
// Attacks against what they promise: gradients by differences, the step by hand, the ball and the box.
#include "core/robust/attack.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/analyze/answers/class_scores.h"
#include "core/io/common/format.h"
#include "core/robust/attack_batches.h"
#include "core/robust/attacked.h"
#include "core/run/executor.h"
#include "tests/support/demo_digits.h"

namespace lapidary::core {
namespace {

class LeNetAttack : public ::testing::Test {
 protected:
  void SetUp() override {
    for (std::size_t i = 0; i < 20; ++i) {
      ids.push_back(i);
      labels.push_back(data->source().label(i));
    }
    inputs = data->inputs(ids);
  }

  Tensor attackedBy(const Attack& attack) const {
    return attacked(attack, box, &gradient, {inputs, labels, ids}, {});
  }
  std::vector<double> lossesAt(const Tensor& input) const {
    return gradient.of({&input, 1}, labels, {}).losses;
  }
  double meanLossAt(const Tensor& input) const {
    const auto losses = lossesAt(input);
    return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
  }

  Model model = readModel(demo + "lenet5.onnx");
  std::shared_ptr<const Dataset> data = digits(model);
  InputBox box = inputBox(model, *data, StrengthUnit::Pixel);
  LossGradient gradient{model, box.value};
  std::vector<std::size_t> ids;
  std::vector<std::int64_t> labels;
  std::vector<Tensor> inputs;
};

TEST_F(LeNetAttack, GradientsAreDifferencesOfTheLoss) {
  const Executor executor(model, {});
  const auto lossOf = [&](const Tensor& batch, std::size_t sample) {
    return classScores(executor.run(model, {&batch, 1}).outputs, {}).crossEntropy(sample, labels[sample]);
  };
  const InputGradient found = gradient.of(inputs, labels, {});
  std::size_t compared = 0, close = 0;
  for (const std::size_t sample : {3u, 8u, 18u})
    for (const std::size_t pixel : {200u, 321u, 406u, 407u, 435u, 500u}) {
      constexpr float step = 2e-3f;
      double sides[2];
      for (const int side : {0, 1}) {
        TensorBuilder moved(DType::Float32, inputs[0].shape());
        std::ranges::copy(inputs[0].as<float>(), moved.as<float>().begin());
        moved.as<float>()[sample * 784 + pixel] += side == 0 ? -step : step;
        sides[side] = lossOf(std::move(moved).build(), sample);
      }
      const double difference = (sides[1] - sides[0]) / (2 * static_cast<double>(step));
      const auto value = static_cast<double>(found.gradient.as<float>()[sample * 784 + pixel]);
      ++compared;
      close += std::abs(difference - value) < 0.03 * std::max(1e-3, std::abs(value)) + 1e-4;
    }
  EXPECT_GE(close + 2, compared) << "kinks of pooling are possible for a pixel or two";
  const ClassScores scores = classScores(executor.run(model, inputs).outputs, {});
  for (std::size_t i = 0; i < ids.size(); ++i)
    EXPECT_NEAR(found.losses[i], scores.crossEntropy(i, labels[i]), 1e-4);
}

TEST_F(LeNetAttack, FgsmIsOneStepAlongTheSign) {
  const Tensor made = attackedBy({AttackMethod::Fgsm, AttackNorm::LInf, 8});
  const InputGradient found = gradient.of(inputs, labels, {});
  for (std::size_t i = 0; i < made.as<float>().size(); ++i) {
    const float value = found.gradient.as<float>()[i];
    const float sign = value > 0 ? 1.0f : value < 0 ? -1.0f : 0.0f;
    EXPECT_NEAR(made.as<float>()[i], std::clamp(inputs[0].as<float>()[i] + sign * 8 / 255, 0.0f, 1.0f),
                1e-6f);
  }
}

TEST_F(LeNetAttack, EverythingStaysInTheBallAndInTheBox) {
  for (const AttackNorm norm : {AttackNorm::LInf, AttackNorm::L2})
    for (const AttackMethod method : {AttackMethod::Fgsm, AttackMethod::Pgd, AttackMethod::UniformNoise}) {
      const double strength = norm == AttackNorm::LInf ? 12 : 300;
      const Tensor made = attackedBy({method, norm, strength});
      EXPECT_NE(made.as<float>()[0 + 406], inputs[0].as<float>()[0 + 406]);
      for (std::size_t sample = 0; sample < ids.size(); ++sample) {
        double most = 0, squares = 0;
        for (std::size_t i = sample * 784; i < (sample + 1) * 784; ++i) {
          const float value = made.as<float>()[i];
          EXPECT_TRUE(value >= 0 && value <= 1);
          const double moved = static_cast<double>(value - inputs[0].as<float>()[i]) * 255;
          most = std::max(most, std::abs(moved));
          squares += moved * moved;
        }
        EXPECT_LE(norm == AttackNorm::LInf ? most : std::sqrt(squares), strength * 1.0001) << name(method);
      }
    }
}

TEST_F(LeNetAttack, PgdIsNeverWeakerThanFgsmOnAverage) {
  for (const AttackNorm norm : {AttackNorm::LInf, AttackNorm::L2})
    for (const double strength : {4.0, 16.0, 32.0}) {
      const double by = norm == AttackNorm::LInf ? 1 : 20;
      const double clean = meanLossAt(inputs[0]),
                   fgsm = meanLossAt(attackedBy({AttackMethod::Fgsm, norm, strength * by})),
                   pgd = meanLossAt(attackedBy({AttackMethod::Pgd, norm, strength * by, 20})),
                   noise = meanLossAt(attackedBy({AttackMethod::UniformNoise, norm, strength * by}));
      EXPECT_GT(fgsm, clean);
      EXPECT_GE(pgd, fgsm);
      EXPECT_GT(fgsm, noise);
    }
}

TEST_F(LeNetAttack, RandomNumbersBelongToSeedAndSample) {
  const Attack attack{AttackMethod::Pgd, AttackNorm::LInf, 8, 3, 7};
  const Tensor together = attackedBy(attack);
  const Tensor one = data->inputs(std::span(ids).subspan(5, 1)).front();
  const Tensor alone = attacked(
      attack, box, &gradient, {{&one, 1}, std::span(labels).subspan(5, 1), std::span(ids).subspan(5, 1)}, {});
  for (std::size_t i = 0; i < 784; ++i)
    EXPECT_NEAR(alone.as<float>()[i], together.as<float>()[5 * 784 + i], 2.5 * 8 / 255 / 3);
  Attack other = attack;
  other.seed = 8;
  EXPECT_FALSE(std::ranges::equal(attackedBy(other).as<float>(), together.as<float>()));
  EXPECT_TRUE(std::ranges::equal(attackedBy(attack).as<float>(), together.as<float>()));
}

TEST_F(LeNetAttack, StrengthZeroIsTheSample) {
  EXPECT_TRUE(std::ranges::equal(attackedBy({AttackMethod::Pgd, AttackNorm::LInf, 0}).as<float>(),
                                 inputs[0].as<float>()));
}

TEST_F(LeNetAttack, GaussianNoiseHasItsDeviation) {
  InputBox open = box;
  open.low = {-1e9f}, open.high = {1e9f};
  const Tensor made =
      attacked({AttackMethod::GaussianNoise, AttackNorm::LInf, 16}, open, nullptr, {inputs, labels, ids}, {});
  double squares = 0;
  for (std::size_t i = 0; i < made.as<float>().size(); ++i) {
    const double moved = static_cast<double>(made.as<float>()[i] - inputs[0].as<float>()[i]) * 255;
    squares += moved * moved;
  }
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(made.as<float>().size())), 16, 0.4);
}

TEST(AttackBox, LevelsOfPixelsFollowThePreprocess) {
  const Model model = readModel(demo + "lenet5.onnx");
  const auto source = openData(demo + "digits_test.npz");
  Preprocess preprocess;
  preprocess.channels = PixelChannels::Gray;
  preprocess.scale = 1.0 / 255;
  preprocess.mean = {0.25};
  preprocess.std = {0.5};
  const Dataset data(source, preprocess, model);
  const InputBox pixels = inputBox(model, data, StrengthUnit::Pixel),
                 input = inputBox(model, data, StrengthUnit::Input);
  EXPECT_NEAR(pixels.perUnit.at(0), 2.0 / 255, 1e-7);
  EXPECT_EQ(input.perUnit.at(0), 1);
  for (const InputBox& box : {pixels, input}) {
    EXPECT_NEAR(box.low.at(0), -0.5, 1e-6);
    EXPECT_NEAR(box.high.at(0), 1.5, 1e-6);
    EXPECT_TRUE(box.clips);
  }
}

}  // namespace
}  // namespace lapidary::core
