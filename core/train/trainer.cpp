#include "core/train/trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "core/run/gradient.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// Samples whose gradients one worker takes at once. Sums go in the order of these shares, whoever computed
/// them.
constexpr std::size_t shareOfBatch = 16;

struct Share {
  double loss = 0;
  std::vector<Tensor> gradients;
};

/// In place of std::shuffle, whose order differs between libraries.
void shuffle(std::vector<std::size_t>& order, std::mt19937_64& random) {
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
}

class Training {
 public:
  Training(const TrainSubject& subject, const TrainSettings& settings, const Progress& progress)
      : m_subject(subject), m_settings(settings), m_progress(progress), m_random(settings.seed) {
    std::vector<std::size_t> sizes;
    for (const ValueId id : subject.trained) {
      const auto values = subject.start.weights.at(id).as<float>();
      m_weights.emplace_back(values.begin(), values.end());
      m_gradients.emplace_back(values.size());
      sizes.push_back(values.size());
    }
    m_optimizer.emplace(settings.optimizer, sizes);
    m_order.resize(subject.samples);
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    m_batches = (subject.samples + settings.batch - 1) / settings.batch;
    m_rate = settings.rate;
    m_rate.steps = m_batches * settings.epochs;
    hold();
  }

  void run(const std::function<bool(const EpochNews&)>& onEpoch) {
    for (std::size_t epoch = 1; epoch <= m_settings.epochs; ++epoch) {
      shuffle(m_order, m_random);
      double loss = 0;
      for (std::size_t batch = 0; batch < m_batches; ++batch) {
        m_progress.step(((epoch - 1) * m_batches + batch) * m_settings.batch,
                        m_settings.epochs * m_subject.samples);
        loss += step(batch * m_settings.batch);
      }
      const Model model = current();
      const EpochNews news{epoch, loss / static_cast<double>(m_subject.samples), m_lastRate, &model};
      if (!onEpoch(news)) return;
    }
  }

 private:
  /// Returns the batch's summed loss.
  double step(std::size_t first) {
    const auto samples =
        std::span(m_order).subspan(first, std::min(m_settings.batch, m_order.size() - first));
    const Model model = current();
    const Model seen = m_subject.seen ? m_subject.seen(model) : model;
    std::vector<Share> shares((samples.size() + shareOfBatch - 1) / shareOfBatch);
    parallelFor(shares.size(), m_settings.workers, [&](std::size_t i, unsigned) {
      const std::size_t from = i * shareOfBatch;
      shares[i] = gradientOf(seen, samples.subspan(from, std::min(shareOfBatch, samples.size() - from)));
    });
    double loss = 0;
    for (const Share& share : shares) loss += share.loss;
    if (!std::isfinite(loss))
      throw Error(ErrorKind::InvalidInput,
                  "the loss is no longer finite after " + std::to_string(m_optimizer->steps()) +
                      " steps: train at a lower rate, or clip the gradients");
    sum(shares, 1 / static_cast<float>(samples.size()));
    descend();
    return loss;
  }

  Share gradientOf(const Model& model, std::span<const std::size_t> samples) const {
    Share share;
    GradientRequest request;
    request.inputs = m_subject.inputs(samples);
    request.wrt = m_subject.trained;
    request.seed = [&](std::span<const Tensor> outputs) {
      TrainSubject::Slopes slopes = m_subject.loss(outputs, samples);
      share.loss = slopes.sum;
      return std::move(slopes.outputs);
    };
    share.gradients = gradients(model, request, m_progress.stop).gradients;
    return share;
  }

  /// The mean over the batch; of held weights nothing.
  void sum(const std::vector<Share>& shares, float scale) {
    parallelFor(m_gradients.size(), m_settings.workers, [&](std::size_t k, unsigned) {
      std::vector<float>& total = m_gradients[k];
      std::ranges::fill(total, 0.0f);
      for (const Share& share : shares) {
        const auto part = share.gradients[k].as<float>();
        for (std::size_t i = 0; i < total.size(); ++i) total[i] += part[i];
      }
      for (float& value : total) value *= scale;
      if (isHeld(k))
        for (std::size_t i = 0; i < total.size(); ++i)
          if (m_subject.held[k][i]) total[i] = 0;
    });
  }

  void descend() {
    std::vector<std::span<float>> weights(m_weights.begin(), m_weights.end()),
        changeable(m_gradients.begin(), m_gradients.end());
    if (m_settings.mostNorm > 0) clipNorm(changeable, m_settings.mostNorm);
    const std::vector<std::span<const float>> gradients(m_gradients.begin(), m_gradients.end());
    m_lastRate = rateAt(m_rate, static_cast<std::size_t>(m_optimizer->steps()));
    m_optimizer->step(weights, gradients, m_lastRate);
    hold();
  }

  bool isHeld(std::size_t k) const { return k < m_subject.held.size() && !m_subject.held[k].empty(); }

  void hold() {
    for (std::size_t k = 0; k < m_weights.size(); ++k)
      if (isHeld(k))
        for (std::size_t i = 0; i < m_weights[k].size(); ++i)
          if (m_subject.held[k][i]) m_weights[k][i] = 0;
  }

  Model current() const {
    Model model = m_subject.start;
    for (std::size_t k = 0; k < m_weights.size(); ++k) {
      const ValueId id = m_subject.trained[k];
      model.weights[id] =
          Tensor::from<float>(m_subject.start.weights.at(id).shape(), std::span<const float>(m_weights[k]));
    }
    return model;
  }

  const TrainSubject& m_subject;
  const TrainSettings& m_settings;
  const Progress& m_progress;
  std::mt19937_64 m_random;
  std::optional<Optimizer> m_optimizer;
  LearningRate m_rate;
  double m_lastRate = 0;
  std::vector<std::vector<float>> m_weights, m_gradients;
  std::vector<std::size_t> m_order;
  std::size_t m_batches = 0;
};

}  // namespace

void train(const TrainSubject& subject, const TrainSettings& settings, const Progress& progress,
           const std::function<bool(const EpochNews&)>& onEpoch) {
  if (subject.samples == 0 || settings.batch == 0)
    throw Error(ErrorKind::Usage, "a training needs samples, and batches of at least one");
  Training(subject, settings, progress).run(onEpoch);
}

}  // namespace lapidary::core
