// SPDX-License-Identifier: GPL-3.0-or-later
// The first input with parts of it hidden: set to what says nothing.
#pragma once

#include <span>
#include <vector>

#include "core/explain/map/saliency_map.h"

namespace lapidary::core {

/// How much of the input is shown, by position of the map: 1 all, 0 nothing.
using Mask = std::vector<float>;

/// A hidden position of a floating input takes the channel's mean, a hidden token becomes 0.
class HiddenInput {
 public:
  /// One sample.
  explicit HiddenInput(const Tensor& input);

  const MapGeometry& geometry() const { return m_geometry; }
  bool isTokens() const { return m_tokens; }
  /// The sample as floats, in the layout of the geometry; undefined for tokens.
  const Tensor& values() const { return m_values; }
  /// The positions where hiding changes anything: of tokens those that are not 0.
  std::vector<char> hideable() const;

  /// A batch of one sample for each mask, in the type of the input. Tokens are hidden below one half.
  Tensor hidden(std::span<const Mask> masks) const;

 private:
  void findMeans();
  void fillTokens(std::span<std::byte> sample, const Mask& mask) const;
  void fillValues(std::span<float> sample, const Mask& mask) const;

  Tensor m_input, m_values;
  bool m_tokens;
  MapGeometry m_geometry;
  std::vector<float> m_means;  ///< by channel
};

}  // namespace lapidary::core
