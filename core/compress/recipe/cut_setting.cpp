// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/recipe/cut_setting.h"

#include <cmath>

namespace lapidary::core {

CutSetting sparsitySetting(double sparsity) {
  CutSetting setting;
  setting.label = std::to_string(std::lround(sparsity * 100)) + " %";
  setting.edit.prune = {PruneMode::Sparsity, sparsity};
  return setting;
}

CutSetting bitsSetting(int bits, Scheme scheme) {
  CutSetting setting;
  setting.label = std::to_string(bits) + " bit";
  if (scheme != Scheme::Symmetric) setting.label += ' ' + std::string(name(scheme));
  setting.edit.quantize = {scheme, bits, Granularity::Channel, 0};
  return setting;
}

std::vector<CutSetting> scanSettings() {
  std::vector<CutSetting> settings;
  for (const double sparsity : {0.5, 0.7, 0.9}) settings.push_back(sparsitySetting(sparsity));
  for (const int bits : {8, 4, 3, 2}) settings.push_back(bitsSetting(bits));
  return settings;
}

LayerEdit laidOver(const LayerEdit& base, const LayerEdit& change) {
  LayerEdit made = base;
  if (change.prune.mode != PruneMode::None) made.prune = change.prune;
  if (change.quantize.scheme != Scheme::None) made.quantize = change.quantize;
  if (change.activations.mode != ActivationMode::None) made.activations = change.activations;
  if (change.lowRank.mode != LowRankMode::None) made.lowRank = change.lowRank;
  return made;
}

bool holds(const LayerEdit& base, const LayerEdit& change) { return laidOver(base, change) == base; }

LayerEdit takenOff(const LayerEdit& base, const LayerEdit& change) {
  LayerEdit made = base;
  if (change.prune.mode != PruneMode::None) made.prune = {};
  if (change.quantize.scheme != Scheme::None) made.quantize = {};
  if (change.activations.mode != ActivationMode::None) made.activations = {};
  if (change.lowRank.mode != LowRankMode::None) made.lowRank = {};
  return made;
}

}  // namespace lapidary::core
