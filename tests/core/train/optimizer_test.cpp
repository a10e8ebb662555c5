// SPDX-License-Identifier: GPL-3.0-or-later
// Steps of the optimisers against the published formulas in double.
#include "core/train/optimizer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lapidary::core {
namespace {

/// The gradients of sum(i (w_i - 1)^2): steeper for later weights.
std::vector<float> gradientsAt(const std::vector<float>& w) {
  std::vector<float> gradients;
  for (std::size_t i = 0; i < w.size(); ++i) gradients.push_back(2 * static_cast<float>(i + 1) * (w[i] - 1));
  return gradients;
}

std::vector<float> after(const OptimizerSettings& settings, std::vector<float> w, int steps, double rate) {
  const std::size_t sizes[] = {w.size()};
  Optimizer optimizer(settings, sizes);
  for (int step = 0; step < steps; ++step) {
    const std::vector<float> gradients = gradientsAt(w);
    const std::span<float> weights[] = {w};
    const std::span<const float> spans[] = {gradients};
    optimizer.step(weights, spans, rate);
  }
  return w;
}

TEST(Optimizer, DescendsWithMomentumAndDecay) {
  const OptimizerSettings settings{.kind = OptimizerKind::Sgd, .momentum = 0.9, .weightDecay = 0.01};
  std::vector<float> w{0.5f, -2, 3};
  const auto mine = after(settings, w, 5, 0.02);
  for (std::size_t i = 0; i < w.size(); ++i) {
    double x = static_cast<double>(w[i]), v = 0;
    for (int step = 0; step < 5; ++step) {
      v = 0.9 * v + 2 * static_cast<double>(i + 1) * (x - 1) + 0.01 * x;
      x -= 0.02 * v;
    }
    EXPECT_NEAR(static_cast<double>(mine[i]), x, 1e-5) << i;
  }
}

void expectAdam(OptimizerKind kind) {
  const OptimizerSettings settings{.kind = kind, .weightDecay = 0.1};
  const bool apart = kind == OptimizerKind::AdamW;
  std::vector<float> w{0.5f, -2, 3};
  const auto mine = after(settings, w, 7, 0.05);
  for (std::size_t i = 0; i < w.size(); ++i) {
    double x = static_cast<double>(w[i]), m = 0, v = 0;
    for (int t = 1; t <= 7; ++t) {
      const double g = 2 * static_cast<double>(i + 1) * (x - 1) + (apart ? 0 : 0.1 * x);
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      if (apart) x -= 0.05 * 0.1 * x;
      x -= 0.05 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
    }
    EXPECT_NEAR(static_cast<double>(mine[i]), x, 1e-5) << i;
  }
}

TEST(Optimizer, AdamIsThePublishedOne) { expectAdam(OptimizerKind::Adam); }
TEST(Optimizer, AdamWDecaysApart) { expectAdam(OptimizerKind::AdamW); }

TEST(Optimizer, ClipsTheNormOfAllTogether) {
  std::vector<float> a{3, 0}, b{0, 4};
  const std::span<float> both[] = {a, b};
  EXPECT_NEAR(clipNorm(both, 10), 5, 1e-6);
  EXPECT_EQ(a[0], 3);
  EXPECT_NEAR(clipNorm(both, 1), 5, 1e-6);
  EXPECT_NEAR(a[0], 0.6, 1e-6);
  EXPECT_NEAR(b[1], 0.8, 1e-6);
}

}  // namespace
}  // namespace lapidary::core
