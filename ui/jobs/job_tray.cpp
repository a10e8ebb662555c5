// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_tray.h"

#include <QMenu>

#include "ui/jobs/job_list.h"
#include "ui/jobs/long_job.h"
#include "ui/look/number_text.h"

namespace lapidary::ui {

JobTray::JobTray(JobList& jobs, QWidget* parent)
    : QToolButton(parent), m_jobs(jobs), m_menu(new QMenu(this)) {
  setObjectName(QStringLiteral("jobTray"));
  setPopupMode(QToolButton::InstantPopup);
  setMenu(m_menu);
  setFocusPolicy(Qt::TabFocus);
  setAccessibleName(tr("Jobs"));
  setToolTip(tr("Work that goes on while its window is closed"));
  connect(m_menu, &QMenu::aboutToShow, this, &JobTray::fillMenu);
  connect(&jobs, &JobList::changed, this, &JobTray::refresh);
  refresh();
}

QString JobTray::lineOf(const LongJob& job) {
  // Only the first line: the others are for the dialog.
  QString line = tr("%1: %2").arg(job.title(), job.sentence().section(QLatin1Char('\n'), 0, 0));
  if (job.state() == LongJob::State::Paused) return tr("%1 · paused").arg(line);
  if (const auto seconds = job.secondsLeft()) line += tr(" · about %1 left").arg(durationText(*seconds));
  return line;
}

void JobTray::refresh() {
  const auto jobs = m_jobs.present();
  setVisible(!jobs.isEmpty());
  if (jobs.isEmpty()) return;
  const auto busy = m_jobs.active().size();
  setText(jobs.size() == 1 ? lineOf(*jobs.front())
          : busy > 0       ? tr("%n job(s) at work", nullptr, static_cast<int>(busy))
                           : tr("%n job(s) ended", nullptr, static_cast<int>(jobs.size())));
  setAccessibleDescription(text());
}

void JobTray::fillMenu() {
  m_menu->clear();
  for (LongJob* job : m_jobs.present()) addJob(*job);
}

void JobTray::addJob(LongJob& job) {
  if (!m_menu->isEmpty()) m_menu->addSeparator();
  m_menu->addAction(lineOf(job))->setEnabled(false);
  connect(m_menu->addAction(tr("Show")), &QAction::triggered, &job, &LongJob::showAsked);
  if (!job.active()) return;
  if (job.pausable()) {
    const bool paused = job.state() == LongJob::State::Paused;
    connect(m_menu->addAction(paused ? tr("Go on") : tr("Pause")), &QAction::triggered, &job,
            [&job, paused] { emit job.pauseAsked(!paused); });
  }
  connect(m_menu->addAction(job.stopText()), &QAction::triggered, &job, &LongJob::stopAsked);
}

}  // namespace lapidary::ui
