// What one plan step keeps between calls: packed weights and primitives, the most recently used few.
#pragma once

#include <list>
#include <mutex>

#include "core/ops/op.h"

namespace lapidary::core {

/// Thread-safe. Keeps the newest entries, at most a fixed number and, beyond the last few, at most a
/// fixed number of bytes: every move of a slider makes new weights.
class RecentlyPrepared final : public PreparedStore {
 public:
  std::shared_ptr<const void> find(const Key& key) const override;
  void insert(const Key& key, std::shared_ptr<const void> prepared, std::size_t bytes) override;

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const void> prepared;
    std::size_t bytes;
  };
  mutable std::mutex m_mutex;
  mutable std::list<Entry> m_entries;  ///< most recently used first
  std::size_t m_bytes = 0;
};

}  // namespace lapidary::core
