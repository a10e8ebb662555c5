// SPDX-License-Identifier: GPL-3.0-or-later
// Remembers computed activations under content keys, least recently used first out, within a budget.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/ops/op.h"
#include "core/support/cache_statistics.h"

namespace lapidary::core {

/// How long a result is worth its memory.
enum class Retention {
  Nothing,    ///< looked up, not kept
  Recurring,  ///< passing from the second time on that it is computed, not kept the first time
  Passing,    ///< dropped first
  Lasting     ///< dropped when nothing passing is left, or lasting ones fill a quarter of the budget
};

/// Thread-safe. A key names the operator, its weights and its inputs, so a hit is always right.
class ActivationCache {
 public:
  explicit ActivationCache(std::size_t budgetBytes);
  ~ActivationCache();

  std::optional<std::vector<Activation>> find(const Key& key) const;
  /// Marks those that are remembered as used just now; their bytes, 0 for what is not remembered.
  std::vector<std::size_t> touch(std::span<const Key> keys);
  /// Keeps the outputs of one step, except those of background work; drops the least recently used until the
  /// budget holds. Returns the bytes that they take, 0 where they are not kept.
  std::size_t insert(const Key& key, std::vector<Activation> outputs,
                     Retention retention = Retention::Passing);
  void drop(const Key& key);
  void setBudget(std::size_t bytes);
  CacheStatistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace lapidary::core
