// SPDX-License-Identifier: GPL-3.0-or-later
// Activation maps against a convolution in loops; the most exciting samples against looking at all of them.
#include "core/explain/activations/activations.h"

#include <gtest/gtest.h>

#include "core/explain/activations/layer_activations.h"
#include "core/run/executor.h"
#include "tests/core/explain/explained_digit.h"

namespace lapidary::core {
namespace {

TEST(Activations, OfAConvolutionAreThoseOfLoops) {
  const ExplainedDigit digit;
  const LayerId layer = digit.model.findLayer("conv1");
  ASSERT_TRUE(layer.valid());
  const ActivationMaps maps = activationMaps({digit.model, digit.executor}, digit.inputs, layer);
  EXPECT_EQ(maps.channels, 20);
  EXPECT_EQ(maps.width, 24);
  EXPECT_EQ(maps.height, 24);
  const Tensor weight = layerWeight(digit.model, digit.model.layer(layer));
  const Tensor bias = digit.model.weights.at(digit.model.layer(layer).bias);
  for (const std::size_t c : {0u, 7u, 19u})
    for (const std::size_t row : {3u, 12u})
      for (const std::size_t column : {5u, 23u}) {
        float sum = bias.as<float>()[c];
        for (std::size_t y = 0; y < 5; ++y)
          for (std::size_t x = 0; x < 5; ++x)
            sum += weight.as<float>()[c * 25 + y * 5 + x] *
                   digit.inputs[0].as<float>()[(row + y) * 28 + column + x];
        EXPECT_NEAR(maps.channel(static_cast<int>(c))[row * 24 + column], sum, 1e-3f);
      }
}

TEST(Activations, OfADenseLayerHaveNoSpatialPositions) {
  const ExplainedDigit digit;
  const ActivationMaps maps =
      activationMaps({digit.model, digit.executor}, digit.inputs, digit.model.findLayer("ip2"));
  EXPECT_EQ(maps.channels, 10);
  EXPECT_EQ(maps.values.size(), 10u);
  const ClassScores scores = digit.scores(digit.inputs[0]);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(maps.values[i], scores.row(0)[i], 1e-4f);
}

TEST(TopActivations, AreTheLargestOfAllSamples) {
  const ExplainedDigit digit;
  const auto data = digits(digit.model);
  const Runnable subject{digit.model, digit.executor};
  TopRequest request{digit.model.findLayer("ip2"), 7, 5, 1};
  const auto found = topActivations(subject, *data, request, {});
  ASSERT_EQ(found.size(), 5u);
  std::vector<std::pair<float, std::size_t>> all;
  for (std::size_t first = 0; first < data->size(); first += 500) {
    std::vector<std::size_t> samples(std::min<std::size_t>(500, data->size() - first));
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = first + i;
    const ClassScores scores =
        classScores(digit.executor.run(digit.model, data->inputs(samples)).outputs, {});
    for (std::size_t i = 0; i < samples.size(); ++i) all.emplace_back(-scores.row(i)[7], first + i);
  }
  std::ranges::sort(all);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(found[i].sample, all[i].second);
    EXPECT_NEAR(found[i].activation, -all[i].first, 1e-3);
  }
  request.workers = 3;
  EXPECT_EQ(topActivations(subject, *data, request, {}), found);
  request.channel = -1;
  EXPECT_EQ(topActivations(subject, *data, request, {}).size(), 5u);
}

TEST(TopActivations, RefuseWhatIsNotThereAndStop) {
  const ExplainedDigit digit;
  const auto data = digits(digit.model);
  const Runnable subject{digit.model, digit.executor};
  TopRequest request{digit.model.findLayer("conv1"), 20, 5, 1};
  EXPECT_THROW(topActivations(subject, *data, request, {}), Error);
  request.channel = 0;
  std::stop_source stop;
  Progress progress{stop.get_token(), [&](std::size_t, std::size_t) { stop.request_stop(); }};
  EXPECT_THROW(topActivations(subject, *data, request, progress), Cancelled);
  EXPECT_THROW(activationMaps(subject, digit.inputs, LayerId{99}), Error);
}

}  // namespace
}  // namespace lapidary::core
