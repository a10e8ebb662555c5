// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/memory.h"

#include <algorithm>

#include "core/run/executor.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// Large enough for the operators to be efficient, small enough that a first outcome of 100 samples
/// keeps several workers busy and a stop is noticed soon.
constexpr std::size_t mostSamples = 20;

std::size_t chunkOf(std::size_t budget, SampleMemory sample, std::size_t fixedBatch) {
  if (fixedBatch > 0) return fixedBatch;
  if (sample.bytes == 0) return mostSamples;
  return std::clamp<std::size_t>(budget / 16 / sample.bytes, 1, mostSamples);
}

}  // namespace

MemoryShares sharesOf(std::size_t budget, SampleMemory sample, std::size_t fixedBatch, unsigned workers) {
  MemoryShares shares;
  shares.cuts = std::min(128 * mebibyte, budget / 8);
  shares.samples = std::min(32 * mebibyte, budget / 16);
  shares.prepared = std::min(64 * mebibyte, budget / 16);
  shares.idle = std::min(64 * mebibyte, budget / 16);
  shares.outcomes = std::min(16 * mebibyte, budget / 32);
  shares.inputs = std::min(256 * mebibyte, budget / 4);
  shares.chunk = chunkOf(budget, sample, fixedBatch);
  const std::size_t most = budget / 4, one = std::max<std::size_t>(1, shares.chunk * sample.bytes);
  shares.workers =
      static_cast<unsigned>(std::clamp<std::size_t>(most / one, 1, std::max<std::size_t>(1, workers)));
  const std::size_t running = sample.bytes == 0 ? most : (shares.workers + 1) * one;
  const std::size_t taken =
      shares.cuts + shares.samples + shares.prepared + shares.idle + shares.outcomes + running;
  shares.cache = budget > taken ? budget - taken : 0;
  return shares;
}

}  // namespace lapidary::core
