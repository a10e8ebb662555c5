// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/bundle_content.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>

#include "core/analyze/changes/class_changes.h"
#include "core/explain/explain_sample.h"
#include "core/files/sha256.h"
#include "core/session/measurements.h"
#include "core/session/robustness.h"
#include "core/session/save_target.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t mostHeatmaps = 8;

std::string utcNow() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Empty where the path is no readable file (an embedded model, a folder of pictures).
std::string hashOfFile(const std::string& path) {
  std::error_code error;
  if (path.empty() || !fs::is_regular_file(path, error)) return {};
  try {
    return sha256(mapFile(path).view);
  } catch (const Error&) {
    return {};  // it was moved since: a manifest without its hash is still true
  }
}

std::vector<std::size_t> samplesToExplain(const Dataset& data, const Comparison& comparison) {
  std::vector<std::size_t> samples;
  for (const auto* list : {&comparison.lost, &comparison.changed, &comparison.gained})
    for (const ChangedSample& changed : *list) samples.push_back(changed.sample);
  samples.insert(samples.end(), data.order().begin(), data.order().end());
  std::vector<std::size_t> chosen;
  for (const std::size_t sample : samples)
    if (chosen.size() < mostHeatmaps && std::ranges::find(chosen, sample) == chosen.end())
      chosen.push_back(sample);
  return chosen;
}

BundleContent::Heatmap heatmapOf(const Model& original, const Executor& executor,
                                 const ReopenedModel& reopened, const Dataset& data, std::size_t sample,
                                 const Progress& progress) {
  const std::size_t one[] = {sample};
  const std::vector<Tensor> inputs = data.inputs(one);
  BundleContent::Heatmap map;
  map.sample = sample;
  map.sampleName = data.source().sampleName(sample);
  if (data.labelled()) map.truth = data.source().label(sample);
  const auto& names = data.source().classNames();
  if (map.truth >= 0 && static_cast<std::size_t>(map.truth) < names.size())
    map.truthName = names[static_cast<std::size_t>(map.truth)];
  map.original = saliency(original, executor, inputs, SaliencyMethod::Gradient, -1, progress);
  map.cut = saliency(reopened.model, *reopened.executor, inputs, SaliencyMethod::Gradient,
                     map.original.targetClass, progress);
  return map;
}

/// Nothing of a model without gradients, whose report then goes without.
std::vector<BundleContent::Heatmap> heatmapsOf(const ShownCut& shown, const ReopenedModel& reopened,
                                               const Comparison& comparison, const Progress& progress) {
  const Dataset& data = *shown.session.data();
  const std::vector<std::size_t> samples = samplesToExplain(data, comparison);
  std::vector<BundleContent::Heatmap> maps(samples.size());
  const Progress stopOnly{progress.stop, {}};
  try {
    parallelFor(samples.size(), shown.session.workers(), [&](std::size_t i, unsigned) {
      maps[i] = heatmapOf(shown.session.model(), *shown.state.executor, reopened, data, samples[i], stopOnly);
    });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
    return {};
  }
  return maps;
}

void copySamples(BundleContent& content, const DataSource& source) {
  if (content.heatmaps.empty())
    throw Error(ErrorKind::Unsupported,
                "the model gives no heatmaps, so that there are no samples behind them to put into the "
                "bundle; write it without the samples");
  for (const BundleContent::Heatmap& map : content.heatmaps)
    content.samples[map.sample] = source.picture(map.sample);
}

/// Fills one bundle, from what was shown and what was read back.
class BundleFiller {
 public:
  BundleFiller(const ShownCut& shown, const ReopenedModel& reopened, const BundleExtras& extras,
               const Progress& progress)
      : m_shown(shown), m_reopened(reopened), m_extras(extras), m_progress(progress) {}

  void fill(BundleContent& content) const {
    fillOutcome(content);
    if (data() != nullptr) fillData(content);
    if (m_reopened.predictions) fillTrust(content);
    if (m_extras.samples) copySamples(content, data()->source());
  }

 private:
  const Dataset* data() const { return m_shown.session.data(); }

