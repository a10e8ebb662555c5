// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/raced_scan.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "tests/bench/ratio.h"

namespace lapidary::bench {
namespace {

constexpr double threshold = 0.01;

struct Raced {
  core::SensitivityMatrix matrix;
  double seconds = 0;
};

Raced race(const core::Model& model, const std::shared_ptr<const core::Dataset>& data, const FullScan& full,
           const core::RacePolicy& policy) {
  const auto start = std::chrono::steady_clock::now();
  const core::Session session(model, data, {});
  core::SensitivityRequest request;
  request.settings = full.settings;
  request.race = policy;
  Raced raced{session.sensitivity(request, {}), 0};
  raced.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return raced;
}

/// Of the cells that the full scan puts on either side of the threshold.
double sameSide(const core::SensitivityMatrix& matrix, const FullScan& full) {
  std::size_t same = 0;
  for (std::size_t i = 0; i < matrix.cells.size(); ++i)
    same += (matrix.cells[i].drop->value > threshold) == (full.drops[i] > threshold);
  return static_cast<double>(same) / static_cast<double>(matrix.cells.size());
}

/// Of the pairs of cells that the full scan puts at least a point apart.
double sameOrder(const core::SensitivityMatrix& matrix, const FullScan& full) {
  std::size_t same = 0, pairs = 0;
  for (std::size_t a = 0; a < full.drops.size(); ++a)
    for (std::size_t b = 0; b < full.drops.size(); ++b) {
      if (full.drops[a] < full.drops[b] + 0.01) continue;
      ++pairs;
      same += matrix.cells[a].drop->value > matrix.cells[b].drop->value;
    }
  return pairs == 0 ? 1 : static_cast<double>(same) / static_cast<double>(pairs);
}

void report(const char* name, const Raced& raced, const FullScan& full, std::size_t total) {
  const auto& cells = raced.matrix.cells;
  double samples = 0, width = 0, widest = 0, error = 0;
  std::size_t complete = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double half = (cells[i].drop->interval.high - cells[i].drop->interval.low) / 2;
    samples += static_cast<double>(cells[i].trial.samples);
    complete += cells[i].trial.samples == total;
    width += half;
    widest = std::max(widest, half);
    error += std::abs(cells[i].drop->value - full.drops[i]);
  }
  const auto n = static_cast<double>(cells.size());
  std::printf(
      "  raced to %s: %.2f s; %.0f of %zu samples a cell (%zu of %zu cells on all); half widths %.2f points "
      "on "
      "average,\n  %.2f at most; %.2f points off the full scan on average; %.1f %% of cells on the full "
      "scan's "
      "side of %.0f point,\n  %.1f %% of pairs a point apart in its order\n",
      name, raced.seconds, samples / n, total, complete, cells.size(), width / n * 100, widest * 100,
      error / n * 100, 100 * sameSide(raced.matrix, full), threshold * 100,
      100 * sameOrder(raced.matrix, full));
}

}  // namespace

void measureRacedScans(const core::Model& model, const std::shared_ptr<const core::Dataset>& data,
                       const FullScan& full) {
  std::printf(
      "\nthe same scan with every cell measured only as sharply as is asked for (fewer samples: not the "
      "same work)\n");
  const Raced width = race(model, data, full, {});
  report("0.5 points or a quarter of the drop", width, full, data->size());
  core::RacePolicy decide;
  decide.threshold = threshold;
  const Raced decided = race(model, data, full, decide);
  report("a decision against 1 point", decided, full, data->size());
  printRatio("raced_scan_to_half_a_point_speedup", full.rivalSeconds / width.seconds, Goal::AtLeast, 10);
  printRatio("raced_scan_to_a_decision_speedup", full.rivalSeconds / decided.seconds, Goal::AtLeast, 10);
  printRatio("raced_scan_to_half_a_point_over_full", full.seconds / width.seconds, Goal::None);
  printRatio("raced_scan_to_a_decision_same_side", sameSide(decided.matrix, full), Goal::None);
}

}  // namespace lapidary::bench
