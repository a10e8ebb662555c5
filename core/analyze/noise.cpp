#include "core/analyze/noise.h"

#include <cmath>
#include <random>

#include "core/analyze/output_difference.h"
#include "core/analyze/preprocess.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t noiseSamples = 8;
constexpr std::uint64_t noiseSeed = 20240607;
constexpr std::int64_t mostElements = std::int64_t{1} << 28;

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

}  // namespace

std::optional<std::vector<Tensor>> noiseInputs(const Model& model, std::int64_t samples) {
  Normal normal;
  std::vector<Tensor> inputs;
  const std::vector<InputSpec> specs = inputSpecs(model);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].shape.empty()) return std::nullopt;
    const Shape shape = shapeOf(specs[i], samples);
    if (elementCount(shape) > mostElements) return std::nullopt;
    inputs.push_back(noise(specs[i], shape, vocabularyOf(model, model.graph->inputs[i]), normal));
  }
  if (inputs.empty()) return std::nullopt;
  return inputs;
}

std::optional<Quality> noiseQuality(const Runnable& original, const Runnable& cut, const Progress& progress) {
  const auto inputs = noiseInputs(original.model, noiseSamples);
  if (!inputs) return std::nullopt;
  OutputPower power;
  try {
    const RunResult before = original.run(*inputs, {std::nullopt, {}, progress.stop});
    const RunResult after = cut.run(*inputs, {std::nullopt, {}, progress.stop});
    addPower(power, before.outputs, after.outputs);
  } catch (const Error&) {
    return std::nullopt;  // guessed sizes do not fit this model: there is nothing to measure on
  }
  Quality quality;
  quality.kind = QualityKind::Noise;
  quality.samples = quality.total = static_cast<std::size_t>(inputs->front().shape()[0]);
  quality.outputSnrDb = power.decibel();
  return quality;
}

}  // namespace lapidary::core
