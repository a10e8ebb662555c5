// SPDX-License-Identifier: GPL-3.0-or-later
// Single weights far from the rest of their layer.
#include <algorithm>
#include <cmath>

#include "core/audit/rules/audit_rules.h"
#include "core/audit/weights/weight_checks.h"
#include "core/support/number_text.h"

namespace lapidary::core {
namespace {

constexpr double outlierScore = 60, outlierGap = 80;
constexpr std::size_t fewest = 64;

double quantile(std::vector<double>& values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

void findOutliers(const AuditedLayer& layer, std::vector<Finding>& findings) {
  std::vector<double> values;
  for (const float value : layer.weight.as<float>())
    if (std::isfinite(value) && value != 0) values.push_back(static_cast<double>(value));
  if (values.size() < fewest || 2 * values.size() < layer.weight.as<float>().size()) return;
  const double middle = quantile(values, 0.5);
  std::vector<double> apart;
  for (const double value : values) apart.push_back(std::abs(value - middle));
  const double mad = quantile(apart, 0.5), most = quantile(apart, 0.999);
  const double bound = std::max(outlierScore * 1.4826 * mad, outlierGap * most);
  if (!(mad > 0)) return;
  const auto all = layer.weight.as<float>();
  std::size_t count = 0, worst = 0;
  double furthest = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double by = std::abs(static_cast<double>(all[i]) - middle);
    if (!std::isfinite(all[i]) || by <= bound) continue;
    ++count;
    if (by > furthest) furthest = by, worst = i;
  }
  if (count == 0) return;
  findings.push_back(findingOf("weight-outlier",
                               "layer '" + layer.name + "', element " + std::to_string(worst),
                               std::to_string(count) + (count == 1 ? " weight" : " weights") +
                                   ", the furthest " + shortText(static_cast<double>(all[worst])) +
                                   " with a robust z-score of " + shortText(furthest / (1.4826 * mad))));
}

}  // namespace lapidary::core
