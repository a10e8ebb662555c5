// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks whose processes are threads of one.
#pragma once

#include <deque>
#include <mutex>

#include "core/support/ranks.h"

namespace lapidary::core::test {

/// The mailboxes of all ranks.
struct Post {
  explicit Post(unsigned count) : boxes(count) {}

  std::mutex mutex;
  std::vector<std::deque<RankMessage>> boxes;
};

class ThreadRanks final : public Ranks {
 public:
  ThreadRanks(Post& post, unsigned rank) : m_post(post), m_rank(rank) {}

  unsigned rank() const override { return m_rank; }
  unsigned count() const override { return static_cast<unsigned>(m_post.boxes.size()); }
  void send(unsigned to, std::span<const std::byte> bytes) override {
    const std::lock_guard lock(m_post.mutex);
    m_post.boxes.at(to).push_back({m_rank, {bytes.begin(), bytes.end()}});
  }
  std::optional<RankMessage> receive() override {
    const std::lock_guard lock(m_post.mutex);
    auto& box = m_post.boxes[m_rank];
    if (box.empty()) return std::nullopt;
    RankMessage message = std::move(box.front());
    box.pop_front();
    return message;
  }

 private:
  Post& m_post;
  unsigned m_rank;
};

}  // namespace lapidary::core::test
