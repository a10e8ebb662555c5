// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled edits to try on a layer, how they are laid over an edit and taken off again.
#pragma once

#include <string>
#include <vector>

#include "core/compress/recipe/recipe.h"

namespace lapidary::core {

/// A column of the sensitivity matrix, or a move of the search. Parts of `edit` that are empty leave what a
/// layer has as it is.
struct CutSetting {
  std::string label;  ///< short, of digits and the field's words: "70 %", "4 bit"
  LayerEdit edit;
  bool operator==(const CutSetting&) const = default;
};

/// Pruned to 50, 70 and 90 %; symmetric with 8, 4, 3 and 2 bits, one scale a channel.
std::vector<CutSetting> scanSettings();

CutSetting sparsitySetting(double sparsity);
CutSetting bitsSetting(int bits, Scheme scheme = Scheme::Symmetric);

/// `base` with the parts that `change` has.
LayerEdit laidOver(const LayerEdit& base, const LayerEdit& change);
/// Whether `base` has all parts of `change`, as they are there.
bool holds(const LayerEdit& base, const LayerEdit& change);
/// `base` without the parts that `change` has.
LayerEdit takenOff(const LayerEdit& base, const LayerEdit& change);

}  // namespace lapidary::core
