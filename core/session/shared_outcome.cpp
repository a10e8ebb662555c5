// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/shared_outcome.h"

#include "core/session/measurements.h"

namespace lapidary::core {

SharedOutcome sharedOutcome(Session::State& state, const GatheredOutcome& gathered,
                            const SharedEvaluation& evaluation, const RunnableCut& cut,
                            const Progress& progress) {
  SharedOutcome shared{gathered.outcome(), std::nullopt};
  const Predictions* const before = evaluation.answersBefore();
  if (!gathered.complete() || before == nullptr) return shared;
  const Predictions& after = *evaluation.answersAfter();
  shared.comparison = comparisonOf(state.requireData(), *before, after);
  shared.outcome.figures = figuresOfAnswers(state.requireData(), *before, after);
  if (!shared.outcome.recipe.empty()) shared.outcome.drift = state.driftOf(cut, {progress.stop, {}});
  return shared;
}

}  // namespace lapidary::core
