// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and texts of the status line.
#include "ui/window/status_line.h"

#include <QBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <algorithm>

#include "ui/document/live_evaluation.h"
#include "ui/files/model_opener.h"
#include "ui/jobs/job_tray.h"
#include "ui/look/language.h"
#include "ui/look/number_text.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {

namespace {

constexpr int sayingMs = 6000;

}  // namespace

StatusLine::StatusLine(Document& document, LiveEvaluation& live, ModelOpener& opener, JobList& jobs,
                       QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_live(live),
      m_opener(opener),
      m_state(makeLabel({}, "caption")),
      m_said(makeLabel({}, "caption")),
      m_progress(new QProgressBar),
      m_stop(makeButton({}, "flat")) {
  setObjectName("statusBar");
  setAttribute(Qt::WA_StyledBackground);
  setFixedHeight(24);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(14, 0, 10, 0);
  row->setSpacing(14);
  m_progress->setTextVisible(false);
  m_progress->setFixedWidth(160);
  m_stop->setStyleSheet("font-size: 11px; padding: 0 4px;");
  for (QWidget* part : {static_cast<QWidget*>(m_state), static_cast<QWidget*>(m_progress),
                        static_cast<QWidget*>(m_stop), static_cast<QWidget*>(m_said)})
    row->addWidget(part);
  row->addStretch();
  row->addWidget(new JobTray(jobs));
  auto* language = makeButton(QStringLiteral("中文 / English"), "flat");
  language->setStyleSheet("font-size: 11px; padding: 0 4px;");
  language->setToolTip(tr("Switch the language"));
  row->addWidget(language);
  connect(language, &QPushButton::clicked, this,
          [this] { emit languageAsked(language::current() == "en" ? "zh_CN" : "en"); });
  connect(m_stop, &QPushButton::clicked, this, [this] {
    if (m_opener.busy()) return m_opener.cancel();
    m_live.stopped() ? m_live.resume() : m_live.stop();
  });
  connect(&live, &LiveEvaluation::stateChanged, this, &StatusLine::refresh);
  connect(&live, &LiveEvaluation::firstQualityShown, this, &StatusLine::refresh);
  connect(&opener, &ModelOpener::busyChanged, this, &StatusLine::refresh);
  connect(&opener, &ModelOpener::opened, this, &StatusLine::refresh);
  m_machineTimer.setInterval(1000);
  connect(&m_machineTimer, &QTimer::timeout, this, &StatusLine::refreshMachine);
  m_machineTimer.start();
  m_saying.setSingleShot(true);
  m_saying.setInterval(sayingMs);
  connect(&m_saying, &QTimer::timeout, this, &StatusLine::refresh);
  refresh();
  refreshMachine();
}

QString StatusLine::text() const { return m_state->text(); }

void StatusLine::say(const QString& sentence) {
  m_said->setText(sentence);
  m_saying.start();
}

void StatusLine::refresh() {
  const auto samples = countText(static_cast<std::int64_t>(m_live.samples()));
  const auto total = countText(static_cast<std::int64_t>(m_live.total()));
  const bool opening = m_opener.busy(), running = m_live.running(), open = m_document.session() != nullptr;
  const bool sampling = running && m_live.total() > 0 && m_live.samples() < m_live.total();
  if (opening)
    m_state->setText(QStringLiteral("● ") + tr("Opening %1").arg(m_opener.busyWith()));
  else if (!open)
    m_state->setText(tr("Nothing is open"));
  else if (sampling)
    m_state->setText(QStringLiteral("● ") + tr("Evaluating %1 / %2").arg(samples, total));
  else if (running)
    m_state->setText(QStringLiteral("● ") +
                     (m_live.total() > 0 ? tr("Measuring latency, zip and saliency") : tr("Evaluating")));
  else if (m_live.stopped())
    m_state->setText(QStringLiteral("○ ") + tr("Stopped at %1 / %2").arg(samples, total));
  else
    m_state->setText(QStringLiteral("○ ") +
                     (m_live.total() > 0 ? tr("Done: %1 samples").arg(total) : tr("Done")));
  const bool finishing = opening || (running && !sampling);
  m_progress->setVisible(opening || running);
  m_progress->setRange(0, finishing ? 0 : static_cast<int>(std::max<std::size_t>(1, m_live.total())));
  if (!finishing) m_progress->setValue(static_cast<int>(m_live.samples()));
  m_stop->setText(m_live.stopped() && !opening ? tr("Continue") : tr("Cancel"));
  m_stop->setVisible(opening || (open && (running || m_live.stopped())));
  if (!m_saying.isActive()) m_said->clear();
  refreshMachine();
}

/// For those who ask: how quick the figures come, and what the machine gives for it.
void StatusLine::refreshMachine() {
  QStringList lines;
  if (const auto latency = m_live.lastLatency())
    lines << tr("The first figure of the last change came after %1 ms.")
                 .arg(significantText(std::max(1.0, *latency), *latency < 100 ? 2 : 3));
  if (const auto& session = m_document.session()) {
    const auto cache = session->cacheStatistics();
    lines << tr("%n thread(s) compute.", nullptr, static_cast<int>(session->workers()))
          << tr("Answers that are remembered take %1 of %2 of memory.")
                 .arg(bytesText(cache.bytes), bytesText(cache.budget));
  }
  m_state->setToolTip(lines.join(QLatin1Char('\n')));
}

}  // namespace lapidary::ui
