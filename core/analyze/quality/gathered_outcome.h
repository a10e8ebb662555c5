// SPDX-License-Identifier: GPL-3.0-or-later
// Puts together on one rank what all ranks found.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <vector>

#include "core/analyze/answers/batch_runner.h"
#include "core/analyze/quality/shared_evaluation.h"
#include "core/support/clock.h"

namespace lapidary::core {

/// The figures sharpen as the prefix of finished parts grows; parts come in any order.
class GatheredOutcome {
 public:
  using OnOutcome = std::function<void(const Outcome&)>;

  /// Holds references to all but the outcome, which has recipe and footprint.
  GatheredOutcome(Outcome outcome, SharedEvaluation& evaluation, const std::vector<SampleRange>& parts,
                  const OnOutcome& onOutcome);

  void add(std::size_t part, std::vector<std::byte> answers);
  bool complete() const { return m_next == m_parts.size(); }
  const Outcome& outcome() const { return m_outcome; }

 private:
  bool extendPrefix(std::size_t part, std::vector<std::byte> answers);

  Outcome m_outcome;
  SharedEvaluation& m_evaluation;
  const std::vector<SampleRange>& m_parts;
  const OnOutcome& m_onOutcome;
  Clock::time_point m_start = Clock::now(), m_nextQuality = m_start;
  std::size_t m_next = 0;  ///< the first part that is missing
  std::map<std::size_t, std::vector<std::byte>> m_waiting;
};

}  // namespace lapidary::core
