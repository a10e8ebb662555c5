// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/nearest.h"

#include <algorithm>
#include <numeric>

namespace lapidary::core {
namespace {

/// Names come from files: longer ones are compared by their beginning.
constexpr std::size_t longestCompared = 256;

std::size_t distance(const std::string& a, const std::string& b) {
  const std::size_t rows = std::min(a.size(), longestCompared), columns = std::min(b.size(), longestCompared);
  std::vector<std::size_t> last(columns + 1), row(columns + 1);
  std::iota(last.begin(), last.end(), 0u);
  for (std::size_t i = 1; i <= rows; ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= columns; ++j)
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
    last.swap(row);
  }
  return last[columns];
}

}  // namespace

std::vector<std::string> nearestNames(const std::string& wanted, const std::vector<std::string>& names,
                                      std::size_t most) {
  std::vector<std::pair<std::size_t, std::size_t>> ranked;
  for (std::size_t i = 0; i < names.size(); ++i) ranked.emplace_back(distance(wanted, names[i]), i);
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> nearest;
  for (std::size_t i = 0; i < std::min(most, ranked.size()); ++i) nearest.push_back(names[ranked[i].second]);
  return nearest;
}

}  // namespace lapidary::core
