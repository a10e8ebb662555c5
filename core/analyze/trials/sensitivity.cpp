// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/trials/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

/// The cost of a cell, on one scale for all kinds of quality: the drop where it is known, else the
/// divergence, else the noise's share of the outputs, else of the weights.
double costOf(const SensitivityCell& cell) {
  if (cell.trial.diverged > 0) return *cell.trial.meanDivergence();
  if (cell.drop) return std::max(0.0, cell.drop->value);
  if (cell.trial.power.signal > 0) return cell.trial.power.noise / cell.trial.power.signal;
  return cell.weightSnrDb ? std::pow(10.0, -*cell.weightSnrDb / 10) : 0;
}

double promise(const SensitivityCell& cell) {
  constexpr double least = 1e-6;  // between cells that cost nothing the bytes decide
  const auto saved = static_cast<double>(cell.bytesSaved);
  return saved > 0 ? saved / (costOf(cell) + least) : saved;
}

void look(SensitivityCell& cell, const SensitivityMeter& meter, const RacePolicy& policy) {
  cell.drop = dropOf(cell.trial, meter.kind);
  cell.sharp = cell.trial.samples >= meter.total || sharpEnough(cell.trial, meter.kind, policy);
}

/// A cell that cannot be measured says why; the others go on.
void extend(SensitivityCell& cell, std::size_t samples, const SensitivityMeter& meter,
            const RacePolicy& policy) {
  try {
    meter.extend(cell, samples);
    look(cell, meter, policy);
  } catch (const Error& error) {
    cell.failure = error.what();
    cell.sharp = true;
  }
}

}  // namespace

bool sharpEnough(const Trial& trial, QualityKind kind, const RacePolicy& policy) {
  if (policy.everything || trial.samples == 0) return false;
  const auto drop = dropOf(trial, kind);
  if (!drop) return true;
  if (policy.threshold)
    return drop->interval.low > *policy.threshold || drop->interval.high < *policy.threshold;
  const double half = (drop->interval.high - drop->interval.low) / 2;
  return half <= std::max(policy.halfWidth, policy.relative * std::abs(drop->value));
}

double SensitivityMatrix::sampleShare() const {
  if (cells.empty() || total == 0) return 0;
  const auto seen =
      std::accumulate(cells.begin(), cells.end(), std::size_t{0},
                      [](std::size_t sum, const auto& cell) { return sum + cell.trial.samples; });
  return static_cast<double>(seen) / static_cast<double>(total * cells.size());
}

std::vector<std::size_t> promisingFirst(const std::vector<SensitivityCell>& cells) {
  std::vector<double> promises;
  for (const auto& cell : cells) promises.push_back(promise(cell));
  std::vector<std::size_t> order(cells.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return promises[a] > promises[b]; });
  return order;
}

std::vector<std::size_t> looksOf(const RacePolicy& policy, std::size_t total) {
  std::vector<std::size_t> looks;
  const std::size_t step = std::max<std::size_t>(1, policy.step);
  for (std::size_t at = step; !policy.everything && at < total; at += std::max(step, at / 2))
    looks.push_back(at);
  looks.push_back(total);
  return looks;
}

void race(std::vector<SensitivityCell>& cells, const SensitivityMeter& meter, const RacePolicy& policy,
          const Progress& progress, const std::function<void(const SensitivityCell&)>& onCell) {
  const auto looks = looksOf(policy, meter.total);
  const std::size_t all = looks.size() * cells.size();
  std::size_t done = 0;
  for (const std::size_t look : looks)
    for (const std::size_t i : promisingFirst(cells)) {
      progress.step(done++, all);
      if (cells[i].sharp) continue;
      extend(cells[i], look, meter, policy);
      if (onCell) onCell(cells[i]);
    }
  progress.step(all, all);
}

}  // namespace lapidary::core
