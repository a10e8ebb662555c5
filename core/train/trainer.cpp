// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/run/batch_gradient.h"
#include "core/support/parallel.h"
#include "core/train/trained_numbers.h"

namespace lapidary::core {
namespace {

/// Samples whose gradients one worker takes at once: fewer, and the products of large layers would wait for
/// memory. Sums go in the order of these shares, whoever computed them.
constexpr std::size_t shareOfBatch = 32;

/// In place of std::shuffle, whose order differs between libraries.
void shuffle(std::vector<std::size_t>& order, std::mt19937_64& random) {
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
}

class Training {
 public:
  Training(const TrainSubject& subject, const TrainSettings& settings, const Progress& progress,
           const TrainHooks& hooks)
      : m_subject(subject),
        m_settings(settings),
        m_progress(progress),
        m_hooks(hooks),
        m_random(settings.seed),
        m_weights(subject, settings.workers),
        m_optimizer(settings.optimizer, m_weights.sizes()),
        m_order(subject.samples),
        m_batches((subject.samples + settings.batch - 1) / settings.batch),
        m_rate(settings.rate) {
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    m_rate.steps = m_batches * settings.epochs;
  }

  void resume(const TrainState& state) {
    m_weights.restore(state.numbers, state.held, state.statistics);
    m_optimizer.restore(state.optimizer);
    for (m_epoch = 0; m_epoch < state.epoch; ++m_epoch) shuffle(m_order, m_random);
  }

  void run() {
    while (m_epoch < m_settings.epochs) {
      shuffle(m_order, m_random);
      double loss = 0;
      for (std::size_t batch = 0; batch < m_batches; ++batch) {
        m_progress.step((m_epoch * m_batches + batch) * m_settings.batch,
                        m_settings.epochs * m_subject.samples);
        loss += step(batch * m_settings.batch);
      }
      ++m_epoch;
      if (m_hooks.onEpoch && !tell(loss / static_cast<double>(m_subject.samples))) return;
    }
  }

 private:
  bool tell(double loss) {
    const Model model = m_weights.model();
    return m_hooks.onEpoch({m_epoch, loss, m_lastRate, &model, [this] {
                              return TrainState{m_epoch, m_weights.numbers(), m_weights.statistics(),
                                                m_optimizer.state(), m_weights.held()};
                            }});
  }

  /// Returns the batch's summed loss.
  double step(std::size_t first) {
    const auto samples =
        std::span(m_order).subspan(first, std::min(m_settings.batch, m_order.size() - first));
    if (m_subject.holdAnew)
      if (auto masks = m_subject.holdAnew(m_weights.model(), steps(), m_rate.steps))
        m_weights.hold(std::move(*masks));
    const Model model = m_weights.model();
    const double loss = descend(m_subject.seen ? m_subject.seen(model) : model, samples);
    if (m_hooks.onStep)
      m_hooks.onStep({steps(), m_rate.steps, loss / static_cast<double>(samples.size()), m_lastRate});
    return loss;
  }

  std::size_t steps() const { return static_cast<std::size_t>(m_optimizer.steps()); }

  double descend(const Model& seen, std::span<const std::size_t> samples) {
    std::vector<double> losses((samples.size() + shareOfBatch - 1) / shareOfBatch);
    const std::vector<BatchShare> shares = sharesOf(samples, losses);
    const BatchGradient gradient =
        batchGradient(planFor(seen), seen, shares, m_subject.trained, m_settings.workers, m_progress.stop);
    const double loss = std::accumulate(losses.begin(), losses.end(), 0.0);
    if (!std::isfinite(loss))
      throw Error(ErrorKind::InvalidInput, "the loss is no longer finite after " + std::to_string(steps()) +
                                               " steps: train at a lower rate, or clip the gradients");
    m_weights.takeGradients(gradient, 1 / static_cast<float>(samples.size()));
    if (m_settings.mostNorm > 0) clipNorm(m_weights.gradientSpans(), m_settings.mostNorm);
    m_lastRate = rateAt(m_rate, steps());
    m_optimizer.step(m_weights.spans(), m_weights.constGradientSpans(), m_lastRate);
    m_weights.hold();
    return loss;
  }

  /// A share's inputs are made by whoever works on it: that is why they are a function.
  std::vector<BatchShare> sharesOf(std::span<const std::size_t> samples, std::vector<double>& losses) const {
    std::vector<BatchShare> shares(losses.size());
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const std::size_t from = i * shareOfBatch;
      const auto mine = samples.subspan(from, std::min(shareOfBatch, samples.size() - from));
      shares[i].inputs = [this, mine] { return inputsOf(mine); };
      shares[i].seed = [this, mine, loss = &losses[i]](std::span<const Tensor> outputs) {
        TrainSubject::Gradients gradients = m_subject.loss(outputs, mine);
        *loss = gradients.sum;
        return std::move(gradients.outputs);
      };
    }
    return shares;
  }

  std::vector<Tensor> inputsOf(std::span<const std::size_t> samples) const {
    std::vector<Tensor> inputs = m_subject.inputs(samples);
    if (m_settings.augmentation.empty()) return inputs;
    std::vector<std::uint64_t> seeds;
    for (const std::size_t sample : samples) {
      const std::uint64_t words[] = {m_settings.seed, m_epoch, sample};
      seeds.push_back(hashWords(words).low);
    }
    inputs.at(0) = augmented(inputs.at(0), m_settings.augmentation, seeds);
    return inputs;
  }

  /// The seen models share a graph; where one does not, there is a new plan.
  const BackwardPlan& planFor(const Model& seen) {
    if (!m_plan || m_graph != seen.graph) {
      const bool varied = m_settings.normStatistics == NormStatistics::Batch;
      m_plan = std::make_unique<BackwardPlan>(seen, BackwardRequest{m_subject.trained, {}, varied, true});
      m_graph = seen.graph;
    }
    return *m_plan;
  }

  const TrainSubject& m_subject;
  const TrainSettings& m_settings;
  const Progress& m_progress;
  const TrainHooks& m_hooks;
  std::mt19937_64 m_random;
  TrainedNumbers m_weights;
  Optimizer m_optimizer;
  std::vector<std::size_t> m_order;
  std::size_t m_batches = 0, m_epoch = 0;
  LearningRate m_rate;
  double m_lastRate = 0;
  std::shared_ptr<const Graph> m_graph;
  std::unique_ptr<const BackwardPlan> m_plan;
};

}  // namespace

void train(const TrainSubject& subject, const TrainSettings& settings, const Progress& progress,
           const TrainHooks& hooks, const TrainState* resumed) {
  if (subject.samples == 0 || settings.batch == 0)
    throw Error(ErrorKind::Usage, "a training needs samples, and batches of at least one");
  Training training(subject, settings, progress, hooks);
  if (resumed != nullptr) training.resume(*resumed);
  training.run();
}

}  // namespace lapidary::core
