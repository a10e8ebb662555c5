// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/search_proposals.h"

#include <algorithm>
#include <cmath>

namespace lapidary::core {
namespace {

constexpr std::size_t pairsTried = 20'000;
/// By how much the model's error is allowed for: a foretold divergence may lie this far beyond the goal.
constexpr double slack = 1.05;

/// How much the sum over layers has to be stretched to give what was measured at the base.
double scaleAt(const SearchTable& table, const SearchPoint& base) {
  const double foretold = table.damageOf(base.choice);
  const double measured = base.candidate.trial.meanDivergence().value_or(foretold);
  return foretold > 0 && measured > 0 ? measured / foretold : 1;
}

}  // namespace

/// In [0, 1); the library's distributions differ between implementations.
double SearchProposals::unit() { return static_cast<double>(m_random() >> 11) * 0x1p-53; }

std::optional<double> SearchProposals::scoreOf(std::int64_t bytes, double divergence,
                                               const ProposalGoal& goal) {
  const double luck = 1 + 0.1 * unit();
  if (goal.bytes) return bytes <= *goal.bytes ? std::optional(divergence * luck) : std::nullopt;
  if (divergence > slack * *goal.divergence) return std::nullopt;
  return static_cast<double>(bytes) * luck;
}

/// The path's last choice within the goal, and the ones beside it.
void SearchProposals::plan(double scale, const ProposalGoal& goal, std::vector<Choice>& found) const {
  const auto path = m_table.path();
  std::size_t at = 0;
  if (goal.bytes) {
    while (at + 1 < path.size() && m_table.bytesOf(path[at]) > *goal.bytes) ++at;
  } else {
    while (at + 1 < path.size() && m_table.damageOf(path[at + 1]) * scale <= *goal.divergence) ++at;
  }
  for (const std::size_t index : {at, at + 1, at > 0 ? at - 1 : at})
    if (index < path.size() && !m_points.known(path[index])) found.push_back(path[index]);
}

std::vector<SearchProposals::Scored> SearchProposals::moves(const SearchPoint& base, double scale,
                                                            const ProposalGoal& goal) {
  const auto& layers = m_table.layers();
  const double divergence = base.candidate.trial.meanDivergence().value_or(0);
  const std::int64_t bytes = m_table.bytesOf(base.choice);
  const auto changed = [&](std::size_t layer, std::size_t option) {
    const auto &to = layers[layer].options[option], &from = layers[layer].options[base.choice[layer]];
    return std::pair(to.bytes - from.bytes, (to.damage - from.damage) * scale);
  };
  std::vector<Scored> scored;
  const auto offer = [&](std::int64_t moreBytes, double moreDamage, Choice choice) {
    // From a point that is too much already the way leads back.
    if (!goal.bytes && moreBytes >= 0 && divergence <= *goal.divergence) return;
    if (goal.bytes && moreDamage >= 0) return;
    const auto score = scoreOf(bytes + moreBytes, std::max(0.0, divergence + moreDamage), goal);
    if (score && !m_points.known(choice)) scored.push_back({*score, std::move(choice)});
  };
  for (std::size_t layer = 0; layer < layers.size(); ++layer)
    for (std::size_t option = 0; option < layers[layer].options.size(); ++option) {
      if (option == base.choice[layer]) continue;
      const auto [more, damage] = changed(layer, option);
      Choice choice = base.choice;
      choice[layer] = option;
      offer(more, damage, std::move(choice));
    }
  for (std::size_t pair = 0; layers.size() > 1 && pair < pairsTried; ++pair) {
    const std::size_t a = m_random() % layers.size(), b = m_random() % layers.size();
    const std::size_t x = m_random() % layers[a].options.size(), y = m_random() % layers[b].options.size();
    if (a == b || x == base.choice[a] || y == base.choice[b]) continue;
    const auto [moreA, damageA] = changed(a, x);
    const auto [moreB, damageB] = changed(b, y);
    Choice choice = base.choice;
    choice[a] = x;
    choice[b] = y;
    offer(moreA + moreB, damageA + damageB, std::move(choice));
  }
  std::ranges::stable_sort(scored, [](const Scored& a, const Scored& b) { return a.score < b.score; });
  return scored;
}

std::vector<Choice> SearchProposals::from(const SearchPoint& base, const ProposalGoal& goal,
                                          std::size_t count) {
  const double scale = scaleAt(m_table, base);
  std::vector<Choice> found;
  plan(scale, goal, found);
  if (found.size() > count / 2) found.resize(count / 2);
  for (Scored& move : moves(base, scale, goal)) {
    if (found.size() >= count) break;
    if (std::ranges::find(found, move.choice) == found.end()) found.push_back(std::move(move.choice));
  }
  return found;
}

}  // namespace lapidary::core
