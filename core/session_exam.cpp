#include "core/session_exam.h"

namespace lapidary::core {

std::vector<std::int64_t> labelsOf(const Dataset& data) {
  std::vector<std::int64_t> labels(data.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = data.source().label(i);
  return labels;
}

Exam::Exam(const std::shared_ptr<const Dataset>& heldOut, const Model& teacher,
           std::shared_ptr<const Dataset> seen, unsigned workers, const std::stop_token& stop)
    : m_seen(std::move(seen)),
      m_wanted(heldOut->labelled() ? labelsOf(*heldOut)
                                   : classAnswers(teacher, *heldOut, workers, stop).top1()),
      m_workers(workers) {}

double Exam::qualityOf(const Model& model, const std::stop_token& stop) const {
  const auto top1 = classAnswers(model, *m_seen, m_workers, stop).top1();
  std::size_t same = 0;
  for (std::size_t i = 0; i < top1.size(); ++i) same += top1[i] == m_wanted[i];
  return static_cast<double>(same) / static_cast<double>(top1.size());
}

bool BestEpoch::tell(const TrainedEpoch& epoch, const Model& model) {
  m_epochs.push_back(epoch);
  if (epoch.epoch == 0 || epoch.quality > m_epochs[m_best].quality) {
    m_best = epoch.epoch;
    m_model = model;
  }
  const bool wanted = !m_onEpoch || m_onEpoch(epoch);
  return wanted && epoch.epoch - m_best < m_patience;
}

}  // namespace lapidary::core
