// SPDX-License-Identifier: GPL-3.0-or-later
// The channels of a model that go together when one of them is removed, and which cannot go, and why.
#pragma once

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/compress/structure/channel_trace.h"

namespace lapidary::core {

/// The values that shrink when output channels of one layer are removed. Channels go in units: one channel
/// each for most layers, a whole attention head, or the same channel of every group of a convolution.
struct ChannelGroup {
  struct Member {
    ValueId tensor;              ///< a constant of the graph
    LayerId layer;               ///< whose weight it is; invalid for other constants (biases, norms, shapes)
    int axis = 0;                ///< that shrinks
    std::int64_t positions = 0;  ///< of the axis that belong to units of this layer
    bool produces = false;       ///< the layer makes these channels, it does not read them
  };

  std::int64_t channels = 0;    ///< output channels of the layer
  std::size_t units = 0;        ///< that they fall into
  std::size_t removable = 0;    ///< units that may go; one of all has to stay
  bool heads = false;           ///< units are attention heads
  std::vector<Member> members;  ///< ordered by tensor; empty where nothing may go
  /// Why units have to stay, of the first that has to: "the channels cannot be removed: they reach ...";
  /// empty where all may go.
  std::string reason;
};

/// Follows the channels of a model once; what it answers is looked up. Thread-safe once made.
class ChannelGroups {
 public:
  /// Keeps the model. A file without a graph has no groups.
  explicit ChannelGroups(Model model);
  ChannelGroups(const ChannelGroups&) = delete;
  ChannelGroups& operator=(const ChannelGroups&) = delete;

  const Model& model() const { return m_model; }
  const ChannelTrace& trace() const { return m_trace; }
  ChannelGroup group(LayerId layer) const;
  /// The same without its members: looks at the layer's own channels alone.
  ChannelGroup outline(LayerId layer) const;

  /// The classes of the layer's output channels in order, one for every channel (see IndexClasses::find).
  std::vector<AxisIndex> channelClasses(LayerId layer) const;
  /// Each class once, in order of its first channel.
  std::vector<AxisIndex> units(LayerId layer) const;

  /// A filter: one output channel of a layer's weight.
  struct Filter {
    LayerId layer;
    std::size_t channel = 0;
  };
  /// All filters of the model that make channels of this class.
  const std::vector<Filter>& filters(AxisIndex unit) const;

  /// For every class the axes that would be empty without their last: indices into `axes`.
  const std::vector<std::size_t>& axesWith(AxisIndex unit) const;
  /// How many classes each of those axes is made of.
  const std::vector<std::size_t>& axes() const { return m_axes; }

 private:
  /// Classes of the layer that may go.
  std::unordered_set<AxisIndex> freeUnits(LayerId layer) const;
  std::vector<ChannelGroup::Member> membersOf(const std::unordered_set<AxisIndex>& units) const;
  void indexFilters();
  void indexAxes();

  Model m_model;
  ChannelTrace m_trace;
  std::map<AxisIndex, std::vector<Filter>> m_filters;
  std::map<AxisIndex, std::vector<std::size_t>> m_axesWith;
  std::vector<std::size_t> m_axes;
};

}  // namespace lapidary::core
