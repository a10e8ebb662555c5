// SPDX-License-Identifier: GPL-3.0-or-later
// One job at a time; what it found stays until the model or the data change.
#include "ui/saliency/faithfulness_note.h"

#include <QBoxLayout>
#include <QLabel>
#include <QStyle>

#include "core/session/faithfulness.h"
#include "ui/document/background_job.h"
#include "ui/saliency/saliency_texts.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {
namespace {

/// Fewer masks than for a map: the order of the positions settles long before their values do.
core::FaithfulnessRequest quickRequest() {
  core::FaithfulnessRequest request;
  request.samples = 6;
  request.noisyInputs = 2;
  request.options.riseMasks = 300;
  request.options.shapCoalitions = 300;
  request.options.smoothSamples = 16;
  request.options.pathSteps = 24;
  request.workers = 1;
  return request;
}

}  // namespace

FaithfulnessNote::FaithfulnessNote(QWidget* parent)
    : QWidget(parent), m_job(new BackgroundJob(this)), m_label(makeLabel({}, "caption")) {
  m_label->setWordWrap(true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(m_label, 1);
  connect(m_job, &BackgroundJob::progressed, this, [this](qulonglong done, qulonglong total) {
    m_label->setText(tr("Checking how far this method can be trusted… %1 of %2").arg(done).arg(total));
  });
  connect(m_job, &BackgroundJob::failed, this, [this](const QString& sentence) {
    m_label->setText(tr("Its faithfulness could not be measured"));
    m_label->setToolTip(sentence);
  });
}

QString FaithfulnessNote::text() const { return m_label->text(); }

void FaithfulnessNote::setSession(std::shared_ptr<const core::Session> session) {
  m_job->cancel();
  m_known.clear();
  m_method.reset();
  m_session = std::move(session);
  m_label->clear();
  m_label->setToolTip({});
}

void FaithfulnessNote::pause() {
  m_job->cancel();
  if (m_method && !m_known.contains(*m_method)) m_label->clear();
}

void FaithfulnessNote::showMethod(core::SaliencyMethod method) {
  if (m_method == method && m_job->running()) return;
  m_method = method;
  m_job->cancel();
  if (const auto known = m_known.find(method); known != m_known.end()) return show(*known->second);
  measure();
}

void FaithfulnessNote::measure() {
  if (!m_session || !m_method) return;
  m_label->setToolTip({});
  m_label->setText(tr("Checking how far this method can be trusted…"));
  m_job->start([session = m_session, method = *m_method,
                this](const core::Progress& progress) -> BackgroundJob::Deliver {
    const core::SaliencyMethod one[]{method};
    auto judged = std::make_shared<const core::MethodFaithfulness>(
        core::judgeMethods(*session, one, quickRequest(), progress).front());
    return [this, judged] {
      m_known[judged->method] = judged;
      show(*judged);
    };
  });
}

void FaithfulnessNote::show(const core::MethodFaithfulness& judged) {
  const bool fits = judged.obstacle.empty();
  m_label->setText(fits ? verdictOf(judged.figures) : QString());
  m_label->setToolTip(fits ? figuresOf(judged.figures) : QString());
  m_label->setProperty("look", fits && judged.figures.fails() ? "warning" : "caption");
  style()->unpolish(m_label);
  style()->polish(m_label);
}

}  // namespace lapidary::ui
