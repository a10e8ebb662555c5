// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/robustness.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "core/analyze/statistics.h"
#include "core/robust/attack_batches.h"
#include "core/robust/attacked.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostStrengths = 64, mostSteps = 1000;

bool needsGradient(AttackMethod method) {
  return method == AttackMethod::Fgsm || method == AttackMethod::Pgd;
}

/// A model with all that attacks ask of it.
struct Target {
  Target(const Model& attacked, const InputBox& box, bool gradients)
      : executor(attacked, {}), runnable{attacked, executor} {
    if (gradients) lossGradient.emplace(attacked, attacked.graph->inputs.at(box.input));
  }
  const LossGradient* gradient() const { return lossGradient ? &*lossGradient : nullptr; }

  Executor executor;
  Runnable runnable;
  std::optional<LossGradient> lossGradient;
};

/// The answers of both models to both attacks; of all samples, in the order of the feeds.
struct Right {
  std::vector<char> original, cut, originalOnCut, cutOnOriginal;
};

class RobustnessMeter {
 public:
  RobustnessMeter(const Model& original, const Model* cut, const Dataset& data,
                  const RobustnessRequest& request, const Progress& progress)
      : m_request(request),
        m_data(data),
        m_progress(progress),
        m_box(inputBox(original, data,
                       request.unit.value_or(holdsPixels(data) ? StrengthUnit::Pixel : StrengthUnit::Input))),
        m_original(original, m_box, std::ranges::any_of(request.methods, needsGradient)) {
    std::vector<const Model*> models{&original};
    if (cut != nullptr) {
      m_cut.emplace(*cut, m_box, std::ranges::any_of(request.methods, needsGradient));
      models.push_back(cut);
    }
    m_feeds = attackFeeds(firstSamples(data, request.samples), models);
    m_strengths = request.strengths.empty() ? usualStrengths(m_box.unit, request.norm) : request.strengths;
    m_strengths.push_back(0);
    std::ranges::sort(m_strengths);
    m_strengths.erase(std::unique(m_strengths.begin(), m_strengths.end()), m_strengths.end());
  }

  RobustnessReport run(const OnRobustnessRow& onRow) {
    RobustnessReport report = heading();
    const std::size_t passes = 1 + m_request.methods.size() * (m_strengths.size() - 1);
    m_total = passes * m_feeds.size();
    const RobustnessRow clean =
        rowOf({AttackMethod::Pgd, m_request.norm, 0, m_request.steps, m_request.seed});
    for (const AttackMethod method : m_request.methods)
      for (const double strength : m_strengths) {
        report.rows.push_back(
            strength == 0 ? clean
                          : rowOf({method, m_request.norm, strength, m_request.steps, m_request.seed}));
        report.rows.back().method = method;
        if (onRow) onRow(report);
      }
    return report;
  }

 private:
  RobustnessReport heading() const {
    RobustnessReport report;
    report.unit = m_box.unit;
    report.norm = m_request.norm;
    report.steps = m_request.steps;
    report.seed = m_request.seed;
    report.samples = std::min(m_request.samples, m_data.size());
    report.labelled = m_data.labelled();
    report.clipped = m_box.clips;
    report.perUnit = m_box.perUnit;
    return report;
  }

  RobustnessRow rowOf(const Attack& attack) {
    std::vector<Right> found(m_feeds.size());
    parallelFor(m_feeds.size(), m_request.workers, [&](std::size_t i, unsigned) {
      useOneThreadPerWorker();
      found[i] = attackFeed(attack, i);
      m_progress.step(++m_done, m_total);
    });
    Right all;
    for (const Right& some : found) {
      all.original.insert(all.original.end(), some.original.begin(), some.original.end());
      all.cut.insert(all.cut.end(), some.cut.begin(), some.cut.end());
      all.originalOnCut.insert(all.originalOnCut.end(), some.originalOnCut.begin(), some.originalOnCut.end());
      all.cutOnOriginal.insert(all.cutOnOriginal.end(), some.cutOnOriginal.begin(), some.cutOnOriginal.end());
    }
    return summed(attack, all);
  }

  static RobustShare shareOf(const std::vector<char>& right) {
    return {static_cast<std::size_t>(std::ranges::count(right, char{1})), right.size()};
  }

