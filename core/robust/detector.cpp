// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/detector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "core/analyze/answers/class_scores.h"
#include "core/files/sha256.h"
#include "core/ops/op.h"
#include "core/robust/attack_batches.h"
#include "core/robust/attacked.h"
#include "core/robust/detector_run.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::size_t fewestSamples = 40;
constexpr double leastAgreement = 0.9;

std::size_t at(DetectorScore score) { return static_cast<std::size_t>(score); }

std::vector<double> distribution(const ClassScores& scores, std::size_t sample) {
  std::vector<double> shares;
  if (scores.probabilities) {
    for (const float value : scores.row(sample)) shares.push_back(static_cast<double>(value));
    return shares;
  }
  const auto row = scores.row(sample);
  const auto most = static_cast<double>(*std::ranges::max_element(row));
  double sum = 0;
  for (const float value : row) sum += shares.emplace_back(std::exp(static_cast<double>(value) - most));
  for (double& share : shares) share /= sum;
  return shares;
}

/// Some samples, run in the feeds that the model takes; results in the order of the samples.
class CleanRuns {
 public:
  CleanRuns(const Model& model, const Dataset& data, std::span<const std::size_t> samples, unsigned workers,
            const Progress& progress)
      : m_data(data), m_workers(workers), m_progress(progress) {
    const Model* models[]{&model};
    m_feeds = attackFeeds(samples, models);
  }
  /// Calls `body` with the index of a feed's first sample, the feed and its inputs.
  void each(
      const std::function<void(std::size_t, const AttackFeed&, const std::vector<Tensor>&)>& body) const {
    std::vector<std::size_t> first(m_feeds.size());
    for (std::size_t i = 1; i < m_feeds.size(); ++i) first[i] = first[i - 1] + m_feeds[i - 1].samples.size();
    parallelFor(m_feeds.size(), m_workers, [&](std::size_t i, unsigned) {
      m_progress.check();
      useOneThreadPerWorker();
      body(first[i], m_feeds[i], m_data.inputs(m_feeds[i].fed));
    });
  }

 private:
  const Dataset& m_data;
  unsigned m_workers;
  const Progress& m_progress;
  std::vector<AttackFeed> m_feeds;
};

/// The least and the greatest value by channel, where pixels do not say them.
void boundBySamples(const CleanRuns& runs, InputBox& box) {
  if (box.clips) return;
  std::fill(box.low.begin(), box.low.end(), std::numeric_limits<float>::infinity());
  std::fill(box.high.begin(), box.high.end(), -std::numeric_limits<float>::infinity());
  std::mutex mutex;
  runs.each([&](std::size_t, const AttackFeed&, const std::vector<Tensor>& inputs) {
    const Tensor values = toFloat32(inputs[box.input]);
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < values.as<float>().size(); ++i) {
      const std::size_t c = box.channelOf(i);
      box.low[c] = std::min(box.low[c], values.as<float>()[i]);
      box.high[c] = std::max(box.high[c], values.as<float>()[i]);
    }
  });
}

struct CleanAnswers {
  std::vector<std::int64_t> top1;
  FeatureRows features;
};

CleanAnswers cleanAnswers(const CleanRuns& runs, const Runnable& model, ValueId features, std::size_t count,
                          const std::stop_token& stop) {
  std::vector<FeatureRows> rows(count);
  CleanAnswers answers;
  answers.top1.resize(count);
  runs.each([&](std::size_t first, const AttackFeed& feed, const std::vector<Tensor>& inputs) {
    RunOptions options;
    options.stop = stop;
    options.wanted = {features};
    const RunResult result = model.run(inputs, options);
    const ClassScores scores = classScores(result.outputs, model.model.scoresOutput);
    for (std::size_t i = 0; i < feed.samples.size(); ++i) answers.top1[first + i] = scores.top1(i);
    rows[first] = featureRows(result.wanted[0], feed.fed.size());
    rows[first].values.resize(rows[first].width * feed.samples.size());
  });
  for (const FeatureRows& some : rows) {
    if (some.width > 0) answers.features.width = some.width;
    answers.features.values.insert(answers.features.values.end(), some.values.begin(), some.values.end());
  }
  return answers;
}

