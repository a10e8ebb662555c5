// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/low_rank.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/support/symmetric_eigen.h"

namespace lapidary::core {
namespace {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowMap = Eigen::Map<const RowMatrix>;

/// Vectors of the smaller side in columns, greatest singular value first.
struct Spectrum {
  Eigen::MatrixXd vectors;
  std::vector<double> values;
};

Spectrum spectrumOf(const Eigen::MatrixXd& gram) {
  auto found = eigenOf(gram, EigenParts::ValuesAndVectors);
  if (!found)
    throw Error(ErrorKind::Unsupported,
                "the singular values of the weights cannot be computed: leave low_rank off for this layer");
  Spectrum spectrum{std::move(found->vectors), {}};
  for (const double square : found->values) spectrum.values.push_back(std::sqrt(std::max(0.0, square)));
  return spectrum;
}

/// Whether the channels are the columns of the stored matrix.
bool channelsLast(const Layer& layer) { return layer.channelAxis != 0; }

std::vector<float> transposed(std::span<const float> values, std::int64_t rows, std::int64_t columns) {
  std::vector<float> result(values.size());
  Eigen::Map<RowMatrix>(result.data(), columns, rows) = RowMap(values.data(), rows, columns).transpose();
  return result;
}

}  // namespace

Decomposition::Decomposition(std::span<const float> weight, std::int64_t outputs, std::int64_t inputs)
    : m_outputs(outputs), m_inputs(inputs) {
  if (!std::ranges::all_of(weight, [](float w) { return std::isfinite(w); }))
    throw Error(ErrorKind::Unsupported, "the weights are not all finite: they have no singular values");
  const Eigen::MatrixXd w = RowMap(weight.data(), outputs, inputs).cast<double>();
  const bool wide = outputs <= inputs;
  Spectrum spectrum =
      spectrumOf(wide ? Eigen::MatrixXd(w * w.transpose()) : Eigen::MatrixXd(w.transpose() * w));
  m_values = std::move(spectrum.values);
  Eigen::MatrixXd first = wide ? Eigen::MatrixXd(spectrum.vectors.transpose() * w)
                               : Eigen::MatrixXd(spectrum.vectors.transpose());
  Eigen::MatrixXd second = wide ? spectrum.vectors : Eigen::MatrixXd(w * spectrum.vectors);
  for (Eigen::Index i = 0; i < first.rows(); ++i) {
    const double sigma = m_values[static_cast<std::size_t>(i)];
    if (!(sigma > 0)) continue;
    const double even = std::sqrt(sigma);
    first.row(i) *= wide ? 1 / even : even;
    second.col(i) *= wide ? even : 1 / even;
  }
  m_first.resize(static_cast<std::size_t>(first.size()));
  m_second.resize(static_cast<std::size_t>(second.size()));
  Eigen::Map<RowMatrix>(m_first.data(), first.rows(), first.cols()) = first.cast<float>();
  Eigen::Map<RowMatrix>(m_second.data(), second.rows(), second.cols()) = second.cast<float>();
}

std::int64_t Decomposition::rankFor(const LowRank& edit) const {
  if (edit.mode == LowRankMode::Rank)
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(edit.value, 1e9)), 1, fullRank());
  double total = 0, held = 0;
  for (const double value : m_values) total += value * value;
  std::int64_t rank = 0;
  while (rank < fullRank() && (rank == 0 || held < edit.value * total))
    held += std::pow(m_values[static_cast<std::size_t>(rank++)], 2);
  return rank;
}

std::vector<float> Decomposition::first(std::int64_t rank) const {
  return {m_first.begin(), m_first.begin() + rank * m_inputs};
}

std::vector<float> Decomposition::second(std::int64_t rank) const {
  std::vector<float> result(static_cast<std::size_t>(m_outputs * rank));
  Eigen::Map<RowMatrix>(result.data(), m_outputs, rank) =
      RowMap(m_second.data(), m_outputs, fullRank()).leftCols(rank);
  return result;
}

std::int64_t greatestSavingRank(std::int64_t outputs, std::int64_t inputs) {
  return (outputs * inputs - 1) / (outputs + inputs);
}

std::string obstacleToLowRank(const Model& model, const Layer& layer) {
  if (!layer.node.valid()) return "the file holds weights without a graph";
  const Graph& graph = *model.graph;
  const Node& node = graph.node(layer.node);
  const bool known = node.opType == "Conv" || node.opType == "Gemm" || node.opType == "MatMul";
  if (!known || node.opType != layer.opType) return "the layer is no Conv, Gemm or MatMul";
  if (node.inputs.size() < 2 || node.inputs[1] != layer.weight) return "the weight is not the second factor";
  if (node.opType == "Conv" && node.intOr("group", 1) != 1) return "the convolution has groups";
  if (node.opType != "Conv" && layer.shape.size() != 2) return "the weight is not a matrix";
  std::size_t readers = 0;
  for (const auto& reads : graph.readsByNode())
    readers += static_cast<std::size_t>(std::ranges::count(reads, layer.weight));
  return readers == 1 ? "" : "several nodes share the weight";
}

std::shared_ptr<const Decomposition> decompose(const Model& model, const Layer& layer) {
  return withContext("layer '" + layer.name + "'", [&] {
    const Tensor weight = layerWeight(model, layer);
    const std::int64_t outputs = layer.shape.at(static_cast<std::size_t>(layer.channelAxis));
    const std::int64_t inputs = weight.size() / std::max<std::int64_t>(1, outputs);
    const auto values = weight.as<float>();
    if (!channelsLast(layer)) return std::make_shared<const Decomposition>(values, outputs, inputs);
    return std::make_shared<const Decomposition>(transposed(values, inputs, outputs), outputs, inputs);
  });
}

Tensor productOf(const Tensor& first, const Tensor& second, const Layer& layer) {
  const bool last = channelsLast(layer);
  const std::int64_t outputs = layer.shape.at(static_cast<std::size_t>(layer.channelAxis));
  const std::int64_t inputs = elementCount(layer.shape) / std::max<std::int64_t>(1, outputs);
  const std::int64_t rank = first.size() / std::max<std::int64_t>(1, inputs);
  TensorBuilder builder(DType::Float32, layer.shape);
  const auto a = first.as<float>(), b = second.as<float>();
  if (last)  // stored [inputs, rank] and [rank, outputs]
    Eigen::Map<RowMatrix>(builder.as<float>().data(), inputs, outputs) =
        RowMap(a.data(), inputs, rank) * RowMap(b.data(), rank, outputs);
  else
    Eigen::Map<RowMatrix>(builder.as<float>().data(), outputs, inputs) =
        RowMap(b.data(), outputs, rank) * RowMap(a.data(), rank, inputs);
  return std::move(builder).build();
}

}  // namespace lapidary::core
