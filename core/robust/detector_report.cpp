// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/detector_report.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "core/analyze/statistics.h"
#include "core/ops/op.h"
#include "core/robust/attack_batches.h"
#include "core/robust/attacked.h"
#include "core/robust/detector_run.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostPoints = 64, usualCount = 3;

std::size_t countAbove(const std::vector<double>& sorted, double bound) {
  return static_cast<std::size_t>(sorted.end() - std::ranges::upper_bound(sorted, bound));
}

std::vector<RocPoint> rocOf(const std::vector<double>& negative, const std::vector<double>& positive) {
  std::vector<RocPoint> points{{0, 0}};
  const auto share = [](std::size_t count, const std::vector<double>& of) {
    return static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, of.size()));
  };
  for (std::size_t k = 1; k + 1 < mostPoints; ++k) {
    const std::size_t at =
        negative.size() - std::min(negative.size(), k * negative.size() / (mostPoints - 1));
    if (at >= negative.size()) continue;
    points.push_back({share(countAbove(negative, negative[at]), negative),
                      share(countAbove(positive, negative[at]), positive)});
  }
  points.push_back({1, 1});
  return points;
}

/// Scores of some inputs, sorted, by DetectorScore.
struct ScoreColumns {
  std::array<std::vector<double>, detectorScores.size()> values;
  void add(const DetectorScores& scores) {
    for (std::size_t k = 0; k < values.size(); ++k) values[k].push_back(scores[k]);
  }
  void sort() {
    for (auto& each : values) std::ranges::sort(each);
  }
};

DetectorCurve curveOf(DetectorScore score, const ScoreColumns& clean, const ScoreColumns& attacked,
                      double threshold) {
  const auto k = static_cast<std::size_t>(score);
  DetectorCurve curve;
  curve.score = score;
  const auto [area, interval] = areaUnderRoc(clean.values[k], attacked.values[k]);
  curve.area = area;
  curve.areaInterval = interval;
  curve.caught = countAbove(attacked.values[k], threshold);
  curve.caughtInterval = wilsonInterval(curve.caught, attacked.values[k].size());
  curve.points = rocOf(clean.values[k], attacked.values[k]);
  return curve;
}

std::vector<DetectorCurve> curvesOf(const ScoreColumns& clean, const ScoreColumns& attacked,
                                    const InputDetector& detector) {
  std::vector<DetectorCurve> curves;
  if (attacked.values[0].empty()) return curves;
  for (const DetectorScore score : detectorScores)
    curves.push_back(curveOf(score, clean, attacked, detector.thresholds[static_cast<std::size_t>(score)]));
  return curves;
}

class Judge {
 public:
  Judge(const Model& model, const Dataset& data, const RobustnessRequest& request, InputDetector detector,
        std::span<const std::size_t> samples, const InputBox& box, const Progress& progress)
      : m_data(data),
        m_request(request),
        m_progress(progress),
        m_box(box),
        m_run(model, data, std::move(detector)),
        m_gradient(model, box.value) {
    const Model* models[]{&model};
    m_feeds = attackFeeds(samples, models);
  }

  std::size_t feeds() const { return m_feeds.size(); }

  /// Of the clean inputs; remembers the answers.
  ScoreColumns clean() {
    m_clean.resize(m_feeds.size());
    parallelFor(m_feeds.size(), m_request.workers, [&](std::size_t i, unsigned) {
      useOneThreadPerWorker();
      m_clean[i] = m_run.of(m_data.inputs(m_feeds[i].fed), m_feeds[i].samples.size(), m_progress.stop);
    });
    ScoreColumns scored;
    for (const auto& answers : m_clean)
      for (const DetectorScores& scores : answers.scores) scored.add(scores);
    scored.sort();
    return scored;
  }

  DetectorTrial trial(const Attack& attack, const ScoreColumns& clean, std::atomic<std::size_t>& done,
                      std::size_t total) {
    std::vector<DetectorRun::Answers> found(m_feeds.size());
    parallelFor(m_feeds.size(), m_request.workers, [&](std::size_t i, unsigned) {
      useOneThreadPerWorker();
      found[i] = attackedAnswers(attack, i);
      m_progress.step(++done, total);
    });
    DetectorTrial trial;
    trial.method = attack.method;
    trial.strength = attack.strength;
    ScoreColumns all, misled;
    for (std::size_t i = 0; i < found.size(); ++i)
      for (std::size_t k = 0; k < found[i].scores.size(); ++k) {
        ++trial.samples;
        all.add(found[i].scores[k]);
        const std::int64_t wanted = labelOf(i, k);
        if (m_clean[i].top1[k] != wanted || found[i].top1[k] == wanted) continue;
        ++trial.misled;
        misled.add(found[i].scores[k]);
      }
    all.sort();
    misled.sort();
    trial.all = curvesOf(clean, all, m_run.detector());
    trial.ofMisled = curvesOf(clean, misled, m_run.detector());
    return trial;
  }

