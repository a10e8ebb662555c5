// SPDX-License-Identifier: GPL-3.0-or-later
// The request of a person in the core's words.
#include "ui/files/open_model.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "core/session/open.h"
#include "ui/look/remembered_choice.h"

namespace lapidary::ui {

namespace {

/// A file compiled into the program; uncompressed or not, its bytes are owned by the result.
core::InMemory embedded(const QString& name) {
  const QString path = QStringLiteral(":/demo/") + name;
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly))
    throw core::Error(core::ErrorKind::InvalidInput, path.toStdString() + " is not part of this program");
  const auto content = std::make_shared<const QByteArray>(file.readAll());
  const std::span text(content->constData(), static_cast<std::size_t>(content->size()));
  return {{content, std::as_bytes(text)}, name.toStdString()};
}

QString demoName(const OpenRequest& request) { return request.model.section(QLatin1Char(':'), 1); }

core::OpenRequest requestOf(const OpenRequest& asked, const OpenedModel* same) {
  core::OpenRequest request;
  const QString file = demoName(asked) + QStringLiteral(".onnx");
  if (same != nullptr && same->session && same->request.model == asked.model)
    request.model = same->session->model();
  else if (asked.demo())
    request.model = embedded(file);
  else
    request.model = core::AtPath{asked.model.toStdString()};
  const bool digits = asked.data == OpenRequest::demoDigits();
  if (digits || (asked.demo() && asked.data.isEmpty()))
    request.data = embedded(QStringLiteral("digits_test.npz"));
  else if (!asked.data.isEmpty())
    request.data = core::AtPath{asked.data.toStdString()};
  if (asked.preprocess)
    request.preprocess = *asked.preprocess;
  else if (asked.demo())
    request.preprocess = embedded(demoName(asked) + QStringLiteral(".preprocess.json"));
  request.options.output = asked.scoresOutput.toStdString();
  request.options.memoryBytes = static_cast<std::size_t>(memoryBudget().current()) << 20;
  request.options.calibrationSamples = static_cast<std::size_t>(calibrationSamples().current());
  return request;
}

QString dataNameOf(const OpenRequest& request) {
  if (request.data.isEmpty() || request.data == OpenRequest::demoDigits())
    return request.demo() || !request.data.isEmpty() ? QCoreApplication::translate("Figures", "digits")
                                                     : QString();
  // An IDX pair is named by its pictures, a part by its file: which part it is stands beside the name.
  const QString file = QString::fromStdString(core::dataPlace(request.data.toStdString()).file);
  const QString first = QFileInfo::exists(file) ? file : file.section(QLatin1Char(':'), 0, 0);
  return QFileInfo(first).fileName().isEmpty() ? QFileInfo(first).dir().dirName()
                                               : QFileInfo(first).fileName();
}

}  // namespace

QString absoluteData(const QString& data) {
  core::DataPlace place = core::dataPlace(data.toStdString());
  const QFileInfo file(QString::fromStdString(place.file));
  if (!file.exists()) return data;
  place.file = file.absoluteFilePath().toStdString();
  return QString::fromStdString(core::pathOf(place));
}

std::shared_ptr<const core::DataSource> demoTrainingDigits() {
  const core::InMemory digits = embedded(QStringLiteral("digits_train.npz"));
  return core::openNpzData(digits.bytes, digits.name);
}

OpenedModel openModel(const OpenRequest& request, const OpenedModel* same, const core::Progress& progress) {
  OpenedModel opened;
  opened.request = request;
  opened.modelName =
      request.demo() ? demoName(request) + QStringLiteral(".onnx") : QFileInfo(request.model).fileName();
  opened.dataName = dataNameOf(request);
  core::Opened found = core::open(requestOf(request, same), progress);
  opened.session = std::move(found.session);
  opened.warnings = std::move(found.warnings);
  opened.dataWarnings = std::move(found.dataWarnings);
  if (found.scores) opened.scoresOutput = QString::fromStdString(found.scores->name);
  if (found.preprocess) opened.preprocessOrigin = found.preprocess->origin;
  return opened;
}

}  // namespace lapidary::ui