/// The share of clean answers that stay as they are.
double agreementUnder(const Squeezer& squeezer, const InputBox& box, const CleanRuns& runs,
                      const Runnable& model, const std::vector<std::int64_t>& clean,
                      const std::stop_token& stop) {
  std::vector<char> same(clean.size(), 0);
  runs.each([&](std::size_t first, const AttackFeed& feed, const std::vector<Tensor>& inputs) {
    const Tensor values = squeezed(squeezer, box, toFloat32(inputs[box.input]));
    const auto answers = answersTo(model, withInput(inputs, box, values), feed, stop);
    for (std::size_t i = 0; i < answers.size(); ++i) same[first + i] = answers[i] == clean[first + i];
  });
  return static_cast<double>(std::ranges::count(same, char{1})) / static_cast<double>(same.size());
}

std::vector<std::vector<Squeezer>> candidates(const Tensor& sample, const InputBox& box) {
  std::vector<std::vector<Squeezer>> kinds;
  bool widths = true;
  for (std::size_t c = 0; c < box.channels; ++c)
    widths = widths && std::isfinite(box.low[c]) && box.high[c] > box.low[c];
  if (widths) {
    kinds.emplace_back();
    for (int bits = 1; bits <= 5; ++bits) kinds.back().push_back({Squeezer::Kind::Depth, bits});
  }
  if (sample.rank() == 4) kinds.push_back({{Squeezer::Kind::Median, 3}, {Squeezer::Kind::Median, 2}});
  return kinds;
}

/// The value that so large a share of the scores does not exceed.
double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  const double rank = std::ceil(share * static_cast<double>(values.size())) - 1;
  return values[static_cast<std::size_t>(std::clamp(rank, 0.0, static_cast<double>(values.size() - 1)))];
}

void addTensor(Sha256& hash, const std::string& name, const Tensor& tensor) {
  const std::string head =
      name + '|' + toText(tensor.shape()) + '|' + std::string(core::name(tensor.dtype())) + '|';
  hash.add(std::as_bytes(std::span(head)));
  hash.add(tensor.bytes());
}

}  // namespace

std::string_view name(DetectorScore score) {
  constexpr std::array<std::string_view, 3> words{"squeezing", "distance", "both"};
  return words[at(score)];
}

std::string modelName(const Model& model) {
  Sha256 hash;
  for (const Node& node : model.graph->nodes) hash.add(std::as_bytes(std::span(node.opType)));
  for (const auto& [id, tensor] : model.weights) addTensor(hash, model.graph->value(id).name, tensor);
  return hash.hex();
}

DetectorRun::DetectorRun(const Model& model, const Dataset& data, InputDetector detector)
    : m_model(model),
      m_executor(model, {}),
      m_box(inputBox(model, data, StrengthUnit::Input)),
      m_features(model.graph->findValue(detector.features)),
      m_detector(std::move(detector)) {
  const auto refuse = [](const std::string& what) {
    throw Error(ErrorKind::InvalidInput, "the detector " + what);
  };
  if (m_detector.model != modelName(model))
    refuse("was made for another model: make one for this model (lapidary-cli detector)");
  if (!m_features.valid())
    refuse("reads the value '" + m_detector.features + "', which the model does not have");
  if (m_detector.low.size() != m_box.channels || m_detector.high.size() != m_box.channels)
    refuse("was made for inputs of " + std::to_string(m_detector.low.size()) + " channels");
  m_box.low = m_detector.low;
  m_box.high = m_detector.high;
}