  RobustnessRow summed(const Attack& attack, const Right& right) const {
    RobustnessRow row;
    row.method = attack.method;
    row.strength = attack.strength;
    row.original = shareOf(right.original);
    if (!m_cut) return row;
    row.cut = shareOf(right.cut);
    std::size_t gained = 0, lost = 0;
    for (std::size_t i = 0; i < right.cut.size(); ++i) {
      gained += right.cut[i] > right.original[i];
      lost += right.cut[i] < right.original[i];
    }
    row.change = pairedInterval(gained, lost, right.cut.size());
    if (!m_request.transfer) return row;
    row.originalOnCut = shareOf(right.originalOnCut);
    row.cutOnOriginal = shareOf(right.cutOnOriginal);
    return row;
  }

  /// Labels of what is fed; without labels what the original answers, which is asked once.
  std::vector<std::int64_t> wanted(std::size_t i, std::span<const Tensor> inputs) {
    const AttackFeed& feed = m_feeds[i];
    std::vector<std::int64_t> labels;
    if (m_data.labelled())
      for (const std::size_t sample : feed.fed) labels.push_back(m_data.source().label(sample));
    else {
      labels = answersTo(m_original.runnable, inputs, feed, m_progress.stop);
      labels.resize(feed.fed.size(), labels.back());
    }
    return labels;
  }

  Right attackFeed(const Attack& attack, std::size_t i) {
    const AttackFeed& feed = m_feeds[i];
    const std::vector<Tensor> inputs = m_data.inputs(feed.fed);
    const std::vector<std::int64_t> labels = wanted(i, inputs);
    const AttackedBatch batch{inputs, labels, feed.fed};
    const auto made = [&](const Target& target) {
      return withInput(inputs, m_box, attacked(attack, m_box, target.gradient(), batch, m_progress.stop));
    };
    const auto right = [&](const Target& target, const std::vector<Tensor>& fed) {
      const auto answers = answersTo(target.runnable, fed, feed, m_progress.stop);
      std::vector<char> same;
      for (std::size_t k = 0; k < answers.size(); ++k) same.push_back(answers[k] == labels[k]);
      return same;
    };
    Right found;
    const std::vector<Tensor> against = made(m_original);
    found.original = right(m_original, against);
    if (!m_cut) return found;
    const std::vector<Tensor> againstCut = needsGradient(attack.method) ? made(*m_cut) : against;
    found.cut = right(*m_cut, againstCut);
    if (!m_request.transfer) return found;
    found.originalOnCut = right(m_original, againstCut);
    found.cutOnOriginal = right(*m_cut, against);
    return found;
  }

  const RobustnessRequest& m_request;
  const Dataset& m_data;
  const Progress& m_progress;
  InputBox m_box;
  Target m_original;
  std::optional<Target> m_cut;
  std::vector<AttackFeed> m_feeds;
  std::vector<double> m_strengths;
  std::atomic<std::size_t> m_done = 0;
  std::size_t m_total = 0;
};

}  // namespace

void requireSound(const RobustnessRequest& request) {
  const auto refuse = [](const std::string& what) { throw Error(ErrorKind::Usage, what); };
  if (request.methods.empty()) refuse("no attack is named: name at least one");
  if (request.samples == 0) refuse("attacks need at least one sample");
  if (request.steps == 0 || request.steps > mostSteps)
    refuse("an attack takes 1 to " + std::to_string(mostSteps) + " steps");
  if (request.strengths.size() > mostStrengths)
    refuse("at most " + std::to_string(mostStrengths) + " strengths are measured at once");
  for (const double strength : request.strengths)
    if (!std::isfinite(strength) || strength < 0) refuse("a strength is a number of at least 0");
}

Interval RobustShare::interval() const { return wilsonInterval(right, samples); }

std::vector<double> usualStrengths(StrengthUnit unit, AttackNorm norm) {
  std::vector<double> strengths{1, 2, 4, 8, 16};
  for (double& strength : strengths) {
    if (unit == StrengthUnit::Input) strength /= 100;
    if (norm == AttackNorm::L2) strength *= 20;
  }
  return strengths;
}

RobustnessReport robustness(const Model& original, const Model* cut, const Dataset& data,
                            const RobustnessRequest& request, const Progress& progress,
                            const OnRobustnessRow& onRow) {
  requireSound(request);
  return RobustnessMeter(original, cut, data, request, progress).run(onRow);
}

}  // namespace lapidary::core
