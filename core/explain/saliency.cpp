#include "core/explain/saliency.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/analyze/class_scores.h"
#include "core/analyze/rank.h"
#include "core/explain/occlusion.h"
#include "core/explain/saliency_map.h"
#include "core/run/gradient.h"

namespace lapidary::core {
namespace {

/// The value that a map explains: the first floating input, or the embedding of a token input.
struct Explained {
  ValueId value;
  bool embedded = false;
};

bool isConstant(const Model& model, ValueId value) { return value.valid() && model.weights.contains(value); }

Explained explainedValue(const Model& model, std::span<const Tensor> inputs) {
  const Graph& graph = *model.graph;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (isFloating(inputs[i].dtype())) return {graph.inputs[i], false};
  for (const Node& node : graph.nodes)
    if (node.opType == "Gather" && node.inputs.size() > 1 && isConstant(model, node.inputs[0]) &&
        std::find(graph.inputs.begin(), graph.inputs.end(), node.inputs[1]) != graph.inputs.end())
      return {node.outputs.at(0), true};
  throw Error(ErrorKind::Unsupported,
              "gradients need a floating-point input or an embedding of the tokens; this model has neither "
              "(occlusion still works)");
}

/// Gradient of the target's score, where the target is settled by the first forward pass.
struct ScoreGradient {
  GradientResult result;
  std::int64_t target = 0;
  double probability = 0;
};

ScoreGradient scoreGradient(const Model& model, std::span<const Tensor> inputs, std::int64_t targetClass,
                            std::vector<ValueId> wrt, std::vector<ValueId> keep, std::stop_token stop) {
  ScoreGradient found;
  GradientRequest request;
  request.inputs.assign(inputs.begin(), inputs.end());
  request.wrt = std::move(wrt);
  request.alsoKeep = std::move(keep);
  request.seed = [&](std::span<const Tensor> outputs) {
    const ClassScores scores = classScores(outputs);
    found.target = targetClass >= 0 ? targetClass : scores.top1(0);
    found.probability = scores.probability(0, found.target);
    std::vector<Tensor> seeds(outputs.size());
    TensorBuilder seed(DType::Float32, outputs[scores.output].shape());
    std::fill(seed.as<float>().begin(), seed.as<float>().end(), 0.0f);
    seed.as<float>()[scores.indexOf(0, found.target)] = 1.0f;
    seeds[scores.output] = std::move(seed).build();
    return seeds;
  };
  found.result = gradients(model, request, stop);
  return found;
}

std::vector<float> timesInput(const Tensor& gradient, const Tensor& input) {
  const Tensor values = toFloat32(input);
  std::vector<float> product(gradient.as<float>().begin(), gradient.as<float>().end());
  std::transform(product.begin(), product.end(), values.as<float>().begin(), product.begin(),
                 std::multiplies<>());
  return product;
}

SaliencyMap gradientMap(const Model& model, std::span<const Tensor> inputs, SaliencyMethod method,
                        std::int64_t targetClass, std::stop_token stop) {
  const Explained explained = explainedValue(model, inputs);
  const ScoreGradient found =
      scoreGradient(model, inputs, targetClass, {explained.value}, {explained.value}, stop);
  const Tensor& gradient = found.result.gradients[0];
  const MapGeometry geometry = geometryOf(gradient.shape(), explained.embedded);
  SaliencyMap map{method, geometry.width, geometry.height, {}, found.target, found.probability};
  map.values = method == SaliencyMethod::Gradient
                   ? maxMagnitudeOverChannels(gradient.as<float>(), geometry)
                   : sumOverChannels(timesInput(gradient, found.result.kept[0]), geometry);
  return map;
}

/// The last convolution, whose output still has places.
ValueId lastConvolution(const Model& model) {
  for (auto node = model.graph->nodes.rbegin(); node != model.graph->nodes.rend(); ++node)
    if (node->opType == "Conv") return node->outputs.at(0);
  throw Error(ErrorKind::Unsupported, "Grad-CAM looks at the last convolution; this model has none");
}

/// Sum over channels of activation times mean gradient, negative parts cut off.
std::vector<float> weightedActivation(const Tensor& activation, const Tensor& gradient) {
  const auto channels = static_cast<std::size_t>(activation.shape()[1]);
  const std::size_t places = static_cast<std::size_t>(activation.size()) / channels;
  const auto values = activation.as<float>();
  const auto slopes = gradient.as<float>();
  std::vector<float> map(places, 0.0f);
  for (std::size_t c = 0; c < channels; ++c) {
    const auto slope = slopes.subspan(c * places, places);
    const float weight = std::accumulate(slope.begin(), slope.end(), 0.0f) / static_cast<float>(places);
    for (std::size_t i = 0; i < places; ++i) map[i] += weight * values[c * places + i];
  }
  for (float& value : map) value = std::max(value, 0.0f);
  return map;
}

SaliencyMap gradCam(const Model& model, std::span<const Tensor> inputs, std::int64_t targetClass,
                    std::stop_token stop) {
  const ValueId conv = lastConvolution(model);
  const ScoreGradient found = scoreGradient(model, inputs, targetClass, {conv}, {conv}, stop);
  const Tensor activation = toFloat32(found.result.kept[0]);
  const Shape& shape = activation.shape();
  if (shape.size() != 3 && shape.size() != 4)
    throw Error(ErrorKind::Unsupported,
                "Grad-CAM needs a convolution over one or two axes; the last one gives " + toText(shape));
  const int height = shape.size() == 4 ? static_cast<int>(shape[2]) : 1;
  const auto width = static_cast<int>(shape.back());
  const MapGeometry input = geometryOf(inputs[0].shape());
  SaliencyMap map{SaliencyMethod::GradCam, input.width, input.height, {}, found.target, found.probability};
  map.values = upscaled(weightedActivation(activation, found.result.gradients[0]), width, height, input.width,
                        input.height);
  return map;
}

void requireOneSample(std::span<const Tensor> inputs) {
  for (const Tensor& input : inputs)
    if (input.rank() == 0 || input.shape()[0] != 1)
      throw Error(ErrorKind::Usage,
                  "a saliency map is made of one sample; the input has shape " + toText(input.shape()));
}

}  // namespace

SaliencyMap saliency(const Model& model, const Executor& executor, std::span<const Tensor> inputs,
                     SaliencyMethod method, std::int64_t targetClass, const Progress& progress) {
  requireOneSample(inputs);
  progress.check();
  switch (method) {
    case SaliencyMethod::Gradient:
    case SaliencyMethod::GradientInput:
      return gradientMap(model, inputs, method, targetClass, progress.stop);
    case SaliencyMethod::GradCam:
      return gradCam(model, inputs, targetClass, progress.stop);
    case SaliencyMethod::Occlusion:
      return occlusionMap(model, executor, inputs, targetClass, progress);
  }
  throw Error(ErrorKind::Usage, "no such saliency method");
}

double rankCorrelation(const SaliencyMap& a, const SaliencyMap& b) {
  if (a.values.size() != b.values.size())
    throw Error(ErrorKind::Usage, "maps of different sizes cannot be compared");
  return spearman(a.values, b.values);
}

}  // namespace lapidary::core
