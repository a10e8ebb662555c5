// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/hiding/coalitions.h"

#include <Eigen/Core>
#include <algorithm>
#include <numeric>

#include "core/explain/map/draws.h"
#include "core/support/symmetric_eigen.h"

namespace lapidary::core {
namespace {

/// C(n, k), or infinity's stand-in where it is beyond any budget.
double binomial(std::size_t n, std::size_t k) {
  double result = 1;
  for (std::size_t i = 1; i <= k; ++i) result *= static_cast<double>(n - k + i) / static_cast<double>(i);
  return std::round(result);
}

/// Of all coalitions of a size together.
double kernelWeight(std::size_t n, std::size_t size) {
  return static_cast<double>(n - 1) / (static_cast<double>(size) * static_cast<double>(n - size));
}

std::vector<char> complement(std::vector<char> members) {
  for (char& member : members) member = static_cast<char>(member == 0);
  return members;
}

class Choice {
 public:
  Choice(std::size_t players, std::size_t budget) : m_players(players), m_budget(budget) {}

  std::vector<Coalition> make(std::uint64_t seed) {
    std::size_t size = 1;
    while (2 * size <= m_players && takeWhole(size)) ++size;
    if (2 * size <= m_players) draw(size, seed);
    return std::move(m_chosen);
  }

 private:
  bool isMiddle(std::size_t size) const { return 2 * size == m_players; }

  bool takeWhole(std::size_t size) {
    const double each = binomial(m_players, size), all = isMiddle(size) ? each : 2 * each;
    if (all > static_cast<double>(m_budget - m_chosen.size())) return false;
    const double weight = kernelWeight(m_players, size) / each;
    std::vector<char> members(m_players, 0);
    std::fill_n(members.begin(), size, char{1});
    do {
      m_chosen.push_back({members, weight});
      if (!isMiddle(size)) m_chosen.push_back({complement(members), weight});
    } while (std::ranges::prev_permutation(members).found);
    return true;
  }

  /// Sizes from `first` to half the players, by their weights.
  void draw(std::size_t first, std::uint64_t seed) {
    const std::size_t begin = m_chosen.size();
    std::vector<double> cumulated;
    double sum = 0;
    for (std::size_t size = first; 2 * size <= m_players; ++size)
      cumulated.push_back(sum += (isMiddle(size) ? 1 : 2) * kernelWeight(m_players, size));
    Draws draws(seed, 0);
    while (m_chosen.size() + 2 <= m_budget) {
      const auto found = std::ranges::lower_bound(cumulated, draws.unit() * sum);
      const auto step = std::min<std::ptrdiff_t>(found - cumulated.begin(), std::ssize(cumulated) - 1);
      const std::vector<char> members = randomMembers(first + static_cast<std::size_t>(step), draws);
      m_chosen.push_back({complement(members), 0});
      m_chosen.push_back({members, 0});
    }
    const auto drawn = static_cast<double>(m_chosen.size() - begin);
    for (std::size_t i = begin; i < m_chosen.size(); ++i) m_chosen[i].weight = sum / drawn;
  }

  std::vector<char> randomMembers(std::size_t size, Draws& draws) const {
    std::vector<std::size_t> players(m_players);
    std::iota(players.begin(), players.end(), std::size_t{0});
    std::vector<char> members(m_players, 0);
    for (std::size_t i = 0; i < size; ++i) {
      std::swap(players[i], players[i + draws.below(m_players - i)]);
      members[players[i]] = 1;
    }
    return members;
  }

  std::size_t m_players, m_budget;
  std::vector<Coalition> m_chosen;
};

}  // namespace

std::vector<Coalition> chosenCoalitions(std::size_t players, std::size_t budget, std::uint64_t seed) {
  if (players < 2) return {};
  return Choice(players, std::max(budget, 2 * players)).make(seed);
}

/// The last value is what the others leave: one unknown less, and no condition.
std::vector<double> shapleyRegression(std::span<const Coalition> coalitions, std::span<const double> worths,
                                      double empty, double full, std::size_t players) {
  if (players == 0) return {};
  if (players == 1) return {full - empty};
  const auto unknowns = static_cast<Eigen::Index>(players) - 1;
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(unknowns, unknowns);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(unknowns), row(unknowns);
  for (std::size_t i = 0; i < coalitions.size(); ++i) {
    const auto& members = coalitions[i].members;
    const double last = members.back();
    for (Eigen::Index k = 0; k < unknowns; ++k) row[k] = members[static_cast<std::size_t>(k)] - last;
    matrix.selfadjointView<Eigen::Lower>().rankUpdate(row, coalitions[i].weight);
    right += coalitions[i].weight * (worths[i] - empty - last * (full - empty)) * row;
  }
  // Few coalitions leave directions open: these get nothing.
  const Eigen::VectorXd solved = leastSquares(eigenOf(matrix, EigenParts::ValuesAndVectors).value(), right);
  std::vector<double> values(solved.begin(), solved.end());
  values.push_back(full - empty - solved.sum());
  return values;
}

}  // namespace lapidary::core
