// SPDX-License-Identifier: GPL-3.0-or-later
// The values that one plan step keeps between calls: packed weights and primitives, the most recently used
// few.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "core/ops/op.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

/// The budget that the steps of one plan share.
struct PreparedBudget {
  explicit PreparedBudget(std::size_t bytes) : most(bytes) {}
  const std::size_t most;
  std::atomic<std::size_t> used{0};
};

/// Thread-safe. Keeps the newest entries, at most a fixed number and, beyond the last few, at most a
/// fixed number of bytes: every move of a slider makes new weights.
class RecentlyPrepared final : public PreparedStore {
 public:
  /// Large entries that do not fit a budget that other stores share are not kept at all; a store with
  /// a budget of its own always keeps the last few.
  explicit RecentlyPrepared(std::shared_ptr<PreparedBudget> budget = nullptr);
  ~RecentlyPrepared() override;

  std::shared_ptr<const void> find(const Key& key) const override;
  void insert(const Key& key, std::shared_ptr<const void> prepared, std::size_t bytes) override;

 private:
  bool tooMuch() const;

  bool m_alone;
  std::shared_ptr<PreparedBudget> m_budget;
  mutable std::mutex m_mutex;
  mutable RecentMap<Key, std::shared_ptr<const void>> m_entries;
};

}  // namespace lapidary::core
