// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/finetune/validation.h"

#include <utility>

#include "core/train/loss.h"

namespace lapidary::core {

std::vector<std::int64_t> labelsOf(const Dataset& data) {
  std::vector<std::int64_t> labels(data.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = data.source().label(i);
  return labels;
}

Validation::Validation(const std::shared_ptr<const Dataset>& heldOut, const Model& teacher,
                       std::shared_ptr<const Dataset> seen, unsigned workers, const std::stop_token& stop)
    : m_seen(std::move(seen)),
      m_wanted(heldOut->labelled() ? labelsOf(*heldOut)
                                   : classAnswers(teacher, *heldOut, workers, stop).top1()),
      m_workers(workers) {}

TrainedEpoch Validation::measured(TrainedEpoch epoch, const Model& model, const std::stop_token& stop) const {
  const ClassAnswers answers = classAnswers(model, *m_seen, m_workers, stop);
  const auto top1 = answers.top1();
  std::size_t same = 0;
  for (std::size_t i = 0; i < top1.size(); ++i) same += top1[i] == m_wanted[i];
  const auto count = static_cast<double>(top1.size());
  epoch.quality = static_cast<double>(same) / count;
  epoch.validationLoss = crossEntropy({answers.values, answers.classes}, m_wanted).sum / count;
  return epoch;
}

Verdict BestEpoch::tell(const TrainedEpoch& epoch, const Model& model) {
  m_epochs.push_back(epoch);
  const auto rank = [](const TrainedEpoch& of) { return std::pair(of.quality, -of.validationLoss); };
  if (epoch.epoch == 0 || rank(epoch) > rank(m_epochs[m_best])) {
    m_best = epoch.epoch;
    m_model = model;
  }
  if (m_onEpoch && !m_onEpoch(epoch)) return Verdict::Unwanted;
  return exhausted() ? Verdict::NoBetter : Verdict::GoOn;
}

}  // namespace lapidary::core
