// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/attention_rollout.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/explain/map/saliency_map.h"
#include "core/explain/map/score_gradient.h"

namespace lapidary::core {
namespace {

using Square = Eigen::MatrixXd;

constexpr int longestWay = 8;  ///< nodes between softmax and product: masks, scales, dropout

const std::set<std::string> between{"Add",  "Sub",     "Mul",  "Div",     "Where",
                                    "Cast", "Dropout", "Clip", "Reshape", "Identity",
                                    "Max",  "Squeeze", "Min",  "Tanh",    "Unsqueeze"};

bool isProductOfTwo(const Model& model, const Node& node) {
  return node.opType == "MatMul" && node.inputs.size() == 2 && !model.weights.contains(node.inputs[0]) &&
         !model.weights.contains(node.inputs[1]);
}

/// Whether the value comes from such a product, with only scaling and masking on the way.
bool comesFromProduct(const Model& model, ValueId value, int way) {
  if (!value.valid() || way == 0) return false;
  const NodeId producer = model.graph->value(value).producer;
  if (!producer.valid()) return false;
  const Node& node = model.graph->node(producer);
  if (isProductOfTwo(model, node)) return true;
  return between.contains(node.opType) && std::ranges::any_of(node.inputs, [&](ValueId input) {
           return comesFromProduct(model, input, way - 1);
         });
}

using Consumers = std::vector<std::vector<NodeId>>;

bool goesToProduct(const Model& model, const Consumers& consumers, ValueId value, int way) {
  return way > 0 && std::ranges::any_of(consumers[value.index], [&](NodeId reader) {
           const Node& node = model.graph->node(reader);
           if (isProductOfTwo(model, node)) return node.inputs[0] == value;
           return between.contains(node.opType) &&
                  goesToProduct(model, consumers, node.outputs.at(0), way - 1);
         });
}

/// The matrices of a [1, heads, positions, positions] or [heads, positions, positions] tensor, in a row.
struct Heads {
  std::span<const float> values;
  std::size_t count, side;

  template <class Function>
  Square mean(const Function& function) const {
    const auto extent = static_cast<Eigen::Index>(side);
    Square sum = Square::Zero(extent, extent);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t at = i % (side * side);
      sum(static_cast<Eigen::Index>(at / side), static_cast<Eigen::Index>(at % side)) +=
          function(static_cast<double>(values[i]));
    }
    return sum / static_cast<double>(count);
  }
};

Heads headsOf(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  if (shape.size() < 3 || shape.back() != shape[shape.size() - 2] || shape.back() == 0)
    throw Error(
        ErrorKind::Unsupported,
        "attention rollout multiplies square attentions; this model has one of shape " + toText(shape));
  const auto side = static_cast<std::size_t>(shape.back());
  return {tensor.as<float>(), static_cast<std::size_t>(tensor.size()) / (side * side), side};
}

Square rollout(std::span<const Tensor> attentions) {
  Square result;
  for (const Tensor& attention : attentions) {
    Square mixed = headsOf(attention).mean([](double value) { return value; });
    if (result.size() > 0 && result.rows() != mixed.rows())
      throw Error(
          ErrorKind::Unsupported,
          "attention rollout needs as many positions in every layer; this model changes their number");
    mixed.diagonal().array() += 1;
    const Eigen::VectorXd sums = mixed.rowwise().sum();
    mixed.array().colwise() /= sums.array();
    result = result.size() > 0 ? Square(mixed * result) : mixed;
  }
  return result;
}

std::vector<float> readRows(const Square& result, const Tensor& gradients) {
  const Square gradient = headsOf(gradients).mean([](double value) { return std::abs(value); });
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(result.cols());
  for (Eigen::Index row = 0; row < result.rows(); ++row)
    if (gradient.row(row).sum() > 0) sum += result.row(row).transpose();
  const double total = sum.sum();
  std::vector<float> map;
  for (const double value : sum) map.push_back(static_cast<float>(total > 0 ? value / total : 0));
  return map;
}

/// Positions laid over the input.
std::vector<float> laidOut(std::vector<float> positions, const MapGeometry& geometry) {
  if (geometry.height == 1 && positions.size() == geometry.pixels()) return positions;
  for (const std::size_t extra : {std::size_t{0}, std::size_t{1}}) {
    const auto side =
        static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(positions.size() - extra))));
    if (geometry.height == 1 || side == 0 || side * side != positions.size() - extra) continue;
    const auto patches = std::span<const float>(positions).subspan(extra);
    return upscaled(patches, static_cast<int>(side), static_cast<int>(side), geometry.width, geometry.height);
  }
  throw Error(ErrorKind::Unsupported, "attention rollout found " + std::to_string(positions.size()) +
                                          " positions, which cannot be laid over the input");
}

}  // namespace

std::vector<ValueId> attentionsOf(const Model& model) {
  const Consumers consumers = model.graph->consumers();
  std::vector<ValueId> found;
  for (const Node& node : model.graph->nodes)
    if (node.opType == "Softmax" && comesFromProduct(model, node.inputs.at(0), longestWay) &&
        goesToProduct(model, consumers, node.outputs.at(0), longestWay))
      found.push_back(node.outputs[0]);
  if (found.empty())
    throw Error(ErrorKind::Unsupported,
                "attention rollout needs attention (a softmax between two products); this model has none");
  return found;
}

SaliencyMap attentionRolloutMap(const SaliencyTask& task) {
  const std::vector<ValueId> attentions = attentionsOf(task.model);
  const ScoreGradient found = scoreGradient(
      task.model, {task.inputs, task.targetClass, {attentions.back()}, attentions}, task.progress.stop);
  std::vector<Tensor> weights;
  for (const Tensor& kept : found.result.kept) weights.push_back(toFloat32(kept));
  const MapGeometry geometry = geometryOf(task.inputs[0].shape());
  return {task.method,     geometry.width,
          geometry.height, laidOut(readRows(rollout(weights), found.result.gradients[0]), geometry),
          found.target,    found.probability};
}

}  // namespace lapidary::core
