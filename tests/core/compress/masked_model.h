// SPDX-License-Identifier: GPL-3.0-or-later
// The judge of structured pruning: the full model with the same channels set to zero instead of removed.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "core/compress/structure/structured.h"
#include "core/run/executor.h"

namespace lapidary::core::test {

/// Zeros in the positions of an axis that are not kept.
inline Tensor zeroed(const Tensor& weight, std::size_t axis, const std::vector<std::size_t>& kept) {
  std::size_t inner = 1;
  for (std::size_t i = axis + 1; i < weight.rank(); ++i) inner *= static_cast<std::size_t>(weight.shape()[i]);
  const auto size = static_cast<std::size_t>(weight.shape()[axis]);
  TensorBuilder builder(DType::Float32, weight.shape());
  const auto from = weight.as<float>();
  for (std::size_t i = 0; i < from.size(); ++i)
    builder.as<float>()[i] = std::ranges::find(kept, i / inner % size) == kept.end() ? 0.0f : from[i];
  return std::move(builder).build();
}

/// Filters of removed channels and what reads them are zero, in every layer; nothing is removed.
inline Model masked(const ChannelGroups& groups, const std::vector<AxisIndex>& gone) {
  Model model = groups.model();
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const auto kept = keptPositions(groups, LayerId{i}, gone);
    const Shape& shape = model.layers[i].shape;
    for (std::size_t axis = 0; axis < kept.size(); ++axis) {
      if (kept[axis].size() == static_cast<std::size_t>(shape[axis])) continue;
      const Tensor weight = layerWeight(model, model.layers[i]);
      model.weights[model.layers[i].weight] = zeroed(weight, axis, kept[axis]);
    }
  }
  return model;
}

inline FilterScores magnitudes(const Model& model) {
  return [&model](LayerId layer, Criterion criterion) {
    return filterScores(layerWeight(model, model.layer(layer)), model.layer(layer).channelAxis, criterion);
  };
}

/// The largest difference, of the largest value of `expected`, or of `floor` where that is greater; infinite
/// where shapes differ.
inline double relativeDifference(const Tensor& expected, const Tensor& found, double floor = 1e-30) {
  if (expected.shape() != found.shape()) return std::numeric_limits<double>::infinity();
  const Tensor a = toFloat32(expected), b = toFloat32(found);
  double largest = floor, difference = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(a.size()); ++i) {
    largest = std::max(largest, std::fabs(static_cast<double>(a.as<float>()[i])));
    difference = std::max(difference, std::fabs(static_cast<double>(a.as<float>()[i] - b.as<float>()[i])));
  }
  return difference / largest;
}

/// Removes and masks the same channels, runs both, and gives the largest relative difference of any output.
inline double differenceFromMasked(const ChannelGroups& groups, const std::vector<AxisIndex>& gone,
                                   const std::vector<Tensor>& inputs) {
  const Model less = withoutChannels(groups, gone, nullptr), zero = masked(groups, gone);
  const auto found = Executor(less, {}).run(less, inputs).outputs;
  const auto expected = Executor(zero, {}).run(zero, inputs).outputs;
  double difference = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    difference = std::max(difference, relativeDifference(expected[i], found[i]));
  return difference;
}

}  // namespace lapidary::core::test
