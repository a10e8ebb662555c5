// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/open.h"

#include "core/analyze/answers/preprocess_search.h"
#include "core/io/common/format.h"
#include "core/session/known_ops.h"

namespace lapidary::core {
namespace {

template <class... Bodies>
struct Cases : Bodies... {
  using Bodies::operator()...;
};

using Source = std::shared_ptr<const DataSource>;

Preprocess parsed(const Bytes& json) {
  return preprocessFromJson({reinterpret_cast<const char*>(json.view.data()), json.view.size()});
}

std::shared_ptr<const Dataset> samplesOf(const Source& source, const Preprocess& preprocess,
                                         const Model& model, PreprocessOrigin origin) {
  return withContext(source->path(),
                     [&] { return std::make_shared<const Dataset>(source, preprocess, model, origin); });
}

/// One opening, phase by phase. A document of the task, once there is one, comes after the samples: what it
/// says is checked against the model's outputs and their labels.
class Opening {
 public:
  Opening(const OpenRequest& request, const Progress& progress) : m_request(request), m_progress(progress) {}

  Opened run() {
    begin(OpenPhase::Model);
    Model model = readModelOf();
    m_opened.warnings = warningsOf(model);
    const std::shared_ptr<const Dataset> data = dataOf(model);
    SessionOptions options = m_request.options;
    if (!m_request.calibrationData.empty()) options.calibrationData = calibrationOf(model);
    begin(OpenPhase::Session);
    m_opened.session = std::make_shared<const Session>(std::move(model), data, options);
    return std::move(m_opened);
  }

 private:
  void begin(OpenPhase phase) const {
    if (m_request.onPhase) m_request.onPhase(phase, m_opened);
    m_progress.check();
  }

  Model readModelOf() const {
    return std::visit(Cases{[&](const AtPath& file) { return readModel(file.path, m_progress); },
                            [&](const InMemory& file) {
                              return readModel(ReadSource{file.bytes, file.name, {}}, m_progress);
                            },
                            [](const Model& model) { return model; }},
                      m_request.model);
  }

  /// Null where the request names none.
  std::shared_ptr<const Dataset> dataOf(const Model& model) {
    if (std::holds_alternative<std::monostate>(m_request.data)) return nullptr;
    begin(OpenPhase::Data);
    const auto* file = std::get_if<InMemory>(&m_request.data);
    const Source source = file != nullptr ? openNpzData(file->bytes, file->name)
                                          : openData(std::get<AtPath>(m_request.data).path);
    m_opened.dataWarnings = source->warnings();
    begin(OpenPhase::Preprocess);
    m_opened.preprocess = chooseFor(model, source);
    if (!m_opened.preprocess->guessed.empty())
      m_opened.dataWarnings.push_back({DataWarningKind::GuessedSound, m_opened.preprocess->guessed, 1});
    begin(OpenPhase::Samples);
    return samplesOf(source, m_opened.preprocess->preprocess, model, m_opened.preprocess->origin);
  }

  PreprocessChoice chooseFor(const Model& model, const Source& source) const {
    using Choice = PreprocessChoice;
    return std::visit(
        Cases{[&](std::monostate) {
                return findPreprocess(model, source, m_request.options.workers, m_progress);
              },
              [&](const AtPath& file) {
                return withContext(file.path, [&] {
                  return completedFor(model, *source,
                                      {parsed(mapFile(file.path)), PreprocessOrigin::Given, 0, 0});
                });
              },
              [&](const InMemory& file) {
                return withContext(file.name, [&] {
                  return completedFor(model, *source,
                                      {parsed(file.bytes), PreprocessOrigin::BesideModel, 0, 0});
                });
              },
              [](const Preprocess& given) {
                return Choice{given, PreprocessOrigin::Given, 0, 0};
              }},
        m_request.preprocess);
  }

  /// Prepared as the data are, where there are any.
  std::shared_ptr<const Dataset> calibrationOf(const Model& model) const {
    begin(OpenPhase::Calibration);
    const Source source = openData(m_request.calibrationData);
    const auto& known = m_opened.preprocess;
    const Preprocess preprocess = known ? known->preprocess : chooseFor(model, source).preprocess;
    return samplesOf(source, preprocess, model, PreprocessOrigin::Given);
  }

  const OpenRequest& m_request;
  const Progress& m_progress;
  Opened m_opened;
};

}  // namespace

Opened open(const OpenRequest& request, const Progress& progress) { return Opening(request, progress).run(); }

}  // namespace lapidary::core
