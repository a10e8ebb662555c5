// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/batch_gradient.h"

#include <algorithm>
#include <optional>

#include "core/ops/kernels/vector_sums.h"
#include "core/run/sweep.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// Of each channel of some samples: how many values, their mean, and the sum of squares around it.
struct ShareMoments {
  double count = 0;
  std::vector<double> mean, squares;
};

/// N x C x positions.
struct Planes {
  explicit Planes(const Tensor& tensor)
      : batch(tensor.shape().at(0)),
        channels(tensor.shape().at(1)),
        positions(elementCount(Shape(tensor.shape().begin() + 2, tensor.shape().end()))) {}
  std::int64_t batch, channels, positions;
  std::int64_t at(std::int64_t sample, std::int64_t channel) const {
    return (sample * channels + channel) * positions;
  }
};

ShareMoments momentsOf(const Tensor& x) {
  const Planes planes(x);
  const float* values = x.as<float>().data();
  ShareMoments moments;
  moments.count = static_cast<double>(planes.batch * planes.positions);
  for (std::int64_t c = 0; c < planes.channels; ++c) {
    double sum = 0, squares = 0;
    for (std::int64_t n = 0; n < planes.batch; ++n)
      sum += static_cast<double>(sumOf(values + planes.at(n, c), planes.positions));
    const double mean = sum / moments.count;
    const auto centre = static_cast<float>(mean);
    for (std::int64_t n = 0; n < planes.batch; ++n)
      squares += static_cast<double>(squaresAround(values + planes.at(n, c), planes.positions, centre));
    const double offset = mean - static_cast<double>(centre);
    moments.mean.push_back(mean);
    moments.squares.push_back(squares - moments.count * offset * offset);
  }
  return moments;
}

/// The moments of two parts together (Chan, Golub, LeVeque 1983).
void join(ShareMoments& all, const ShareMoments& part) {
  if (all.count == 0) {
    all = part;
    return;
  }
  const double count = all.count + part.count;
  for (std::size_t c = 0; c < all.mean.size(); ++c) {
    const double apart = part.mean[c] - all.mean[c];
    all.mean[c] += apart * part.count / count;
    all.squares[c] += part.squares[c] + apart * apart * all.count * part.count / count;
  }
  all.count = count;
}

Tensor floats(const std::vector<double>& values, double divisor) {
  TensorBuilder builder(DType::Float32, {static_cast<std::int64_t>(values.size())});
  for (std::size_t i = 0; i < values.size(); ++i)
    builder.as<float>()[i] = static_cast<float>(values[i] / divisor);
  return std::move(builder).build();
}

LAPIDARY_VECTORIZED void addAffine(float* to, const float* x, std::int64_t count, float factor, float shift) {
  for (std::int64_t i = 0; i < count; ++i) to[i] += x[i] * factor + shift;
}

/// d(mean) and d(variance) passed on to the values that both come from:
/// dx += (d(mean) + 2 d(variance) (x - mean)) / count.
Tensor throughMoments(const Tensor& gradient, const Tensor& x, const BatchMoments& moments,
                      const std::vector<double>& meanGradients, const std::vector<double>& varianceGradients,
                      double count) {
  const Planes planes(x);
  TensorBuilder builder(DType::Float32, x.shape());
  std::ranges::copy(gradient.as<float>(), builder.as<float>().begin());
  for (std::int64_t n = 0; n < planes.batch; ++n)
    for (std::int64_t c = 0; c < planes.channels; ++c) {
      const auto channel = static_cast<std::size_t>(c);
      const double factor = 2 * varianceGradients[channel] / count;
      const double mean = static_cast<double>(moments.batchMean.as<float>()[channel]);
      addAffine(builder.as<float>().data() + planes.at(n, c), x.as<float>().data() + planes.at(n, c),
                planes.positions, static_cast<float>(factor),
                static_cast<float>(meanGradients[channel] / count - factor * mean));
    }
  return std::move(builder).build();
}

/// All shares in step with each other: they meet at every normalisation.
class Batch {
 public:
  Batch(const BackwardPlan& plan, const Model& model, std::span<const BatchShare> shares, unsigned workers,
        const std::stop_token& stop)
      : m_plan(plan),
        m_model(model),
        m_shares(shares),
        m_workers(workers),
        m_stop(stop),
        m_sweeps(shares.size()) {}

