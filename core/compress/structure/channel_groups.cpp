// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/channel_groups.h"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace lapidary::core {
namespace {

template <class Map>
const typename Map::mapped_type& lookUp(const Map& map, AxisIndex unit) {
  static const typename Map::mapped_type none;
  const auto it = map.find(unit);
  return it == map.end() ? none : it->second;
}

}  // namespace

ChannelGroups::ChannelGroups(Model model) : m_model(std::move(model)), m_trace(m_model) {
  indexFilters();
  indexAxes();
}

std::vector<AxisIndex> ChannelGroups::channelClasses(LayerId id) const {
  const Layer& layer = m_model.layer(id);
  const TracedValue& weight = m_trace.values[layer.weight.index];
  const auto axis = static_cast<std::size_t>(layer.channelAxis);
  if (!layer.node.valid() || axis >= weight.axes.size()) return {};
  std::vector<AxisIndex> classes = weight.axes[axis].labels;
  for (AxisIndex& each : classes) each = m_trace.classes.find(each);
  return classes;
}

std::vector<AxisIndex> ChannelGroups::units(LayerId layer) const {
  std::vector<AxisIndex> units;
  std::unordered_set<AxisIndex> seen;
  for (const AxisIndex each : channelClasses(layer))
    if (seen.insert(each).second) units.push_back(each);
  return units;
}

void ChannelGroups::indexFilters() {
  for (std::uint32_t i = 0; i < m_model.layers.size(); ++i) {
    const auto classes = channelClasses(LayerId{i});
    for (std::size_t channel = 0; channel < classes.size(); ++channel)
      m_filters[classes[channel]].push_back({LayerId{i}, channel});
  }
}

/// Axes of equal classes count once.
void ChannelGroups::indexAxes() {
  std::set<std::vector<AxisIndex>> seen;
  for (const TracedValue& value : m_trace.values)
    for (const TracedAxis& axis : value.axes) {
      std::vector<AxisIndex> classes;
      for (const AxisIndex label : axis.labels) classes.push_back(m_trace.classes.find(label));
      std::ranges::sort(classes);
      classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
      const bool concerns = std::ranges::any_of(
          classes, [&](AxisIndex each) { return m_filters.contains(each) && !m_trace.classes.pinned(each); });
      if (!concerns || !seen.insert(classes).second) continue;
      for (const AxisIndex each : classes) m_axesWith[each].push_back(m_axes.size());
      m_axes.push_back(classes.size());
    }
}

const std::vector<ChannelGroups::Filter>& ChannelGroups::filters(AxisIndex unit) const {
  return lookUp(m_filters, unit);
}

const std::vector<std::size_t>& ChannelGroups::axesWith(AxisIndex unit) const {
  return lookUp(m_axesWith, unit);
}

std::unordered_set<AxisIndex> ChannelGroups::freeUnits(LayerId layer) const {
  std::unordered_set<AxisIndex> free;
  for (const AxisIndex unit : units(layer))
    if (!m_trace.classes.pinned(unit)) free.insert(unit);
  return free;
}

ChannelGroup ChannelGroups::outline(LayerId id) const {
  const auto classes = channelClasses(id);
  ChannelGroup group;
  group.channels = static_cast<std::int64_t>(classes.size());
  if (classes.empty()) {
    group.reason = m_model.runnable()
                       ? "the channels cannot be removed: the layer's weight is not followed"
                       : "the channels cannot be removed: the file holds weights without a graph";
    return group;
  }
  for (const AxisIndex unit : units(id)) {
    ++group.units;
    group.heads = group.heads || m_trace.classes.isHead(unit);
    if (m_trace.classes.pinned(unit) && group.reason.empty())
      group.reason = "the channels cannot be removed: " + m_trace.classes.reason(unit);
  }
  group.removable = freeUnits(id).size();
  if (group.units == 1) {
    group.removable = 0;
    if (group.reason.empty()) group.reason = "the channels cannot be removed: they all belong together";
  }
  return group;
}

ChannelGroup ChannelGroups::group(LayerId id) const {
  ChannelGroup group = outline(id);
  if (group.removable > 0) group.members = membersOf(freeUnits(id));
  return group;
}

std::vector<ChannelGroup::Member> ChannelGroups::membersOf(const std::unordered_set<AxisIndex>& units) const {
  std::vector<ChannelGroup::Member> members;
  std::map<ValueId, LayerId> layerOf;  // the first of those that share a weight
  for (std::uint32_t i = 0; i < m_model.layers.size(); ++i)
    layerOf.emplace(m_model.layers[i].weight, LayerId{i});
  for (std::uint32_t i = 0; i < m_trace.values.size(); ++i) {
    const auto layer = layerOf.find(ValueId{i});
    const bool weighs = layer != layerOf.end();
    if (!m_trace.values[i].constant && !weighs) continue;
    for (std::size_t axis = 0; axis < m_trace.values[i].axes.size(); ++axis) {
      ChannelGroup::Member member{ValueId{i}, weighs ? layer->second : LayerId{}, static_cast<int>(axis), 0,
                                  false};
      for (const AxisIndex label : m_trace.values[i].axes[axis].labels)
        member.positions += units.contains(m_trace.classes.find(label));
      member.produces = weighs && m_model.layer(member.layer).channelAxis == member.axis;
      if (member.positions > 0) members.push_back(member);
    }
  }
  return members;
}

}  // namespace lapidary::core
