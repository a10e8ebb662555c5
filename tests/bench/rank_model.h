// SPDX-License-Identifier: GPL-3.0-or-later
// How long an evaluation shared over many ranks takes: compute, hand-out and gathering at one leader, and
// an all-reduce for comparison.
#pragma once

#include <cstddef>

namespace lapidary::bench {

/// The speed of one network and one machine.
struct RankCosts {
  double secondsPerSample = 0;  ///< of one rank that computes with nothing beside it
  double slowdown = 1;          ///< of a rank whose neighbours on the same machine compute too
  double latency = 0;           ///< seconds from send to receive of a short message
  double bytesPerSecond = 0;    ///< of one link
  double leaderSeconds = 0;     ///< that rank 0 needs for one message, in or out
  double startSeconds = 0;      ///< before the first sample: the same on every rank
};

struct RankLoad {
  std::size_t samples = 0;
  std::size_t samplesPerPart = 0;
  std::size_t bytesPerSample = 0;  ///< of the answers that travel
};

struct RankForecast {
  double seconds = 0, compute = 0, leader = 0, network = 0;
  double samplesPerSecond(std::size_t samples) const { return static_cast<double>(samples) / seconds; }
};

/// Parts are handed out in turn, the slowest rank has ceil(parts / ranks) of them. The leader's messages
/// overlap with computing: the longer of the two counts, and one round trip at the end.
RankForecast forecast(const RankCosts& costs, const RankLoad& load, std::size_t ranks);

/// Seconds of a ring all-reduce of `bytes` (Thakur et al. 2005): 2 (p - 1) messages of bytes / p.
double ringAllReduce(const RankCosts& costs, double bytes, std::size_t ranks);

}  // namespace lapidary::bench
