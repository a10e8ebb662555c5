// SPDX-License-Identifier: GPL-3.0-or-later
// How far probabilities can be believed, once all samples were answered.
#include "core/session/evaluation.h"

namespace lapidary::core {

Reliability Session::State::originalReliability(const Predictions& answers) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_originalReliability) return *m_originalReliability;
  }
  const Reliability found = *reliabilityOf(*data, answers);
  const std::lock_guard lock(m_mutex);
  m_originalReliability = found;
  return found;
}

void addReliability(Evaluation& evaluation) {
  const Predictions &before = evaluation.originalAnswers(), &after = evaluation.cutAnswers();
  Outcome& outcome = evaluation.outcome();
  outcome.originalReliability = evaluation.state().originalReliability(before);
  const bool same = before.samples == after.samples;
  outcome.reliability = same ? outcome.originalReliability : reliabilityOf(*evaluation.state().data, after);
}

}  // namespace lapidary::core
