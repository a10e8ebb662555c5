// SPDX-License-Identifier: GPL-3.0-or-later
// Finished and begun measurements of recipes, least recently used first out, within a budget of bytes.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/analyze/answers/predictions.h"
#include "core/analyze/outcome.h"
#include "core/analyze/quality/output_difference.h"
#include "core/session/measurement.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

/// Everything measured so far for one recipe.
struct Measured {
  Outcome outcome;
  MeasurementSet done;
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
  std::size_t all() const { return m_measured.bytes() + m_predictions.bytes(); }

  mutable std::mutex m_mutex;
  RecentMap<std::string, Measured> m_measured;  ///< without their predictions, which may go sooner
  RecentMap<std::string, std::shared_ptr<const Predictions>> m_predictions;
  std::size_t m_budget;
};

}  // namespace lapidary::core
