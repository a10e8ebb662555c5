// SPDX-License-Identifier: GPL-3.0-or-later
// How one figure for memory is divided.
#include "core/session/memory.h"

#include <gtest/gtest.h>

namespace lapidary::core {
namespace {

constexpr std::size_t kilobyte = 1024, megabyte = 1024 * kilobyte;

std::size_t sumOf(const MemoryShares& shares, std::size_t sampleBytes) {
  return shares.cuts + shares.samples + shares.prepared + shares.idle + shares.outcomes + shares.cache +
         shares.chunk * (shares.workers + 1) * sampleBytes;
}

TEST(MemoryShares, SumToNoMoreThanTheBudget) {
  for (const std::size_t budget : {8 * megabyte, 32 * megabyte, 1024 * megabyte})
    for (const std::size_t sample : {kilobyte, 300 * kilobyte, 2 * megabyte})
      for (const unsigned workers : {1u, 2u, 64u}) {
        const MemoryShares shares = sharesOf(budget, {sample}, 0, workers);
        EXPECT_LE(sumOf(shares, sample), budget) << budget << " " << sample << " " << workers;
        EXPECT_LE(shares.workers, workers);
      }
}

TEST(MemoryShares, TheGridOfSamplesIsTheSameForAnyNumberOfWorkers) {
  for (const std::size_t sample : {kilobyte, 300 * kilobyte, 40 * megabyte})
    EXPECT_EQ(sharesOf(32 * megabyte, {sample}, 0, 1).chunk, sharesOf(32 * megabyte, {sample}, 0, 64).chunk);
}

TEST(MemoryShares, SampleLargerThanTheBudgetRunsAlone) {
  const MemoryShares shares = sharesOf(32 * megabyte, {100 * megabyte}, 0, 8);
  EXPECT_EQ(shares.chunk, 1u);
  EXPECT_EQ(shares.workers, 1u);
  EXPECT_EQ(shares.cache, 0u);
}

TEST(MemoryShares, KeepWhatTheModelInsistsOn) {
  EXPECT_EQ(sharesOf(32 * megabyte, {100 * megabyte}, 7, 8).chunk, 7u);
}

}  // namespace
}  // namespace lapidary::core
