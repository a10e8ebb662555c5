// SPDX-License-Identifier: GPL-3.0-or-later
// Labels held to what the original answers: to all of that which is known, else to the front of the order,
// which later evaluations go on from.
#include "core/data/label_check.h"
#include "core/session/state.h"

namespace lapidary::core {
namespace {

/// Samples that are asked where no pass over the data was made.
constexpr std::size_t askedSamples = 256;

/// Of a prefix of the order; labels that the model has no class for are counted elsewhere.
std::vector<std::int64_t> answersByClass(const Dataset& data, const Predictions& answers) {
  std::vector<std::int64_t> counts(answers.classes * answers.classes);
  for (std::size_t i = 0; i < answers.samples.size(); ++i) {
    const auto truth = static_cast<std::size_t>(data.source().label(data.order()[i]));
    const auto answer = static_cast<std::size_t>(answers.samples[i].top1);
    if (truth < answers.classes && answer < answers.classes) ++counts[truth * answers.classes + answer];
  }
  return counts;
}

}  // namespace

std::vector<DataWarning> Session::labelQuestions(const Progress& progress) const {
  if (qualityKind() != QualityKind::Accuracy || !m_state->canRun() || data()->size() == 0) return {};
  const auto answers = m_state->originalPredictions(std::min(askedSamples, data()->size()), progress);
  const std::vector<std::int64_t> counts = answersByClass(*data(), *answers);
  return questionedLabels(data()->source(), {answers->classes, counts});
}

}  // namespace lapidary::core
