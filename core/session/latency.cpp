// SPDX-License-Identifier: GPL-3.0-or-later
// Timing of one sample, before and after.
#include "core/analyze/speed/latency.h"

#include <algorithm>

#include "core/analyze/trials/noise.h"
#include "core/run/executor.h"
#include "core/session/evaluation.h"

namespace lapidary::core {

std::optional<std::vector<Tensor>> Session::State::timingInputs(std::size_t samples) const {
  if (!data || data->size() == 0) return noiseInputs(original(), static_cast<std::int64_t>(samples));
  std::vector<std::size_t> chosen(samples);
  for (std::size_t i = 0; i < samples; ++i) chosen[i] = data->order()[i % data->size()];
  return data->inputs(chosen);
}

void Session::State::measureLatency(const RunnableCut& cut, Outcome& outcome,
                                    const Progress& progress) const {
  if (!canRun()) return;
  const auto samples = static_cast<std::size_t>(std::max<std::int64_t>(1, fixedBatch(original())));
  const auto inputs = timingInputs(samples);
  if (!inputs) return;
  try {
    outcome.latency = core::measureLatency(originalRunnable(), cut.runnable(), *inputs, samples, progress);
  } catch (const Error&) {
    if (data) throw;  // sizes of noise inputs are guesses: where they do not fit there is no latency
  }
}

void addLatency(Evaluation& evaluation) {
  evaluation.state().measureLatency(evaluation.cut(), evaluation.outcome(), evaluation.progress());
}

}  // namespace lapidary::core
