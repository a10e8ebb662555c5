// SPDX-License-Identifier: GPL-3.0-or-later
// Settings laid over edits and taken off again.
#include "core/compress/recipe/cut_setting.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

TEST(CutSetting, PartsAreLaidOverAndTakenOff) {
  const LayerEdit pruned = sparsitySetting(0.7).edit, quantized = bitsSetting(4).edit;
  const LayerEdit both = laidOver(pruned, quantized);
  EXPECT_EQ(both.prune, pruned.prune);
  EXPECT_EQ(both.quantize, quantized.quantize);
  EXPECT_TRUE(holds(both, pruned));
  EXPECT_TRUE(holds(both, quantized));
  EXPECT_FALSE(holds(pruned, quantized));
  EXPECT_FALSE(holds(both, bitsSetting(3).edit));
  EXPECT_EQ(takenOff(both, quantized), pruned);
  EXPECT_TRUE(takenOff(takenOff(both, quantized), pruned).empty());
}

TEST(CutSetting, EveryPartOfAnEditIsLaidOver) {
  LayerEdit all = laidOver(sparsitySetting(0.5).edit, bitsSetting(8).edit);
  all.activations = {ActivationMode::Dynamic, RangeMethod::MinMax};
  all.lowRank = {LowRankMode::Energy, 0.9};
  EXPECT_EQ(laidOver({}, all), all);
  EXPECT_TRUE(takenOff(all, all).empty());
}

TEST(CutSetting, TheScansSettingsAreValidAndNamed) {
  for (const CutSetting& setting : scanSettings()) {
    EXPECT_NO_THROW(validate(setting.edit)) << setting.label;
    EXPECT_FALSE(setting.label.empty());
  }
  EXPECT_EQ(scanSettings().size(), 7u);
  EXPECT_EQ(bitsSetting(4, Scheme::Affine).label, "4 bit affine");
}

}  // namespace
}  // namespace lapidary::core
