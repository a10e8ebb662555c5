// SPDX-License-Identifier: GPL-3.0-or-later
// Small networks for the tests of structured pruning, and what removing their channels is held against.
#pragma once

#include <gtest/gtest.h>

#include "tests/core/compress/masked_model.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::test {

using testing::GraphBuilder;
using testing::ints;
using testing::randomTensor;

struct Built {
  Model model;
  std::vector<Tensor> inputs;
};

inline Model finished(GraphBuilder& b) {
  Model model = b.model();
  model.layers = findLayers(*model.graph);
  return model;
}

inline ValueId conv(GraphBuilder& b, ValueId x, Shape weight, unsigned seed, std::int64_t group = 1,
                    bool biased = true) {
  const std::int64_t outputs = weight[0], kernel = weight[2];
  std::vector<ValueId> inputs{
      x, b.weight("w" + std::to_string(seed), randomTensor(std::move(weight), seed, 0.5f))};
  if (biased) inputs.push_back(b.weight("b" + std::to_string(seed), randomTensor({outputs}, seed + 50)));
  const std::int64_t pad = kernel / 2;
  return b.node("Conv", inputs, {{"group", group}, {"pads", ints({pad, pad, pad, pad})}});
}

inline ValueId linear(GraphBuilder& b, ValueId x, std::int64_t in, std::int64_t out, unsigned seed) {
  return b.node("Gemm",
                {x, b.weight("g" + std::to_string(seed), randomTensor({out, in}, seed, 0.5f)),
                 b.weight("c" + std::to_string(seed), randomTensor({out}, seed + 1))},
                {{"transB", std::int64_t{1}}});
}

inline ValueId numbers(GraphBuilder& b, const std::string& name, std::vector<std::int64_t> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return b.weight(name, Tensor::from<std::int64_t>({count}, std::span<const std::int64_t>(values)));
}

inline std::vector<Tensor> picture(std::int64_t channels) { return {randomTensor({2, channels, 8, 8}, 99)}; }

/// Removes of every layer alone and of all together, at three shares. `cuttable`: layers that lose something.
inline void expectRemovalEqualsZeros(const Built& built, std::size_t cuttable) {
  const ChannelGroups groups(built.model);
  const FilterScores scores = magnitudes(groups.model());
  std::vector<ChannelCut> all;
  for (std::uint32_t i = 0; i < groups.model().layers.size(); ++i) {
    const ChannelGroup group = groups.group(LayerId{i});
    EXPECT_EQ(group.reason.empty(), group.removable == group.units) << i << ": " << group.reason;
    if (group.removable > 0) all.push_back({LayerId{i}, 0});
  }
  EXPECT_EQ(all.size(), cuttable);
  for (const double share : {0.3, 0.5, 1.0}) {
    std::vector<std::vector<ChannelCut>> attempts;
    for (ChannelCut& cut : all) {
      cut.share = share;
      attempts.push_back({cut});
    }
    if (!all.empty()) attempts.push_back(all);
    for (const auto& cuts : attempts) {
      const auto gone = leastUnits(groups, cuts, scores);
      EXPECT_TRUE(share < 0.5 || !gone.empty());
      EXPECT_LT(differenceFromMasked(groups, gone, built.inputs), 1e-5)
          << share << ", layer " << groups.model().layer(cuts[0].layer).name << " of " << cuts.size();
    }
  }
}

}  // namespace lapidary::core::test