  BatchGradient run(std::span<const ValueId> wrt) {
    BatchGradient result;
    std::size_t next = 0;
    for (const NormStep& norm : m_plan.norms()) {
      forward(next, norm.step);
      next = norm.step;
      meetForward(norm);
    }
    each([&](std::size_t i) {
      if (!m_sweeps[i]) start(i);
      Sweep& sweep = *m_sweeps[i];
      sweep.forward(next, sweep.steps());
      const auto outputs = sweep.outputs();
      sweep.seed(outputs, m_shares[i].seed(outputs));
      sweep.backward(next, sweep.steps());
    });
    for (std::size_t k = m_plan.norms().size(); k-- > 0;) {
      meetBackward(m_plan.norms()[k], m_moments[k], m_counts[k]);
      const std::size_t first = k == 0 ? 0 : m_plan.norms()[k - 1].step, end = m_plan.norms()[k].step;
      each([&](std::size_t i) { m_sweeps[i]->backward(first, end); });
    }
    result.moments = std::move(m_moments);
    for (const auto& sweep : m_sweeps) {
      result.gradients.emplace_back();
      for (const ValueId id : wrt) result.gradients.back().push_back(sweep->gradient(id));
    }
    return result;
  }

 private:
  void each(const std::function<void(std::size_t)>& work) {
    parallelFor(m_sweeps.size(), m_workers, [&](std::size_t i, unsigned) {
      useOneThreadPerWorker();
      work(i);
    });
  }

  void start(std::size_t i) { m_sweeps[i].emplace(m_plan, m_model, m_shares[i].inputs(), m_stop); }

  void forward(std::size_t first, std::size_t end) {
    each([&](std::size_t i) {
      if (!m_sweeps[i]) start(i);
      m_sweeps[i]->forward(first, end);
    });
  }

  void meetForward(const NormStep& norm) {
    std::vector<ShareMoments> parts(m_sweeps.size());
    each([&](std::size_t i) { parts[i] = momentsOf(m_sweeps[i]->value(norm.source)); });
    ShareMoments all;
    for (const ShareMoments& part : parts) join(all, part);
    m_counts.push_back(all.count);
    m_moments.push_back(
        {norm.mean, norm.variance, norm.momentum, floats(all.mean, 1), floats(all.squares, all.count)});
    for (auto& sweep : m_sweeps) {
      sweep->replace(norm.mean, m_moments.back().batchMean);
      sweep->replace(norm.variance, m_moments.back().batchVariance);
    }
  }

  std::vector<double> summed(ValueId id) const {
    std::vector<double> sums;
    for (const auto& sweep : m_sweeps) {
      const Tensor part = sweep->gradient(id);
      sums.resize(part.as<float>().size());
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += static_cast<double>(part.as<float>()[i]);
    }
    return sums;
  }

  void meetBackward(const NormStep& norm, const BatchMoments& moments, double count) {
    if (!m_plan.isActive(norm.source)) return;
    const std::vector<double> meanGradients = summed(norm.mean), varianceGradients = summed(norm.variance);
    each([&](std::size_t i) {
      Sweep& sweep = *m_sweeps[i];
      sweep.setGradient(norm.source, throughMoments(sweep.gradient(norm.source), sweep.value(norm.source),
                                                    moments, meanGradients, varianceGradients, count));
    });
  }

  const BackwardPlan& m_plan;
  const Model& m_model;
  std::span<const BatchShare> m_shares;
  unsigned m_workers;
  std::stop_token m_stop;
  std::vector<std::optional<Sweep>> m_sweeps;
  std::vector<BatchMoments> m_moments;
  std::vector<double> m_counts;  ///< values a channel, by normalisation
};

}  // namespace

BatchGradient batchGradient(const BackwardPlan& plan, const Model& model, std::span<const BatchShare> shares,
                            std::span<const ValueId> wrt, unsigned workers, const std::stop_token& stop) {
  return Batch(plan, model, shares, workers, stop).run(wrt);
}

}  // namespace lapidary::core
