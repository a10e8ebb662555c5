// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calibrate/gradient_magnitudes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/calibrate/class_gradient.h"
#include "core/ops/kernels/vector_sums.h"
#include "core/run/executor.h"
#include "core/run/gradient.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

LAPIDARY_VECTORIZED void addMagnitudes(const float* __restrict gradients, std::size_t count,
                                       float* __restrict sums) {
  for (std::size_t i = 0; i < count; ++i) sums[i] += std::fabs(gradients[i]);
}

class GradientMagnitudes {
 public:
  GradientMagnitudes(const Model& model, const Dataset& data, const GradientMagnitudeRequest& request,
                     bool others)
      : m_model(model), m_data(data), m_request(request) {
    constexpr std::array usual{"Conv", "ConvTranspose", "Gemm", "MatMul", "Gather"};
    for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
      const bool wanted = i == request.layer.index ||
                          (others && std::ranges::find(usual, model.layers[i].opType) != usual.end());
      if (!wanted) continue;
      m_layers.push_back(i);
      m_values.push_back(model.layers[i].weight);
      m_sums.emplace_back(static_cast<std::size_t>(model.layers[i].parameters()));
    }
  }

  std::map<std::uint32_t, Tensor> run(const Progress& progress) {
    for (std::size_t from = 0; from < m_request.samples; from += m_request.workers) {
      const std::size_t count = std::min<std::size_t>(m_request.workers, m_request.samples - from);
      std::vector<std::vector<Tensor>> gradients(count);
      parallelFor(count, m_request.workers, [&](std::size_t i, unsigned) {
        gradients[i] = ofSample(m_data.order()[from + i], progress.stop);
      });
      parallelFor(m_layers.size(), m_request.workers, [&](std::size_t k, unsigned) {
        for (const auto& sample : gradients)
          addMagnitudes(sample[k].as<float>().data(), m_sums[k].size(), m_sums[k].data());
      });
      progress.step(from + count, m_request.samples);
    }
    return means();
  }

 private:
  std::vector<Tensor> ofSample(std::size_t sample, std::stop_token stop) const {
    GradientRequest request;
    const std::size_t indices[] = {sample};
    request.inputs = m_data.inputs(indices);
    request.wrt = m_values;
    request.seed = [&](std::span<const Tensor> outputs) { return seeds(outputs, sample); };
    return gradients(m_model, request, stop).gradients;
  }

  std::vector<Tensor> seeds(std::span<const Tensor> outputs, std::size_t sample) const {
    std::vector<Tensor> result(outputs.size());
    if (!m_request.classScores) {
      for (std::size_t i = 0; i < outputs.size(); ++i)
        if (isFloating(outputs[i].dtype())) result[i] = toFloat32(outputs[i]);
      return result;
    }
    const ClassScores scores = classScores(outputs, m_model.scoresOutput);
    const std::int64_t cls = m_data.labelled() ? m_data.source().label(sample) : scores.top1(0);
    result[scores.output] = crossEntropyGradient(scores, outputs[scores.output].shape(), {&cls, 1});
    return result;
  }

  std::map<std::uint32_t, Tensor> means() const {
    std::map<std::uint32_t, Tensor> result;
    const float share = 1 / static_cast<float>(std::max<std::size_t>(1, m_request.samples));
    for (std::size_t k = 0; k < m_layers.size(); ++k) {
      TensorBuilder builder(DType::Float32, m_model.layers[m_layers[k]].shape);
      std::ranges::transform(m_sums[k], builder.as<float>().begin(), [&](float sum) { return sum * share; });
      result[m_layers[k]] = std::move(builder).build();
    }
    return result;
  }

  const Model& m_model;
  const Dataset& m_data;
  const GradientMagnitudeRequest& m_request;
  std::vector<std::uint32_t> m_layers;
  std::vector<ValueId> m_values;
  std::vector<std::vector<float>> m_sums;
};

}  // namespace

std::map<std::uint32_t, Tensor> meanGradientMagnitudes(const Model& model, const Dataset& data,
                                                       const GradientMagnitudeRequest& request,
                                                       const Progress& progress) {
  if (fixedBatch(model) > 1)
    throw Error(ErrorKind::Unsupported,
                "criterion taylor takes gradients of single samples, but the model takes " +
                    std::to_string(fixedBatch(model)) + " at once: rank by l1 or l2");
  try {
    return GradientMagnitudes(model, data, request, true).run(progress);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unsupported) throw;
  }
  return GradientMagnitudes(model, data, request, false).run(progress);  // what others lack does not matter
}

}  // namespace lapidary::core