 private:
  /// Without labels what the model answers to the clean sample.
  std::int64_t labelOf(std::size_t feed, std::size_t k) const {
    return m_data.labelled() ? m_data.source().label(m_feeds[feed].samples[k]) : m_clean[feed].top1[k];
  }

  DetectorRun::Answers attackedAnswers(const Attack& attack, std::size_t i) const {
    const AttackFeed& feed = m_feeds[i];
    const std::vector<Tensor> inputs = m_data.inputs(feed.fed);
    std::vector<std::int64_t> labels;
    for (std::size_t k = 0; k < feed.samples.size(); ++k) labels.push_back(labelOf(i, k));
    labels.resize(feed.fed.size(), labels.back());
    const Tensor made = attacked(attack, m_box, &m_gradient, {inputs, labels, feed.fed}, m_progress.stop);
    return m_run.of(withInput(inputs, m_box, made), feed.samples.size(), m_progress.stop);
  }

  const Dataset& m_data;
  const RobustnessRequest& m_request;
  const Progress& m_progress;
  InputBox m_box;
  DetectorRun m_run;
  LossGradient m_gradient;
  std::vector<AttackFeed> m_feeds;
  std::vector<DetectorRun::Answers> m_clean;
};

std::vector<double> strengthsOf(const RobustnessRequest& request, StrengthUnit unit) {
  std::vector<double> strengths =
      request.strengths.empty() ? usualStrengths(unit, request.norm) : request.strengths;
  if (request.strengths.empty()) strengths.erase(strengths.begin(), strengths.end() - usualCount);
  std::erase(strengths, 0.0);
  return strengths;
}

}  // namespace

std::pair<double, Interval> areaUnderRoc(std::vector<double> negative, std::vector<double> positive) {
  if (negative.empty() || positive.empty()) return {0.5, {0, 1}};
  std::ranges::sort(negative);
  double wins = 0;
  for (const double value : positive) {
    const auto [low, high] = std::equal_range(negative.begin(), negative.end(), value);
    wins += static_cast<double>(low - negative.begin()) + 0.5 * static_cast<double>(high - low);
  }
  const auto n = static_cast<double>(negative.size()), p = static_cast<double>(positive.size());
  const double a = wins / n / p;
  const double q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
  const double error =
      std::sqrt(std::max(0.0, (a * (1 - a) + (p - 1) * (q1 - a * a) + (n - 1) * (q2 - a * a)) / n / p));
  return {a, {std::max(0.0, a - 1.96 * error), std::min(1.0, a + 1.96 * error)}};
}

DetectorReport detectorFor(const Model& model, const Dataset& data, const RobustnessRequest& request,
                           double falseAlarms, const Progress& progress,
                           const std::function<void(const DetectorReport&)>& onTrial) {
  requireSound(request);
  std::vector<std::size_t> fitting, judging;
  const auto samples = firstSamples(data, request.samples);
  for (std::size_t i = 0; i < samples.size(); ++i) (i % 2 == 0 ? fitting : judging).push_back(samples[i]);
  const InputBox box = inputBox(
      model, data, request.unit.value_or(holdsPixels(data) ? StrengthUnit::Pixel : StrengthUnit::Input));
  DetectorReport report;
  report.unit = box.unit;
  report.norm = request.norm;
  report.detector = fitDetector(model, data, fitting, {falseAlarms, request.workers}, progress);
  Judge judge(model, data, request, report.detector, judging, box, progress);
  const ScoreColumns clean = judge.clean();
  report.judgedOn = judging.size();
  for (std::size_t k = 0; k < detectorScores.size(); ++k) {
    report.falseAlarms.push_back(countAbove(clean.values[k], report.detector.thresholds[k]));
    report.falseAlarmInterval.push_back(wilsonInterval(report.falseAlarms.back(), judging.size()));
  }
  const auto strengths = strengthsOf(request, box.unit);
  std::atomic<std::size_t> done = 0;
  const std::size_t total = judge.feeds() * strengths.size() * request.methods.size();
  for (const AttackMethod method : request.methods)
    for (const double strength : strengths) {
      report.trials.push_back(
          judge.trial({method, request.norm, strength, request.steps, request.seed}, clean, done, total));
      if (onTrial) onTrial(report);
    }
  return report;
}

double DetectorTrial::caughtShare(DetectorScore score) const {
  const DetectorCurve& curve = all.at(static_cast<std::size_t>(score));
  return samples == 0 ? 0 : static_cast<double>(curve.caught) / static_cast<double>(samples);
}

double DetectorReport::falseAlarmShare(DetectorScore score) const {
  const std::size_t alarms = falseAlarms.at(static_cast<std::size_t>(score));
  return judgedOn == 0 ? 0 : static_cast<double>(alarms) / static_cast<double>(judgedOn);
}

}  // namespace lapidary::core
