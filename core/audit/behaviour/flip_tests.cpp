// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/behaviour/flip_tests.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/audit/rules/audit_rules.h"

namespace lapidary::core {
namespace {

constexpr double level = 0.001, leastRatio = 4, leastShare = 0.02, mostFlips = 0.4;
constexpr std::size_t bins = 10, fewestSamples = 100;

struct FlipTest {
  const char* rule = nullptr;
  std::int64_t cls = 0;
  double observed = 0, expected = 0, variance = 0;

  /// One-sided, by the normal approximation with its half step; small expectations get at least a Poisson's
  /// spread.
  double probability() const {
    const double spread = std::sqrt(std::max({variance, expected, 1.0}));
    return 0.5 * std::erfc((observed - 0.5 - expected) / spread / std::sqrt(2.0));
  }
  bool matters(double samples) const {
    return observed >= leastRatio * expected && observed - expected >= leastShare * samples;
  }
};

std::vector<double> probabilitiesOf(std::span<const float> scores) {
  const auto most = static_cast<double>(*std::ranges::max_element(scores));
  std::vector<double> shares;
  double sum = 0;
  for (const float score : scores) sum += shares.emplace_back(std::exp(static_cast<double>(score) - most));
  for (double& share : shares) share /= sum;
  return shares;
}

double marginOf(std::span<const float> scores) {
  float first = scores[0], second = -INFINITY;
  for (const float score : scores.subspan(1)) {
    second = std::max(second, std::min(first, score));
    first = std::max(first, score);
  }
  return static_cast<double>(first) - static_cast<double>(second);
}

/// By sample how likely a sample with so close a runner-up changes.
std::vector<double> flipChances(const ClassAnswers& original, const std::vector<char>& flips) {
  std::vector<std::size_t> order(flips.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> margins;
  for (std::size_t i = 0; i < flips.size(); ++i) margins.push_back(marginOf(original.row(i)));
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return margins[i]; });
  std::vector<double> chances(flips.size());
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t begin = bin * order.size() / bins, end = (bin + 1) * order.size() / bins;
    double sum = 0;
    for (std::size_t k = begin; k < end; ++k) sum += flips[order[k]];
    for (std::size_t k = begin; k < end; ++k) chances[order[k]] = sum / static_cast<double>(end - begin);
  }
  return chances;
}

void report(std::vector<FlipTest> tests, double samples, std::vector<Finding>& findings) {
  std::ranges::sort(tests, {}, &FlipTest::probability);
  for (std::size_t k = 0; k < tests.size(); ++k) {
    const double corrected = tests[k].probability() * static_cast<double>(tests.size() - k);
    if (corrected > level) return;
    if (!tests[k].matters(samples)) continue;
    findings.push_back(
        findingOf(tests[k].rule, "class " + std::to_string(tests[k].cls),
                  std::to_string(static_cast<std::size_t>(tests[k].observed)) + " answers, " +
                      std::to_string(static_cast<std::size_t>(std::lround(tests[k].expected))) +
                      " expected of " + std::to_string(static_cast<std::size_t>(samples)) + " samples"));
  }
}

}  // namespace

void findFlips(const ClassAnswers& original, const ClassAnswers& cut, std::vector<Finding>& findings) {
  if (original.samples() < fewestSamples || original.classes < 2) return;
  const auto before = original.top1(), after = cut.top1();
  std::vector<char> flips(before.size());
  for (std::size_t i = 0; i < flips.size(); ++i) flips[i] = before[i] != after[i];
  const auto samples = static_cast<double>(flips.size());
  if (static_cast<double>(std::ranges::count(flips, char{1})) > mostFlips * samples) return;
  std::vector<FlipTest> tests;
  for (const char* rule : {"behaviour-lost-class", "behaviour-target-class"})
    for (std::size_t c = 0; c < original.classes; ++c) tests.push_back({rule, static_cast<std::int64_t>(c)});
  const auto add = [](FlipTest& test, double chance, bool happened) {
    test.observed += happened;
    test.expected += chance;
    test.variance += chance * (1 - chance);
  };
  const std::vector<double> chances = flipChances(original, flips);
  for (std::size_t i = 0; i < flips.size(); ++i) {
    add(tests[static_cast<std::size_t>(before[i])], chances[i], flips[i] != 0);
    if (flips[i] == 0) continue;
    const auto shares = probabilitiesOf(original.row(i));
    const double others = std::max(1 - shares[static_cast<std::size_t>(before[i])], 1e-12);
    for (std::size_t c = 0; c < original.classes; ++c)
      if (static_cast<std::int64_t>(c) != before[i])
        add(tests[original.classes + c], std::min(1.0, shares[c] / others),
            after[i] == static_cast<std::int64_t>(c));
  }
  report(std::move(tests), samples, findings);
}

}  // namespace lapidary::core
