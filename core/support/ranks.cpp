// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/ranks.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace lapidary::core {
namespace {

/// Between two looks for messages: long enough to leave the processor to those who compute.
constexpr std::chrono::microseconds pause{100};
/// Items that a rank holds: one in work and one that waits.
constexpr std::size_t itemsAhead = 2;
constexpr std::uint64_t noMore = ~std::uint64_t{0};

std::vector<std::byte> messageOf(std::uint64_t item, std::span<const std::byte> payload = {}) {
  std::vector<std::byte> bytes(sizeof item + payload.size());
  std::memcpy(bytes.data(), &item, sizeof item);
  std::ranges::copy(payload, bytes.begin() + sizeof item);
  return bytes;
}

std::uint64_t itemOf(const RankMessage& message) {
  std::uint64_t item = 0;
  if (message.bytes.size() < sizeof item)
    throw Error(ErrorKind::InvalidInput,
                "rank " + std::to_string(message.from) + " sent a message that is too short");
  std::memcpy(&item, message.bytes.data(), sizeof item);
  return item;
}

/// Computes items on a thread of its own, so that the calling thread is free for messages.
class Computer {
 public:
  struct Result {
    std::size_t item = 0;
    std::vector<std::byte> bytes;
  };

  explicit Computer(const RankWork& work)
      : m_work(work), m_thread([this](std::stop_token stop) { run(stop); }) {}

  void give(std::size_t item) {
    const std::lock_guard lock(m_mutex);
    m_items.push_back(item);
    m_changed.notify_all();
  }

  /// A result that is ready; throws what computing threw.
  std::optional<Result> take() {
    const std::lock_guard lock(m_mutex);
    if (m_failure) std::rethrow_exception(m_failure);
    if (m_results.empty()) return std::nullopt;
    Result result = std::move(m_results.front());
    m_results.pop_front();
    return result;
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [&] { return !m_items.empty(); })) {
      const std::size_t item = m_items.front();
      m_items.pop_front();
      lock.unlock();
      Result result{item, {}};
      std::exception_ptr failure;
      try {
        result.bytes = m_work.compute(item);
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      if (failure) {
        m_failure = failure;
        return;
      }
      m_results.push_back(std::move(result));
    }
  }

  const RankWork& m_work;
  std::mutex m_mutex;
  std::condition_variable_any m_changed;
  std::deque<std::size_t> m_items;
  std::deque<Result> m_results;
  std::exception_ptr m_failure;
  std::jthread m_thread;  // last: joined before the rest goes
};

/// Rank 0: hands out and gathers, and computes like the others.
class Leader {
 public:
  Leader(Ranks& ranks, const RankWork& work) : m_ranks(ranks), m_work(work), m_computer(work) {}

  void run(const Progress& progress) {
    for (std::size_t round = 0; round < itemsAhead; ++round)
      for (unsigned rank = 0; rank < m_ranks.count(); ++rank) handOut(rank);
    while (m_done < m_work.items) {
      progress.check();
      if (!gather(progress)) std::this_thread::sleep_for(pause);
    }
    for (unsigned rank = 1; rank < m_ranks.count(); ++rank) m_ranks.send(rank, messageOf(noMore));
  }

 private:
  void handOut(unsigned rank) {
    if (m_next == m_work.items) return;
    const std::size_t item = m_next++;
    if (rank == 0)
      m_computer.give(item);
    else
      m_ranks.send(rank, messageOf(item));
  }

  /// Whether there was anything.
  bool gather(const Progress& progress) {
    if (auto own = m_computer.take()) {
      handOut(0);
      finish(own->item, std::move(own->bytes), progress);
      return true;
    }
    auto message = m_ranks.receive();
    if (!message) return false;
    const std::uint64_t item = itemOf(*message);
    if (item >= m_work.items)
      throw Error(ErrorKind::InvalidInput, "rank " + std::to_string(message->from) +
                                               " sent a result that nobody asked for: do all ranks run the "
                                               "same command on the same files?");
    handOut(message->from);
    message->bytes.erase(message->bytes.begin(), message->bytes.begin() + sizeof item);
    finish(item, std::move(message->bytes), progress);
    return true;
  }

  void finish(std::size_t item, std::vector<std::byte> bytes, const Progress& progress) {
    m_work.done(item, std::move(bytes));
    progress.step(++m_done, m_work.items);
  }

  Ranks& m_ranks;
  const RankWork& m_work;
  std::size_t m_next = 0, m_done = 0;
  Computer m_computer;
};

void follow(Ranks& ranks, const RankWork& work, const Progress& progress) {
  Computer computer(work);
  for (;;) {
    progress.check();
    if (const auto result = computer.take()) {
      ranks.send(0, messageOf(result->item, result->bytes));
    } else if (const auto message = ranks.receive()) {
      const std::uint64_t item = itemOf(*message);
      if (item == noMore) return;
      computer.give(item);
    } else {
      std::this_thread::sleep_for(pause);
    }
  }
}

}  // namespace

void shareOverRanks(Ranks& ranks, const RankWork& work, const Progress& progress) {
  if (ranks.rank() == 0)
    Leader(ranks, work).run(progress);
  else
    follow(ranks, work, progress);
}

}  // namespace lapidary::core
