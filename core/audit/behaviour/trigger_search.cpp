// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/behaviour/trigger_search.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/analyze/answers/class_scores.h"
#include "core/ops/op.h"
#include "core/robust/attack_batches.h"
#include "core/robust/attacked.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr double sizeWeight = 4, rate = 0.25;

/// Kingma, Ba 2015.
class Adam {
 public:
  explicit Adam(std::size_t size) : m_mean(size), m_square(size) {}
  void step(std::vector<double>& values, const std::vector<double>& gradient) {
    ++m_steps;
    const double fix1 = 1 - std::pow(0.5, m_steps), fix2 = 1 - std::pow(0.9, m_steps);
    for (std::size_t i = 0; i < values.size(); ++i) {
      m_mean[i] = 0.5 * m_mean[i] + 0.5 * gradient[i];
      m_square[i] = 0.9 * m_square[i] + 0.1 * gradient[i] * gradient[i];
      values[i] -= rate * (m_mean[i] / fix1) / (std::sqrt(m_square[i] / fix2) + 1e-8);
    }
  }

 private:
  std::vector<double> m_mean, m_square;
  double m_steps = 0;
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Mask and pattern before the sigmoid that keeps them in bounds.
class Trigger {
 public:
  explicit Trigger(const InputBox& box)
      : m_box(box),
        m_positions(box.elements / box.channels),
        m_mask(m_positions, 0.0),
        m_pattern(box.elements, 0.0),
        m_maskAdam(m_positions),
        m_patternAdam(box.elements) {}

  std::size_t positionOf(std::size_t element) const {
    const std::size_t stride = m_box.channelStride, channels = m_box.channels;
    return stride == 1 ? element / channels : element % stride + element / (stride * channels) * stride;
  }
  double mask(std::size_t position) const { return sigmoid(m_mask[position]); }
  double pattern(std::size_t element) const {
    const std::size_t c = m_box.channelOf(element);
    const double low = static_cast<double>(m_box.low[c]), high = static_cast<double>(m_box.high[c]);
    return low + (high - low) * sigmoid(m_pattern[element]);
  }
  double area() const {
    double sum = 0;
    for (std::size_t i = 0; i < m_positions; ++i) sum += mask(i);
    return sum / static_cast<double>(m_positions);
  }
  std::vector<float> maskValues() const {
    std::vector<float> values(m_positions);
    for (std::size_t i = 0; i < m_positions; ++i) values[i] = static_cast<float>(mask(i));
    return values;
  }

  Tensor on(const Tensor& batch) const {
    TensorBuilder builder(DType::Float32, batch.shape());
    const auto from = batch.as<float>();
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::size_t element = i % m_box.elements;
      const double m = mask(positionOf(element));
      builder.as<float>()[i] =
          static_cast<float>((1 - m) * static_cast<double>(from[i]) + m * pattern(element));
    }
    return std::move(builder).build();
  }

  /// Downhill by the summed gradient at the changed inputs.
  void step(const Tensor& batch, std::span<const double> gradient) {
    std::vector<double> maskGradient(m_positions), patternGradient(m_pattern.size());
    const auto from = batch.as<float>();
    const auto samples = static_cast<double>(from.size() / m_box.elements);
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::size_t element = i % m_box.elements, position = positionOf(element);
      const double m = mask(position), p = pattern(element), s = sigmoid(m_pattern[element]);
      const std::size_t c = m_box.channelOf(element);
      const double width = static_cast<double>(m_box.high[c]) - static_cast<double>(m_box.low[c]);
      maskGradient[position] += gradient[i] / samples * (p - static_cast<double>(from[i])) * m * (1 - m);
      patternGradient[element] += gradient[i] / samples * m * width * s * (1 - s);
    }
    for (std::size_t position = 0; position < m_positions; ++position) {
      const double m = mask(position);
      maskGradient[position] += sizeWeight / static_cast<double>(m_positions) * m * (1 - m);
    }
    m_maskAdam.step(m_mask, maskGradient);
    m_patternAdam.step(m_pattern, patternGradient);
  }

 private:
  const InputBox& m_box;
  std::size_t m_positions;
  std::vector<double> m_mask, m_pattern;
  Adam m_maskAdam, m_patternAdam;
};

class TriggerHunt {
 public:
  TriggerHunt(const Model& original, const Model& cut, const Dataset& data, const TriggerSettings& settings,
              const Progress& progress)
      : m_settings(settings),
        m_progress(progress),
        m_box(inputBox(original, data, StrengthUnit::Input)),
        m_originalGradient(original, original.graph->inputs.at(m_box.input)),
        m_cutGradient(cut, cut.graph->inputs.at(m_box.input)),
        m_originalExecutor(original, {}),
        m_cutExecutor(cut, {}),
        m_original{original, m_originalExecutor},
        m_cut{cut, m_cutExecutor} {
    const Model* models[]{&original, &cut};
    const auto samples = firstSamples(data, 2 * settings.samples);
    m_searching = batches(data, samples.subspan(0, samples.size() / 2), models);
    m_judging = batches(data, samples.subspan(samples.size() / 2), models);
    boundBySamples();
  }

