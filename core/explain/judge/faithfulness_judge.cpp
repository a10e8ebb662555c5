// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/judge/faithfulness_judge.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "core/explain/explain_sample.h"
#include "core/explain/hiding/hidden_input.h"
#include "core/explain/judge/deletion_curves.h"
#include "core/explain/judge/noisy_subject.h"
#include "core/explain/judge/randomised_model.h"
#include "core/explain/map/draws.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"
#include "core/support/rank.h"

namespace lapidary::core {
namespace {

std::vector<float> randomMap(std::size_t positions, std::uint64_t seed, std::size_t item) {
  Draws draws(seed, item);
  std::vector<float> map(positions);
  for (float& value : map) value = static_cast<float>(draws.unit());
  return map;
}

/// Rank correlation over the positions that can be hidden: padding says nothing.
double kept(const SaliencyMap& a, const SaliencyMap& b, const std::vector<char>& counts) {
  std::vector<float> x, y;
  for (std::size_t i = 0; i < std::min({a.values.size(), b.values.size(), counts.size()}); ++i)
    if (counts[i] != 0) x.push_back(a.values[i]), y.push_back(b.values[i]);
  return spearman(x, y);
}

double distanceOf(const SaliencyMap& a, const SaliencyMap& b) {
  double difference = 0, length = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double was = static_cast<double>(a.values[i]), change = static_cast<double>(b.values[i]) - was;
    difference += change * change;
    length += was * was;
  }
  return length > 0 ? std::sqrt(difference / length) : difference > 0 ? 1 : 0;
}

void addCurve(std::vector<double>& sum, const std::vector<double>& curve) {
  sum.resize(curve.size(), 0);
  for (std::size_t i = 0; i < curve.size(); ++i) sum[i] += curve[i];
}

void add(Faithfulness& sum, const Faithfulness& each) {
  ++sum.samples;
  addCurve(sum.deletion, each.deletion);
  addCurve(sum.insertion, each.insertion);
  for (const auto figure :
       {&Faithfulness::deletionArea, &Faithfulness::insertionArea, &Faithfulness::randomDeletionArea,
        &Faithfulness::randomInsertionArea, &Faithfulness::sensitivity, &Faithfulness::topLayerKept,
        &Faithfulness::allLayersKept})
    sum.*figure += each.*figure;
}

Faithfulness meanOf(const std::vector<Faithfulness>& samples) {
  Faithfulness mean;
  for (const Faithfulness& each : samples) add(mean, each);
  const auto count = static_cast<double>(std::max<std::size_t>(1, mean.samples));
  for (auto* curve : {&mean.deletion, &mean.insertion})
    for (double& value : *curve) value /= count;
  for (double* figure :
       {&mean.deletionArea, &mean.insertionArea, &mean.randomDeletionArea, &mean.randomInsertionArea,
        &mean.sensitivity, &mean.topLayerKept, &mean.allLayersKept})
    *figure /= count;
  return mean;
}

}  // namespace

FaithfulnessJudge::FaithfulnessJudge(const Runnable& subject, const Dataset& data,
                                     const FaithfulnessRequest& request)
    : m_subject(subject),
      m_data(data),
      m_request(request),
      m_topRandom(randomised(subject.model, Forgotten::TopLayer, request.options.seed)),
      m_allRandom(randomised(subject.model, Forgotten::AllLayers, request.options.seed)) {
  m_request.samples = std::min(std::max<std::size_t>(1, request.samples), data.size());
  m_request.options.workers = 1;  // samples are shared out instead
}

Faithfulness FaithfulnessJudge::judge(SaliencyMethod method, const Progress& progress) const {
  const Progress stopOnly{progress.stop, {}};
  const MapMaker maker = [&](const Model& model, std::span<const Tensor> inputs, std::int64_t target) {
    return saliency(model, m_subject.executor, inputs, method, target, stopOnly, m_request.options);
  };
  return judge(maker, progress);
}

Faithfulness FaithfulnessJudge::judge(const MapMaker& maker, const Progress& progress) const {
  std::vector<Faithfulness> samples(m_request.samples);
  std::atomic<std::size_t> done{0};
  const Progress stopOnly{progress.stop, {}};
  parallelFor(samples.size(), std::max(1u, m_request.workers), [&](std::size_t index, unsigned) {
    samples[index] = ofSample(maker, index, stopOnly);
    progress.step(++done, samples.size());
  });
  return meanOf(samples);
}

Faithfulness FaithfulnessJudge::ofSample(const MapMaker& maker, std::size_t index,
                                         const Progress& progress) const {
  const std::size_t one[]{m_data.order()[index]};
  const std::vector<Tensor> inputs = m_data.inputs(one);
  const SaliencyMap map = maker(m_subject.model, inputs, -1);
  const SaliencyTask task{m_subject.model, m_subject.executor, inputs,  map.method,
                          map.targetClass, m_request.options,  progress};
  Faithfulness found;
  DeletionCurves curves = deletionCurves(task, map.values, m_request.steps, m_request.options.seed);
  found.deletionArea = areaUnder(curves.deletion);
  found.insertionArea = areaUnder(curves.insertion);
  found.deletion = std::move(curves.deletion);
  found.insertion = std::move(curves.insertion);
  const auto baselines = static_cast<double>(std::max<std::size_t>(1, m_request.randomMaps));
  for (std::size_t i = 0; i < std::max<std::size_t>(1, m_request.randomMaps); ++i) {
    const auto random = randomMap(map.values.size(), m_request.options.seed + index, i);
    const DeletionCurves base = deletionCurves(task, random, m_request.steps, m_request.options.seed);
    found.randomDeletionArea += areaUnder(base.deletion) / baselines;
    found.randomInsertionArea += areaUnder(base.insertion) / baselines;
  }
  const std::vector<char> counts = HiddenInput(inputs[0]).hideable();
  found.topLayerKept = kept(map, maker(m_topRandom, inputs, map.targetClass), counts);
  found.allLayersKept = kept(map, maker(m_allRandom, inputs, map.targetClass), counts);
  found.sensitivity = sensitivity(maker, inputs, map, index);
  return found;
}

double FaithfulnessJudge::sensitivity(const MapMaker& maker, std::span<const Tensor> inputs,
                                      const SaliencyMap& map, std::size_t index) const {
  double largest = 0;
  for (std::size_t i = 0; i < m_request.noisyInputs; ++i) {
    Draws draws(m_request.options.seed, (index << 16) + i);
    const NoisySubject noisy = noisySubject(m_subject.model, inputs, m_request.noiseRadius, draws);
    largest = std::max(largest, distanceOf(map, maker(noisy.model, noisy.inputs, map.targetClass)));
  }
  return largest;
}

}  // namespace lapidary::core
