// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/structured.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace lapidary::core {
namespace {

template <class Score>
std::vector<double> sums(std::span<const float> values, const Shape& shape, int axis, Score score) {
  const auto at = static_cast<std::size_t>(axis);
  std::vector<double> result(static_cast<std::size_t>(shape.at(at)), 0);
  std::size_t inner = 1;
  for (std::size_t i = at + 1; i < shape.size(); ++i) inner *= static_cast<std::size_t>(shape[i]);
  for (std::size_t begin = 0, c = 0; begin < values.size(); begin += inner, c = (c + 1) % result.size())
    for (const float value : values.subspan(begin, inner)) result[c] += score(static_cast<double>(value));
  return result;
}

/// Removes units until every wish is met as far as it can be.
class Choice {
 public:
  Choice(const ChannelGroups& groups, const FilterScores& scores)
      : m_groups(groups), m_scores(scores), m_left(groups.axes()) {}

  void meet(const ChannelCut& cut) {
    const auto units = m_groups.units(cut.layer);
    const auto wanted = static_cast<std::size_t>(std::floor(cut.share * static_cast<double>(units.size())));
    auto gone = static_cast<std::size_t>(
        std::ranges::count_if(units, [&](AxisIndex unit) { return m_gone.contains(unit); }));
    for (const AxisIndex unit : ranked(units, cut.criterion)) {
      if (gone >= wanted) return;
      gone += remove(unit);
    }
  }

  std::vector<AxisIndex> gone() const { return {m_gone.begin(), m_gone.end()}; }

 private:
  const std::vector<double>& filterScoresOf(LayerId layer, Criterion criterion) {
    const auto key = std::pair(layer.index, criterion);
    const auto known = m_known.find(key);
    return known != m_known.end() ? known->second
                                  : m_known.emplace(key, m_scores(layer, criterion)).first->second;
  }

  /// Those that may go, least score first.
  std::vector<AxisIndex> ranked(const std::vector<AxisIndex>& units, Criterion criterion) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (m_groups.trace().classes.pinned(units[i]) || m_gone.contains(units[i])) continue;
      double score = 0;
      for (const ChannelGroups::Filter& filter : m_groups.filters(units[i]))
        score += filterScoresOf(filter.layer, criterion).at(filter.channel);
      order.emplace_back(std::isfinite(score) ? score : std::numeric_limits<double>::infinity(), i);
    }
    std::ranges::sort(order);
    std::vector<AxisIndex> result;
    for (const auto& [score, i] : order) result.push_back(units[i]);
    return result;
  }

  bool remove(AxisIndex unit) {
    const auto& axes = m_groups.axesWith(unit);
    if (std::ranges::any_of(axes, [&](std::size_t axis) { return m_left[axis] < 2; })) return false;
    for (const std::size_t axis : axes) --m_left[axis];
    return m_gone.insert(unit).second;
  }

  const ChannelGroups& m_groups;
  const FilterScores& m_scores;
  std::vector<std::size_t> m_left;  ///< classes that stay, by axis
  std::set<AxisIndex> m_gone;
  std::map<std::pair<std::uint32_t, Criterion>, std::vector<double>> m_known;
};

void requireRemovable(const ChannelGroups& groups, const ChannelCut& cut) {
  const Layer& layer = groups.model().layer(cut.layer);
  withContext("layer '" + layer.name + "'", [&] {
    const std::string obstacle = obstacleToRemoval(groups, cut.layer, cut.heads);
    if (!obstacle.empty()) throw Error(ErrorKind::InvalidInput, obstacle);
  });
}

}  // namespace

std::string obstacleToRemoval(const ChannelGroups& groups, LayerId layer, bool heads) {
  const ChannelGroup group = groups.outline(layer);
  if (heads && !group.heads)
    return "the layer makes no attention heads: choose the projection of queries, keys or values, or remove "
           "channels";
  return group.removable == 0 ? group.reason : std::string();
}

std::vector<double> filterScores(const Tensor& weight, int channelAxis, Criterion criterion) {
  const auto values = weight.as<float>();
  if (criterion == Criterion::Squares)
    return sums(values, weight.shape(), channelAxis, [](double w) { return w * w; });
  return sums(values, weight.shape(), channelAxis, [](double w) { return std::fabs(w); });
}

std::vector<double> filterSums(std::span<const float> scores, const Shape& shape, int channelAxis) {
  return sums(scores, shape, channelAxis, [](double score) { return score; });
}

std::vector<AxisIndex> leastUnits(const ChannelGroups& groups, std::span<const ChannelCut> cuts,
                                  const FilterScores& scores) {
  std::vector<ChannelCut> ordered(cuts.begin(), cuts.end());
  for (const ChannelCut& cut : ordered) requireRemovable(groups, cut);
  std::ranges::sort(ordered, [](const ChannelCut& a, const ChannelCut& b) {
    return a.share != b.share ? a.share > b.share : a.layer < b.layer;
  });
  Choice choice(groups, scores);
  for (const ChannelCut& cut : ordered) choice.meet(cut);
  return choice.gone();
}

std::vector<std::vector<std::size_t>> keptPositions(const ChannelGroups& groups, LayerId layer,
                                                    const std::vector<AxisIndex>& gone) {
  std::vector<std::vector<std::size_t>> kept;
  const IndexClasses& classes = groups.trace().classes;
  for (const TracedAxis& axis : groups.trace().values[groups.model().layer(layer).weight.index].axes) {
    kept.emplace_back();
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::max<std::int64_t>(0, axis.size)); ++i)
      if (!axis.followed() || !std::ranges::binary_search(gone, classes.find(axis.labels[i])))
        kept.back().push_back(i);
  }
  return kept;
}

}  // namespace lapidary::core
