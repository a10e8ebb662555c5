// SPDX-License-Identifier: GPL-3.0-or-later
// The job behind opening.
#include "ui/files/model_opener.h"

#include <QFileInfo>

namespace lapidary::ui {

ModelOpener::ModelOpener(Document& document) : m_document(document) {
  connect(&m_job, &BackgroundJob::started, this, &ModelOpener::busyChanged);
  connect(&m_job, &BackgroundJob::finished, this, &ModelOpener::busyChanged);
  connect(&m_job, &BackgroundJob::cancelled, this, &ModelOpener::busyChanged);
  connect(&m_job, &BackgroundJob::failed, this, [this](const QString& message) {
    emit busyChanged();
    emit failed(message);
  });
}

void ModelOpener::open(const OpenRequest& request, const Prepare& prepare) { start(request, false, prepare); }

void ModelOpener::reopen(const QString& data, const std::optional<core::Preprocess>& preprocess,
                         const std::optional<QString>& scoresOutput) {
  if (!m_current.session) return;
  OpenRequest request = m_current.request;
  if (scoresOutput)
    request.scoresOutput = *scoresOutput;
  else if (data != request.data)
    request.scoresOutput.clear();
  request.data = data;
  request.preprocess = preprocess;
  start(request, true, {});
}

void ModelOpener::close() {
  m_job.cancel();
  m_current = {};
  m_document.close();
  emit opened();
}

void ModelOpener::start(const OpenRequest& request, bool keepRecipe, const Prepare& prepare) {
  m_busyWith = QFileInfo(request.model.section(QStringLiteral("demo:"), -1)).fileName();
  m_job.start([this, request, keepRecipe, prepare,
               before = m_current](const core::Progress& progress) -> BackgroundJob::Deliver {
    const auto opened =
        std::make_shared<OpenedModel>(openModel(request, keepRecipe ? &before : nullptr, progress));
    if (prepare) prepare(*opened->session, progress);
    return [this, opened, keepRecipe] {
      m_current = *opened;
      m_document.open(m_current.session, keepRecipe);
      emit this->opened();
    };
  });
}

}  // namespace lapidary::ui
