// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"

#include <algorithm>

#include "core/analyze/speed/profile_models.h"
#include "core/explain/explain_sample.h"
#include "core/run/executor.h"
#include "core/session/state.h"

namespace lapidary::core {
namespace {

/// The caller's arrays in the order of the graph's inputs.
std::vector<Tensor> inGraphOrder(const Graph& graph,
                                 const std::vector<std::pair<std::string, Tensor>>& arrays) {
  std::string expected;
  for (const ValueId input : graph.inputs)
    expected += (expected.empty() ? "" : ", ") + graph.value(input).name;
  std::vector<Tensor> inputs;
  for (const ValueId input : graph.inputs) {
    const std::string& name = graph.value(input).name;
    const auto it =
        std::find_if(arrays.begin(), arrays.end(), [&](const auto& array) { return array.first == name; });
    if (it == arrays.end())
      throw Error(ErrorKind::InvalidInput,
                  "no array is named '" + name + "'; the model's inputs are " + expected);
    inputs.push_back(it->second);
  }
  for (const auto& [name, tensor] : arrays)
    if (!graph.findValue(name).valid() ||
        std::ranges::find(graph.inputs, graph.findValue(name)) == graph.inputs.end())
      throw Error(ErrorKind::InvalidInput,
                  "the model has no input '" + name + "'; its inputs are " + expected);
  return inputs;
}

}  // namespace

Session::Session(Model model, std::shared_ptr<const Dataset> data, Options options)
    : m_state(std::make_unique<State>(std::move(model), std::move(data), options)) {}
Session::~Session() = default;

const Model& Session::model() const { return m_state->original(); }
const Cutter& Session::cutter() const { return m_state->cutter; }
const Dataset* Session::data() const { return m_state->data.get(); }
const std::shared_ptr<const Dataset>& Session::sharedData() const { return m_state->data; }
const std::vector<std::string>& Session::obstacles() const { return m_state->obstacles; }
unsigned Session::workers() const { return m_state->options.workers; }
std::size_t Session::firstSamples() const { return m_state->options.firstSamples; }
CacheStatistics Session::cacheStatistics() const { return m_state->cache->statistics(); }

QualityKind Session::qualityKind() const {
  if (!data() || !m_state->classAnswers) return QualityKind::Noise;
  return data()->labelled() ? QualityKind::Accuracy : QualityKind::Agreement;
}

std::shared_ptr<const Calibration> Session::calibration(const Progress& progress) const {
  return m_state->calibration(progress);
}

Footprint Session::footprint(const Recipe& recipe, const Progress& progress) const {
  return m_state->footprint(recipe, progress);
}

FileSizes Session::forms(const Recipe& recipe, const Progress& progress) const {
  return m_state->meter.forms(m_state->prepare(recipe, progress).model, workers(), progress);
}

Model Session::cutModel(const Recipe& recipe, const Progress& progress) const {
  return m_state->prepare(recipe, progress).model;
}

ChannelGroup Session::channelGroup(LayerId layer) const { return m_state->cutter.channelGroup(layer); }

ModelProfile Session::profile(const Recipe& recipe, const ProfileRequest& request,
                              const Progress& progress) const {
  const Runnable original = m_state->originalRunnable();
  const std::int64_t fixed = fixedBatch(model());
  const auto samples = static_cast<std::size_t>(std::max<std::int64_t>(1, fixed > 0 ? fixed : request.batch));
  const auto inputs = m_state->timingInputs(samples);
  if (!inputs)
    throw Error(ErrorKind::Unsupported,
                "the model does not declare the shape of its inputs: open data to measure it on");
  const RunnableCut cut = m_state->prepare(recipe, progress);
  ModelProfile profile = profileOf({original, cut.runnable(), *inputs}, request, progress);
  profile.samples = samples;
  return profile;
}

Comparison Session::compare(const Recipe& recipe, const Progress& progress) const {
  const auto cut = m_state->predictionsOf(recipe, progress);
  const auto before = m_state->originalPredictions(cut->samples.size(), progress);
  return comparisonOf(m_state->requireData(), *before, *cut);
}

Explanation Session::explain(const Recipe& recipe, const ExplainRequest& request,
                             const Progress& progress) const {
  const Executor& executor = m_state->requireExecutor();
  const Dataset& samples = m_state->requireData();
  if (request.sample >= samples.size())
    throw Error(ErrorKind::Usage, "there is no sample " + std::to_string(request.sample) +
                                      ": the data holds " + std::to_string(samples.size()));
  const std::size_t one[] = {request.sample};
  const std::vector<Tensor> inputs = samples.inputs(one);
  SaliencyOptions options = request.options;
  options.workers = std::max(1u, workers());
  Explanation result;
  result.original =
      saliency(model(), executor, inputs, request.method, request.targetClass, progress, options);
  const RunnableCut cut = m_state->prepare(recipe, {progress.stop, {}});
  result.cut = saliency(cut.model, *cut.executor, inputs, request.method, result.original.targetClass,
                        progress, options);
  result.kept = rankCorrelation(result.original, result.cut);
  return result;
}

std::vector<std::pair<std::string, Tensor>> Session::run(
    const Recipe& recipe, const std::vector<std::pair<std::string, Tensor>>& inputs) const {
  m_state->requireExecutor();
  const Graph& graph = *model().graph;
  const RunResult result = m_state->prepare(recipe, {}).runnable().run(inGraphOrder(graph, inputs));
  std::vector<std::pair<std::string, Tensor>> outputs;
  for (std::size_t i = 0; i < graph.outputs.size(); ++i)
    outputs.emplace_back(graph.value(graph.outputs[i]).name, result.outputs[i]);
  return outputs;
}

}  // namespace lapidary::core
