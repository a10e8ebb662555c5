// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/rank_model.h"

#include <algorithm>
#include <cmath>

namespace lapidary::bench {

RankForecast forecast(const RankCosts& costs, const RankLoad& load, std::size_t ranks) {
  const auto parts = static_cast<double>((load.samples + load.samplesPerPart - 1) / load.samplesPerPart);
  const auto p = static_cast<double>(ranks);
  const double rounds = std::ceil(parts / p);
  RankForecast result;
  const auto most =
      std::min(rounds * static_cast<double>(load.samplesPerPart), static_cast<double>(load.samples));
  result.compute = most * costs.secondsPerSample * (ranks > 1 ? costs.slowdown : 1);
  // Every part of another rank costs the leader one message out and one in, and its bytes on its link.
  const double away = parts * (p - 1) / p;
  const double bytes = static_cast<double>(load.samplesPerPart * load.bytesPerSample);
  result.leader = away * (2 * costs.leaderSeconds + bytes / costs.bytesPerSecond);
  result.network = ranks > 1 ? 2 * costs.latency + bytes / costs.bytesPerSecond : 0;
  result.seconds = costs.startSeconds + std::max(result.compute, result.leader) + result.network;
  return result;
}

double ringAllReduce(const RankCosts& costs, double bytes, std::size_t ranks) {
  const auto p = static_cast<double>(ranks);
  return 2 * (p - 1) * (costs.latency + bytes / p / costs.bytesPerSecond);
}

}  // namespace lapidary::bench
