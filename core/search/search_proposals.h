// SPDX-License-Identifier: GPL-3.0-or-later
// The joint recipes that a search measures next.
#pragma once

#include <random>

#include "core/search/search_points.h"

namespace lapidary::core {

/// The goal that a proposal should reach, by the table's model corrected to the point it starts from.
struct ProposalGoal {
  std::optional<double> divergence;   ///< fewest bytes within it
  std::optional<std::int64_t> bytes;  ///< least damage within them; one of the two is given
};

/// Moves from a measured point: new plans along the table's path, single layers and pairs of layers.
/// Deterministic for a generator's state.
class SearchProposals {
 public:
  SearchProposals(const SearchTable& table, const SearchPoints& points, std::mt19937_64& random)
      : m_table(table), m_points(points), m_random(random) {}

  /// At most `count` choices that were not measured, best first.
  std::vector<Choice> from(const SearchPoint& base, const ProposalGoal& goal, std::size_t count);

 private:
  struct Scored {
    double score = 0;  ///< less is better
    Choice choice;
  };

  void plan(double scale, const ProposalGoal& goal, std::vector<Choice>& found) const;
  std::vector<Scored> moves(const SearchPoint& base, double scale, const ProposalGoal& goal);
  std::optional<double> scoreOf(std::int64_t bytes, double divergence, const ProposalGoal& goal);
  double unit();

  const SearchTable& m_table;
  const SearchPoints& m_points;
  std::mt19937_64& m_random;
};

}  // namespace lapidary::core
