// SPDX-License-Identifier: GPL-3.0-or-later
// Remembers cut weights by what was done to which layer, least recently used first out, within a budget.
#pragma once

#include <list>
#include <map>
#include <mutex>
#include <optional>

#include "core/compress/cut/cut_weight.h"
#include "core/compress/prune/prune.h"

namespace lapidary::core {

/// Everything that the values of a cut weight depend on.
struct CutKey {
  LayerId layer;
  Cutoff cutoff;
  Quantize quantize;
  Prune prune = {};  ///< of criteria by which the cutoff does not tell all: see keyOf

  auto tied() const { return std::tuple(layer.index, cutoff.threshold, cutoff.count, quantize, prune); }
  bool operator<(const CutKey& other) const { return tied() < other.tied(); }
};

/// Thread-safe.
class CutMemo {
 public:
  explicit CutMemo(std::size_t budgetBytes) : m_budget(budgetBytes) {}

  std::optional<CutWeight> find(const CutKey& key);
  /// Keeps the first result for a key and returns it, so that equal keys give equal tensor ids. Those of
  /// background work are kept only where there is room, and are the first to go.
  CutWeight insert(const CutKey& key, CutWeight made);

 private:
  using Order = std::list<CutKey>;  ///< most recently used first
  struct Entry {
    CutWeight weight;
    Order::iterator place;
  };

  std::mutex m_mutex;
  Order m_order;
  std::map<CutKey, Entry> m_entries;
  std::size_t m_bytes = 0, m_budget;
};

}  // namespace lapidary::core
