// SPDX-License-Identifier: GPL-3.0-or-later
// Structured pruning: which channels and attention heads go, and the model without them.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/compress/recipe/prune_edit.h"
#include "core/compress/structure/channel_groups.h"
#include "core/compress/structure/slice_memo.h"

namespace lapidary::core {

/// A wish to remove the least units of one layer.
struct ChannelCut {
  LayerId layer;
  double share = 0;  ///< of the layer's units; floor(share * units) of them go
  Criterion criterion = Criterion::Magnitude;
  bool heads = false;  ///< the units must be attention heads
};

/// One score for every output channel of a layer: the sum over the weights of that filter.
using FilterScores = std::function<std::vector<double>(LayerId, Criterion)>;

/// Why no unit of the layer may go, or, for `heads`, that it makes none; empty where some may.
std::string obstacleToRemoval(const ChannelGroups& groups, LayerId layer, bool heads);

/// Sums |w| (Magnitude) or w^2 (Squares) over every filter, in double.
std::vector<double> filterScores(const Tensor& weight, int channelAxis, Criterion criterion);
/// Sums scores of single weights, in the weight's shape, over every filter.
std::vector<double> filterSums(std::span<const float> scores, const Shape& shape, int channelAxis);

/// The classes to remove, sorted. A unit's score is the sum over all filters of its group, in whatever layer;
/// equal scores go in order. Where several layers of a group are cut, the greatest share counts, by the
/// criterion that comes with it. Pinned units stay, and so does the last unit of every axis. Throws
/// Error(InvalidInput) naming the layer where none of its units may go, or where it has no heads.
std::vector<AxisIndex> leastUnits(const ChannelGroups& groups, std::span<const ChannelCut> cuts,
                                  const FilterScores& scores);

/// The model without these classes: constants are sliced, numbers that count channels (group, shapes, sizes
/// of parts, padding) follow, and so do declared shapes and Layer::shape. Ids and names of values, nodes and
/// layers stay; tensors that do not change are shared. `memo` (may be null) remembers slices, so that equal
/// cuts give equal tensors.
Model withoutChannels(const ChannelGroups& groups, const std::vector<AxisIndex>& gone, SliceMemo* memo);

/// The indices of a layer's weight that stay, by axis; all of an axis that keeps everything.
std::vector<std::vector<std::size_t>> keptPositions(const ChannelGroups& groups, LayerId layer,
                                                    const std::vector<AxisIndex>& gone);

}  // namespace lapidary::core
