// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/open.h"

#include <algorithm>

#include "core/analyze/answers/preprocess_search.h"
#include "core/analyze/trials/noise.h"
#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "core/session/known_ops.h"

namespace lapidary::core {
namespace {

template <class... Bodies>
struct Cases : Bodies... {
  using Bodies::operator()...;
};
template <class... Bodies>
Cases(Bodies...) -> Cases<Bodies...>;  // clang 14 does not deduce it for aggregates

using Source = std::shared_ptr<const DataSource>;

void append(std::vector<DataWarning>& warnings, const std::vector<DataWarning>& more) {
  warnings.insert(warnings.end(), more.begin(), more.end());
}

std::shared_ptr<const Dataset> samplesOf(const Source& source, const Preprocess& preprocess,
                                         const Model& model, PreprocessOrigin origin) {
  return withContext(source->path(),
                     [&] { return std::make_shared<const Dataset>(source, preprocess, model, origin); });
}

bool isKnown(const OutputForm& form) {
  return form.dtype && form.shape && (form.shape->empty() || form.shape->back().size);
}

/// As declared; where a file leaves that open of one of several, as they are on noise.
std::vector<OutputForm> outputForms(const Model& model) {
  std::vector<OutputForm> forms = declaredOutputs(model);
  if (forms.size() < 2 || std::ranges::all_of(forms, isKnown)) return forms;
  try {
    const auto inputs = noiseInputs(model, std::max<std::int64_t>(1, fixedBatch(model)));
    if (!inputs) return forms;
    const auto outputs = Executor(model, {}).run(model, *inputs).outputs;
    for (std::size_t i = 0; i < forms.size(); ++i) {
      forms[i].dtype = outputs[i].dtype();
      forms[i].shape.emplace();
      for (const std::int64_t size : outputs[i].shape()) forms[i].shape->push_back({size, {}});
    }
  } catch (const Error&) {
    // A model that cannot be run says so when it is evaluated.
  }
  return forms;
}

/// One opening, phase by phase. A document of the task, once there is one, comes after the samples: what it
/// says is checked against the model's outputs and their labels.
class Opening {
 public:
  Opening(const OpenRequest& request, const Progress& progress) : m_request(request), m_progress(progress) {}

  Opened run() {
    begin(OpenPhase::Model);
    Model model = readModelOf();
    model.scoresOutput.reset();  // of a model that is taken over
    m_opened.warnings = warningsOf(model);
    requireOutput(model);
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

  /// Throws Error(InvalidInput) for a name that no output has, with data and without.
  void requireOutput(const Model& model) const {
    const std::string& name = m_request.options.output;
    if (!name.empty()) namedScores(declaredOutputs(model), name);
  }

  /// Before a preprocess is tried, whose accuracy is that of this output.
  void chooseOutput(Model& model, const DataSource& source) {
    if (!model.runnable()) return;
    const auto outputs = outputForms(model);
    const std::string& name = m_request.options.output;
    if (outputs.size() < 2 && name.empty()) return;
    m_opened.scores =
        name.empty() ? chooseScores(outputs, labelledClasses(source)) : namedScores(outputs, name);
    if (!m_opened.scores) return;
    model.scoresOutput = m_opened.scores->output;
    if (m_opened.scores->rivals.empty()) return;
    std::string detail = "'" + m_opened.scores->name + "'";
    for (const std::string& rival : m_opened.scores->rivals) detail += ", not '" + rival + "'";
    m_opened.warnings.push_back({WarningKind::ScoresOutput, detail});
  }

  /// Null where the request names none.
  std::shared_ptr<const Dataset> dataOf(Model& model) {
    if (std::holds_alternative<std::monostate>(m_request.data)) return nullptr;
    begin(OpenPhase::Data);
    const auto* file = std::get_if<InMemory>(&m_request.data);
    const Source source = file != nullptr ? openNpzData(file->bytes, file->name)
                                          : openData(std::get<AtPath>(m_request.data).path);
    m_opened.dataWarnings = source->warnings();
    chooseOutput(model, *source);
    begin(OpenPhase::Preprocess);
    m_opened.preprocess = chooseFor(model, source);
    append(m_opened.dataWarnings, m_opened.preprocess->warnings);
    append(m_opened.dataWarnings, unusedArrays(model, *source));
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
                  return readPreprocess(model, *source, mapFile(file.path), PreprocessOrigin::Given);
                });
              },
              [&](const InMemory& file) {
                return withContext(file.name, [&] {
                  return readPreprocess(model, *source, file.bytes, PreprocessOrigin::BesideModel);
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
