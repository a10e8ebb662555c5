// SPDX-License-Identifier: GPL-3.0-or-later
// Processes that work on one problem and send each other bytes: what a distributed run needs, whoever
// carries it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/support/progress.h"

namespace lapidary::core {

struct RankMessage {
  unsigned from = 0;
  std::vector<std::byte> bytes;
};

/// Used by one thread of each process. Messages from one rank to another arrive in the order sent.
class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual unsigned rank() const = 0;  ///< 0 leads
  virtual unsigned count() const = 0;
  /// May return before the message has arrived.
  virtual void send(unsigned to, std::span<const std::byte> bytes) = 0;
  /// A message that has arrived; nothing where there is none. Never waits.
  virtual std::optional<RankMessage> receive() = 0;
};

/// The work that is to be done for item 0, 1, ... and for its result.
struct RankWork {
  std::size_t items = 0;
  std::function<std::vector<std::byte>(std::size_t item)> compute;  ///< on any rank, on one more thread
  /// On rank 0, its calling thread, in the order in which results come.
  std::function<void(std::size_t item, std::vector<std::byte> result)> done;
};

/// Hands the items out in rising order, each rank the next one when it is free (one waits at each rank, so
/// that none idles while messages travel). Every rank calls this; it returns on rank 0 when all results
/// are there, on the others when rank 0 says so. What `compute` throws leaves it on the rank where it
/// happened: whoever runs the ranks must end the others. Throws Cancelled where a stop was asked for.
void shareOverRanks(Ranks& ranks, const RankWork& work, const Progress& progress);

}  // namespace lapidary::core
