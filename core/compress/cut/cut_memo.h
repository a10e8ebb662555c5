// SPDX-License-Identifier: GPL-3.0-or-later
// Remembers cut weights by what was done to which layer, least recently used first out, within a budget.
#pragma once

#include <mutex>
#include <optional>

#include "core/compress/cut/cut_weight.h"
#include "core/compress/prune/prune.h"
#include "core/support/recent_map.h"

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
  explicit CutMemo(std::size_t budgetBytes) : m_weights({.bytes = budgetBytes}) {}

  std::optional<CutWeight> find(const CutKey& key);
  /// Keeps the first result for a key and returns it, so that equal keys give equal tensor ids. Those of
  /// background work are kept only where there is room, and are the first to go.
  CutWeight insert(const CutKey& key, CutWeight made);

 private:
  std::mutex m_mutex;
  RecentMap<CutKey, CutWeight> m_weights;
};

}  // namespace lapidary::core
