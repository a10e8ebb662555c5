// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/trials/noise.h"

#include <cmath>
#include <random>

#include "core/analyze/quality/output_difference.h"
#include "core/analyze/quality/output_meter.h"
#include "core/analyze/trials/trial_meter.h"
#include "core/data/preprocess.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t noiseSamples = 8;
constexpr std::uint64_t noiseSeed = 20240607;
constexpr std::int64_t mostNoise = std::int64_t{1} << 28;

/// Box and Muller's transform: the library's normal_distribution differs between implementations.
class Normal {
 public:
  float next() {
    const double u = (static_cast<double>(m_random() >> 11) + 0.5) * 0x1p-53;
    const double v = static_cast<double>(m_random() >> 11) * 0x1p-53;
    return static_cast<float>(std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v));
  }
  std::uint64_t bits() { return m_random(); }

 private:
  std::mt19937_64 m_random{noiseSeed};
};

std::int64_t defaultSize(std::size_t axis, std::size_t rank, DType dtype) {
  if (!isFloating(dtype)) return 16;
  if (rank == 4) return axis == 1 ? 3 : 224;
  return 16;
}

Shape shapeOf(const InputSpec& spec, std::int64_t samples) {
  Shape shape;
  for (std::size_t axis = 0; axis < spec.shape.size(); ++axis) {
    const auto& size = spec.shape[axis].size;
    const std::int64_t fallback = axis == 0 ? samples : defaultSize(axis, spec.shape.size(), spec.dtype);
    shape.push_back(size && *size > 0 ? *size : fallback);
  }
  return shape;
}

/// Rows of the embedding that the input indexes; 0 where it indexes none.
std::int64_t vocabularyOf(const Model& model, ValueId input) {
  for (const Node& node : model.graph->nodes) {
    if (node.opType != "Gather" || node.inputs.size() < 2 || node.inputs[1] != input) continue;
    const auto weight = model.weights.find(node.inputs[0]);
    if (weight != model.weights.end() && weight->second.rank() > 0) return weight->second.shape()[0];
  }
  return 0;
}

Tensor noise(const InputSpec& spec, Shape shape, std::int64_t vocabulary, Normal& normal) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  for (float& value : builder.as<float>()) {
    if (isFloating(spec.dtype))
      value = normal.next();
    else
      value =
          vocabulary > 0 ? static_cast<float>(normal.bits() % static_cast<std::uint64_t>(vocabulary)) : 1.0f;
  }
  return convert(std::move(builder).build(), spec.dtype);
}

/// Of outputs that are not scores of classes there is none.
void addDivergence(Trial& trial, std::span<const Tensor> before, std::span<const Tensor> after,
                   std::optional<std::size_t> chosen) {
  try {
    const ClassScores p = classScores(before, chosen), q = classScores(after, chosen);
    if (p.samples != q.samples || p.classes != q.classes) return;
    for (std::size_t i = 0; i < p.samples; ++i) {
      trial.divergence += divergenceOf(logProbabilities(p, i), logProbabilities(q, i));
      ++trial.diverged;
    }
  } catch (const Error&) {
  }
}

}  // namespace

std::optional<std::vector<Tensor>> noiseInputs(const Model& model, std::int64_t samples) {
  Normal normal;
  std::vector<Tensor> inputs;
  const std::vector<InputSpec> specs = inputSpecs(model);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].shape.empty()) return std::nullopt;
    const Shape shape = shapeOf(specs[i], samples);
    if (elementCount(shape) > mostNoise) return std::nullopt;
    inputs.push_back(noise(specs[i], shape, vocabularyOf(model, model.graph->inputs[i]), normal));
  }
  if (inputs.empty()) return std::nullopt;
  return inputs;
}

NoiseMeter::NoiseMeter(const Runnable& original, const Progress& progress) {
  auto inputs = noiseInputs(original.model, noiseSamples);
  if (!inputs) return;
  try {
    m_before = original.run(*inputs, {std::nullopt, {}, progress.stop}).outputs;
    m_inputs = std::move(*inputs);
  } catch (const Error&) {
    // Guessed sizes do not fit this model: there is nothing to measure on.
  }
}

std::optional<Trial> NoiseMeter::measure(const Runnable& cut, const Progress& progress) const {
  if (m_inputs.empty()) return std::nullopt;
  Trial trial;
  trial.samples = static_cast<std::size_t>(m_inputs.front().shape()[0]);
  try {
    const RunResult after = cut.run(m_inputs, {std::nullopt, {}, progress.stop});
    addPower(trial.power, m_before, after.outputs);
    addDivergence(trial, m_before, after.outputs, cut.model.scoresOutput);
  } catch (const Error&) {
    return std::nullopt;
  }
  return trial;
}

std::optional<Quality> noiseQuality(const Runnable& original, const Runnable& cut, const Progress& progress) {
  const auto trial = NoiseMeter(original, progress).measure(cut, progress);
  if (!trial) return std::nullopt;
  Quality quality;
  quality.kind = QualityKind::Noise;
  quality.samples = quality.total = trial->samples;
  quality.outputSnrDb = trial->power.decibel();
  return quality;
}

}  // namespace lapidary::core
