// The only place of the window that reads model and data files.
#include "ui/files/open_model.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "core/analyze/preprocess_search.h"
#include "core/data/dataset.h"
#include "core/io/common/format.h"
#include "ui/look/remembered_choice.h"

namespace lapidary::ui {

namespace {

/// A file compiled into the program; uncompressed or not, its bytes are owned by the result.
core::Bytes resourceBytes(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly))
    throw core::Error(core::ErrorKind::InvalidInput, path.toStdString() + " is not part of this program");
  const auto content = std::make_shared<const QByteArray>(file.readAll());
  return {content, std::as_bytes(std::span(content->constData(), static_cast<std::size_t>(content->size())))};
}

QString demoName(const OpenRequest& request) { return request.model.section(QLatin1Char(':'), 1); }

core::Model readModelOf(const OpenRequest& request, const core::Progress& progress) {
  if (!request.demo()) return core::readModel(request.model.toStdString(), progress);
  const QString file = demoName(request) + QStringLiteral(".onnx");
  return core::readModel(
      core::ReadSource{resourceBytes(QStringLiteral(":/demo/") + file), file.toStdString(), {}}, progress);
}

std::shared_ptr<const core::DataSource> openDataOf(const OpenRequest& request) {
  const bool digits = request.data == OpenRequest::demoDigits();
  if (!request.data.isEmpty() && !digits) return core::openData(request.data.toStdString());
  if (request.demo() || digits)
    return core::openNpzData(resourceBytes(QStringLiteral(":/demo/digits_test.npz")), "digits_test.npz");
  return nullptr;
}

core::PreprocessChoice preprocessOf(const OpenRequest& request, const core::Model& model,
                                    const std::shared_ptr<const core::DataSource>& data,
                                    const core::Progress& progress) {
  if (request.preprocess) return {*request.preprocess, core::PreprocessOrigin::Given, 0, 0};
  if (!request.demo()) return core::findPreprocess(model, data, 0, progress);
  const auto bytes = resourceBytes(QStringLiteral(":/demo/%1.preprocess.json").arg(demoName(request)));
  const std::string text(reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size());
  return {core::preprocessFromJson(text), core::PreprocessOrigin::BesideModel, 0, 0};
}

QString dataNameOf(const OpenRequest& request) {
  if (request.data.isEmpty() || request.data == OpenRequest::demoDigits())
    return request.demo() || !request.data.isEmpty() ? QCoreApplication::translate("Figures", "digits")
                                                     : QString();
  // An IDX pair is named by its pictures.
  const QString first =
      QFileInfo::exists(request.data) ? request.data : request.data.section(QLatin1Char(':'), 0, 0);
  return QFileInfo(first).fileName().isEmpty() ? QFileInfo(first).dir().dirName()
                                               : QFileInfo(first).fileName();
}

}  // namespace

std::shared_ptr<const core::DataSource> demoTrainingDigits() {
  return core::openNpzData(resourceBytes(QStringLiteral(":/demo/digits_train.npz")), "digits_train.npz");
}

OpenedModel openModel(const OpenRequest& request, const OpenedModel* same, const core::Progress& progress) {
  OpenedModel opened;
  opened.request = request;
  opened.modelName =
      request.demo() ? demoName(request) + QStringLiteral(".onnx") : QFileInfo(request.model).fileName();
  opened.dataName = dataNameOf(request);
  core::Model model = same != nullptr && same->session && same->request.model == request.model
                          ? same->session->model()
                          : readModelOf(request, progress);
  progress.check();
  std::shared_ptr<const core::Dataset> dataset;
  if (const auto data = openDataOf(request)) {
    progress.check();
    const auto choice = preprocessOf(request, model, data, progress);
    opened.preprocessOrigin = choice.origin;
    dataset = std::make_shared<const core::Dataset>(data, choice.preprocess, model, choice.origin);
  }
  progress.check();
  core::Session::Options options;
  options.memoryBytes = static_cast<std::size_t>(memoryBudget().current()) << 20;
  options.calibrationSamples = static_cast<std::size_t>(calibrationSamples().current());
  opened.session = std::make_shared<const core::Session>(std::move(model), dataset, options);
  return opened;
}

}  // namespace lapidary::ui