DetectorRun::Answers DetectorRun::of(std::span<const Tensor> inputs, std::size_t samples,
                                     const std::stop_token& stop) const {
  RunOptions options;
  options.stop = stop;
  options.wanted = {m_features};
  const RunResult result = m_executor.run(m_model, inputs, options);
  const ClassScores clean = classScores(result.outputs, m_model.scoresOutput);
  const FeatureRows rows = featureRows(result.wanted[0], clean.samples);
  if (rows.width != m_detector.gaussians.width)
    throw Error(ErrorKind::InvalidInput, "the detector was made for " +
                                             std::to_string(m_detector.gaussians.width) +
                                             " features, the model has " + std::to_string(rows.width));
  Answers answers;
  answers.scores.resize(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    answers.top1.push_back(clean.top1(i));
    answers.scores[i][at(DetectorScore::Distance)] = m_detector.gaussians.distance(rows.row(i));
  }
  options.wanted.clear();
  const Tensor values = toFloat32(inputs[m_box.input]);
  for (const Squeezer& squeezer : m_detector.squeezers) {
    const auto fed = withInput(inputs, m_box, squeezed(squeezer, m_box, values));
    const ClassScores moved =
        classScores(m_executor.run(m_model, fed, options).outputs, m_model.scoresOutput);
    for (std::size_t i = 0; i < samples; ++i) {
      double& score = answers.scores[i][at(DetectorScore::Squeezing)];
      score = std::max(score, totalDifference(distribution(clean, i), distribution(moved, i)));
    }
  }
  for (DetectorScores& scores : answers.scores)
    for (const DetectorScore part : {DetectorScore::Squeezing, DetectorScore::Distance})
      scores[at(DetectorScore::Both)] =
          std::max(scores[at(DetectorScore::Both)],
                   scores[at(part)] / std::max(m_detector.thresholds[at(part)], 1e-12));
  return answers;
}

InputDetector fitDetector(const Model& model, const Dataset& data, std::span<const std::size_t> samples,
                          const DetectorFit& fit, const Progress& progress) {
  if (samples.size() < fewestSamples)
    throw Error(ErrorKind::Usage,
                "a detector is fitted to at least " + std::to_string(fewestSamples) + " clean samples");
  if (!(fit.falseAlarms > 0 && fit.falseAlarms <= 0.5))
    throw Error(ErrorKind::Usage, "the share of false alarms is above 0 and at most 0.5");
  const auto first = samples.subspan(0, samples.size() / 2), second = samples.subspan(samples.size() / 2);
  const Executor executor(model, {});
  const Runnable runnable{model, executor};
  InputBox box = inputBox(model, data, StrengthUnit::Input);
  const CleanRuns fitting(model, data, first, fit.workers, progress);
  boundBySamples(fitting, box);
  InputDetector made;
  made.model = modelName(model);
  made.falseAlarms = fit.falseAlarms;
  made.fittedOn = first.size();
  made.thresholdsFrom = second.size();
  made.low = box.low;
  made.high = box.high;
  const ValueId features = lastFeatures(model);
  made.features = model.graph->value(features).name;
  const CleanAnswers clean = cleanAnswers(fitting, runnable, features, first.size(), progress.stop);
  made.gaussians = fitGaussians(clean.features, clean.top1);
  const Tensor sample = data.inputs(first.subspan(0, 1)).at(box.input);
  for (const auto& kind : candidates(sample, box))
    for (const Squeezer& squeezer : kind)
      if (agreementUnder(squeezer, box, fitting, runnable, clean.top1, progress.stop) >= leastAgreement) {
        made.squeezers.push_back(squeezer);
        break;
      }
  // The thresholds of the parts come first: the joint score counts in them.
  for (const bool joint : {false, true}) {
    const DetectorRun run(model, data, made);
    std::vector<DetectorScores> scores(second.size());
    CleanRuns(model, data, second, fit.workers, progress)
        .each([&](std::size_t index, const AttackFeed& feed, const std::vector<Tensor>& inputs) {
          const auto answers = run.of(inputs, feed.samples.size(), progress.stop);
          std::ranges::copy(answers.scores, scores.begin() + static_cast<std::ptrdiff_t>(index));
        });
    for (const DetectorScore score : detectorScores) {
      if ((score == DetectorScore::Both) != joint) continue;
      std::vector<double> values;
      for (const DetectorScores& each : scores) values.push_back(each[at(score)]);
      made.thresholds[at(score)] = quantile(std::move(values), 1 - fit.falseAlarms);
    }
  }
  return made;
}

}  // namespace lapidary::core
