// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/quality/gathered_outcome.h"

#include <utility>

#include "core/analyze/answers/batch_runner.h"

namespace lapidary::core {

GatheredOutcome::GatheredOutcome(Outcome outcome, SharedEvaluation& evaluation,
                                 const std::vector<SampleRange>& parts, const OnOutcome& onOutcome)
    : m_outcome(std::move(outcome)), m_evaluation(evaluation), m_parts(parts), m_onOutcome(onOutcome) {}

/// Whether it grew.
bool GatheredOutcome::extendPrefix(std::size_t part, std::vector<std::byte> answers) {
  m_waiting.emplace(part, std::move(answers));
  const std::size_t before = m_next;
  for (auto it = m_waiting.find(m_next); it != m_waiting.end(); it = m_waiting.find(m_next)) {
    m_evaluation.append(m_parts[m_next++], it->second);
    m_waiting.erase(it);
  }
  return m_next > before;
}

void GatheredOutcome::add(std::size_t part, std::vector<std::byte> answers) {
  if (!extendPrefix(part, std::move(answers))) return;
  const Clock::time_point now = Clock::now();
  if (!complete() && now < m_nextQuality) return;
  m_outcome.quality = m_evaluation.quality();
  // The figures are taken over all samples anew: they may cost the leader a twentieth of its time.
  m_nextQuality = Clock::now() + 20 * (Clock::now() - now);
  m_outcome.seconds = std::chrono::duration<double>(Clock::now() - m_start).count();
  m_outcome.final = complete();
  if (m_onOutcome) m_onOutcome(m_outcome);
}

}  // namespace lapidary::core