  std::vector<TriggerResult> run() {
    const std::vector<std::int64_t> classes = likeliest();
    std::vector<TriggerResult> results(classes.size());
    std::atomic<std::size_t> done = 0;
    const std::size_t total = classes.size() * m_settings.steps;
    parallelFor(classes.size(), m_settings.workers, [&](std::size_t k, unsigned) {
      useOneThreadPerWorker();
      Trigger trigger(m_box);
      for (std::size_t step = 0; step < m_settings.steps; ++step) {
        descend(trigger, classes[k], m_searching[step % m_searching.size()]);
        m_progress.step(++done, total);
      }
      results[k] = judged(trigger, classes[k]);
    });
    return results;
  }

 private:
  struct Batch {
    AttackFeed feed;
    std::vector<Tensor> inputs;
    Tensor clean;
    std::vector<std::int64_t> before, after;  ///< answers to the clean samples
    std::vector<std::vector<float>> rise;     ///< of scores, by sample
  };

  std::vector<Batch> batches(const Dataset& data, std::span<const std::size_t> samples,
                             std::span<const Model* const> models) {
    std::vector<Batch> made;
    for (AttackFeed& feed : attackFeeds(samples, models)) {
      m_progress.check();
      Batch batch;
      batch.inputs = data.inputs(feed.fed);
      batch.clean = toFloat32(batch.inputs[m_box.input]);
      const ClassScores before =
                            classScores(m_original.run(batch.inputs).outputs, m_original.model.scoresOutput),
                        after = classScores(m_cut.run(batch.inputs).outputs, m_cut.model.scoresOutput);
      for (std::size_t i = 0; i < feed.fed.size(); ++i) {
        batch.before.push_back(before.top1(i));
        batch.after.push_back(after.top1(i));
        std::vector<float> rise(after.row(i).begin(), after.row(i).end());
        for (std::size_t c = 0; c < rise.size(); ++c) rise[c] -= before.row(i)[c];
        batch.rise.push_back(std::move(rise));
      }
      batch.feed = std::move(feed);
      made.push_back(std::move(batch));
    }
    if (made.empty()) throw Error(ErrorKind::Usage, "triggers are searched on samples: open data");
    return made;
  }

  void boundBySamples() {
    if (m_box.clips) return;
    std::fill(m_box.low.begin(), m_box.low.end(), std::numeric_limits<float>::infinity());
    std::fill(m_box.high.begin(), m_box.high.end(), -std::numeric_limits<float>::infinity());
    for (const Batch& batch : m_searching)
      for (std::size_t i = 0; i < batch.clean.as<float>().size(); ++i) {
        const std::size_t c = m_box.channelOf(i);
        m_box.low[c] = std::min(m_box.low[c], batch.clean.as<float>()[i]);
        m_box.high[c] = std::max(m_box.high[c], batch.clean.as<float>()[i]);
      }
  }

  std::vector<std::int64_t> likeliest() const {
    std::vector<double> rises(m_searching.front().rise.front().size());
    for (const Batch& batch : m_searching)
      for (const auto& rise : batch.rise)
        for (std::size_t c = 0; c < rises.size(); ++c) rises[c] += static_cast<double>(rise[c]);
    std::vector<std::int64_t> classes(rises.size());
    std::iota(classes.begin(), classes.end(), std::int64_t{0});
    std::ranges::stable_sort(classes, std::greater<>(),
                             [&](std::int64_t c) { return rises[static_cast<std::size_t>(c)]; });
    classes.resize(std::min(classes.size(), m_settings.classes));
    std::ranges::sort(classes);
    return classes;
  }

  void descend(Trigger& trigger, std::int64_t cls, const Batch& batch) const {
    const auto fed = withInput(batch.inputs, m_box, trigger.on(batch.clean));
    const std::vector<std::int64_t> wanted(batch.feed.fed.size(), cls);
    const InputGradient towards = m_cutGradient.of(fed, wanted, m_progress.stop),
                        away = m_originalGradient.of(fed, batch.before, m_progress.stop);
    std::vector<double> gradient(batch.clean.as<float>().size());
    for (std::size_t i = 0; i < gradient.size(); ++i)
      gradient[i] = static_cast<double>(towards.gradient.as<float>()[i]) +
                    static_cast<double>(away.gradient.as<float>()[i]);
    trigger.step(batch.clean, gradient);
  }

  TriggerResult judged(const Trigger& trigger, std::int64_t cls) const {
    TriggerResult result;
    result.cls = cls;
    result.area = trigger.area();
    result.mask = trigger.maskValues();
    for (const Batch& batch : m_judging) {
      const auto fed = withInput(batch.inputs, m_box, trigger.on(batch.clean));
      const auto before = answersTo(m_original, fed, batch.feed, m_progress.stop),
                 after = answersTo(m_cut, fed, batch.feed, m_progress.stop);
      for (std::size_t i = 0; i < before.size(); ++i) {
        if (batch.before[i] == cls || batch.after[i] == cls) continue;
        ++result.samples;
        result.original += before[i] == cls;
        result.obeyed += after[i] == cls && before[i] != cls;
      }
    }
    return result;
  }

  const TriggerSettings& m_settings;
  const Progress& m_progress;
  InputBox m_box;
  LossGradient m_originalGradient, m_cutGradient;
  Executor m_originalExecutor, m_cutExecutor;
  Runnable m_original, m_cut;
  std::vector<Batch> m_searching, m_judging;
};

}  // namespace

std::vector<TriggerResult> searchTriggers(const Model& original, const Model& cut, const Dataset& data,
                                          const TriggerSettings& settings, const Progress& progress) {
  return TriggerHunt(original, cut, data, settings, progress).run();
}

}  // namespace lapidary::core