  void fillOutcome(BundleContent& content) const {
    const Model& model = m_shown.session.model();
    content.original = model;
    content.recipe = m_shown.recipe;
    content.outcome = m_shown.session.evaluate(m_shown.recipe, {}, {m_progress.stop, {}});
    if (m_reopened.predictions || m_reopened.difference)
      content.outcome.quality = qualityOf(m_reopened, m_shown, m_progress);
    content.originalSha256 = hashOfFile(model.source.path);
    content.createdUtc = utcNow();
  }

  void fillData(BundleContent& content) const {
    const std::string path = data()->source().path();
    content.dataName = fs::path(path).filename().string();
    content.preprocess = data()->preprocess();
    if (const std::string hash = hashOfFile(dataPlace(path).file); !hash.empty()) content.dataSha256 = hash;
  }

  void fillTrust(BundleContent& content) const {
    const auto before = m_shown.state.originalPredictions(m_reopened.predictions->samples.size(), m_progress);
    const Comparison comparison = comparisonOf(*data(), *before, *m_reopened.predictions);
    content.heatmaps = heatmapsOf(m_shown, m_reopened, comparison, m_progress);
    content.classes = classChanges(comparison);
    content.classNames = data()->source().classNames();
    content.outcome.reliability = comparison.reliability;
    content.outcome.originalReliability = comparison.originalReliability;
    content.outcome.figures = figuresOfAnswers(*data(), *before, *m_reopened.predictions);
    content.outcome.drift =
        m_shown.state.driftOf({m_reopened.model, m_reopened.executor.get()}, {m_progress.stop, {}});
    content.visited = m_shown.state.memo.finished();
    if (m_extras.attacks) attack(content);
    if (m_extras.detectorOfFalseAlarms) fitDetector(content, *m_extras.detectorOfFalseAlarms);
  }

  void attack(BundleContent& content) const {
    RobustnessRequest request = *m_extras.attacks;
    request.workers = m_shown.state.memory.workers;
    const Model* cut = m_shown.recipe.empty() ? nullptr : &m_reopened.model;
    content.robustness = robustness(m_shown.session.model(), cut, *data(), request, m_progress);
  }

  void fitDetector(BundleContent& content, double falseAlarms) const {
    RobustnessRequest request = m_extras.attacks.value_or(RobustnessRequest{});
    request.strengths.clear();  // its own usual ones
    request.samples = detectorSamples;
    request.workers = m_shown.state.memory.workers;
    content.detector = detectorFor(m_reopened.model, *data(), request, falseAlarms, m_progress);
  }

  const ShownCut& m_shown;
  const ReopenedModel& m_reopened;
  const BundleExtras& m_extras;
  const Progress& m_progress;
};

}  // namespace

void requireExtras(const Session& session, const BundleExtras& extras, const std::string& path) {
  if (!extras.any()) return;
  if (!isBundlePath(path))
    throw Error(ErrorKind::Usage,
                path + ": only a bundle holds more than the model; the ending must be .zip");
  const bool noise = session.qualityKind() == QualityKind::Noise;
  if (extras.attacks || extras.detectorOfFalseAlarms) {
    requireAttackable(session);
    if (noise)
      throw Error(ErrorKind::Unsupported, path + ": attacks need outputs that are scores of classes");
  }
  if (!extras.samples) return;
  if (session.data() == nullptr || !session.data()->source().pictorial())
    throw Error(ErrorKind::Usage, path + ": there are no pictures among the data that a bundle could hold");
  if (noise)
    throw Error(ErrorKind::Unsupported,
                path +
                    ": the samples in a bundle stand behind its heatmaps, and those need outputs that are "
                    "scores of classes; write it without the samples");
}

BundleContent bundleContent(const ShownCut& shown, const Bytes& modelFile, const ReopenedModel& reopened,
                            const BundleExtras& extras, const Progress& progress) {
  BundleContent content;
  content.modelFile = modelFile;
  BundleFiller(shown, reopened, extras, progress).fill(content);
  return content;
}

}  // namespace lapidary::core
