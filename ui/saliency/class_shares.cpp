// SPDX-License-Identifier: GPL-3.0-or-later
// Softmax with the largest score taken off first, so that nothing overflows.
#include "ui/saliency/class_shares.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lapidary::ui {

std::vector<double> probabilitiesOf(std::span<const float> scores) {
  std::vector<double> shares(scores.begin(), scores.end());
  if (shares.empty()) return shares;
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  const double least = *std::min_element(shares.begin(), shares.end());
  if (least >= 0 && std::abs(sum - 1) < 1e-3) return shares;
  const double most = *std::max_element(shares.begin(), shares.end());
  double total = 0;
  for (double& share : shares) total += share = std::exp(share - most);
  for (double& share : shares) share /= total;
  return shares;
}

std::vector<ClassShare> likeliest(std::span<const double> probabilities, std::size_t count) {
  std::vector<ClassShare> shares;
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    shares.push_back({static_cast<std::int64_t>(i), probabilities[i]});
  count = std::min(count, shares.size());
  std::partial_sort(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(count), shares.end(),
                    [](const ClassShare& a, const ClassShare& b) {
                      return a.probability != b.probability ? a.probability > b.probability
                                                            : a.index < b.index;
                    });
  shares.resize(count);
  return shares;
}

}  // namespace lapidary::ui
