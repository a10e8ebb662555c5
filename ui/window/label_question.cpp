// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of the original are in memory once any recipe was measured over all samples.
#include "ui/window/label_question.h"

#include <QStringList>

#include "ui/files/data_warning_text.h"

namespace lapidary::ui {

LabelQuestion::LabelQuestion(Document& document, QObject* parent)
    : QObject(parent), m_document(document), m_job(new BackgroundJob(this)) {
  connect(&document, &Document::opened, this, &LabelQuestion::forget);
  connect(&document, &Document::outcomeChanged, this, &LabelQuestion::look);
}

void LabelQuestion::forget() {
  m_job->cancel();
  m_looked = false;
}

void LabelQuestion::look() {
  const auto& session = m_document.session();
  if (m_looked || !session || !m_document.outcome().final) return;
  if (session->qualityKind() != core::QualityKind::Accuracy) return;
  m_looked = true;
  m_job->start([session, this](const core::Progress& progress) -> BackgroundJob::Deliver {
    QStringList sentences;
    for (const core::DataWarning& warning : session->labelQuestions(progress))
      sentences << dataWarningText(warning);
    if (sentences.isEmpty()) return {};
    return [this, text = sentences.join(QLatin1Char('\n'))] { emit raised(text); };
  });
}

}  // namespace lapidary::ui
