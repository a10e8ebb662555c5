// Finished and begun measurements of recipes, least recently used first out, within a budget of bytes.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/analyze/outcome.h"
#include "core/analyze/output_difference.h"
#include "core/analyze/predictions.h"

namespace lapidary::core {

/// Everything measured so far for one recipe; the flags say which measurements are done.
struct Measured {
  Outcome outcome;
  bool footprint = false, quality = false, latency = false, forms = false, saliency = false, attacked = false;
  /// Of the samples that the quality was measured on so far; dropped for older recipes.
  std::shared_ptr<const Predictions> predictions;
  OutputDifference difference;  ///< in their place, where outputs are not scores of classes
};

/// By the recipe's fingerprint. Thread-safe.
class OutcomeMemo {
 public:
  explicit OutcomeMemo(std::size_t budgetBytes) : m_budget(budgetBytes) {}

  Measured find(const std::string& fingerprint);
  /// Replaces what was known of the recipe. Where room lacks, older recipes lose their predictions first,
  /// then all.
  void store(const std::string& fingerprint, Measured measured);
  std::size_t bytes() const;
  /// Of all that is remembered what was measured to the end.
  std::vector<Outcome> finished() const;

 private:
  struct Entry {
    std::string fingerprint;
    Measured measured;
    std::size_t bytes = 0;
  };
  using Entries = std::list<Entry>;  ///< most recently used first

  void dropPredictions(Entry& entry);
  void shrink();

  mutable std::mutex m_mutex;
  Entries m_entries;
  std::map<std::string, Entries::iterator> m_places;
  std::size_t m_bytes = 0, m_budget;
};

}  // namespace lapidary::core
