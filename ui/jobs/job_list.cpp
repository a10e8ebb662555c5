// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_list.h"

#include <algorithm>

#include "ui/jobs/long_job.h"

namespace lapidary::ui {

void JobList::watch(LongJob* job) {
  if (m_jobs.contains(job)) return;
  m_jobs.append(job);
  connect(job, &LongJob::changed, this, &JobList::changed);
  connect(job, &LongJob::goes, this, [this, job] {
    m_jobs.removeOne(job);
    emit changed();
  });
  emit changed();
}

QList<LongJob*> JobList::present() const {
  QList<LongJob*> jobs;
  std::ranges::copy_if(m_jobs, std::back_inserter(jobs),
                       [](const LongJob* job) { return job->state() != LongJob::State::Idle; });
  return jobs;
}

QList<LongJob*> JobList::active() const {
  QList<LongJob*> jobs;
  std::ranges::copy_if(m_jobs, std::back_inserter(jobs), [](const LongJob* job) { return job->active(); });
  return jobs;
}

}  // namespace lapidary::ui
