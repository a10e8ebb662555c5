// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/speed/latency.h"

#include <algorithm>
#include <chrono>

#include "core/analyze/statistics.h"
#include "core/run/executor.h"
#include "core/support/clock.h"

namespace lapidary::core {
namespace {

double timeOf(const Runnable& model, std::span<const Tensor> inputs, const Progress& progress) {
  RunOptions options;
  options.stop = progress.stop;
  const Clock::time_point start = Clock::now();
  model.run(inputs, options);
  return secondsSince(start);
}

}  // namespace

Latency measureLatency(const Runnable& original, const Runnable& cut, std::span<const Tensor> inputs,
                       std::size_t samples, const Progress& progress) {
  return measureLatency(original, inputs, cut, inputs, samples, progress);
}

Latency measureLatency(const Runnable& original, std::span<const Tensor> originalInputs, const Runnable& cut,
                       std::span<const Tensor> cutInputs, std::size_t samples, const Progress& progress) {
  constexpr double budget = 0.15;
  constexpr std::size_t most = 50, least = 3;
  timeOf(original, originalInputs, progress);  // the first runs prepare weights
  timeOf(cut, cutInputs, progress);
  std::vector<double> before, after;
  const Clock::time_point start = Clock::now();
  while (before.size() < most && (before.size() < least || secondsSince(start) < budget)) {
    progress.check();
    before.push_back(timeOf(original, originalInputs, progress));
    after.push_back(timeOf(cut, cutInputs, progress));
  }
  const auto each = static_cast<double>(std::max<std::size_t>(1, samples));
  return {median(after) / each, median(before) / each, static_cast<int>(after.size())};
}

}  // namespace lapidary::core
